import type { Change, QueueEntry, StoreInput, StoreOperationName, StoreOutput } from '../queue/store.js';
import type { VirtualAgent } from './virtual-agent.js';
import type { VirtualClock } from './virtual-clock.js';

/** Copies that are looked at. */
const entriesMax = 50;

/** An operator whose agent is down tries again after this time. */
const againMilliseconds = 1000;

interface OperatorWorld {
  readonly clock: VirtualClock;
  removed(mtsIdentifier: string): void;
}

/** Does to the queue of an agent what `mta queue` does. */
export class Operator {
  readonly #agent: VirtualAgent;
  readonly #world: OperatorWorld;
  #hasHeld = false;

  constructor(agent: VirtualAgent, world: OperatorWorld) {
    this.#agent = agent;
    this.#world = world;
  }

  act(action: 'hold' | 'remove' | 'retry', milliseconds: number): void {
    switch (action) {
      case 'hold':
        this.#hasHeld = true;
        this.#forEach(entriesMax, ({ copy, connector }) => {
          this.#change({ type: 'copy.held', copy }, () => {
            this.#agent.engine?.withdraw(connector, copy, 'held');
            if (this.#hasHeld) return;
            this.#hasHeld = true; // The store was slower than the operator.
            this.releaseAll();
          });
        });
        this.#world.clock.schedule(milliseconds, () => {
          this.releaseAll();
        });
        return;
      case 'remove':
        this.#forEach(1, ({ copy, connector, mtsIdentifier, kind }) => {
          if (kind === 'report') return; // Its loss would look like one of ours.
          this.#world.removed(mtsIdentifier);
          this.#change({ type: 'copy.removed', copy }, () => this.#agent.engine?.withdraw(connector, copy, 'removed'));
        });
        return;
      case 'retry':
        for (const { name } of this.#agent.site.connectors) this.#agent.engine?.retryNow(name);
    }
  }

  /** Again and again until nothing is held. */
  releaseAll(): void {
    if (!this.#hasHeld) return;
    this.#forEach(entriesMax, ({ copy, connector, state }) => {
      if (state !== 'held') return;
      this.#change({ type: 'copy.released', copy, notBefore: 0 }, () => this.#agent.engine?.retryNow(connector));
    });
    this.#ask('counts', {}, ({ connectors }) => {
      if (Object.values(connectors).every(({ held }) => held === 0)) this.#hasHeld = false;
    });
    this.#world.clock.schedule(againMilliseconds, () => {
      this.releaseAll();
    });
  }

  #forEach(limit: number, act: (entry: QueueEntry) => void): void {
    this.#ask('queue.list', { limit }, (entries) => {
      for (const entry of entries) act(entry);
    });
  }

  #change(change: Change, done: () => void): void {
    this.#ask('commit', { changes: [change] }, done);
  }

  /** Nothing happens if the agent is down, dies meanwhile or cannot. */
  #ask<Name extends StoreOperationName>(
    name: Name,
    input: StoreInput<Name>,
    answered: (value: StoreOutput<Name>) => void,
  ): void {
    this.#agent.engine?.store.execute(name, input, (answer) => {
      if (answer.ok) answered(answer.value);
    });
  }
}
