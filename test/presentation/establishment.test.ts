import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { unrecognized } from '../../src/asn1/structured-types.js';
import { concatOctets, fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { encodeCpr } from '../../src/presentation/codec.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import { versionOneOnly } from '../../src/presentation/pdu.js';
import {
  acseAbstractSyntax,
  berTransferSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationMachine,
  type PresentationOptions,
} from '../../src/presentation/service.js';
import type { SessionIndication, SessionRequest } from '../../src/session/service.js';
import {
  aare,
  aareRejected,
  aarq,
  acceptResponse,
  connectConfirm,
  connectIndication,
  connectRequest,
  contexts,
  cp,
  cpa,
  cpaWith,
  cpr,
  cpWith,
  definitions,
  identifier,
  initiatorOptions,
  pdv,
  responderOptions,
  toAbove,
  toBelow,
} from './samples.js';

const packedEncodingRules = '2.1.3.0.0';
const accepted = { result: 0, transferSyntax: berTransferSyntax };
const refused = { result: 2, providerReason: 1 };

function caller(): PresentationMachine {
  const machine = createPresentationMachine(initiatorOptions);
  machine.fromAbove(connectRequest);
  return machine;
}

describe('the initiator', () => {
  it('proposes three contexts with odd distinct numbers and BER, all in a CP of 115 octets (P-003, P-015)', () => {
    const machine = createPresentationMachine(initiatorOptions);
    expect(toBelow(machine.fromAbove(connectRequest))).toEqual([
      {
        type: 'S-CONNECT.request',
        identifier,
        calledSessionSelector: latin1Octets('S2'),
        callingSessionSelector: latin1Octets('S1'),
        initialTokens: 'initiator',
        userData: cp,
      },
    ]);
    expect(cp).toHaveLength(115);
  });

  it('is confirmed by a CPA', () => {
    expect(toAbove(caller().fromBelow(connectConfirm(cpa)))).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'accept',
        identifier,
        initialTokens: 'initiator',
        sessionVersion: 2,
        contexts,
        userData: { abstractSyntax: acseAbstractSyntax, octets: aare },
      },
    ]);
  });

  it('leaves out the contexts that were not accepted when it tells its user (P-007)', () => {
    const answer = cpaWith({ contextResults: [accepted, refused, { result: 1 }] });
    expect(toAbove(caller().fromBelow(connectConfirm(answer)))).toMatchObject([
      { result: 'accept', contexts: contexts.slice(0, 1) },
    ]);
  });

  it('takes an acceptance that does not repeat the only transfer syntax offered', () => {
    const answer = cpaWith({ contextResults: [{ result: 0 }, accepted, { result: 0 }] });
    expect(toAbove(caller().fromBelow(connectConfirm(answer)))).toMatchObject([{ result: 'accept', contexts }]);
  });

  it.each([
    ['too few results (P-008)', cpaWith({ contextResults: [accepted, accepted] }), /2 results for 3 contexts/],
    ['no results (P-008)', cpaWith({ contextResults: [] }), /0 results for 3 contexts/],
    [
      'a transfer syntax that was not offered (P-008)',
      cpaWith({ contextResults: [accepted, accepted, { result: 0, transferSyntax: packedEncodingRules }] }),
      /not offered/,
    ],
    ['the other mode (P-027)', fromHex('3110A003800100A10980010FA204A0020500'), /other mode/],
    ['a mode that does not exist', cpaWith({}, { modeSelector: { modeValue: 2 } }), /mode-selector 2/],
    [
      'the context of its data not accepted',
      cpaWith({ contextResults: [refused, accepted, accepted] }),
      /context 1 is not/,
    ],
    [
      'data in a context that nobody proposed',
      cpaWith({ userData: { kind: 'fullyEncoded', value: [pdv(7, aare)] } }),
      /context 7/,
    ],
    ['simply encoded data (P-017)', cpaWith({ userData: { kind: 'simplyEncoded', value: aare } }), /not fully encoded/],
    ['no parameters', fromHex('3105A003800101'), /without user data/],
    ['a version that was not offered', cpaWith({ protocolVersion: BitString.of([1]) }), /version/],
    ['octets behind it', concatOctets(cpa, fromHex('0500')), /behind/],
    ['nothing in it', fromHex(''), /cut short/],
    ['half of it', cpa.subarray(0, 40), /beyond/],
  ])('aborts with ARP 6 at CPA when the answer has %s (P-021)', (_, octets, text) => {
    const machine = caller();
    const effects = machine.fromBelow(connectConfirm(octets));
    expect(toBelow(effects)).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex('3006800106810101') }]);
    expect(toAbove(effects)).toEqual([
      {
        type: 'P-P-ABORT.indication',
        cause: 'presentation',
        origin: 'local',
        text: expect.stringMatching(text) as string,
      },
    ]);
    expect(machine.fromBelow(connectConfirm(cpa))).toEqual([]);
  });

  it('ignores what it does not know in a CPA, and notes it', () => {
    const octets = cpaWith({ [unrecognized]: [fromHex('8803060080')] }, { [unrecognized]: [fromHex('990105')] });
    const effects = caller().fromBelow(connectConfirm(octets));
    expect(toAbove(effects)).toMatchObject([{ type: 'P-CONNECT.confirm', result: 'accept' }]);
    expect(effects).toContainEqual({
      to: 'observer',
      observation: { event: 'presentation.unrecognized', level: 'debug', fields: { ppdu: 'CPA', count: 2 } },
    });
  });
});

describe('a refusal', () => {
  function refusal(userData?: Uint8Array, reason = 2): SessionIndication {
    return {
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { reason, transient: false, text: 'refused' },
      ...(userData && { userData }),
    };
  }

  it('by the user delivers its AARE (P-010)', () => {
    expect(toAbove(caller().fromBelow(refusal(cpr)))).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'reject',
        refusal: { source: 'presentation-user', transient: false, text: 'refused by the called user' },
        userData: { abstractSyntax: acseAbstractSyntax, octets: aareRejected },
      },
    ]);
  });

  it.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
    [4, false],
    [5, false],
    [6, false],
    [7, true],
    [9, true],
  ])('by the provider for reason %s is transient: %s (P-009)', (code, transient) => {
    const octets = concatOctets(fromHex('30038A01'), Uint8Array.of(code));
    expect(toAbove(caller().fromBelow(refusal(octets)))).toMatchObject([
      { result: 'reject', refusal: { source: 'presentation-provider', code, transient } },
    ]);
  });

  it.each([
    ['without a CPR', undefined],
    ['with a CPR that cannot be read', fromHex('308A')],
  ])('%s is one of the session, for good', (_, userData) => {
    expect(toAbove(caller().fromBelow(refusal(userData)))).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'reject',
        refusal: { source: 'session', transient: false, code: 2, text: 'refused' },
      },
    ]);
  });

  it.each([
    ['with data in an unknown context', [pdv(9, aareRejected)]],
    ['with two values', [pdv(1, aareRejected), pdv(1, aareRejected)]],
    ['without data', undefined],
  ])('by the user %s is still one by the user', (_, value) => {
    const octets = encodeCpr({
      kind: 'normalMode',
      value: {
        protocolVersion: versionOneOnly,
        contextResults: [],
        ...(value && { userData: { kind: 'fullyEncoded', value } }),
      },
    });
    const [confirm] = toAbove(caller().fromBelow(refusal(octets)));
    expect(confirm).toMatchObject({ result: 'reject', refusal: { source: 'presentation-user' } });
    expect(confirm).not.toHaveProperty('userData');
  });

  it('by the session keeps its reason; without a reason it is the transport', () => {
    expect(toAbove(caller().fromBelow(refusal(undefined, 129)))).toMatchObject([
      { refusal: { source: 'session', code: 129 } },
    ]);
    const none: SessionIndication = {
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { transient: true, text: 'connection refused' },
    };
    expect(toAbove(caller().fromBelow(none))).toMatchObject([
      { refusal: { source: 'transport', transient: true, text: 'connection refused' } },
    ]);
  });
});

describe('the responder', () => {
  function called(octets: Uint8Array, options: Partial<PresentationOptions> = {}) {
    const machine = createPresentationMachine({ ...responderOptions, ...options });
    return machine.fromBelow(connectIndication(octets));
  }

  function refusalBy(providerReason: number): SessionRequest {
    const userData = concatOctets(fromHex('30038A01'), Uint8Array.of(providerReason));
    return { type: 'S-CONNECT.response', result: 'reject', reason: 2, userData };
  }

  function calledAndReady(): PresentationMachine {
    const machine = createPresentationMachine(responderOptions);
    machine.fromBelow(connectIndication(cp));
    return machine;
  }

  it('tells its user the mode, the selectors and the contexts that it can accept (P-001)', () => {
    const indication: SessionIndication = {
      type: 'S-CONNECT.indication',
      identifier,
      calledTransportSelector: latin1Octets('T'),
      callingSessionSelector: latin1Octets('S1'),
      version: 2,
      initialTokens: 'called-user',
      userData: cp,
    };
    expect(toAbove(createPresentationMachine(responderOptions).fromBelow(indication))).toEqual([
      {
        type: 'P-CONNECT.indication',
        mode: 'normal',
        called: { transport: latin1Octets('T'), presentation: latin1Octets('MTA2') },
        calling: { session: latin1Octets('S1'), presentation: latin1Octets('MTA1') },
        identifier,
        initialTokens: 'called-user',
        sessionVersion: 2,
        contexts,
        userData: { abstractSyntax: acseAbstractSyntax, octets: aarq },
      },
    ]);
  });

  it('accepts in a CPA of 97 octets (P-005)', () => {
    expect(toBelow(calledAndReady().fromAbove(acceptResponse))).toEqual([
      { type: 'S-CONNECT.response', result: 'accept', initialTokens: 'initiator', userData: cpa },
    ]);
    expect(cpa).toHaveLength(97);
  });

  it('rejects with the AARE of its user in a CPR without a provider reason', () => {
    const userData = { abstractSyntax: acseAbstractSyntax, octets: aareRejected };
    const effects = calledAndReady().fromAbove({
      type: 'P-CONNECT.response',
      result: 'reject',
      transient: false,
      userData,
    });
    expect(toBelow(effects)).toEqual([{ type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: cpr }]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ] as const)('rejects without data by a reason of the session: transient %s is %s', (transient, reason) => {
    const effects = calledAndReady().fromAbove({ type: 'P-CONNECT.response', result: 'reject', transient });
    expect(toBelow(effects)).toEqual([{ type: 'S-CONNECT.response', result: 'reject', reason }]);
  });

  it('answers every proposed context in its place: unknown abstract syntax 1, no BER 2 (P-004, P-005, P-006)', () => {
    const both = [packedEncodingRules, berTransferSyntax];
    const machine = createPresentationMachine(responderOptions);
    const octets = cpWith({
      contextDefinitions: [
        { identifier: 7, abstractSyntax: '2.3.0', transferSyntaxes: both },
        { identifier: 127, abstractSyntax: mtseAbstractSyntax, transferSyntaxes: both },
        { identifier: 9, abstractSyntax: mtseAbstractSyntax, transferSyntaxes: [packedEncodingRules] },
        { identifier: 1001, abstractSyntax: rtseAbstractSyntax, transferSyntaxes: [berTransferSyntax] },
        { identifier: 1, abstractSyntax: acseAbstractSyntax, transferSyntaxes: [berTransferSyntax] },
      ],
    });
    expect(toAbove(machine.fromBelow(connectIndication(octets)))).toMatchObject([
      {
        contexts: [
          { identifier: 127, abstractSyntax: mtseAbstractSyntax },
          { identifier: 1001, abstractSyntax: rtseAbstractSyntax },
          { identifier: 1, abstractSyntax: acseAbstractSyntax },
        ],
      },
    ]);
    const userData = cpaWith({
      respondingSelector: latin1Octets('MTA2'),
      contextResults: [refused, accepted, { result: 2, providerReason: 2 }, accepted, accepted],
    });
    expect(toBelow(machine.fromAbove(acceptResponse))).toMatchObject([{ result: 'accept', userData }]);
    expect(toHex(userData)).toContain('a52b3006800102820101300780010081025101');
  });

  it('takes the user data that are in BER where they come in several transfer syntaxes (P-006)', () => {
    const unreadable = { ...pdv(1, fromHex('0401FF')), transferSyntax: packedEncodingRules };
    const readable = { ...pdv(1, aarq), transferSyntax: berTransferSyntax };
    const first = cpWith({ userData: { kind: 'fullyEncoded', value: [unreadable] } });
    expect(toBelow(called(first))).toEqual([refusalBy(6)]);
    const copy = fromHex(`612B3029 06025101 020101 A020 ${toHex(aarq)}`);
    expect(toAbove(called(concatOctets(first, copy)))).toMatchObject([{ userData: { octets: aarq } }]);
    const named = cpWith({ userData: { kind: 'fullyEncoded', value: [readable] } });
    expect(toAbove(called(named))).toMatchObject([{ userData: { octets: aarq } }]);
  });

  it('does not look at more user data behind the CP where the first can be read', () => {
    expect(toAbove(called(concatOctets(cp, fromHex('6180'))))).toHaveLength(1);
  });

  it.each([
    ['nothing', fromHex('')],
    ['octets that are no BER', fromHex('31FF')],
    ['half a CP', cp.subarray(0, 50)],
    ['another type', fromHex('3000')],
    ['no mode-selector (P-002)', fromHex('3104A2020500')],
    ['an unknown mode (P-002)', cpWith({}, { modeSelector: { modeValue: 2 } })],
    ['no parameters', fromHex('3105A003800101')],
    ['a context number twice', cpWith({ contextDefinitions: definitions.map((one) => ({ ...one, identifier: 1 })) })],
  ])('refuses %s by CPR 0, and tells why (P-011)', (_, octets) => {
    const effects = called(octets);
    expect(toBelow(effects)).toEqual([refusalBy(0)]);
    expect(toAbove(effects)).toEqual([]);
    expect(effects).toContainEqual({
      to: 'observer',
      observation: {
        event: 'presentation.refused',
        level: 'info',
        fields: { event: 'invalid CP', reason: 0, text: expect.stringContaining('X.') as string },
      },
    });
  });

  it('refuses by CPR 3 a called selector that nobody has (P-012)', () => {
    const others = { acceptedSelectors: [latin1Octets('MTA1'), latin1Octets('MTA22')] };
    const empty = { acceptedSelectors: [new Uint8Array(0)] };
    expect(toBelow(called(cp, others))).toEqual([refusalBy(3)]);
    expect(toBelow(called(cp, empty))).toEqual([refusalBy(3)]);
    expect(toBelow(called(cp, { acceptedSelectors: [latin1Octets('MTA2')] }))).toEqual([]);
    expect(toBelow(called(cpWith({}), others))).toEqual([refusalBy(3)]);
    expect(toBelow(called(cpWith({}), empty))).toEqual([]);
  });

  it('refuses by CPR 3 a caller that names no session selector where there is one to name (P-012, S-018)', () => {
    const toSession = (
      calledSessionSelector: Uint8Array | undefined,
      acceptedSessionSelectors: readonly Uint8Array[],
    ) =>
      toBelow(
        createPresentationMachine({ ...responderOptions, acceptedSessionSelectors }).fromBelow({
          ...connectIndication(cp),
          ...(calledSessionSelector && { calledSessionSelector }),
        }),
      );
    expect(toSession(undefined, [latin1Octets('S2')])).toEqual([refusalBy(3)]);
    expect(toSession(undefined, [new Uint8Array(0)])).toEqual([]);
    expect(toSession(latin1Octets('S2'), [latin1Octets('S1'), latin1Octets('S2')])).toEqual([]);
  });

  it.each([
    ['absent', '', []],
    ['version 1', '80020780', []],
    ['versions 1 and 2', '800206C0', []],
    ['version 2 alone', '80020640', [refusalBy(4)]],
  ])('protocol-version: %s (P-013)', (_, version, answer) => {
    const parameters = concatOctets(fromHex(version), fromHex(toHex(cpWith({})).slice(18)));
    const octets = concatOctets(
      Uint8Array.of(0x31, parameters.length + 7),
      fromHex('A003800101'),
      Uint8Array.of(0xa2, parameters.length),
      parameters,
    );
    expect(toBelow(called(octets))).toEqual(answer);
  });

  const withoutData = {
    protocolVersion: versionOneOnly,
    contextDefinitions: definitions,
  };
  const noBer = definitions.map((definition) => ({ ...definition, transferSyntaxes: [packedEncodingRules] }));
  it.each([
    ['no user data', cpWith({}, { normalParameters: withoutData })],
    ['data in a context that was not proposed', cpWith({ userData: { kind: 'fullyEncoded', value: [pdv(9, aarq)] } })],
    ['data in a context that cannot be accepted', cpWith({ contextDefinitions: noBer })],
    ['two values', cpWith({ userData: { kind: 'fullyEncoded', value: [pdv(1, aarq), pdv(3, aarq)] } })],
    ['no value', cpWith({ userData: { kind: 'fullyEncoded', value: [] } })],
    ['simply encoded data for three contexts (P-017)', cpWith({ userData: { kind: 'simplyEncoded', value: aarq } })],
    ['no contexts', cpWith({ contextDefinitions: [] })],
  ])('refuses by CPR 6 a CP with %s', (_, octets) => {
    expect(toBelow(called(octets))).toEqual([refusalBy(6)]);
  });

  it('takes simply encoded data where there is one context (P-017)', () => {
    const octets = cpWith({
      contextDefinitions: definitions.slice(0, 1),
      userData: { kind: 'simplyEncoded', value: aarq },
    });
    expect(toAbove(called(octets))).toMatchObject([{ userData: { abstractSyntax: acseAbstractSyntax, octets: aarq } }]);
  });

  it('refuses by CPR 0 a mode that it does not take', () => {
    expect(toBelow(called(cp, { modes: ['x410-1984'] }))).toEqual([refusalBy(0)]);
  });

  it('ignores elements and bits that it does not know in a CP, at any depth (P-014)', () => {
    const [first, ...others] = definitions;
    const octets = cpWith(
      {
        contextDefinitions: first ? [{ ...first, [unrecognized]: [fromHex('0500')] }, ...others] : [],
        [unrecognized]: [
          fromHex('A608 80025301 81025101'),
          fromHex('88020640'),
          fromHex('8903069240'),
          fromHex('9F6401FF'),
        ],
      },
      { modeSelector: { modeValue: 1, [unrecognized]: [fromHex('990100')] }, [unrecognized]: [fromHex('BE020500')] },
    );
    expect(toAbove(called(octets))).toMatchObject([{ contexts, userData: { octets: aarq } }]);
  });

  it('takes the members of CP and CPA in any order (P-030)', () => {
    const reorder = (octets: Uint8Array) =>
      concatOctets(octets.subarray(0, 2), octets.subarray(7), octets.subarray(2, 7));
    expect(toAbove(called(reorder(cp)))).toMatchObject([{ contexts, userData: { octets: aarq } }]);
    expect(toAbove(caller().fromBelow(connectConfirm(reorder(cpa))))).toMatchObject([{ result: 'accept', contexts }]);
  });
});
