/** What CR and CC agree on: the class (X.224 §6.5.4) and the size of TPDUs, with the exceptions of RFC 1006. */
import type { Fault } from './events.js';
import { rejectCauses, type TpduOf } from './pdu.js';
import type { TransportOptions } from './service.js';
import { tpduOctetsMax } from './tpkt.js';

type SizeOffer = TransportOptions['sizeOffer'];

export interface SizeParameters {
  readonly tpduSizeExponent?: number;
  readonly preferredTpduSize?: number;
}

/** Class 0 knows no larger C0 (X.224 §13.3.4); F0 goes beyond. */
const tpduSizeExponentSentMax = 11;
const preferredSizeUnitOctets = 128;
/** 65408 octets; one unit more would not fit a TPKT. */
const preferredTpduSizeSentMax = 511;

/** A caller that prefers class 1 takes class 0 as well, one that prefers 2 to 4 only if an alternative allows it (X.224 §6.5.4). */
export function allowsClass0(request: TpduOf<'CR'>): boolean {
  const alternatives = request.alternativeClasses ?? new Uint8Array(0);
  if (request.class <= 1 || alternatives.includes(0)) return true;
  return request.class >= 3 && alternatives.includes(1);
}

/** The size parameters of our CR. */
export function proposeSize(offer: SizeOffer): SizeParameters {
  if (offer === 'none') return {};
  if (offer === 'preferred') {
    return { tpduSizeExponent: tpduSizeExponentSentMax, preferredTpduSize: preferredTpduSizeSentMax };
  }
  return { tpduSizeExponent: offer };
}

/** The size parameters of our CC, and the size they mean. F0 is answered without C0, or else not seen at all (X.224 §13.3.4). */
export function answerSize(
  proposal: SizeParameters,
  offer: SizeOffer,
): { readonly answer: SizeParameters; readonly octets: number } {
  if (proposal.preferredTpduSize !== undefined && offer === 'preferred') {
    const preferredTpduSize = Math.min(proposal.preferredTpduSize, preferredTpduSizeSentMax);
    return { answer: { preferredTpduSize }, octets: octetsAgreed({ preferredTpduSize }) };
  }
  if (proposal.tpduSizeExponent === undefined) return { answer: {}, octets: tpduOctetsMax }; // RFC 1006: not 128
  const ours = typeof offer === 'number' ? offer : tpduSizeExponentSentMax;
  const tpduSizeExponent = Math.min(proposal.tpduSizeExponent, ours);
  return { answer: { tpduSizeExponent }, octets: octetsAgreed({ tpduSizeExponent }) };
}

/** What makes a CC unacceptable: X.224 §6.5.4 leaves a responder only what the CR offered. */
export function faultOfConfirm(confirm: TpduOf<'CC'>, reference: number, offer: SizeOffer): Fault | undefined {
  const clause = 'X.224 §6.5.4';
  const rejectCause = rejectCauses.invalidParameterValue;
  if (confirm.destinationReference !== reference) {
    const text = `CC for reference ${confirm.destinationReference}, ours is ${reference}`;
    return { text, clause, offset: 3, rejectCause };
  }
  if (confirm.class !== 0) return { text: `CC with class ${confirm.class}`, clause, offset: 6, rejectCause };
  const proposal = proposeSize(offer);
  const isAboveOffer =
    (confirm.tpduSizeExponent ?? 0) > (proposal.tpduSizeExponent ?? Infinity) ||
    (confirm.preferredTpduSize ?? 0) > (proposal.preferredTpduSize ?? Infinity);
  if (isAboveOffer) return { text: 'CC with a TPDU size above the offer', clause, offset: Infinity, rejectCause };
  return undefined;
}

/** F0 beside C0, or F0 that was not offered: the smaller size is taken, but it deserves a line in the log. */
export function isIrregular(answer: SizeParameters, offer: SizeOffer): boolean {
  if (answer.preferredTpduSize === undefined) return false;
  return answer.tpduSizeExponent !== undefined || proposeSize(offer).preferredTpduSize === undefined;
}

/** The size of TPDUs that we may send after this CC. */
export function sizeConfirmed(answer: SizeParameters, offer: SizeOffer): number {
  const { tpduSizeExponent } = proposeSize(offer);
  const ours = tpduSizeExponent === undefined ? {} : { tpduSizeExponent };
  const unanswered = answer.tpduSizeExponent === undefined && answer.preferredTpduSize === undefined;
  if (unanswered || isIrregular(answer, offer)) return Math.min(octetsAgreed(answer), octetsAgreed(ours)); // never more than was offered in C0
  return octetsAgreed(answer);
}

/** The smaller of the sizes named; the limit of TPKT where there is none. */
function octetsAgreed(parameters: SizeParameters): number {
  const { tpduSizeExponent, preferredTpduSize } = parameters;
  return Math.min(
    tpduOctetsMax,
    tpduSizeExponent === undefined ? Infinity : 2 ** tpduSizeExponent,
    preferredTpduSize === undefined ? Infinity : preferredTpduSize * preferredSizeUnitOctets,
  );
}
