import { fromBER, type BaseBlock } from 'asn1js';
import { DecodeError } from '../bytes/decode-error.js';
import { berLimits, readBerNode, type BerLimits, type BerNode } from './ber-node.js';
import { tagNumberMax, tagOf } from './tag.js';
import { decodeWith, type Type } from './type.js';

/**
 * The second maker of nodes: asn1js reads the structure (tags and lengths) of the APDUs of connection time and of what `mta decode` shows.
 * Only structure is taken from it. Strings are joined and times and text are read by our own types, because asn1js is wrong on legal ones;
 * for the same reason a value that it refuses (a time without seconds, text in a name) does not make the APDU malformed: where asn1js
 * gives up, or its positions do not fit the octets, our own reader decides.
 */
export interface Asn1jsLimits extends BerLimits {
  /** Octets in all. */
  readonly octetsMax: number;
}

/**
 * An APDU of connection time has fewer than 200 encodings. asn1js takes some 30 microseconds for each, and a stranger may send several such APDUs
 * one inside the other: what it may make us do before it is refused stays below a tenth of a second.
 */
export const asn1jsLimits: Asn1jsLimits = { depthMax: berLimits.depthMax, nodesMax: 1000, octetsMax: 1_048_576 };

/**
 * The tree of the one encoding at the start of `octets`, the same as `readBerNode` makes; octets behind it are left alone.
 * Throws DecodeError.
 */
export function readBerNodeWithAsn1js(octets: Uint8Array, limits: Asn1jsLimits = asn1jsLimits): BerNode {
  if (octets.length > limits.octetsMax) throw new DecodeError('too many octets', 'X.690 §8.1', limits.octetsMax);
  const block = parse(octets, limits);
  const node = block && nodeOf(block, octets, 0, octets.length, limits, limits.depthMax);
  return node ?? readBerNode(octets, 0, limits);
}

/** The value of octets that hold one encoding and nothing behind it. Throws DecodeError. */
export function decodeWithAsn1js<Value>(
  type: Type<Value>,
  octets: Uint8Array,
  limits: Asn1jsLimits = asn1jsLimits,
): Value {
  const node = readBerNodeWithAsn1js(octets, limits);
  if (node.end !== octets.length) throw new DecodeError('octets behind the encoding', 'X.690 §8.1', node.end);
  return decodeWith(type, node);
}

/** Of tag numbers in several octets asn1js takes padded ones, and makes small ones of those that are too large (X.690 §8.1.2.4). */
function hasLongTagNumber(source: Uint8Array, start: number): boolean {
  return ((source[start] ?? 0) & 0x1f) === 0x1f;
}

function parse(octets: Uint8Array, limits: Asn1jsLimits): BaseBlock | undefined {
  try {
    const { offset, result } = fromBER(octets, {
      copyInput: false,
      parseEmbedded: false,
      maxDepth: limits.depthMax,
      maxNodes: limits.nodesMax,
      maxContentLength: limits.octetsMax,
    });
    return offset === -1 || result.error !== '' ? undefined : result;
  } catch {
    return undefined;
  }
}

/** The block as a node, or undefined if it does not stand in the octets as asn1js says. `end` is that of the enclosing encoding. */
function nodeOf(
  block: BaseBlock,
  source: Uint8Array,
  start: number,
  end: number,
  limits: BerLimits,
  depth: number,
): BerNode | undefined {
  const { idBlock, lenBlock } = block;
  if (hasLongTagNumber(source, start)) return undefined;
  if (block.valueBeforeDecodeView.byteOffset - source.byteOffset !== start || idBlock.tagNumber > tagNumberMax) {
    return undefined;
  }
  const tag = tagOf(idBlock.tagClass - 1, idBlock.tagNumber);
  const constructed = idBlock.isConstructed;
  const contentStart = start + idBlock.blockLength + lenBlock.blockLength;
  const indefinite = lenBlock.isIndefiniteForm;
  const limit = indefinite ? end : contentStart + lenBlock.length;
  if (limit > end) return undefined;
  if (!constructed) {
    return { tag, constructed, source, start, contentStart, contentEnd: limit, end: limit, children: [] };
  }
  if (depth === 0) return undefined;
  const blocks = (block.valueBlock as { readonly value?: unknown }).value;
  if (!Array.isArray(blocks)) {
    return readBerNode(source, start, { depthMax: depth, nodesMax: limits.nodesMax }, end);
  }
  const children: BerNode[] = [];
  let position = contentStart;
  for (const child of blocks as readonly BaseBlock[]) {
    const node = nodeOf(child, source, position, limit, limits, depth - 1);
    if (node === undefined) return undefined;
    children.push(node);
    position = node.end;
  }
  if (!indefinite && position !== limit) return undefined;
  if (indefinite && (position + 2 > end || source[position] !== 0 || source[position + 1] !== 0)) return undefined;
  return {
    tag,
    constructed,
    source,
    start,
    contentStart,
    contentEnd: position,
    end: indefinite ? position + 2 : position,
    children,
  };
}
