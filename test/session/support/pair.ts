import type { SessionOptions, SessionRequest } from '../../../src/session/service.js';
import type { TransportIndication, TransportRequest } from '../../../src/transport/service.js';
import { ACCEPT_RESPONSE, CONNECT_REQUEST, End, forget } from './end.js';

type ConnectRequest = Extract<SessionRequest, { readonly type: 'S-CONNECT.request' }>;
type Overrides = Partial<SessionOptions>;

/** Two session machines back to back on a transport connection that delivers when told to. */
export class Pair {
  readonly initiator: End;
  readonly responder: End;
  readonly #underway: Record<SessionOptions['role'], TransportRequest[]> = { initiator: [], responder: [] };
  #disconnected = false;

  constructor(initiator: Overrides = {}, responder: Overrides = {}) {
    this.initiator = new End('initiator', initiator);
    this.responder = new End('responder', responder);
  }

  /** Delivers one unit that the given end has sent; false if there is none. */
  deliverOne(from: SessionOptions['role']): boolean {
    this.#collect();
    const unit = this.#underway[from].shift();
    if (unit === undefined) return false;
    const to = from === 'initiator' ? this.responder : this.initiator;
    if (unit.type === 'T-DISCONNECT.request') {
      if (this.#disconnected) return true;
      this.#disconnected = true;
      this.#underway[to.role] = [];
    }
    to.transport(asIndication(unit));
    return true;
  }

  /** Delivers everything until nothing moves. */
  settle(): void {
    while (this.deliverOne('initiator') || this.deliverOne('responder'));
  }

  /** A session connection with all tokens at the initiator, nothing left to be heard. */
  connect(request: Partial<ConnectRequest> = {}, response: SessionRequest = ACCEPT_RESPONSE): this {
    this.initiator.request({ ...CONNECT_REQUEST, ...request });
    this.settle();
    this.responder.request(response);
    this.settle();
    forget(this.initiator, this.responder);
    return this;
  }

  #collect(): void {
    for (const end of [this.initiator, this.responder]) this.#underway[end.role].push(...end.asked());
  }
}

function asIndication(unit: TransportRequest): TransportIndication {
  switch (unit.type) {
    case 'T-CONNECT.request':
      return { ...unit, type: 'T-CONNECT.indication' };
    case 'T-CONNECT.response':
      return { type: 'T-CONNECT.confirm' };
    case 'T-DATA.request':
      return { type: 'T-DATA.indication', userData: unit.userData };
    case 'T-DISCONNECT.request':
      return {
        type: 'T-DISCONNECT.indication',
        reason: { origin: 'peer', transient: true, text: 'closed by the peer' },
      };
  }
}
