import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import { rtseAbstractSyntax, type PresentationMachine } from '../../src/presentation/service.js';
import type { SessionIndication } from '../../src/session/service.js';
import {
  aarq,
  connectConfirm,
  connectedX410Initiator,
  connectIndication,
  cpa,
  initiatorOptions,
  responderOptions,
  rtoac,
  rtorq,
  toAbove,
  toBelow,
  x410ConnectRequest,
  x410Cp,
  x410Cpa,
} from './samples.js';

const inRtse = (octets: Uint8Array) => ({ abstractSyntax: rtseAbstractSyntax, octets });

function caller(): PresentationMachine {
  const machine = createPresentationMachine({ ...initiatorOptions, modes: ['x410-1984'] });
  machine.fromAbove(x410ConnectRequest);
  return machine;
}

function called(octets = x410Cp): PresentationMachine {
  const machine = createPresentationMachine(responderOptions);
  machine.fromBelow(connectIndication(octets, 1));
  return machine;
}

describe('opening in X.410-1984 mode', () => {
  it('puts the members of RTORQ into the CP', () => {
    const machine = createPresentationMachine({ ...initiatorOptions, modes: ['x410-1984'] });
    expect(toBelow(machine.fromAbove(x410ConnectRequest))).toMatchObject([
      { type: 'S-CONNECT.request', userData: x410Cp },
    ]);
  });

  it.each([
    ['definite', x410Cp, rtorq],
    [
      'indefinite (P-029)',
      fromHex('3180 A080 800100 0000 A180 80010F A380 A080 0500 0000 0000 84010C 0000 0000'),
      fromHex('B010 80010F A380 A080 0500 0000 0000 84010C'),
    ],
    ['with the mode last (P-030)', fromHex('3113 A10C80010FA304A002050084010C A003800100'), rtorq],
    ['with what nobody knows (P-014)', fromHex('3116 A003800100 990100 A10C80010FA304A002050084010C'), rtorq],
  ])('gives the tag of RTORQ back: CP %s (P-001)', (_, octets, apdu) => {
    const machine = createPresentationMachine(responderOptions);
    expect(toAbove(machine.fromBelow(connectIndication(octets, 1)))).toMatchObject([
      { type: 'P-CONNECT.indication', mode: 'x410-1984', sessionVersion: 1, contexts: [], userData: inRtse(apdu) },
    ]);
  });

  it('accepts with the members of RTOAC in the CPA', () => {
    const effects = called().fromAbove({
      type: 'P-CONNECT.response',
      result: 'accept',
      initialTokens: 'initiator',
      userData: inRtse(rtoac),
    });
    expect(toBelow(effects)).toEqual([
      { type: 'S-CONNECT.response', result: 'accept', initialTokens: 'initiator', userData: x410Cpa },
    ]);
    expect(toAbove(caller().fromBelow(connectConfirm(x410Cpa, 1)))).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'accept', contexts: [], userData: inRtse(rtoac) },
    ]);
  });

  it('rejects with the members of RTORJ in a CPR that is a SET (P-025)', () => {
    const userData = inRtse(fromHex('B203800102'));
    const cpr = fromHex('3103800102');
    const effects = called().fromAbove({ type: 'P-CONNECT.response', result: 'reject', transient: false, userData });
    expect(toBelow(effects)).toEqual([{ type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: cpr }]);
    const refusal: SessionIndication = {
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { reason: 2, transient: false, text: 'refused' },
      userData: cpr,
    };
    expect(toAbove(caller().fromBelow(refusal))).toMatchObject([
      { result: 'reject', refusal: { source: 'presentation-user' }, userData },
    ]);
  });

  it.each([
    [0, true],
    [1, true],
    [2, false],
    [129, false],
  ])('without a CPR the session reason %s is transient: %s', (reason, transient) => {
    const refusal: SessionIndication = {
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { reason, transient: false, text: 'refused' },
    };
    expect(toAbove(caller().fromBelow(refusal))).toMatchObject([
      { result: 'reject', refusal: { source: 'session', code: reason, transient } },
    ]);
  });

  it('takes the refusal of a provider in the form of normal mode', () => {
    const refusal: SessionIndication = {
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { reason: 2, transient: false, text: 'refused' },
      userData: fromHex('30038A0101'),
    };
    expect(toAbove(caller().fromBelow(refusal))).toMatchObject([
      { refusal: { source: 'presentation-provider', transient: true } },
    ]);
  });

  it.each([
    ['a mode that is not taken', x410Cp, ['normal'] as const],
    ['a CP without the members of RTORQ', fromHex('3105A003800100'), ['x410-1984'] as const],
  ])('refuses %s by validationFailure (P-011)', (_, octets, modes) => {
    const machine = createPresentationMachine({ ...responderOptions, modes });
    expect(toBelow(machine.fromBelow(connectIndication(octets, 1)))).toEqual([
      { type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: fromHex('3103800102') },
    ]);
  });

  it('has no selectors of its own: any are taken', () => {
    const selectors = [fromHex('01')];
    const machine = createPresentationMachine({
      ...responderOptions,
      acceptedSelectors: selectors,
      acceptedSessionSelectors: selectors,
    });
    expect(toAbove(machine.fromBelow(connectIndication(x410Cp, 1)))).toHaveLength(1);
  });

  it.each([
    ['the other mode (P-027)', cpa],
    ['no members of RTOAC', fromHex('3105A003800100')],
    ['octets that are no BER', fromHex('FF')],
  ])('aborts with RTAB protocolError when the CPA has %s', (_, octets) => {
    const effects = caller().fromBelow(connectConfirm(octets, 1));
    expect(toBelow(effects)).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex('3103800104') }]);
    expect(toAbove(effects)).toMatchObject([{ type: 'P-P-ABORT.indication', origin: 'local' }]);
  });

  it('takes nothing else from its user than the APDU for the place: our own mistake', () => {
    const machine = createPresentationMachine({ ...initiatorOptions, modes: ['x410-1984'] });
    expect(() =>
      machine.fromAbove({ ...x410ConnectRequest, userData: inRtse(aarq) } as typeof x410ConnectRequest),
    ).toThrow(AssertionError);
  });
});

describe('an open connection in X.410-1984 mode', () => {
  it('carries data as they are, both ways (P-023)', () => {
    const machine = connectedX410Initiator();
    const userData = ByteList.of(fromHex('6180FF'), fromHex('00'));
    expect(machine.fromAbove({ type: 'P-DATA.request', abstractSyntax: rtseAbstractSyntax, userData })).toEqual([
      { to: 'below', primitive: { type: 'S-DATA.request', userData } },
    ]);
    expect(machine.fromBelow({ type: 'S-DATA.indication', userData })).toEqual([
      { to: 'above', primitive: { type: 'P-DATA.indication', abstractSyntax: rtseAbstractSyntax, userData } },
    ]);
  });

  it('asks for the turn with an INTEGER, or with nothing (P-026)', () => {
    const machine = connectedX410Initiator();
    const userData = fromHex('020101');
    const tokens = ['data'] as const;
    expect(toBelow(machine.fromAbove({ type: 'P-TOKEN-PLEASE.request', tokens, userData: inRtse(userData) }))).toEqual([
      { type: 'S-TOKEN-PLEASE.request', tokens, userData },
    ]);
    expect(toBelow(machine.fromAbove({ type: 'P-TOKEN-PLEASE.request', tokens }))).toEqual([
      { type: 'S-TOKEN-PLEASE.request', tokens },
    ]);
    expect(toAbove(machine.fromBelow({ type: 'S-TOKEN-PLEASE.indication', tokens, userData }))).toEqual([
      { type: 'P-TOKEN-PLEASE.indication', tokens, userData: inRtse(userData) },
    ]);
    expect(toAbove(machine.fromBelow({ type: 'S-TOKEN-PLEASE.indication', tokens }))).toEqual([
      { type: 'P-TOKEN-PLEASE.indication', tokens },
    ]);
  });

  it('is released without data, and ignores those of a peer (P-024)', () => {
    const machine = connectedX410Initiator();
    expect(toBelow(machine.fromAbove({ type: 'P-RELEASE.request', userData: inRtse(rtorq) }))).toEqual([
      { type: 'S-RELEASE.request' },
    ]);
    const peer = connectedX410Initiator();
    const userData = fromHex('610C300A020101A0056203800100');
    expect(toAbove(peer.fromBelow({ type: 'S-RELEASE.indication', userData }))).toEqual([
      { type: 'P-RELEASE.indication' },
    ]);
    expect(toBelow(peer.fromAbove({ type: 'P-RELEASE.response' }))).toEqual([{ type: 'S-RELEASE.response' }]);
    expect(toAbove(machine.fromBelow({ type: 'S-RELEASE.confirm', userData }))).toEqual([
      { type: 'P-RELEASE.confirm' },
    ]);
  });

  it.each([
    ['B603800103', '3103800103'],
    ['B607800101810200C0', '3107800101810200C0'],
  ])('aborts with the members of RTAB: %s as %s', (rtab, aru) => {
    const request = { type: 'P-U-ABORT.request', userData: inRtse(fromHex(rtab)), abstractSyntaxes: [] } as const;
    expect(toBelow(connectedX410Initiator().fromAbove(request))).toEqual([
      { type: 'S-U-ABORT.request', userData: fromHex(aru) },
    ]);
    const indication = { type: 'S-U-ABORT.indication', userData: fromHex(aru) } as const;
    expect(toAbove(connectedX410Initiator().fromBelow(indication))).toEqual([
      { type: 'P-U-ABORT.indication', userData: inRtse(fromHex(rtab)) },
    ]);
  });

  it('aborts without data where there are none', () => {
    expect(toBelow(connectedX410Initiator().fromAbove({ type: 'P-U-ABORT.request', abstractSyntaxes: [] }))).toEqual([
      { type: 'S-U-ABORT.request' },
    ]);
    expect(toAbove(connectedX410Initiator().fromBelow({ type: 'S-U-ABORT.indication' }))).toEqual([
      { type: 'P-U-ABORT.indication' },
    ]);
  });

  it('takes an ARP as an abort of the provider (P-022)', () => {
    const indication = { type: 'S-U-ABORT.indication', userData: fromHex('3003800101') } as const;
    expect(toAbove(connectedX410Initiator().fromBelow(indication))).toMatchObject([
      { type: 'P-P-ABORT.indication', cause: 'presentation', origin: 'peer' },
    ]);
  });
});
