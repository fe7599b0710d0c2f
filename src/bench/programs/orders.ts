/** How the programs that the harness starts speak with it: input as the one argument, orders and answers as messages. */

export function programInput(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}

export function answer(value: object | number): void {
  process.send?.(value);
}

/** The program ends with the harness. */
export function hear(take: (order: unknown) => void): void {
  process.on('message', take);
  process.once('disconnect', () => {
    process.exit(0);
  });
}
