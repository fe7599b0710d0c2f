/** What every command has in common: where it writes and what its exit code means. */

export interface CommandOutput {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

export const exitCodes = {
  good: 0,
  /** The operation failed. */
  failed: 1,
  /** Usage or configuration error. */
  usage: 2,
  /** A comparison or verdict came out negative. */
  negative: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function writeJson(output: CommandOutput, value: unknown): void {
  output.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
