import { parameterOf } from '../listening/heard.js';
import { transportParameters } from '../octets/tpdu.js';
import type { Conversation } from './conversation.js';

/** Where nobody names a size (RFC 1006 §6): what fits into a TPKT. */
const unboundedTpduOctets = 65_531;
const preferredSizeUnitOctets = 128;

/** The largest TPDU that we may send on the current connection: what the implementation under test offered or confirmed. */
export function tpduOctetsMax(conversation: Conversation): number {
  const tpdu = conversation.heard.find(
    (heard) => heard.kind === 'tpdu' && (heard.name === 'CR' || heard.name === 'CC'),
  );
  if (tpdu?.kind !== 'tpdu') return unboundedTpduOctets;
  const preferred = parameterOf(tpdu, transportParameters.preferredSize);
  const units = preferred?.reduce((value, octet) => value * 256 + octet, 0) ?? 0;
  const [exponent] = parameterOf(tpdu, transportParameters.size) ?? [];
  const octets = units > 0 ? units * preferredSizeUnitOctets : 2 ** (exponent ?? 16);
  return Math.min(octets, unboundedTpduOctets);
}
