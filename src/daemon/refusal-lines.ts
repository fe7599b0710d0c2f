import type { Observation } from '../osi/machine.js';

export interface RefusalLineLimits {
  /** Lines about callers that were refused, in one period; those behind them are counted only. */
  readonly linesMax: number;
  readonly periodMilliseconds: number;
}

export const refusalLineLimits: RefusalLineLimits = { linesMax: 20, periodMilliseconds: 10_000 };

/** What the log gives to bound itself. */
export interface RefusalLinePorts {
  write(observation: Observation): void;
  /** Calls back once, after so long, unless the process ends before. */
  later(milliseconds: number, run: () => void): void;
}

/**
 * Keeps strangers from filling the log: whoever can open connections could make us write a line for each. At the end of a period in which lines
 * were left out one line says how many, and why these callers were refused. Metrics count them all.
 */
export class RefusalLines {
  readonly #ports: RefusalLinePorts;
  readonly #limits: RefusalLineLimits;
  readonly #omitted = new Map<string, number>();
  #written = 0;

  constructor(ports: RefusalLinePorts, limits: RefusalLineLimits = refusalLineLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  observe(observation: Observation): void {
    const { event, fields } = observation;
    if (event !== 'association.refused' || fields['role'] !== 'responder') {
      this.#ports.write(observation);
      return;
    }
    if (this.#written === 0) {
      this.#ports.later(this.#limits.periodMilliseconds, () => {
        this.flush();
      });
    }
    this.#written += 1;
    if (this.#written <= this.#limits.linesMax) {
      this.#ports.write(observation);
      return;
    }
    const cause = String(fields['cause']);
    this.#omitted.set(cause, (this.#omitted.get(cause) ?? 0) + 1);
  }

  /** Says what was left out; a new period begins with the next refusal. */
  flush(): void {
    this.#written = 0;
    if (this.#omitted.size === 0) return;
    const omitted = [...this.#omitted.values()].reduce((sum, count) => sum + count, 0);
    const causes = Array.from(this.#omitted, ([cause, count]) => `${cause} ${String(count)}`).join(', ');
    this.#omitted.clear();
    this.#ports.write({ event: 'association.refusals-omitted', level: 'warn', fields: { omitted, causes } });
  }
}
