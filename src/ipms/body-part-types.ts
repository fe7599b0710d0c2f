/** The types of body part by their numbers (X.420 §7.3, IPMSExtendedBodyPartTypes). */
import { context, type Tag } from '../asn1/tag.js';
import type { BodyPartKind } from './encoded-information-types.js';
import { bodyPartRoot } from './object-identifiers.js';

/** Last arc of the identifiers of data and parameters. */
export const extendedBodyPartNumbers = { generalText: 11, fileTransfer: 12 } as const;

/** Basic body parts by their tag. */
const basicKinds: ReadonlyMap<Tag, BodyPartKind> = new Map<Tag, BodyPartKind>([
  [context(0), 'ia5-text'],
  [context(1), 'telex'],
  [context(2), 'voice'],
  [context(3), 'g3-facsimile'],
  [context(4), 'g4-class1'],
  [context(5), 'teletex'],
  [context(6), 'videotex'],
  [context(7), 'nationally-defined'],
  [context(8), 'encrypted'],
  [context(9), 'message'],
  [context(10), 'sfd'],
  [context(11), 'mixed-mode'],
  [context(14), 'bilaterally-defined'],
]);

export const extendedBodyPartTag = context(15);

/** Extended body parts by the last arc of the identifier of their data: the basic ones, and those that only exist so. */
const extendedKinds: ReadonlyMap<number, BodyPartKind> = new Map<number, BodyPartKind>([
  [0, 'ia5-text'],
  [2, 'g3-facsimile'],
  [3, 'g4-class1'],
  [4, 'teletex'],
  [5, 'videotex'],
  [6, 'encrypted'],
  [7, 'message'],
  [8, 'mixed-mode'],
  [9, 'bilaterally-defined'],
  [10, 'nationally-defined'],
  [extendedBodyPartNumbers.generalText, 'general-text'],
  [extendedBodyPartNumbers.fileTransfer, 'file-transfer'],
  [14, 'report'],
  [15, 'notification'],
  [16, 'voice'],
  [18, 'pkcs7'],
]);

/** Behind this prefix stands the identifier of the content type that is forwarded. */
const forwardedContentPrefix = `${bodyPartRoot}.17.`;

export function basicBodyPartKind(tag: Tag): BodyPartKind {
  return basicKinds.get(tag) ?? 'unknown';
}

export function extendedBodyPartKind(identifier: string): BodyPartKind {
  if (identifier.startsWith(forwardedContentPrefix)) return 'forwarded-content';
  if (!identifier.startsWith(`${bodyPartRoot}.`)) return 'unknown';
  return extendedKinds.get(Number(identifier.slice(bodyPartRoot.length + 1))) ?? 'unknown';
}

/** The content type of a forwarded content, as an object identifier. */
export function forwardedContentType(identifier: string): string {
  return identifier.slice(forwardedContentPrefix.length);
}
