/**
 * The reliable transfer protocol machine (RTPM, X.228), one for an association, both roles, both modes.
 *
 *      user          sender                         receiver          user
 *       | RT-OPEN.req    | RTORQ                        | RT-OPEN.ind    |
 *       |--------------->|----------------------------->|--------------->|
 *       | RT-OPEN.cnf    |                        RTOAC | RT-OPEN.rsp    |
 *       |<---------------|<-----------------------------|<---------------|
 *       | RT-TRANSFER.req| AS                           | ACT.-START.ind |
 *       |--------------->|----------------------------->|--------------->|
 *       | APDU-READ      | DT (RTTR)                    | APDU-WRITE.ind |
 *       |<-------------->|----------------------------->|--------------->|
 *       |                | MIP                          | APDU-SECURE    |
 *       |                |----------------------------->|<-------------->|
 *       | CHECKPOINT     |                          MIA |                |
 *       |   -CONFIRMED   |<-----------------------------|                |
 *       |<---------------| DT, MIP ... DT, AE           | RT-TRANSFER.ind|
 *       |                |----------------------------->|--------------->|
 *       | RT-TRANSFER.cnf|                          AEA | RT-TRANSFER.rsp|
 *       |<---------------|<-----------------------------|<---------------|
 *
 * Recovery of the association is not here: a lost association ends with RT-TRANSFER.confirm `lost` and RT-P-ABORT.indication, and its user
 * opens another one with `recover` and resumes there.
 */
import type { AcseIndication } from '../acse/service.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { Effects, type RtseEffect } from './effects.js';
import { Ending } from './ending.js';
import { eventOfIndication, eventOfRequest, eventOfTimer, type RtpmEvent } from './events.js';
import { Opening } from './opening.js';
import type { Association, Part } from './part.js';
import { Receiving } from './receiving.js';
import { Sending } from './sending.js';
import type { RtseMachine, RtseOptions, RtseRequest } from './service.js';
import type { Action, Predicate, State } from './state-table/names.js';
import { rtpmStateTable, supervision } from './state-table/rtpm-state-table.js';
import { Turn } from './turn.js';

class Rtpm implements RtseMachine {
  readonly #association: Association;
  readonly #predicates: Part<Predicate, Action>['predicates'];
  readonly #actions: Part<Predicate, Action>['actions'];
  #state: State = '0';

  constructor(options: RtseOptions) {
    const { mode } = options;
    assert(options.role === 'responder' || mode !== undefined, 'the initiator must know its mode');
    this.#association = {
      options,
      effects: new Effects(),
      pending: [],
      mode,
      negotiated: { checkpointSizeK: 0, windowSize: 1 },
    };
    const ending = new Ending(this.#association);
    const opening = new Opening(this.#association);
    const sending = new Sending(this.#association, () => ending.end);
    const receiving = new Receiving(this.#association);
    const turn = new Turn(this.#association);
    this.#predicates = {
      ...opening.predicates,
      ...sending.predicates,
      ...receiving.predicates,
      ...turn.predicates,
      ...ending.predicates,
    };
    this.#actions = {
      ...opening.actions,
      ...sending.actions,
      ...receiving.actions,
      ...turn.actions,
      ...ending.actions,
    };
  }

  fromAbove(request: RtseRequest): readonly RtseEffect[] {
    assert(this.#state !== 'E' || request.type !== 'RT-OPEN.request', 'a machine serves one association');
    return this.#handle(() => eventOfRequest(request));
  }

  fromBelow(indication: AcseIndication): readonly RtseEffect[] {
    return this.#handle(() => eventOfIndication(indication, this.#association.mode));
  }

  timer(name: string): readonly RtseEffect[] {
    return this.#handle(() => eventOfTimer(name));
  }

  #handle(arrival: () => RtpmEvent): readonly RtseEffect[] {
    if (this.#state === 'E') return [];
    this.#step(this.#read(arrival));
    for (let event = this.#next(); event !== undefined; event = this.#next()) this.#step(event);
    return this.#association.effects.take();
  }

  /** The event, or the protocol error that it is. */
  #read(arrival: () => RtpmEvent): RtpmEvent {
    try {
      return arrival();
    } catch (error) {
      if (error instanceof DecodeError) return { name: 'protocol error', text: error.message };
      throw error;
    }
  }

  #next(): RtpmEvent | undefined {
    return this.#state === 'E' ? undefined : this.#association.pending.shift();
  }

  #step(event: RtpmEvent): void {
    const from = this.#state;
    const transition = rtpmStateTable.transition(from, event.name, (predicate) => this.#predicates[predicate](event));
    if (transition === undefined) {
      this.#handleInvalid(event);
      return;
    }
    for (const action of transition.actions) this.#actions[action](event, from);
    this.#enter(transition.next);
    for (const action of transition.entered) this.#actions[action](event, transition.next);
  }

  /** An event without a cell (X.228 A.3.1). */
  #handleInvalid(event: RtpmEvent): void {
    assert(!('request' in event), () => `${event.name} in state ${this.#state}`);
    if (event.name.endsWith(' timer')) return;
    this.#step({ name: 'protocol error', text: `${event.name} in state ${this.#state}` });
  }

  #enter(state: State): void {
    if (state === this.#state) return;
    const { effects, options } = this.#association;
    const running = supervision[this.#state];
    const needed = supervision[state];
    if (running !== undefined && running !== needed) effects.clearTimer(running);
    if (needed !== undefined) effects.setTimer(needed, options.acknowledgementMilliseconds);
    this.#state = state;
  }
}

export function createRtseMachine(options: RtseOptions): RtseMachine {
  return new Rtpm(options);
}
