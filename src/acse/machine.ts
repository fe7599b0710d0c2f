/**
 * The association control protocol machine (ACPM, X.227), for both roles. In X.410-1984 mode there is no APDU of its own: the same primitives
 * then go straight to the presentation service.
 *
 *      user          initiator                     responder          user
 *       | A-ASSOCIATE.req| AARQ in P-CONNECT            | A-ASSOCIATE.ind|
 *       |--------------->|----------------------------->|--------------->|
 *       | A-ASSOCIATE.cnf|                         AARE | A-ASSOCIATE.rsp|
 *       |<---------------|<-----------------------------|<---------------|
 *       | P-..., S-...   | P-..., S-... passed through  | P-..., S-...   |
 *       |<-------------->|<---------------------------->|<-------------->|
 *       | A-RELEASE.req  | RLRQ in P-RELEASE            | A-RELEASE.ind  |
 *       |--------------->|----------------------------->|--------------->|
 *       | A-RELEASE.cnf  |                         RLRE | A-RELEASE.rsp  |
 *       |<---------------|<-----------------------------|<---------------|
 *       | A-ABORT.req    | ABRT in P-U-ABORT            | A-ABORT.ind    |
 *       |--------------->|----------------------------->|--------------->|
 */
import { DecodeError } from '../bytes/decode-error.js';
import { assert, joinEffects } from '../osi/machine.js';
import type { PresentationIndication } from '../presentation/service.js';
import { actions, predicates } from './actions.js';
import { newAssociation, type AcseEffect, type Association } from './association.js';
import { eventOfIndication, eventOfRequest, type AcseEvent } from './events.js';
import type { AcseMachine, AcseOptions, AcseRequest } from './service.js';
import { stateTable, type State } from './state-table.js';

class AssociationControlProtocolMachine implements AcseMachine {
  readonly #association: Association;
  #state: State = 'STA0';

  constructor(options: AcseOptions) {
    assert(options.role === 'responder' || options.mode !== undefined, 'the initiator must know its mode');
    this.#association = newAssociation(options);
  }

  fromAbove(request: AcseRequest): readonly AcseEffect[] {
    if (this.#state === 'over') return [];
    const effects = this.#step(eventOfRequest(request));
    assert(effects !== undefined, () => `${request.type} in state ${this.#state}`);
    return effects;
  }

  fromBelow(indication: PresentationIndication): readonly AcseEffect[] {
    if (this.#state === 'over') return [];
    this.#meet(indication);
    const effects = this.#step(this.#read(indication));
    return effects ?? this.#step({ name: 'invalid APDU', text: `unexpected ${indication.type}` }) ?? [];
  }

  timer(name: string): readonly AcseEffect[] {
    assert(false, `this layer has no timer ${name}`);
  }

  /** What holds for the association whatever the APDU says. */
  #meet(indication: PresentationIndication): void {
    if (indication.type === 'P-CONNECT.indication') {
      this.#association.mode = indication.mode;
      this.#association.contexts = indication.contexts;
      this.#association.sessionVersion = indication.sessionVersion;
    } else if (indication.type === 'P-CONNECT.confirm' && indication.result === 'accept') {
      this.#association.sessionVersion = indication.sessionVersion;
    }
  }

  #step(event: AcseEvent): readonly AcseEffect[] | undefined {
    const transition = stateTable.transition(this.#state, event.name, (predicate) =>
      predicates[predicate](this.#association, event),
    );
    if (transition === undefined) return undefined;
    this.#state = transition.next;
    return joinEffects(transition.actions, (action) => actions[action](this.#association, event));
  }

  /** The event, or the invalid APDU that it is. */
  #read(indication: PresentationIndication): AcseEvent {
    try {
      return eventOfIndication(indication, this.#association);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const name = indication.type === 'P-CONNECT.indication' ? 'invalid AARQ' : 'invalid APDU';
      return { name, text: error.message };
    }
  }
}

export function createAcseMachine(options: AcseOptions): AcseMachine {
  return new AssociationControlProtocolMachine(options);
}
