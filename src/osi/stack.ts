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

type Effects = readonly Effect<unknown, unknown>[];

/** One side of a layer: how it takes what comes there, and what waits for it. */
interface Port {
  readonly layer: number;
  readonly take: (primitive: unknown) => Effects;
  readonly waiting: unknown[];
}

/** Ports of one layer in rising order of urgency; their order here is their rank within the layer. */
const portsPerLayer = 3;
const fromTimer = 0;
const fromBelow = 1;
const fromAbove = 2;

/**
 * Layers on top of one another. Each effect of a layer waits for its neighbour until no layer works any more: layers cannot call one another.
 * The highest layer with something to do goes first, and takes what comes from above before what comes from below. So whatever a layer told
 * its user is seen and answered before that layer takes the next TSDU, and no request crosses an indication inside a stack. What one layer
 * gives to another keeps its order.
 */
export class Stack {
  readonly #output: StackOutput;
  readonly #ports: readonly Port[];
  readonly #highestLayer: number;
  /** No port above this one has anything waiting. */
  #highestWaiting = -1;
  #running = false;

  /** `machines` from the lowest layer to the highest. */
  constructor(machines: readonly AnyMachine[], output: StackOutput) {
    this.#ports = machines.flatMap(portsOf);
    this.#highestLayer = machines.length - 1;
    this.#output = output;
  }

  /** A request or response of the user above the highest layer. */
  fromAbove(primitive: unknown): void {
    this.#enter(this.#highestLayer, fromAbove, primitive);
  }

  /** An indication or confirm of the provider below the lowest layer. */
  fromBelow(primitive: unknown): void {
    this.#enter(0, fromBelow, primitive);
  }

  timer(layer: number, name: string): void {
    this.#enter(layer, fromTimer, name);
  }

  #enter(layer: number, side: number, primitive: unknown): void {
    this.#wait(layer, side, primitive);
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#highestWaiting >= 0) this.#serve(this.#highestWaiting);
    } finally {
      this.#running = false;
    }
  }

  #wait(layer: number, side: number, primitive: unknown): void {
    const rank = portsPerLayer * layer + side;
    const port = this.#ports[rank];
    if (port === undefined) throw new RangeError(`no layer ${String(layer)}`);
    port.waiting.push(primitive);
    if (rank > this.#highestWaiting) this.#highestWaiting = rank;
  }

  #serve(rank: number): void {
    const port = this.#ports[rank];
    if (port === undefined || port.waiting.length === 0) {
      this.#highestWaiting = rank - 1;
      return;
    }
    for (const effect of port.take(port.waiting.shift())) this.#carry(port.layer, effect);
  }

  #carry(layer: number, effect: Effect<unknown, unknown>): void {
    switch (effect.to) {
      case 'above':
        if (layer === this.#highestLayer) this.#output.above(effect.primitive);
        else this.#wait(layer + 1, fromBelow, effect.primitive);
        return;
      case 'below':
        if (layer === 0) this.#output.below(effect.primitive);
        else this.#wait(layer - 1, fromAbove, effect.primitive);
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

function portsOf(machine: AnyMachine, layer: number): readonly Port[] {
  return [
    { layer, take: (name) => machine.timer(name as string), waiting: [] },
    { layer, take: (primitive) => machine.fromBelow(primitive as never), waiting: [] },
    { layer, take: (primitive) => machine.fromAbove(primitive as never), waiting: [] },
  ];
}
