/** The same value in other octets: forms of BER that a receiver takes though few senders use them (X.690 §8.1.3, §8.7.3, §8.12). */
import { concatOctets } from '../../bytes/octets.js';
import { ber, indefiniteBer, readWholeBer, type Ber } from './ber.js';

const constructedBit = 0x20;
const octetStringTag = 0x04;

/** Every constructed encoding in the indefinite form, at every depth. */
export function inIndefiniteForm(octets: Uint8Array): Uint8Array {
  return rewritten(readWholeBer(octets), indefiniteBer);
}

/** Every constructed encoding with its length in four octets more than it needs. */
export function inLongForm(octets: Uint8Array): Uint8Array {
  return rewritten(readWholeBer(octets), longBer);
}

/** The members of a SET, the last one first. */
export function reversed(members: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...members].reverse();
}

/** An OCTET STRING in two segments. */
export function inSegments(octets: Uint8Array): Uint8Array {
  const half = Math.floor(octets.length / 2);
  return ber(
    octetStringTag | constructedBit,
    ber(octetStringTag, octets.subarray(0, half)),
    ber(octetStringTag, octets.subarray(half)),
  );
}

function rewritten(node: Ber, form: (identifier: number, ...content: readonly Uint8Array[]) => Uint8Array): Uint8Array {
  if ((node.identifier & constructedBit) === 0) return node.octets;
  return form(node.identifier, ...node.children.map((child) => rewritten(child, form)));
}

function longBer(identifier: number, ...content: readonly Uint8Array[]): Uint8Array {
  const joined = concatOctets(...content);
  const { length } = joined;
  return concatOctets(Uint8Array.of(identifier, 0x84, 0, 0, length >> 8, length & 0xff), joined);
}
