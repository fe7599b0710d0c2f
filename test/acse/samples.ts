import { fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { createAcseMachine } from '../../src/acse/machine.js';
import {
  mtsTransferContext,
  type AcseIndication,
  type AcseMachine,
  type AcseOptions,
  type AcseRequest,
} from '../../src/acse/service.js';
import type { Effect } from '../../src/osi/machine.js';
import {
  acseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationData,
  type PresentationIndication,
  type PresentationRequest,
} from '../../src/presentation/service.js';
import { contexts } from '../presentation/samples.js';

export const rtorq = fromHex('B00B80010FA306A004B0020500');
export const rtoac = fromHex('B10B80010FA206A004B1020500');
export const rtorj = fromHex('B207A105B203020102');
export const rtab = fromHex('B603800104');

export const initiatorOptions: AcseOptions = { role: 'initiator', mode: 'normal', applicationContexts: [] };
export const responderOptions: AcseOptions = { role: 'responder', applicationContexts: [mtsTransferContext] };
export const identifier = { calling: latin1Octets('MTA1'), common: latin1Octets('261122073000Z') };

export const associateRequest: AcseRequest & { readonly type: 'A-ASSOCIATE.request' } = {
  type: 'A-ASSOCIATE.request',
  addresses: { called: { presentation: latin1Octets('MTA2') }, calling: { presentation: latin1Octets('MTA1') } },
  identifier,
  initialTokens: 'initiator',
  contexts,
  applicationContext: mtsTransferContext,
  userInformation: rtorq,
};

export const inAcse = (octets: Uint8Array): PresentationData => ({ abstractSyntax: acseAbstractSyntax, octets });
export const inRtse = (octets: Uint8Array): PresentationData => ({ abstractSyntax: rtseAbstractSyntax, octets });

export function connectIndication(
  octets: Uint8Array,
  members: Partial<Extract<PresentationIndication, { type: 'P-CONNECT.indication' }>> = {},
): PresentationIndication {
  return {
    type: 'P-CONNECT.indication',
    mode: 'normal',
    called: {},
    calling: {},
    identifier,
    initialTokens: 'initiator',
    sessionVersion: 2,
    contexts,
    userData: inAcse(octets),
    ...members,
  };
}

export function connectConfirm(
  octets: Uint8Array,
  members: Partial<Extract<PresentationIndication, { type: 'P-CONNECT.confirm'; result: 'accept' }>> = {},
): PresentationIndication {
  return {
    type: 'P-CONNECT.confirm',
    result: 'accept',
    identifier,
    initialTokens: 'initiator',
    sessionVersion: 2,
    contexts,
    userData: inAcse(octets),
    ...members,
  };
}

export function caller(): AcseMachine {
  const machine = createAcseMachine(initiatorOptions);
  machine.fromAbove(associateRequest);
  return machine;
}

export function toAbove(effects: readonly Effect<AcseIndication, PresentationRequest>[]): AcseIndication[] {
  return effects.flatMap((effect) => (effect.to === 'above' ? [effect.primitive] : []));
}

export function toBelow(effects: readonly Effect<AcseIndication, PresentationRequest>[]): PresentationRequest[] {
  return effects.flatMap((effect) => (effect.to === 'below' ? [effect.primitive] : []));
}
