import type { Effect, Machine, Observation } from './machine.js';

/** Any layer, seen by the stack that carries primitives between neighbours without looking into them. */
export type AnyMachine = Machine<never, unknown, never, unknown>;

/** What leaves the stack at its two ends and its side. */
export interface StackOutput {
  above(primitive: unknown): void;
  below(primitive: unknown): void;
  setTimer(layer: number, name: string, milliseconds: number): void;
  clearTimer(layer: number, name: string): void;
  observe(layer: number, observation: Observation): void;
}

type Step =
  | { readonly layer: number; readonly input: 'above' | 'below'; readonly primitive: unknown }
  | { readonly layer: number; readonly input: 'timer'; readonly name: string };

/**
 * Layers on top of one another. Each effect of a layer is carried to its neighbour through one queue that runs until it is empty, so that a
 * layer is never entered while it still works: layers cannot call one another, and effects keep the order in which they were given.
 */
export class Stack {
  readonly #machines: readonly AnyMachine[];
  readonly #output: StackOutput;
  readonly #queue: Step[] = [];
  #running = false;

  /** `machines` from the lowest layer to the highest. */
  constructor(machines: readonly AnyMachine[], output: StackOutput) {
    this.#machines = machines;
    this.#output = output;
  }

  /** A request or response of the user above the highest layer. */
  fromAbove(primitive: unknown): void {
    this.#enter({ layer: this.#machines.length - 1, input: 'above', primitive });
  }

  /** An indication or confirm of the provider below the lowest layer. */
  fromBelow(primitive: unknown): void {
    this.#enter({ layer: 0, input: 'below', primitive });
  }

  timer(layer: number, name: string): void {
    this.#enter({ layer, input: 'timer', name });
  }

  #enter(step: Step): void {
    this.#queue.push(step);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#run(next);
    } finally {
      this.#running = false;
    }
  }

  #run(step: Step): void {
    const machine = this.#machines[step.layer];
    if (machine === undefined) throw new RangeError(`no layer ${String(step.layer)}`);
    const effects =
      step.input === 'timer'
        ? machine.timer(step.name)
        : step.input === 'above'
          ? machine.fromAbove(step.primitive as never)
          : machine.fromBelow(step.primitive as never);
    for (const effect of effects) this.#carry(step.layer, effect);
  }

  #carry(layer: number, effect: Effect<unknown, unknown>): void {
    switch (effect.to) {
      case 'above':
        if (layer === this.#machines.length - 1) this.#output.above(effect.primitive);
        else this.#queue.push({ layer: layer + 1, input: 'below', primitive: effect.primitive });
        return;
      case 'below':
        if (layer === 0) this.#output.below(effect.primitive);
        else this.#queue.push({ layer: layer - 1, input: 'above', primitive: effect.primitive });
        return;
      case 'timer':
        if (effect.action === 'set') this.#output.setTimer(layer, effect.name, effect.milliseconds);
        else this.#output.clearTimer(layer, effect.name);
        return;
      case 'observer':
        this.#output.observe(layer, effect.observation);
    }
  }
}
