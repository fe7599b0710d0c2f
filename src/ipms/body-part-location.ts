/** Where the parameters and the data of a body part stand, whether it came in its basic or its extended form (X.420 §7.3; RFC 1496). */
import { context, tagText } from '../asn1/tag.js';
import { DecodeError } from '../bytes/decode-error.js';
import { basicBodyPartKind, extendedBodyPartKind, extendedBodyPartTag } from './body-part-types.js';
import type { ContentOutline, OutlineNode } from './content-outline.js';
import type { BodyPartKind } from './encoded-information-types.js';
import { externalOutline, externalValue } from './external-outline.js';
import { requireTag, tags } from './part-data.js';
import { readLimits } from './read-content.js';

export interface LocatedPart {
  readonly kind: BodyPartKind;
  /** `[9]`, or the object identifier of an extended body part. */
  readonly type: string;
  /** The whole body part. */
  readonly node: OutlineNode;
  readonly parameters?: OutlineNode;
  readonly data: OutlineNode;
}

/** Basic kinds that are a SEQUENCE of parameters and data, and are looked into. */
const kindsInTwoParts: ReadonlySet<BodyPartKind> = new Set<BodyPartKind>([
  'ia5-text',
  'g3-facsimile',
  'teletex',
  'message',
]);

function locateBasic(outline: ContentOutline, node: OutlineNode): LocatedPart {
  const located = { kind: basicBodyPartKind(node.tag), type: tagText(node.tag), node };
  if (!kindsInTwoParts.has(located.kind)) return { ...located, data: node };
  const [first, second] = outline.childrenUpTo(readLimits.membersMax, node);
  if (first === undefined) throw new DecodeError('body part without data', 'X.420', node.start);
  return second === undefined ? { ...located, data: first } : { ...located, parameters: first, data: second };
}

const extendedParametersTag = context(0);

function locateExtended(outline: ContentOutline, node: OutlineNode): LocatedPart {
  const children = outline.childrenUpTo(readLimits.membersMax, node);
  const parameters = children.find((child) => child.tag === extendedParametersTag);
  const data = requireTag(
    children.find((child) => child.tag === tags.external),
    tags.external,
    'data of an extended body part',
    node.start,
  );
  const external = externalOutline(outline, data);
  const identifier = external.identifier ?? 'unnamed';
  const kind = extendedBodyPartKind(identifier);
  const located = { kind, type: identifier, node };
  if (kind === 'unknown') return { ...located, data: node };
  return {
    ...located,
    ...(parameters !== undefined && { parameters: externalValue(outline, externalOutline(outline, parameters)) }),
    data: externalValue(outline, external),
  };
}

/** Throws DecodeError. */
export function locatePart(outline: ContentOutline, node: OutlineNode): LocatedPart {
  return node.tag === extendedBodyPartTag ? locateExtended(outline, node) : locateBasic(outline, node);
}
