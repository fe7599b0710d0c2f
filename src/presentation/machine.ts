/**
 * The presentation protocol machine (PPM, X.226), one for both modes and both roles.
 *
 *      user          initiator                     responder          user
 *       | P-CONNECT.req  | CP in S-CONNECT              | P-CONNECT.ind  |
 *       |--------------->|----------------------------->|--------------->|
 *       | P-CONNECT.cnf  |                          CPA | P-CONNECT.rsp  |
 *       |<---------------|<-----------------------------|<---------------|
 *       | P-DATA.req     | TD in S-DATA                 | P-DATA.ind     |
 *       |--------------->|----------------------------->|--------------->|
 *       | S-...          | S-...  passed through        | S-...          |
 *       |<-------------->|<---------------------------->|<-------------->|
 *       | P-RELEASE.req  | S-RELEASE                    | P-RELEASE.ind  |
 *       |--------------->|----------------------------->|--------------->|
 *       | P-RELEASE.cnf  |                              | P-RELEASE.rsp  |
 *       |<---------------|<-----------------------------|<---------------|
 *       | P-U-ABORT.req  | ARU in S-U-ABORT             | P-U-ABORT.ind  |
 *       |--------------->|----------------------------->|--------------->|
 *       | P-P-ABORT.ind  | ARP in S-U-ABORT             | P-P-ABORT.ind  |
 *       |<---------------|----------------------------->|--------------->|
 */
import { DecodeError } from '../bytes/decode-error.js';
import { assert, joinEffects } from '../osi/machine.js';
import type { SessionIndication } from '../session/service.js';
import { newConnection, type Connection, type PresentationEffect } from './connection.js';
import { establishmentActions, predicates } from './establishment.js';
import { eventOfIndication, eventOfRequest, faultAt, ppduPrimitives, type PresentationEvent } from './events.js';
import type { PresentationMachine, PresentationOptions, PresentationRequest } from './service.js';
import { stateTable, type State } from './state-table.js';
import { transferActions } from './transfer.js';

const actions = { ...establishmentActions, ...transferActions };

class PresentationProtocolMachine implements PresentationMachine {
  readonly #connection: Connection;
  #state: State = 'I0';

  constructor(options: PresentationOptions) {
    assert(options.role === 'responder' || options.modes.length === 1, 'the initiator must know its mode');
    this.#connection = newConnection(options);
  }

  fromAbove(request: PresentationRequest): readonly PresentationEffect[] {
    if (this.#state === 'over') return [];
    const effects = this.#step(eventOfRequest(request));
    assert(effects !== undefined, () => `${request.type} in state ${this.#state}`);
    return effects;
  }

  fromBelow(indication: SessionIndication): readonly PresentationEffect[] {
    if (this.#state === 'over') return [];
    const event = this.#read(indication);
    return this.#step(event) ?? this.#step(unexpected(indication)) ?? [];
  }

  timer(name: string): readonly PresentationEffect[] {
    assert(false, `this layer has no timer ${name}`);
  }

  #step(event: PresentationEvent): readonly PresentationEffect[] | undefined {
    const transition = stateTable.transition(this.#state, event.name, (predicate) =>
      predicates[predicate](this.#connection, event),
    );
    if (transition === undefined) return undefined;
    this.#state = transition.next;
    return joinEffects(transition.actions, (action) => actions[action](this.#connection, event));
  }

  /** The event, or the invalid PPDU that it is. */
  #read(indication: SessionIndication): PresentationEvent {
    try {
      return eventOfIndication(indication, this.#connection);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (indication.type === 'S-CONNECT.indication') return { name: 'invalid CP', text: error.message };
      return { name: 'invalid PPDU', fault: faultAt(indication, 'invalid PPDU parameter value', error.message) };
    }
  }
}

/** A PPDU or session primitive that the state table has no cell for. */
function unexpected(indication: SessionIndication): PresentationEvent {
  const reason = ppduPrimitives.includes(indication.type) ? 'unexpected PPDU' : 'unexpected session service primitive';
  return { name: 'invalid PPDU', fault: faultAt(indication, reason, `${reason}: ${indication.type}`) };
}

export function createPresentationMachine(options: PresentationOptions): PresentationMachine {
  return new PresentationProtocolMachine(options);
}
