import { ByteList } from '../../../src/bytes/byte-list.js';
import { fromHex, latin1Octets, toHex } from '../../../src/bytes/octets.js';
import type { Observation } from '../../../src/osi/machine.js';
import { createSessionMachine } from '../../../src/session/machine.js';
import type {
  SessionIndication,
  SessionMachine,
  SessionOptions,
  SessionRequest,
  Token,
} from '../../../src/session/service.js';
import type { TransportIndication, TransportRequest } from '../../../src/transport/service.js';

export const TOKENS: readonly Token[] = ['data', 'synchronize-minor', 'major-activity'];

export function sessionOptions(role: SessionOptions['role'], overrides: Partial<SessionOptions> = {}): SessionOptions {
  return {
    role,
    versions: [1, 2],
    releaseMilliseconds: 5_000,
    acknowledgementMilliseconds: 60_000,
    userDataOctetsMax: 262_144,
    ...overrides,
  };
}

/** A session machine between two witnesses: what it said to its user, to transport, to the timers and to the log. */
export class End {
  readonly machine: SessionMachine;
  readonly role: SessionOptions['role'];
  readonly observations: Observation[] = [];
  /** Running timers and their milliseconds. */
  readonly timers = new Map<string, number>();
  #said: SessionIndication[] = [];
  #asked: TransportRequest[] = [];

  constructor(role: SessionOptions['role'], overrides: Partial<SessionOptions> = {}) {
    this.role = role;
    this.machine = createSessionMachine(sessionOptions(role, overrides));
  }

  request(...requests: SessionRequest[]): void {
    for (const request of requests) this.#note(this.machine.fromAbove(request));
  }

  transport(indication: TransportIndication): void {
    this.#note(this.machine.fromBelow(indication));
  }

  /** One TSDU in hexadecimal. */
  receive(...tsdus: string[]): void {
    for (const hex of tsdus) this.transport({ type: 'T-DATA.indication', userData: ByteList.of(fromHex(hex)) });
  }

  expire(name: string): void {
    this.timers.delete(name);
    this.#note(this.machine.timer(name));
  }

  /** Indications and confirms since the last call. */
  said(): readonly SessionIndication[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  /** Transport requests since the last call. */
  asked(): readonly TransportRequest[] {
    const asked = this.#asked;
    this.#asked = [];
    return asked;
  }

  /** The same, TSDUs in hexadecimal and the others by name. */
  sent(): readonly string[] {
    return this.asked().map((request) =>
      request.type === 'T-DATA.request' ? toHex(request.userData.toUint8Array()) : request.type,
    );
  }

  #note(effects: ReturnType<SessionMachine['timer']>): void {
    for (const effect of effects) {
      if (effect.to === 'above') this.#said.push(effect.primitive);
      else if (effect.to === 'below') this.#asked.push(effect.primitive);
      else if (effect.to === 'observer') this.observations.push(effect.observation);
      else if (effect.action === 'set') this.timers.set(effect.name, effect.milliseconds);
      else this.timers.delete(effect.name);
    }
  }
}

export const CONNECT_REQUEST = {
  type: 'S-CONNECT.request',
  identifier: { calling: latin1Octets('MTA1'), common: latin1Octets('261122073000Z') },
  initialTokens: 'initiator',
  userData: latin1Octets('hello'),
} as const satisfies SessionRequest;

export const ACCEPT_RESPONSE = {
  type: 'S-CONNECT.response',
  result: 'accept',
  identifier: { called: latin1Octets('MTA2') },
  initialTokens: 'initiator',
  userData: latin1Octets('welcome'),
} as const satisfies SessionRequest;

/** CONNECT with both versions, requirements 0249, tokens at the initiator and nothing else. */
export const CONNECT_HEX = '0d0f 0509 130100 160103 1a0100 14020249';
export const ACCEPT_HEX = '0e0f 0509 130100 160102 1a0100 14020249';
export const ACCEPT_VERSION_1_HEX = '0e0f 0509 130100 160101 1a0100 14020249';

/** A responder in state 713 whose peer, the initiator, has all tokens. */
export function connectedResponder(overrides: Partial<SessionOptions> = {}, connect = CONNECT_HEX): End {
  const end = new End('responder', overrides);
  end.transport({ type: 'T-CONNECT.indication' });
  end.receive(connect);
  end.request({
    type: 'S-CONNECT.response',
    result: 'accept',
    initialTokens: 'initiator',
    userData: new Uint8Array(0),
  });
  forget(end);
  return end;
}

/** An initiator in state 713 that has all tokens. */
export function connectedInitiator(overrides: Partial<SessionOptions> = {}, accept = ACCEPT_HEX): End {
  const end = new End('initiator', overrides);
  end.request({ ...CONNECT_REQUEST, userData: new Uint8Array(0) });
  end.transport({ type: 'T-CONNECT.confirm' });
  end.receive(accept);
  forget(end);
  return end;
}

export function forget(...ends: End[]): void {
  for (const end of ends) {
    end.said();
    end.asked();
  }
}

export function text(value: string): ByteList {
  return ByteList.of(latin1Octets(value));
}
