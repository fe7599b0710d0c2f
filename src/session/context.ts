import { assert, type Effect, type Observation } from '../osi/machine.js';
import type { TransportIndication, TransportRequest } from '../transport/service.js';
import type { Occurrence } from './occurrence.js';
import { Pieces } from './pieces.js';
import type { Spdu, SpduName, SpduOf } from './pdu.js';
import { Reassembly, tsdusOf } from './segmentation.js';
import {
  SEGMENTED_DATA_OCTETS_MAX,
  type SessionIndication,
  type SessionOptions,
  type SessionRequest,
  type TokenSide,
} from './service.js';
import type { SessionState } from './state-table/names.js';
import { Variables } from './variables.js';

type ConnectIndication = Extract<TransportIndication, { readonly type: 'T-CONNECT.indication' }>;

/** All that a session connection remembers, and what predicates and actions need to work on it. */
export class SessionContext {
  readonly options: SessionOptions;
  readonly variables = new Variables();
  readonly reassembly: Reassembly;
  state: SessionState = '01';
  /** The event that is being dealt with. */
  occurrence: Occurrence = { event: 'TCONind' };
  /** The selected version; before there is one, the highest that we know. */
  version: 1 | 2;
  /** S-CONNECT.request that waits for its transport connection and its answer. */
  connectRequest: Extract<SessionRequest, { readonly type: 'S-CONNECT.request' }> | undefined;
  /** The CONNECT that was sent or received. */
  connect: SpduOf<'CN'> | undefined;
  /** Who had the tokens first; undefined before ACCEPT. */
  initialTokens: TokenSide | undefined;
  /** User data received with CONNECT and CONNECT DATA OVERFLOW. */
  readonly connectUserData = new Pieces();
  /** CONNECT DATA OVERFLOW still to be sent. */
  overflow: readonly SpduOf<'CDO'>[] = [];
  transportSelectors: Omit<ConnectIndication, 'type'> = {};

  #effects: Effect<SessionIndication, TransportRequest>[] = [];

  constructor(options: SessionOptions) {
    this.options = options;
    this.version = options.versions.includes(2) ? 2 : 1;
    this.reassembly = new Reassembly(
      options.userDataOctetsMax,
      options.segmentedDataOctetsMax ?? SEGMENTED_DATA_OCTETS_MAX,
    );
  }

  above(primitive: SessionIndication): void {
    this.#effects.push({ to: 'above', primitive });
  }

  below(primitive: TransportRequest): void {
    this.#effects.push({ to: 'below', primitive });
  }

  send(spdu: Spdu): void {
    for (const userData of tsdusOf(spdu, this.version)) this.below({ type: 'T-DATA.request', userData });
  }

  setTimer(name: string, milliseconds: number): void {
    this.#effects.push({ to: 'timer', action: 'set', name, milliseconds });
  }

  clearTimer(name: string): void {
    this.#effects.push({ to: 'timer', action: 'clear', name });
  }

  observe(observation: Observation): void {
    this.#effects.push({ to: 'observer', observation });
  }

  takeEffects(): readonly Effect<SessionIndication, TransportRequest>[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** The SPDU of the event, which must be of this kind. */
  received<Name extends SpduName>(name: Name): SpduOf<Name> {
    const { spdu } = this.occurrence;
    assert(spdu?.spdu === name, () => `${this.occurrence.event} is not ${name}`);
    return spdu as SpduOf<Name>;
  }

  /** The request or response of the event, which must be of this kind. */
  requested<Type extends SessionRequest['type']>(type: Type): Extract<SessionRequest, { readonly type: Type }> {
    const { request } = this.occurrence;
    assert(request?.type === type, () => `${this.occurrence.event} is not ${type}`);
    return request as Extract<SessionRequest, { readonly type: Type }>;
  }

  /** n of the event. */
  serialNumber(): number {
    const { event, serialNumber } = this.occurrence;
    assert(serialNumber !== undefined, () => `${event} has no serial number`);
    return serialNumber;
  }
}
