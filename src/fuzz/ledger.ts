/** How long each target was searched, over all runs, as it is kept in a file. */
export interface Ledger {
  /** Of threads: two that run for a minute count as two. */
  readonly minutes: number;
  /** That the process was given in that time: fewer on a machine that is busy. */
  readonly processorMinutes: number;
  readonly executions: number;
  readonly targets: Readonly<Record<string, TargetLedger>>;
}

interface TargetLedger {
  readonly minutes: number;
  readonly executions: number;
}

const nothing: TargetLedger = { minutes: 0, executions: 0 };

export function parseLedger(text: string | undefined): Ledger {
  return text === undefined ? { ...nothing, processorMinutes: 0, targets: {} } : (JSON.parse(text) as Ledger); // a file of our own
}

function sum(a: TargetLedger, b: TargetLedger): TargetLedger {
  return { minutes: round(a.minutes + b.minutes), executions: a.executions + b.executions };
}

function round(minutes: number): number {
  return Math.round(minutes * 1000) / 1000;
}

export function added(
  ledger: Ledger,
  target: string,
  { minutes, processorMinutes, executions }: Omit<Ledger, 'targets'>,
): Ledger {
  const more = { minutes, executions };
  const targets = { ...ledger.targets, [target]: sum(ledger.targets[target] ?? nothing, more) };
  return { ...sum(ledger, more), processorMinutes: round(ledger.processorMinutes + processorMinutes), targets };
}
