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
 * Layers on top of one another. Each effect of a layer waits for its neighbour until no layer works any more: layers cannot call one another.
 * The highest layer with something to do goes first, and takes what comes from above before what comes from below. So whatever a layer told
 * its user is seen and answered before that layer takes the next TSDU, and no request crosses an indication inside a stack. What one layer
 * gives to another keeps its order.
 */
export class Stack {
  readonly #machines: readonly AnyMachine[];
  readonly #output: StackOutput;
  /** Steps that wait, by rank: twice the layer, one more for what comes from above. */
  readonly #waiting: Step[][];
  #running = false;

  /** `machines` from the lowest layer to the highest. */
  constructor(machines: readonly AnyMachine[], output: StackOutput) {
    this.#machines = machines;
    this.#waiting = Array.from({ length: 2 * machines.length }, () => []);
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
    this.#wait(step);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) this.#run(next);
    } finally {
      this.#running = false;
    }
  }

  #wait(step: Step): void {
    const steps = this.#waiting[2 * step.layer + (step.input === 'above' ? 1 : 0)];
    if (steps === undefined) throw new RangeError(`no layer ${String(step.layer)}`);
    steps.push(step);
  }

  #next(): Step | undefined {
    for (let rank = this.#waiting.length - 1; rank >= 0; rank--) {
      const step = this.#waiting[rank]?.shift();
      if (step !== undefined) return step;
    }
    return undefined;
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
        else this.#wait({ layer: layer + 1, input: 'below', primitive: effect.primitive });
        return;
      case 'below':
        if (layer === 0) this.#output.below(effect.primitive);
        else this.#wait({ layer: layer - 1, input: 'above', primitive: effect.primitive });
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
