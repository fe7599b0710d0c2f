/** A link on virtual time between two ends that only count octets. */
import type { Stream } from '../../src/faults/pdu-trigger.js';
import { emptyScenario, type Scenario } from '../../src/faults/scenario.js';
import { joinOctets } from '../../src/bytes/octets.js';
import { Link } from '../../src/linkfault/link.js';
import type { Event } from '../../src/linkfault/timeline.js';

export interface Arrival {
  readonly at: number;
  readonly stream: Stream;
  readonly octets: Uint8Array;
}

export class VirtualLink {
  readonly link: Link;
  readonly events: Event[] = [];
  readonly arrivals: Arrival[] = [];
  /** How the two sockets ended, with the time. */
  readonly ends: { readonly at: number; readonly what: string }[] = [];
  now = 0;

  constructor(scenario: Partial<Scenario> = {}) {
    this.link = new Link({ ...emptyScenario, ...scenario }, 0);
    this.#take();
  }

  /** Also through a connection that the link refuses. */
  open(): number {
    const id = this.link.accept(this.now);
    this.#take();
    return id;
  }

  send(id: number, stream: Stream, ...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      this.link.receive(id, stream, chunk, this.now);
      this.#take();
    }
  }

  end(id: number, stream: Stream, how: 'end' | 'reset' = 'end'): void {
    this.link.end(id, stream, how, this.now);
    this.#take();
  }

  /** Lets time pass; what is due happens at its time. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    while (this.link.dueAt <= end) {
      this.now = Math.max(this.now, this.link.dueAt);
      this.link.run(this.now);
      this.#take();
    }
    this.now = end;
  }

  do(act: (link: Link) => void): void {
    act(this.link);
    this.#take();
  }

  arrived(stream: Stream): Uint8Array {
    return joinOctets(this.arrivals.filter((arrival) => arrival.stream === stream).map(({ octets }) => octets));
  }

  named(type: Event['type']): readonly Event[] {
    return this.events.filter((event) => event.type === type);
  }

  #take(): void {
    for (const output of this.link.take()) {
      if (output.type === 'event') this.events.push(output.event);
      if (output.type !== 'sockets') continue;
      const done = output.output;
      if (done.type === 'send') this.arrivals.push({ at: this.now, stream: done.stream, octets: done.octets });
      else if (done.type === 'end') this.ends.push({ at: this.now, what: `end ${done.stream}` });
      else if (done.type === 'close') this.ends.push({ at: this.now, what: 'close' });
      else
        this.ends.push({
          at: this.now,
          what: `reset${done.delivered === undefined ? '' : ` behind ${done.delivered}`}`,
        });
    }
  }
}
