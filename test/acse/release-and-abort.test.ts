import { describe, expect, it } from 'vitest';
import { createAcseMachine } from '../../src/acse/machine.js';
import type { AcseMachine } from '../../src/acse/service.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { acseAbstractSyntax, rtseAbstractSyntax, type PresentationIndication } from '../../src/presentation/service.js';
import { aare, aarq, abrt, rlre, rlrq } from '../presentation/samples.js';
import {
  associateRequest,
  caller,
  connectConfirm,
  connectIndication,
  inAcse,
  initiatorOptions,
  inRtse,
  responderOptions,
  rtab,
  rtoac,
  toAbove,
  toBelow,
} from './samples.js';

function associated(sessionVersion: 1 | 2 = 2): AcseMachine {
  const machine = caller();
  machine.fromBelow(connectConfirm(aare, { sessionVersion }));
  return machine;
}

function answering(sessionVersion: 1 | 2 = 2): AcseMachine {
  const machine = createAcseMachine(responderOptions);
  machine.fromBelow(connectIndication(aarq, { sessionVersion }));
  return machine;
}

const released = (octets?: Uint8Array): PresentationIndication => ({
  type: 'P-RELEASE.indication',
  ...(octets && { userData: inAcse(octets) }),
});

describe('release', () => {
  it('asks with RLRQ normal and is confirmed by RLRE (A-009)', () => {
    const machine = associated();
    expect(toBelow(machine.fromAbove({ type: 'A-RELEASE.request' }))).toEqual([
      { type: 'P-RELEASE.request', userData: inAcse(rlrq) },
    ]);
    expect(toAbove(machine.fromBelow({ type: 'P-RELEASE.confirm', userData: inAcse(rlre) }))).toEqual([
      { type: 'A-RELEASE.confirm' },
    ]);
    expect(machine.fromAbove({ type: 'S-CONTROL-GIVE.request' })).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['octets that are no BER', fromHex('63')],
    ['reason not finished', fromHex('6303800101')],
  ])('is confirmed by an answer with %s, for the association is over (A-009)', (_, octets) => {
    const machine = associated();
    machine.fromAbove({ type: 'A-RELEASE.request' });
    const confirm: PresentationIndication = { type: 'P-RELEASE.confirm', ...(octets && { userData: inAcse(octets) }) };
    expect(toAbove(machine.fromBelow(confirm))).toEqual([{ type: 'A-RELEASE.confirm' }]);
  });

  it.each([
    ['without data', undefined],
    ['normal', rlrq],
    ['without a reason', fromHex('6200')],
    ['with reason urgent and user information', fromHex('620E 800101 BE09 2807 020103 A0020500')],
    ['with what nobody knows', fromHex('6206 800100 990100')],
  ])('is asked for %s, and answered with RLRE (A-009)', (_, octets) => {
    const machine = associated();
    expect(toAbove(machine.fromBelow(released(octets)))).toEqual([{ type: 'A-RELEASE.indication' }]);
    expect(toBelow(machine.fromAbove({ type: 'A-RELEASE.response' }))).toEqual([
      { type: 'P-RELEASE.response', userData: inAcse(rlre) },
    ]);
  });

  it.each([
    ['another APDU', released(rlre)],
    ['octets that are no BER', released(fromHex('62'))],
    ['data of another context', { type: 'P-RELEASE.indication', userData: inRtse(rlrq) } as const],
  ])('that is %s is a protocol error: ABRT of the provider (A-011)', (_, indication) => {
    const effects = associated().fromBelow(indication);
    expect(toBelow(effects)).toEqual([
      { type: 'P-U-ABORT.request', userData: inAcse(fromHex('6403800101')), abstractSyntaxes: [acseAbstractSyntax] },
    ]);
    expect(toAbove(effects)).toEqual([{ type: 'A-ABORT.indication', source: 'provider' }]);
  });

  it('after an abort of ours is ignored', () => {
    const machine = associated();
    machine.fromAbove({ type: 'A-ABORT.request' });
    expect(machine.fromBelow(released(rlrq))).toEqual([]);
  });
});

describe('abort by our user', () => {
  it.each([
    ['associated', associated],
    ['before the answer', caller],
    ['before its response', answering],
  ])('puts the RTAB into an ABRT, %s', (_, machine) => {
    expect(machine().fromAbove({ type: 'A-ABORT.request', userInformation: rtab })).toEqual([
      {
        to: 'below',
        primitive: {
          type: 'P-U-ABORT.request',
          userData: inAcse(abrt),
          abstractSyntaxes: [acseAbstractSyntax, rtseAbstractSyntax],
        },
      },
    ]);
  });

  it('without RTAB is an ABRT of the user', () => {
    expect(toBelow(associated().fromAbove({ type: 'A-ABORT.request' }))).toEqual([
      { type: 'P-U-ABORT.request', userData: inAcse(fromHex('6403800100')), abstractSyntaxes: [acseAbstractSyntax] },
    ]);
  });

  it.each([
    ['initiator', () => associated(1)],
    ['responder', () => answering(1)],
  ])('goes without ABRT in session version 1, %s (A-014)', (_, machine) => {
    expect(toBelow(machine().fromAbove({ type: 'A-ABORT.request', userInformation: rtab }))).toEqual([
      { type: 'P-U-ABORT.request', userData: inRtse(rtab), abstractSyntaxes: [rtseAbstractSyntax] },
    ]);
    expect(toBelow(machine().fromAbove({ type: 'A-ABORT.request' }))).toEqual([
      { type: 'P-U-ABORT.request', abstractSyntaxes: [] },
    ]);
  });
});

describe('abort by the peer (A-010)', () => {
  it.each<readonly [string, Uint8Array, 'user' | 'provider', Uint8Array | undefined]>([
    ['ABRT of the user with RTAB', abrt, 'user', rtab],
    ['ABRT of the user', fromHex('6403800100'), 'user', undefined],
    ['ABRT of the provider', fromHex('6403800101'), 'provider', undefined],
    ['ABRT with diagnostic', fromHex('6406800101810102'), 'provider', undefined],
    [
      'ABRT with RTAB of tag UNIVERSAL 22',
      fromHex('6411800100BE0C280A020103A0053603800104'),
      'user',
      fromHex('3603800104'),
    ],
    [
      'ABRT with user information of another context',
      fromHex('6411800100BE0C280A020105A005B603800104'),
      'user',
      undefined,
    ],
    ['no ABRT', rlrq, 'user', undefined],
    ['octets that are no BER', fromHex('64'), 'user', undefined],
  ])('%s', (_, octets, source, userInformation) => {
    for (const machine of [caller(), answering(), associated()]) {
      expect(machine.fromBelow({ type: 'P-U-ABORT.indication', userData: inAcse(octets) })).toEqual([
        {
          to: 'above',
          primitive: { type: 'A-ABORT.indication', source, ...(userInformation && { userInformation }) },
        },
      ]);
    }
  });

  it('without data is one of the user; with data of reliable transfer they are passed on (A-014)', () => {
    expect(toAbove(associated().fromBelow({ type: 'P-U-ABORT.indication' }))).toEqual([
      { type: 'A-ABORT.indication', source: 'user' },
    ]);
    expect(toAbove(associated(1).fromBelow({ type: 'P-U-ABORT.indication', userData: inRtse(rtab) }))).toEqual([
      { type: 'A-ABORT.indication', source: 'user', userInformation: rtab },
    ]);
  });

  it('by a provider below keeps cause, origin and text', () => {
    for (const machine of [caller(), answering(), associated()]) {
      const indication = { type: 'P-P-ABORT.indication', cause: 'session', origin: 'peer', text: 'why' } as const;
      expect(toAbove(machine.fromBelow(indication))).toEqual([{ ...indication, type: 'A-P-ABORT.indication' }]);
      expect(machine.fromBelow(indication)).toEqual([]);
    }
  });
});

describe('other services', () => {
  it('pass unchanged in both directions', () => {
    const machine = associated();
    const userData = ByteList.of(fromHex('0400'));
    for (const request of [
      { type: 'P-DATA.request', abstractSyntax: rtseAbstractSyntax, userData },
      { type: 'P-TOKEN-PLEASE.request', tokens: ['data'] },
      { type: 'S-SYNC-MINOR.response', serialNumber: 1 },
    ] as const) {
      expect(machine.fromAbove(request)).toEqual([{ to: 'below', primitive: request }]);
    }
    for (const indication of [
      { type: 'P-DATA.indication', abstractSyntax: rtseAbstractSyntax, userData },
      { type: 'P-TOKEN-PLEASE.indication', tokens: ['data'] },
      { type: 'S-ACTIVITY-INTERRUPT.confirm' },
    ] as const) {
      expect(machine.fromBelow(indication)).toEqual([{ to: 'above', primitive: indication }]);
    }
  });

  it('before there is an association are a protocol error of the peer', () => {
    const effects = answering().fromBelow({ type: 'S-ACTIVITY-INTERRUPT.confirm' });
    expect(toAbove(effects)).toEqual([{ type: 'A-ABORT.indication', source: 'provider' }]);
    const calling = caller().fromBelow({ type: 'S-ACTIVITY-INTERRUPT.confirm' });
    expect(toAbove(calling)).toMatchObject([{ type: 'A-ASSOCIATE.confirm', result: 'reject' }]);
  });
});

describe('our own mistakes', () => {
  it('fail at once', () => {
    expect(() => createAcseMachine({ role: 'initiator', applicationContexts: [] })).toThrow(AssertionError);
    expect(() => createAcseMachine(initiatorOptions).fromAbove({ type: 'A-RELEASE.request' })).toThrow(AssertionError);
    expect(() => caller().fromAbove(associateRequest)).toThrow(AssertionError);
    expect(() => associated().fromAbove({ type: 'A-RELEASE.response' })).toThrow(AssertionError);
    expect(() => createAcseMachine(initiatorOptions).fromAbove({ ...associateRequest, contexts: [] })).toThrow(
      AssertionError,
    );
    const accept = {
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: 'initiator',
      userInformation: rtoac,
    } as const;
    expect(() => associated().fromAbove(accept)).toThrow(AssertionError);
    expect(() => associated().timer('any')).toThrow(AssertionError);
  });
});
