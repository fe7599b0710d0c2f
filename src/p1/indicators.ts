/** The bits of per-message and per-recipient indicators by name (X.411, MTAAbstractService). Strings of any length are read. */
import { BitString } from '../asn1/bit-string.js';

/** Bits of per-message-indicators. */
export const messageIndicator = {
  disclosureOfOtherRecipients: 0,
  implicitConversionProhibited: 1,
  alternateRecipientAllowed: 2,
  contentReturnRequest: 3,
} as const;

const responsibilityBit = 0;

/** What the MTA of the originator wants: `audited-report` is a report on both outcomes with the whole trace. */
export type OriginatingMtaRequest = 'non-delivery-report' | 'report' | 'audited-report';

/** What the originator wants to see. */
export type OriginatorRequest = 'none' | 'non-delivery-report' | 'report';

export interface RecipientIndicators {
  /** `responsible`: whoever gets this copy must deliver, relay or report for this recipient. */
  readonly responsibility: 'responsible' | 'not-responsible';
  readonly originatingMtaRequest: OriginatingMtaRequest;
  readonly originatorRequest: OriginatorRequest;
}

const indicatorBitsMin = 8;

/** Both bits of a request zero is illegal for the MTA, both one for the originator: read as the least and the most. */
export function readRecipientIndicators(indicators: BitString): RecipientIndicators {
  const mtaReport = indicators.has(1);
  const mtaLow = indicators.has(2);
  return {
    responsibility: indicators.has(responsibilityBit) ? 'responsible' : 'not-responsible',
    originatingMtaRequest: mtaReport ? (mtaLow ? 'audited-report' : 'report') : 'non-delivery-report',
    originatorRequest: indicators.has(3) ? 'report' : indicators.has(4) ? 'non-delivery-report' : 'none',
  };
}

const originatingMtaBits = { 'non-delivery-report': [2], report: [1], 'audited-report': [1, 2] } as const;
const originatorBits = { none: [], 'non-delivery-report': [4], report: [3] } as const;

/** Eight bits, the reserved ones zero (P1-015). A request of the MTA that asks for less than the originator's is raised to it (P1-016). */
export function makeRecipientIndicators(indicators: RecipientIndicators): BitString {
  const { responsibility, originatorRequest } = indicators;
  const raised = originatorRequest === 'report' && indicators.originatingMtaRequest === 'non-delivery-report';
  const originatingMtaRequest = raised ? 'report' : indicators.originatingMtaRequest;
  return BitString.of(
    [
      ...(responsibility === 'responsible' ? [responsibilityBit] : []),
      ...originatingMtaBits[originatingMtaRequest],
      ...originatorBits[originatorRequest],
    ],
    indicatorBitsMin,
  );
}

export function isResponsible(indicators: BitString): boolean {
  return indicators.has(responsibilityBit);
}

/** The same indicators with another responsibility: other bits, unknown ones too, stay; at least eight are sent. */
export function withResponsibility(
  indicators: BitString,
  responsibility: RecipientIndicators['responsibility'],
): BitString {
  const others = indicators.bits().filter((bit) => bit !== responsibilityBit);
  return BitString.of(responsibility === 'responsible' ? [responsibilityBit, ...others] : others, indicatorBitsMin);
}
