/** MTA-bind (X.411): what stands in the connection data of RTORQ and RTOAC. */
import { fromHex } from '../../bytes/octets.js';
import type { Peer } from '../peer/peer-file.js';
import { ber, berText } from './ber.js';

const ia5Tag = 0x16;
const octetsTag = 0x04;

/** NULL: a bind without names. */
export const nullBind = fromHex('0500');

/** `password` undefined: no bind with names was agreed. */
export function bindValue(peer: Peer, mtaName: string, password: string | undefined): Uint8Array {
  if (password === undefined) return nullBind;
  const tag = peer.p1 === '1984' ? ia5Tag : octetsTag;
  return ber(0xa1, berText(0x80, mtaName), ber(0xa1, berText(tag, password)));
}

/** Around a bind argument, result or error: tags [16], [17] and [18] in normal mode only (X.419). */
export function tagged(peer: Peer, tag: 'argument' | 'result' | 'error', value: Uint8Array): Uint8Array {
  if (peer.mode === 'x410-1984') return value;
  return ber({ argument: 0xb0, result: 0xb1, error: 0xb2 }[tag], value);
}
