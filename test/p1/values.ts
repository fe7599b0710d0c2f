import { BitString } from '../../src/asn1/bit-string.js';
import type { GlobalDomainIdentifier } from '../../src/p1/common-types.js';
import { makeRecipientIndicators, type RecipientIndicators } from '../../src/p1/indicators.js';
import type {
  MessageTransferEnvelope,
  PerRecipientTransferFields,
  ProbeTransferEnvelope,
} from '../../src/p1/message-pdu.js';
import { parseGlobalDomainIdentifier } from '../../src/p1/mts-identifier.js';
import { parseORAddress } from '../../src/p1/or-address-text.js';
import { firstTrace, type TracingMta } from '../../src/p1/trace.js';

export const acme: GlobalDomainIdentifier = parseGlobalDomainIdentifier('C=GB;ADMD= ;PRMD=ACME');
export const beta: GlobalDomainIdentifier = parseGlobalDomainIdentifier('C=US;ADMD=TELE;PRMD=BETA');
export const mta1: TracingMta = { globalDomain: acme, mtaName: 'mta1' };
export const mtaB: TracingMta = { globalDomain: beta, mtaName: 'b2' };

export const eightOClock = Date.UTC(2026, 10, 22, 8, 0, 0);

export const smith = parseORAddress('C=GB;ADMD= ;PRMD=ACME;O=Sales;S=Smith;G=Jane');
export const postmaster = parseORAddress('C=US;ADMD=TELE;PRMD=BETA;O=Labs;CN=Postmaster');

export const ia5Text = { builtIn: BitString.of([2]) };

export function recipient(
  number: number,
  indicators: Partial<RecipientIndicators> = {},
  recipientName = postmaster,
): PerRecipientTransferFields {
  return {
    recipientName,
    originallySpecifiedRecipientNumber: number,
    perRecipientIndicators: makeRecipientIndicators({
      responsibility: 'responsible',
      originatingMtaRequest: 'non-delivery-report',
      originatorRequest: 'non-delivery-report',
      ...indicators,
    }),
    extensions: [],
  };
}

/** The message of a user of ACME to the postmaster of BETA, as its first MTA sends it. */
export function exampleMessage(changes: Partial<MessageTransferEnvelope> = {}): MessageTransferEnvelope {
  return {
    messageIdentifier: { globalDomainIdentifier: acme, localIdentifier: 'MTA1.261122.0001' },
    originatorName: smith,
    originalEncodedInformationTypes: ia5Text,
    contentType: { kind: 'builtIn', value: 22 },
    contentIdentifier: 'Order 7',
    priority: 2,
    perMessageIndicators: BitString.of([0, 2, 3]),
    perRecipientFields: [recipient(1)],
    ...firstTrace(mta1, eightOClock),
    ...changes,
  };
}

export function exampleProbe(changes: Partial<ProbeTransferEnvelope> = {}): ProbeTransferEnvelope {
  return {
    probeIdentifier: { globalDomainIdentifier: acme, localIdentifier: 'MTA1.261122.0002' },
    originatorName: smith,
    originalEncodedInformationTypes: ia5Text,
    contentType: { kind: 'builtIn', value: 22 },
    contentLength: 1200,
    perMessageIndicators: BitString.empty,
    perRecipientFields: [recipient(1, { originatingMtaRequest: 'report', originatorRequest: 'report' })],
    traceInformation: firstTrace(mta1, eightOClock).traceInformation,
    extensions: [],
    ...changes,
  };
}
