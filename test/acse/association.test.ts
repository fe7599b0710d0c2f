import { describe, expect, it } from 'vitest';
import { encodeAare, encodeAarq } from '../../src/acse/codec.js';
import { createAcseMachine } from '../../src/acse/machine.js';
import { versionOneOnly, type Aare, type Aarq, type External } from '../../src/acse/pdu.js';
import { mtsTransferContext, type AcseMachine, type AcseOptions } from '../../src/acse/service.js';
import { BitString } from '../../src/asn1/bit-string.js';
import { unrecognized } from '../../src/asn1/structured-types.js';
import { concatOctets, fromHex } from '../../src/bytes/octets.js';
import type { PresentationIndication, PresentationRefusal } from '../../src/presentation/service.js';
import { aare, aareRejected, aarq, contexts } from '../presentation/samples.js';
import {
  associateRequest,
  caller,
  connectConfirm,
  connectIndication,
  identifier,
  inAcse,
  initiatorOptions,
  inRtse,
  responderOptions,
  rtoac,
  rtorj,
  rtorq,
  toAbove,
  toBelow,
} from './samples.js';

const abrtOfProvider = {
  type: 'P-U-ABORT.request',
  userData: inAcse(fromHex('6403800101')),
  abstractSyntaxes: ['2.2.1.0.1'],
} as const;
const abrtOfUser = { ...abrtOfProvider, userData: inAcse(fromHex('6403800100')) } as const;

const external: External = { indirectReference: 3, encoding: { kind: 'singleAsn1Type', value: rtorq } };

function aarqWith(members: Partial<Aarq>): Uint8Array {
  const value = { protocolVersion: versionOneOnly, applicationContextName: mtsTransferContext };
  return encodeAarq({ ...value, userInformation: [external], ...members });
}

function aareWith(members: Partial<Aare>): Uint8Array {
  return encodeAare({
    protocolVersion: versionOneOnly,
    applicationContextName: mtsTransferContext,
    result: 0,
    diagnostic: { kind: 'user', value: 0 },
    userInformation: [{ ...external, encoding: { kind: 'singleAsn1Type', value: rtoac } }],
    ...members,
  });
}

describe('asking for an association', () => {
  it('sends an AARQ with application context and user information alone (A-001)', () => {
    const machine = createAcseMachine(initiatorOptions);
    const { addresses, initialTokens } = associateRequest;
    expect(machine.fromAbove(associateRequest)).toEqual([
      {
        to: 'below',
        primitive: {
          type: 'P-CONNECT.request',
          addresses,
          identifier,
          initialTokens,
          contexts,
          userData: inAcse(aarq),
        },
      },
    ]);
  });

  it('sends the titles that were given, as they were given', () => {
    const machine = createAcseMachine(initiatorOptions);
    const calledTitle = { apTitle: fromHex('06025501'), aeQualifier: fromHex('020107') };
    const callingTitle = { apTitle: fromHex('3000'), aeQualifier: fromHex('3180 0000') };
    const [request] = toBelow(machine.fromAbove({ ...associateRequest, calledTitle, callingTitle }));
    const octets = fromHex(`6033 A10606045600 0106 A20406025501 A303020107 A6023000 A70431800000
      BE14 2812 020103 A00D B00B80010FA306A004B0020500`);
    expect(request).toMatchObject({ userData: inAcse(octets) });
  });

  it('is confirmed by an AARE that accepts with a null diagnostic (A-005)', () => {
    expect(toAbove(caller().fromBelow(connectConfirm(aare)))).toEqual([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'accept',
        identifier,
        initialTokens: 'initiator',
        contexts,
        userInformation: rtoac,
      },
    ]);
  });

  it('gives the responding title', () => {
    const octets = aareWith({ respondingApTitle: fromHex('06025501'), respondingAeQualifier: fromHex('020107') });
    expect(toAbove(caller().fromBelow(connectConfirm(octets)))).toMatchObject([
      { respondingTitle: { apTitle: fromHex('06025501'), aeQualifier: fromHex('020107') } },
    ]);
  });

  it('aborts when a presentation context that it needs was not accepted (P-007)', () => {
    const machine = caller();
    const effects = machine.fromBelow(connectConfirm(aare, { contexts: contexts.slice(0, 2) }));
    expect(toBelow(effects)).toEqual([abrtOfUser]);
    expect(toAbove(effects)).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'reject', refusal: { source: 'presentation', transient: false } },
    ]);
    expect(machine.fromBelow({ type: 'S-CONTROL-GIVE.indication' })).toEqual([]);
  });

  it.each([
    [
      'another application context (A-007)',
      connectConfirm(aareWith({ applicationContextName: '2.6.0.1.7' })),
      /2\.6\.0\.1\.7/,
    ],
    ['no user information (A-013)', connectConfirm(aareWith({ userInformation: [] })), /RTOAC/],
    [
      'user information of another context',
      connectConfirm(aareWith({ userInformation: [{ ...external, indirectReference: 5 }] })),
      /RTOAC/,
    ],
    ['a result that rejects', connectConfirm(aareRejected), /accept/],
    ['an AARQ', connectConfirm(aarq), /AARE-apdu/],
    ['octets that are no BER', connectConfirm(fromHex('61')), /cut short/],
    ['an APDU of reliable transfer', connectConfirm(rtoac, { userData: inRtse(rtoac) }), /2\.6\.0\.2\.12/],
  ])('aborts as provider, and gives up, when the answer has %s (A-011)', (_, confirm, text) => {
    const effects = caller().fromBelow(confirm);
    expect(toBelow(effects)).toEqual([abrtOfProvider]);
    expect(toAbove(effects)).toEqual([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-provider', transient: false, text: expect.stringMatching(text) as string },
      },
    ]);
  });
});

describe('a refused association', () => {
  const byUser: PresentationRefusal = { source: 'presentation-user', transient: false, text: 'refused' };

  function refused(refusal: PresentationRefusal, octets?: Uint8Array, machine = caller()) {
    const userData = octets && { userData: inAcse(octets) };
    return toAbove(machine.fromBelow({ type: 'P-CONNECT.confirm', result: 'reject', refusal, ...userData }));
  }

  it('gives the RTORJ of the AARE (A-006)', () => {
    expect(refused(byUser, aareRejected)).toEqual([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-user', transient: false, code: 1, text: 'no reason given' },
        userInformation: rtorj,
      },
    ]);
  });

  it.each([
    [1, 'user', 1, false, 'acse-user', 'no reason given'],
    [2, 'user', 1, true, 'acse-user', 'no reason given'],
    [1, 'user', 2, false, 'acse-user', 'application context name not supported'],
    [1, 'user', 13, false, 'acse-user', 'authentication failure'],
    [1, 'user', 99, false, 'acse-user', 'diagnostic 99'],
    [1, 'provider', 2, false, 'acse-provider', 'no common ACSE version'],
    [2, 'provider', 0, true, 'acse-provider', 'no diagnostic'],
  ] as const)(
    'of result %s, %s diagnostic %s is transient: %s (A-006)',
    (result, kind, value, transient, source, text) => {
      const octets = aareWith({ result, diagnostic: { kind, value }, userInformation: [] });
      expect(refused(byUser, octets)).toEqual([
        { type: 'A-ASSOCIATE.confirm', result: 'reject', refusal: { source, transient, code: value, text } },
      ]);
    },
  );

  it.each([
    [{ source: 'presentation-provider', transient: true, code: 1, text: 'temporary congestion' }, 'presentation'],
    [{ source: 'presentation-user', transient: false, text: 'refused' }, 'presentation'],
    [{ source: 'session', transient: false, code: 129, text: 'unknown' }, 'session'],
    [{ source: 'transport', transient: true, text: 'gone' }, 'transport'],
  ] as const)('below keeps what the layer said: %s', (refusal, source) => {
    expect(refused(refusal)).toEqual([
      { type: 'A-ASSOCIATE.confirm', result: 'reject', refusal: { ...refusal, source } },
    ]);
    expect(refused(refusal, fromHex('61FF'))).toMatchObject([{ refusal: { source } }]);
  });

  it('without user information that can be read is still refused by its AARE', () => {
    const noOctets: External = {
      indirectReference: 3,
      encoding: { kind: 'arbitrary', value: new BitString(rtorj, 3) },
    };
    const [confirm] = refused(byUser, aareWith({ result: 1, userInformation: [noOctets] }));
    expect(confirm).toMatchObject({ refusal: { source: 'acse-user' } });
    expect(confirm).not.toHaveProperty('userInformation');
  });
});

describe('being asked for an association', () => {
  function called(octets: Uint8Array, options: Partial<AcseOptions> = {}) {
    return createAcseMachine({ ...responderOptions, ...options }).fromBelow(connectIndication(octets));
  }

  function calledAndReady(options: Partial<AcseOptions> = {}): AcseMachine {
    const machine = createAcseMachine({ ...responderOptions, ...options });
    machine.fromBelow(connectIndication(aarq));
    return machine;
  }

  const rejection = (octets: Uint8Array) => ({
    type: 'P-CONNECT.response',
    result: 'reject',
    transient: false,
    userData: inAcse(octets),
  });

  it('tells its user the RTORQ and the application context (A-001)', () => {
    expect(called(aarq)).toEqual([
      {
        to: 'above',
        primitive: {
          type: 'A-ASSOCIATE.indication',
          mode: 'normal',
          called: {},
          calling: {},
          identifier,
          initialTokens: 'initiator',
          contexts,
          applicationContext: mtsTransferContext,
          userInformation: rtorq,
        },
      },
    ]);
  });

  it.each([
    ['form 1', '300D310B3009060355040314024D54', '3109300706035504031400'],
    ['form 2', '06035508 01', '020105'],
    ['text that is no text', '30110C02FF80 1703616263 180178 1E0100 0500', '0C01FF'],
  ])('takes titles of any form and content: %s (A-002)', (_, apTitle, aeQualifier) => {
    const title = { callingApTitle: fromHex(apTitle), callingAeQualifier: fromHex(aeQualifier) };
    const octets = aarqWith({ ...title, calledApTitle: fromHex(apTitle), calledAeQualifier: fromHex(aeQualifier) });
    expect(toAbove(called(octets))).toMatchObject([
      {
        callingTitle: { apTitle: title.callingApTitle, aeQualifier: title.callingAeQualifier },
        userInformation: rtorq,
      },
    ]);
  });

  it('ignores fields that it does not know, invocation identifiers and requirements among them (A-002, A-008)', () => {
    const head = fromHex('80020780 A10606045600 0106'.replaceAll(' ', ''));
    const fields = fromHex(
      'A403020101 A503020102 A803020103 A903020104 8A020780 8B025501 AC028000 AD00 9D026162 9F2100',
    );
    const information = fromHex('BE14 2812 020103 A00D B00B80010FA306A004B0020500');
    const content = concatOctets(head, fields, information, fromHex('9F2200'));
    expect(toAbove(called(concatOctets(Uint8Array.of(0x60, content.length), content)))).toMatchObject([
      { type: 'A-ASSOCIATE.indication', userInformation: rtorq },
    ]);
  });

  it.each([
    ['the direct reference too (A-012)', 'BE18 2816 06025101 020103 A00D B00B80010FA306A004B0020500'],
    ['the direct reference alone (A-012)', 'BE15 2813 06025101 A00D B00B80010FA306A004B0020500'],
    ['an object descriptor', 'BE18 2816 020103 07026162 A00D B00B80010FA306A004B0020500'],
    ['octet-aligned', 'BE14 2812 020103 810D B00B80010FA306A004B0020500'],
    [
      'octet-aligned in segments (P-029)',
      'BE80 2880 020103 A180 0402B00B 240D 040B 80010FA306A004B0020500 0000 0000 0000',
    ],
    ['arbitrary', 'BE15 2813 020103 820E 00 B00B80010FA306A004B0020500'],
    ['another EXTERNAL in front', 'BE1D 2807 020105 A0020500 2812 020103 A00D B00B80010FA306A004B0020500'],
  ])('finds the RTORQ in an EXTERNAL with %s', (_, hex) => {
    const content = concatOctets(fromHex('A106060456000106'), fromHex(hex));
    const octets = concatOctets(Uint8Array.of(0x60, content.length), content);
    expect(toAbove(called(octets))).toMatchObject([{ type: 'A-ASSOCIATE.indication', userInformation: rtorq }]);
  });

  it('finds the EXTERNAL by the number that the initiator gave to the context of reliable transfer', () => {
    const machine = createAcseMachine(responderOptions);
    const renumbered = contexts.map((context) => ({ ...context, identifier: context.identifier + 200 }));
    const octets = aarqWith({ userInformation: [{ ...external, indirectReference: 203 }] });
    expect(toAbove(machine.fromBelow(connectIndication(octets, { contexts: renumbered })))).toHaveLength(1);
    const response = {
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: 'initiator',
      userInformation: rtoac,
    } as const;
    const [answer] = toBelow(machine.fromAbove(response));
    expect(answer).toMatchObject({
      userData: inAcse(
        aareWith({ userInformation: [{ indirectReference: 203, encoding: { kind: 'singleAsn1Type', value: rtoac } }] }),
      ),
    });
  });

  it('accepts with result 0 and a null diagnostic (A-005)', () => {
    const effects = calledAndReady().fromAbove({
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: 'responder',
      userInformation: rtoac,
    });
    expect(toBelow(effects)).toEqual([
      { type: 'P-CONNECT.response', result: 'accept', initialTokens: 'responder', userData: inAcse(aare) },
    ]);
  });

  it('accepts with its own title where it has one', () => {
    const respondingTitle = { apTitle: fromHex('06025501'), aeQualifier: fromHex('020107') };
    const effects = calledAndReady({ respondingTitle }).fromAbove({
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: 'initiator',
      userInformation: rtoac,
    });
    const octets = fromHex(`6135 A106060456000106 A203020100 A305A103020100 A40406025501 A503020107
      BE14 2812 020103 A00D B10B80010FA206A004B1020500`);
    expect(toBelow(effects)).toMatchObject([{ userData: inAcse(octets) }]);
  });

  it('rejects with the RTORJ of its user, permanent or transient', () => {
    const reject = { type: 'A-ASSOCIATE.response', result: 'reject', userInformation: rtorj } as const;
    expect(toBelow(calledAndReady().fromAbove({ ...reject, transient: false }))).toEqual([rejection(aareRejected)]);
    const transient = aareWith({
      result: 2,
      diagnostic: { kind: 'user', value: 1 },
      userInformation: [{ ...external, encoding: { kind: 'singleAsn1Type', value: rtorj } }],
    });
    expect(toBelow(calledAndReady().fromAbove({ ...reject, transient: true }))).toEqual([
      { ...rejection(transient), transient: true },
    ]);
  });

  it('rejects without user information where its user gives none', () => {
    const effects = calledAndReady().fromAbove({ type: 'A-ASSOCIATE.response', result: 'reject', transient: true });
    const octets = fromHex('6114 A106060456000106 A203020102 A305A103020101');
    expect(toBelow(effects)).toEqual([{ ...rejection(octets), transient: true }]);
  });

  it.each([
    [
      'an application context that it does not take: user diagnostic 2 (A-003)',
      '2.6.0.1.2',
      versionOneOnly,
      'A103020102',
    ],
    ['no version that it knows: provider diagnostic 2 (A-004)', mtsTransferContext, BitString.of([1]), 'A203020102'],
  ])('rejects %s', (_, applicationContextName, protocolVersion, diagnostic) => {
    const effects = called(aarqWith({ applicationContextName, protocolVersion }));
    const context = applicationContextName === mtsTransferContext ? '56000106' : '56000102';
    const octets = fromHex(`6114 A1060604${context} A203020101 A305${diagnostic}`);
    expect(toBelow(effects)).toEqual([rejection(octets)]);
    expect(toAbove(effects)).toEqual([]);
    expect(effects).toContainEqual(
      expect.objectContaining({ observation: expect.objectContaining({ event: 'acse.refused' }) as unknown }),
    );
  });

  it.each([
    [
      'the context of reliable transfer',
      connectIndication(aarq, { contexts: [...contexts.slice(0, 1), ...contexts.slice(2)] }),
    ],
    ['the context of message transfer', connectIndication(aarq, { contexts: contexts.slice(0, 2) })],
    ['user information', connectIndication(aarqWith({ userInformation: [] }))],
    [
      'user information of reliable transfer',
      connectIndication(aarqWith({ userInformation: [{ ...external, indirectReference: 5 }] })),
    ],
  ])('rejects for good an association without %s', (_, indication) => {
    const effects = createAcseMachine(responderOptions).fromBelow(indication);
    const octets = fromHex('6114 A106060456000106 A203020101 A305A103020101');
    expect(toBelow(effects)).toEqual([rejection(octets)]);
    expect(toAbove(effects)).toEqual([]);
  });

  it.each<readonly [string, PresentationIndication]>([
    ['octets that are no BER', connectIndication(fromHex('60'))],
    ['another APDU', connectIndication(aare)],
    ['no application context', connectIndication(fromHex('6000'))],
    ['an EXTERNAL without a value', connectIndication(fromHex('600F A106060456000106 BE05 2803 020103'))],
    [
      'bits that are no octets',
      connectIndication(
        aarqWith({
          userInformation: [{ indirectReference: 3, encoding: { kind: 'arbitrary', value: new BitString(rtorq, 1) } }],
        }),
      ),
    ],
    ['an APDU of reliable transfer', connectIndication(aarq, { userData: inRtse(rtorq) })],
  ])('aborts as provider, its user untold, when the AARQ is %s (A-011)', (_, indication) => {
    const effects = createAcseMachine(responderOptions).fromBelow(indication);
    expect(toBelow(effects)).toEqual([abrtOfProvider]);
    expect(toAbove(effects)).toEqual([]);
    expect(effects).toContainEqual(
      expect.objectContaining({ observation: expect.objectContaining({ event: 'acse.protocol-error' }) as unknown }),
    );
  });

  it('reads unknown members inside an EXTERNAL as what they are: nothing', () => {
    const octets = aarqWith({ userInformation: [{ ...external, [unrecognized]: [fromHex('0500')] }] });
    expect(toAbove(called(octets))).toMatchObject([{ userInformation: rtorq }]);
  });
});
