/** What the tests connect with: the octets of the examples, and machines that fit them. */
import { encodeCp, encodeCpa } from '../../src/presentation/codec.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import { versionOneOnly, type ContextDefinition, type Cp, type Cpa, type PdvList } from '../../src/presentation/pdu.js';
import {
  acseAbstractSyntax,
  berTransferSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationContext,
  type PresentationIndication,
  type PresentationMachine,
  type PresentationOptions,
  type PresentationRequest,
} from '../../src/presentation/service.js';
import type { Effect } from '../../src/osi/machine.js';
import type { SessionIndication, SessionRequest } from '../../src/session/service.js';
import { fromHex, latin1Octets } from '../../src/bytes/octets.js';

export const contexts: readonly PresentationContext[] = [
  { identifier: 1, abstractSyntax: acseAbstractSyntax },
  { identifier: 3, abstractSyntax: rtseAbstractSyntax },
  { identifier: 5, abstractSyntax: mtseAbstractSyntax },
];

export const aarq = fromHex('601EA10606045600 0106 BE14 2812 020103 A00D B00B80010FA306A004B0020500');
export const aare = fromHex('612AA106060456000106A203020100A305A103020100BE142812020103A00DB10B80010FA206A004B1020500');
export const aareRejected = fromHex('6126A106060456000106A203020101A305A103020101BE10280E020103A009B207A105B203020102');
export const rlrq = fromHex('6203800100');
export const rlre = fromHex('6303800100');
export const abrt = fromHex('6411800100BE0C280A020103A005B603800104');

/** X.226 CP, 115 octets, and CPA, 97 octets. */
export const cp = fromHex(`
  3171 A003800101 A26A 81044D544131 82044D544132
  A433 300F02010106045201000130040602 5101 300F020103 0604 5600020C 300406025101 300F020105 0604 56000207 300406025101
  6127 3025 020101 A020 601E A106060456000106 BE142812020103A00D B00B80010FA306A004B0020500`);
export const cpa = fromHex(`
  315F A003800101 A258 83044D544132 A51B 300780010081025101 300780010081025101 300780010081025101
  6133 3031 020101 A02C 612A A106060456000106 A203020100 A305A103020100
  BE142812020103A00D B10B80010FA206A004B1020500`);
export const cpr = fromHex(`
  3054 83044D544132 A51B 300780010081025101 300780010081025101 300780010081025101
  612F 302D 020101 A028 6126 A106060456000106 A203020101 A305A103020101 BE10280E020103A009 B207A105B203020102`);

/** X.410-1984 mode: checkpoint 15, open NULL, application 12. */
export const x410Cp = fromHex('3113A003800100A10C80010FA304A002050084010C');
export const x410Cpa = fromHex('3110A003800100A10980010FA204A0020500');
export const rtorq = fromHex('B00C80010FA304A002050084010C');
export const rtoac = fromHex('B10980010FA204A0020500');

type CpParameters = NonNullable<Cp['normalParameters']>;
type CpaParameters = NonNullable<Cpa['normalParameters']>;

/** One PDV-list with a single ASN.1 type. */
export function pdv(contextIdentifier: number, octets: Uint8Array): PdvList {
  return { contextIdentifier, values: { kind: 'singleAsn1Type', value: octets } };
}

export const definitions: readonly ContextDefinition[] = contexts.map((context) => ({
  ...context,
  transferSyntaxes: [berTransferSyntax],
}));

/** A CP of normal mode that is right but for what is given. */
export function cpWith(parameters: Partial<CpParameters>, around: Partial<Cp> = {}): Uint8Array {
  const normalParameters: CpParameters = {
    protocolVersion: versionOneOnly,
    contextDefinitions: definitions,
    userData: { kind: 'fullyEncoded', value: [pdv(1, aarq)] },
    ...parameters,
  };
  return encodeCp({ modeSelector: { modeValue: 1 }, normalParameters, ...around });
}

const allAccepted = contexts.map(() => ({ result: 0, transferSyntax: berTransferSyntax }));

/** A CPA of normal mode that is right but for what is given. */
export function cpaWith(parameters: Partial<CpaParameters>, around: Partial<Cpa> = {}): Uint8Array {
  const normalParameters: CpaParameters = {
    protocolVersion: versionOneOnly,
    contextResults: allAccepted,
    userData: { kind: 'fullyEncoded', value: [pdv(1, aare)] },
    ...parameters,
  };
  return encodeCpa({ modeSelector: { modeValue: 1 }, normalParameters, ...around });
}

export const initiatorOptions: PresentationOptions = { role: 'initiator', modes: ['normal'], abstractSyntaxes: [] };
export const responderOptions: PresentationOptions = {
  role: 'responder',
  modes: ['normal', 'x410-1984'],
  abstractSyntaxes: contexts.map(({ abstractSyntax }) => abstractSyntax),
  respondingSelector: latin1Octets('MTA2'),
};

export const identifier = { calling: latin1Octets('MTA1'), common: latin1Octets('261122073000Z') };

export const connectRequest: PresentationRequest = {
  type: 'P-CONNECT.request',
  addresses: {
    called: { session: latin1Octets('S2'), presentation: latin1Octets('MTA2') },
    calling: { session: latin1Octets('S1'), presentation: latin1Octets('MTA1') },
  },
  identifier,
  initialTokens: 'initiator',
  contexts,
  userData: { abstractSyntax: acseAbstractSyntax, octets: aarq },
};

export const x410ConnectRequest: PresentationRequest = {
  ...connectRequest,
  addresses: { called: {}, calling: {} },
  contexts: [],
  userData: { abstractSyntax: rtseAbstractSyntax, octets: rtorq },
};

export const acceptResponse: PresentationRequest = {
  type: 'P-CONNECT.response',
  result: 'accept',
  initialTokens: 'initiator',
  userData: { abstractSyntax: acseAbstractSyntax, octets: aare },
};

export function connectIndication(userData: Uint8Array, version: 1 | 2 = 2): SessionIndication {
  return { type: 'S-CONNECT.indication', identifier, version, initialTokens: 'initiator', userData };
}

export function connectConfirm(userData: Uint8Array, version: 1 | 2 = 2): SessionIndication {
  return { type: 'S-CONNECT.confirm', result: 'accept', identifier, version, initialTokens: 'initiator', userData };
}

export function toAbove(effects: readonly Effect<PresentationIndication, SessionRequest>[]): PresentationIndication[] {
  return effects.flatMap((effect) => (effect.to === 'above' ? [effect.primitive] : []));
}

export function toBelow(effects: readonly Effect<PresentationIndication, SessionRequest>[]): SessionRequest[] {
  return effects.flatMap((effect) => (effect.to === 'below' ? [effect.primitive] : []));
}

/** A machine of the initiator that is connected. */
export function connectedInitiator(version: 1 | 2 = 2): PresentationMachine {
  const machine = createPresentationMachine(initiatorOptions);
  machine.fromAbove(connectRequest);
  machine.fromBelow(connectConfirm(cpa, version));
  return machine;
}

/** A machine of the initiator in X.410-1984 mode that is connected. */
export function connectedX410Initiator(): PresentationMachine {
  const machine = createPresentationMachine({ ...initiatorOptions, modes: ['x410-1984'] });
  machine.fromAbove(x410ConnectRequest);
  machine.fromBelow(connectConfirm(x410Cpa, 1));
  return machine;
}
