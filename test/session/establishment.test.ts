import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import type { SessionOptions, SessionRequest } from '../../src/session/service.js';
import {
  ACCEPT_HEX,
  ACCEPT_RESPONSE,
  ACCEPT_VERSION_1_HEX,
  CONNECT_HEX,
  CONNECT_REQUEST,
  connectedResponder,
  End,
  forget,
} from './support/end.js';
import { Pair } from './support/pair.js';

type ConnectRequest = Extract<SessionRequest, { readonly type: 'S-CONNECT.request' }>;

/** A responder to which a transport connection and one TSDU have come. */
function called(connect: string, overrides: Partial<SessionOptions> = {}): End {
  const end = new End('responder', overrides);
  end.transport({ type: 'T-CONNECT.indication' });
  end.receive(connect);
  return end;
}

/** An initiator that has sent CONNECT. */
function calling(overrides: Partial<SessionOptions> = {}, request: Partial<ConnectRequest> = {}): End {
  const end = new End('initiator', overrides);
  end.request({ ...CONNECT_REQUEST, ...request });
  end.transport({ type: 'T-CONNECT.confirm' });
  return end;
}

/** In hexadecimal. */
function connectUserData(end: End): string | undefined {
  const [indication] = end.said();
  return indication?.type === 'S-CONNECT.indication' ? toHex(indication.userData) : undefined;
}

const REFUSED = (reason: string): readonly string[] => ['T-CONNECT.response', `0c061101013201${reason}`];

describe('session connection establishment', () => {
  it('opens the transport connection, sends CONNECT, and tells both users who they talk to', () => {
    const pair = new Pair();
    pair.initiator.request({
      ...CONNECT_REQUEST,
      calledTransportSelector: latin1Octets('TB'),
      callingTransportSelector: latin1Octets('TA'),
      calledSessionSelector: latin1Octets('S2'),
      callingSessionSelector: latin1Octets('S1'),
    });
    pair.settle();
    expect(pair.responder.said()).toEqual([
      {
        type: 'S-CONNECT.indication',
        identifier: CONNECT_REQUEST.identifier,
        calledTransportSelector: latin1Octets('TB'),
        callingTransportSelector: latin1Octets('TA'),
        calledSessionSelector: latin1Octets('S2'),
        callingSessionSelector: latin1Octets('S1'),
        version: 2,
        initialTokens: 'initiator',
        userData: latin1Octets('hello'),
      },
    ]);
    pair.responder.request(ACCEPT_RESPONSE);
    pair.settle();
    expect(pair.initiator.said()).toEqual([
      {
        type: 'S-CONNECT.confirm',
        result: 'accept',
        identifier: { called: latin1Octets('MTA2') },
        version: 2,
        initialTokens: 'initiator',
        userData: latin1Octets('welcome'),
      },
    ]);
  });

  it('writes CONNECT and ACCEPT as X.225 §8.3.1 and §8.3.4 have them', () => {
    const initiator = calling();
    expect(initiator.sent()).toEqual([
      'T-CONNECT.request',
      '0d2d01150a044d5441310b0d3236313132323037333030305a05091301001601031a010014020249c10568656c6c6f',
    ]);
    const responder = called(CONNECT_HEX);
    responder.request(ACCEPT_RESPONSE);
    expect(responder.sent()).toEqual([
      'T-CONNECT.response',
      '0e20010609044d54413205091301001601021a010014020249c10777656c636f6d65',
    ]);
  });

  it.each<[SessionOptions['versions'], SessionOptions['versions'], 1 | 2]>([
    [[1, 2], [1, 2], 2],
    [[1], [1, 2], 1],
    [[2], [1, 2], 2],
    [[1, 2], [1], 1],
    [[1, 2], [2], 2],
  ])('chooses the highest version of %j and %j (S-009)', (initiator, responder, version) => {
    const pair = new Pair({ versions: initiator }, { versions: responder });
    pair.initiator.request(CONNECT_REQUEST);
    pair.settle();
    pair.responder.request(ACCEPT_RESPONSE);
    pair.settle();
    expect(pair.initiator.said()).toMatchObject([{ result: 'accept', version }]);
  });

  it('refuses with reason 132 where no version is common (S-009)', () => {
    expect(called(CONNECT_HEX.replace('160103', '160101'), { versions: [2] }).sent()).toEqual(REFUSED('84'));
    expect(called('0d00', { versions: [2] }).sent()).toEqual(REFUSED('84'));
  });

  it('takes an absent Version Number for version 1', () => {
    expect(called('0d00').said()).toMatchObject([{ type: 'S-CONNECT.indication', version: 1 }]);
  });

  it.each([
    [0, 'no user data', '0d26', ''],
    [512, 'PGI 193, both versions', '0dff022a', 'c1ff0200'],
    [513, 'PGI 194, version 2', '0dff022b', 'c2ff0201'],
    [10_240, 'PGI 194, version 2', '0dff282a', 'c2ff2800'],
  ])('sends %i octets of user data with %s (S-010)', (octets, _form, start, header) => {
    const [, connect = ''] = calling({}, { userData: new Uint8Array(octets).fill(0x55) }).sent();
    expect(connect.startsWith(start)).toBe(true);
    expect(connect).toContain(octets > 512 ? '160102' : '160103');
    expect(connect.slice(0, connect.length - 2 * octets).endsWith(header)).toBe(true);
    expect(connectUserData(called(connect))).toBe('55'.repeat(octets));
  });

  it('never offers version 1 what only version 2 can carry', () => {
    const initiator = new End('initiator', { versions: [1] });
    initiator.request({ ...CONNECT_REQUEST, userData: new Uint8Array(513) });
    expect(() => {
      initiator.transport({ type: 'T-CONNECT.confirm' });
    }).toThrow(AssertionError);
  });

  it.each([10_241, 10_240 + 65_528, 80_000])('carries %i octets by CONNECT DATA OVERFLOW (S-011)', (octets) => {
    const pair = new Pair();
    const userData = Uint8Array.from({ length: octets }, (_, i) => i % 251);
    pair.initiator.request({ ...CONNECT_REQUEST, userData });
    pair.settle();
    expect(connectUserData(pair.responder) === toHex(userData)).toBe(true);
    pair.responder.request(ACCEPT_RESPONSE);
    pair.settle();
    expect(pair.initiator.said()).toMatchObject([{ result: 'accept' }]);
  });

  it('answers a CONNECT that overflows with OVERFLOW ACCEPT, and waits (S-011)', () => {
    const responder = called('0d12 0509 130100 160102 1a0100 3c0101 c2026162');
    expect(responder.sent()).toEqual(['T-CONNECT.response', '1003160102']);
    responder.receive('0f07 190100 c1026364');
    expect(responder.said()).toEqual([]);
    responder.receive('0f07 190102 c1026566');
    expect(responder.said()).toMatchObject([{ type: 'S-CONNECT.indication', userData: latin1Octets('abcdef') }]);
  });

  it('refuses more connect user data than it takes with reason 134, and aborts an overflow beyond it (S-042)', () => {
    const limit = { userDataOctetsMax: 3 };
    expect(called('0d06 c104 61626364', limit).sent()).toEqual(REFUSED('86'));
    const responder = called('0d12 0509 130100 160102 1a0100 3c0101 c2026162', limit);
    responder.receive('0f07 190102 c1026364');
    expect(responder.sent().slice(2)).toEqual(['1903110105']);
    expect(responder.said()).toEqual([]);
  });

  it('refuses a proposal without the functional units it needs with reason 134, and needs no others (S-012)', () => {
    expect(called('0d04 1402 0048').sent()).toEqual(REFUSED('86'));
    expect(called('0d04 1402 024a').sent()).toEqual(REFUSED('86'));
    const responder = called('0d04 1402 ffff');
    responder.request(ACCEPT_RESPONSE);
    expect(responder.sent()[1]).toContain('14020249');
  });

  it('takes absent requirements for 0349 and answers 0249 (S-013)', () => {
    const responder = called('0d00');
    expect(responder.said()).toMatchObject([{ type: 'S-CONNECT.indication' }]);
    responder.request(ACCEPT_RESPONSE);
    expect(responder.sent()[1]).toContain('14020249');
    const initiator = calling();
    initiator.receive('0e0b 0509 130100 160102 1a0100');
    expect(initiator.said()).toMatchObject([{ result: 'accept' }]);
  });

  it('finds an ACCEPT without the functional units it needs invalid (S-012)', () => {
    const initiator = calling();
    initiator.receive(ACCEPT_HEX.replace('14020249', '14020049'));
    expect(initiator.said()).toMatchObject([
      { type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'local' },
    ]);
    expect(initiator.sent().slice(2)).toEqual(['1903110105']);
  });

  it.each([
    ['1a0100', 'initiator', '1a0100'],
    ['1a0115', 'responder', '1a0115'],
    ['1a012a', 'called-user', '1a0115'],
    ['1a0116', 'responder', '1a0115'],
    ['1a0180', 'initiator', '1a0100'],
  ])('settles the token setting %s for %s and answers %s (S-014)', (setting, initialTokens, answer) => {
    const responder = called(CONNECT_HEX.replace('1a0100', setting));
    expect(responder.said()).toMatchObject([{ initialTokens }]);
    responder.request({ ...ACCEPT_RESPONSE, initialTokens: 'responder' });
    expect(responder.sent()[1]).toContain(answer);
  });

  it.each(['1a0111', '1a013f', '1a0104'])('refuses the token setting %s, which it cannot use (S-014)', (setting) => {
    expect(called(CONNECT_HEX.replace('1a0100', setting)).sent()).toEqual(REFUSED('86'));
  });

  it('gives the tokens to the side that the settings name (S-014)', () => {
    const pair = new Pair().connect({ initialTokens: 'responder' });
    pair.responder.request({ type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex('020101') });
    pair.settle();
    expect(pair.initiator.said()).toMatchObject([{ type: 'S-ACTIVITY-START.indication' }]);
  });

  it('follows its proposal where ACCEPT has no token setting, and finds another one invalid (S-014)', () => {
    const silent = calling({}, { initialTokens: 'responder' });
    silent.receive('0e0c 0506 130100 160102 14020249');
    expect(silent.said()).toMatchObject([{ result: 'accept', initialTokens: 'responder' }]);
    const contrary = calling({}, { initialTokens: 'responder' });
    contrary.receive(ACCEPT_HEX);
    expect(contrary.said()).toMatchObject([{ type: 'S-P-ABORT.indication' }]);
  });

  it('hands an ACCEPT with a Token Item on as ACCEPT and PLEASE TOKENS (S-015)', () => {
    const initiator = calling();
    initiator.receive('0e12 0509 130100 160102 1a0100 100155 14020249');
    expect(initiator.said()).toMatchObject([
      { type: 'S-CONNECT.confirm', result: 'accept' },
      { type: 'S-TOKEN-PLEASE.indication', tokens: ['data', 'synchronize-minor', 'major-activity'] },
    ]);
  });

  it.each([
    [undefined, 0, true],
    [0, 0, true],
    [1, 1, true],
    [2, 2, true],
    [129, 129, false],
    [130, 130, false],
    [131, 131, true],
    [132, 132, false],
    [133, 133, true],
    [134, 134, false],
    [77, 77, true],
  ])('reads the REFUSE reason %s as %i, transient: %s (S-016)', (coded, reason, transient) => {
    const initiator = calling();
    initiator.receive(coded === undefined ? '0c00' : `0c03 3201 ${coded.toString(16).padStart(2, '0')}`);
    expect(initiator.said()).toMatchObject([
      { type: 'S-CONNECT.confirm', result: 'reject', refusal: { reason, transient } },
    ]);
    expect(initiator.sent().at(-1)).toBe('T-DISCONNECT.request');
  });

  it('passes the user data of a refusal up (S-017)', () => {
    const pair = new Pair();
    pair.initiator.request(CONNECT_REQUEST);
    pair.settle();
    pair.responder.request({ type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: latin1Octets('no') });
    pair.settle();
    expect(pair.initiator.said()).toMatchObject([
      { result: 'reject', refusal: { reason: 2 }, userData: latin1Octets('no') },
    ]);
  });

  it('writes REFUSE with reason, user data and requirements (S-017)', () => {
    const responder = called(CONNECT_HEX);
    responder.request({ type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: latin1Octets('no') });
    expect(responder.sent()).toEqual(['T-CONNECT.response', '0c0c110101140202493203026e6f']);
    expect(responder.timers.get('TIM')).toBe(5_000);
    const plain = called(CONNECT_HEX);
    plain.request({ type: 'S-CONNECT.response', result: 'reject', reason: 1 });
    expect(plain.sent()).toEqual(['T-CONNECT.response', '0c06110101320101']);
  });

  it('refuses an unknown called selector with reason 129, and takes any if none are configured (S-018)', () => {
    const acceptedSelectors = [latin1Octets('S2'), latin1Octets('0123456789ABCDEF')];
    const selector = (name: string): string =>
      `0d${(name.length + 2).toString(16).padStart(2, '0')}34${name.length.toString(16).padStart(2, '0')}${Buffer.from(name).toString('hex')}`;
    expect(called(selector('S3'), { acceptedSelectors }).sent()).toEqual(REFUSED('81'));
    expect(called(selector('S2'), { acceptedSelectors }).said()).toHaveLength(1);
    expect(called(selector('0123456789ABCDEF'), { acceptedSelectors }).said()).toHaveLength(1);
    expect(called(selector('S3')).said()).toHaveLength(1);
  });

  it('lets pass a CONNECT that calls no selector, as those of X.410-1984 mode do: presentation, which knows the mode, decides (S-018)', () => {
    const [indication] = called('0d00', { acceptedSelectors: [latin1Octets('S2')] }).said();
    expect(indication).toMatchObject({ type: 'S-CONNECT.indication' });
    expect(indication).not.toHaveProperty('calledSessionSelector');
  });

  it('waits for the caller to close after REFUSE, and then no longer than TIM', () => {
    const responder = called('0d00', { versions: [2] });
    expect(responder.timers.get('TIM')).toBe(5_000);
    responder.receive('2d00', '0100');
    forget(responder);
    responder.expire('TIM');
    expect(responder.sent()).toEqual(['T-DISCONNECT.request']);
  });

  it('takes the highest version that it offered from an ACCEPT with both bits', () => {
    for (const [versions, version] of [
      [[1, 2], 2],
      [[1], 1],
    ] as const) {
      const initiator = calling({ versions });
      initiator.receive(ACCEPT_HEX.replace('160102', '160103'));
      expect(initiator.said()).toMatchObject([{ result: 'accept', version }]);
    }
    const old = calling({ versions: [1] });
    old.receive(ACCEPT_HEX);
    expect(old.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'protocol-error' }]);
  });

  it('ignores TSDU sizes, initial serial numbers and empty selectors of the peer, and never segments data (S-039)', () => {
    const responder = called('0d18 0512 130100 150407f907f9 160103 170131 1a0100 14020249');
    responder.request(ACCEPT_RESPONSE);
    expect(responder.sent()[1]).not.toContain('1504');
    const initiator = calling();
    initiator.receive('0e17 050f 130100 150407f907f9 160102 1a0100 14020249 3400');
    expect(initiator.said()).toMatchObject([{ result: 'accept' }]);
    forget(initiator);
    initiator.request({ type: 'S-DATA.request', userData: ByteList.of(new Uint8Array(5_000)) });
    expect(initiator.sent()).toEqual([`01000100${'00'.repeat(5_000)}`]);
  });

  it('refuses instead of accepting with more user data than version 1 carries', () => {
    const responder = called(CONNECT_HEX, { versions: [1] });
    forget(responder);
    responder.request({ ...ACCEPT_RESPONSE, userData: new Uint8Array(513) });
    expect(responder.sent()).toEqual(['0c06110101320186']);
    expect(responder.said()).toMatchObject([{ type: 'S-P-ABORT.indication', origin: 'local' }]);
  });

  it('finds an ACCEPT of version 1 with more than 512 octets of user data invalid (S-042)', () => {
    const initiator = calling();
    const accept = ACCEPT_VERSION_1_HEX.replace('0e0f', `0eff0214`);
    initiator.receive(`${accept}c1ff0201${'00'.repeat(513)}`);
    expect(initiator.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'protocol-error' }]);
  });

  it('tells its user when the transport connection cannot be had, and whether to try again', () => {
    const initiator = new End('initiator');
    initiator.request(CONNECT_REQUEST);
    initiator.transport({
      type: 'T-DISCONNECT.indication',
      reason: { origin: 'peer', transient: false, code: 129, text: 'no such selector' },
    });
    expect(initiator.said()).toEqual([
      { type: 'S-CONNECT.confirm', result: 'reject', refusal: { transient: false, text: 'no such selector' } },
    ]);
  });

  it('sends nothing but the end of the transport connection if its user aborts before that is there', () => {
    const initiator = new End('initiator');
    initiator.request(CONNECT_REQUEST, { type: 'S-U-ABORT.request' });
    expect(initiator.sent()).toEqual(['T-CONNECT.request', 'T-DISCONNECT.request']);
  });

  it.each(['0e00', '2d00', '1a00', '0a00', '1000', 'ffff', ''])(
    'closes the transport connection of a caller that begins with "%s"',
    (hex) => {
      expect(called(hex).sent()).toEqual(['T-CONNECT.response', 'T-DISCONNECT.request']);
    },
  );

  it('aborts on a CONNECT or ACCEPT between CONNECT and its overflow', () => {
    for (const hex of [CONNECT_HEX, ACCEPT_HEX, '1003160102', '0c00']) {
      const responder = called('0d12 0509 130100 160102 1a0100 3c0101 c2026162');
      forget(responder);
      responder.receive(hex);
      expect(responder.sent()).toEqual(['1903110105']);
      expect(responder.said()).toEqual([]);
    }
  });

  it('does not wait for ever for CONNECT, its overflow, OVERFLOW ACCEPT or ACCEPT', () => {
    const silent = new End('responder');
    silent.transport({ type: 'T-CONNECT.indication' });
    expect(silent.timers.get('acknowledgement')).toBe(60_000);
    silent.expire('acknowledgement');
    expect(silent.sent()).toEqual(['T-CONNECT.response', 'T-DISCONNECT.request']);
    const half = called('0d12 0509 130100 160102 1a0100 3c0101 c2026162');
    half.expire('acknowledgement');
    expect(half.sent().at(-1)).toBe('T-DISCONNECT.request');
    for (const userData of [new Uint8Array(3), new Uint8Array(20_000)]) {
      const initiator = calling({}, { userData: userData });
      forget(initiator);
      initiator.expire('acknowledgement');
      expect(initiator.sent()).toEqual(['1903110109']);
      expect(initiator.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'unspecified', origin: 'local' }]);
      expect(initiator.timers.get('TIM')).toBe(5_000);
    }
  });

  it('asks for no acknowledgement once it is connected', () => {
    expect(connectedResponder().timers.size).toBe(0);
    const initiator = calling();
    initiator.receive(ACCEPT_HEX);
    expect(initiator.timers.size).toBe(0);
  });
});
