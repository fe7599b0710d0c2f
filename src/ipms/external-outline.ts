/** An EXTERNAL where it lies in a content: what it names and where its value stands (X.690 §8.18). */
import { objectIdentifier } from '../asn1/simple-types.js';
import { context } from '../asn1/tag.js';
import { decode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import type { ContentOutline, OutlineNode } from './content-outline.js';
import { tags, type DataString } from './part-data.js';

const identifierOctetsMax = 1024;

export interface ExternalOutline {
  /** Direct reference; a file's octets often have none. */
  readonly identifier?: string;
  readonly encoding: OutlineNode;
}

const singleASN1Type = context(0);
const octetAligned = context(1);
const arbitrary = context(2);

/** `node` may have the tag of an EXTERNAL or one that replaces it. Throws DecodeError. */
export function externalOutline(outline: ContentOutline, node: OutlineNode): ExternalOutline {
  let identifier: string | undefined;
  let encoding: OutlineNode | undefined;
  for (const child of outline.children(node)) {
    if (child.tag === tags.objectIdentifier) {
      identifier = decode(objectIdentifier, outline.octets(child, identifierOctetsMax));
    } else if (child.tag === singleASN1Type || child.tag === octetAligned || child.tag === arbitrary) encoding = child;
  }
  if (encoding === undefined) throw new DecodeError('EXTERNAL without a value', 'X.690 §8.18', node.start);
  return { encoding, ...(identifier !== undefined && { identifier }) };
}

/** The encoding that the EXTERNAL holds: as single-ASN1-type, or as the octets of octet-aligned (IPM-014). Throws DecodeError. */
export function externalValue(outline: ContentOutline, external: ExternalOutline): OutlineNode {
  const { encoding } = external;
  if (encoding.tag === octetAligned && encoding.constructed) {
    throw new DecodeError('octet-aligned value in several pieces', 'X.690 §8.18', encoding.start);
  }
  if (encoding.tag === arbitrary) throw new DecodeError('value as bits', 'X.690 §8.18', encoding.start);
  return outline.node(encoding.contentStart, encoding.contentEnd);
}

/** The octets that the EXTERNAL holds: octet-aligned, or an OCTET STRING as single-ASN1-type. Throws DecodeError. */
export function externalString(outline: ContentOutline, external: ExternalOutline): DataString {
  const { encoding } = external;
  if (encoding.tag === octetAligned) return { node: encoding, form: 'octets' };
  if (encoding.tag === arbitrary) return { node: encoding, form: 'bits' };
  const node = externalValue(outline, external);
  if (node.tag !== tags.octetString) throw new DecodeError('file data are no octets', 'X.420', node.start);
  return { node, form: 'octets' };
}
