/** Reads one body part where it lies (X.420 §7.3). What cannot be read is kept as octets, with the reason: never a cause to reject. */
import { integer } from '../asn1/simple-types.js';
import { setOf } from '../asn1/structured-types.js';
import { tagText } from '../asn1/tag.js';
import { decode, type Type } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { latin1Octets, latin1Text } from '../bytes/octets.js';
import { locatePart, type LocatedPart } from './body-part-location.js';
import { basicBodyPartKind, forwardedContentType } from './body-part-types.js';
import type { ContentOutline, OutlineNode } from './content-outline.js';
import type { BodyPartKind } from './encoded-information-types.js';
import { externalOutline, externalString } from './external-outline.js';
import { fileTransferParameters, type FileTransferParameters } from './file-transfer.js';
import { messageParameters, reportBodyPart, type MessageParameters } from './forwarded.js';
import { contentTypeIdentifiers } from './object-identifiers.js';
import { dataOfEncoding, dataOfStrings, requireTag, tags, type DataString, type StringForm } from './part-data.js';
import {
  readLimits,
  readPartOctets,
  type FileDescription,
  type PartData,
  type ReadBodyPart,
  type ReadMessage,
  type ReadNotification,
} from './read-content.js';
import { generalText, graphicText, teletexText, type TeletexRepertoire } from './text.js';
import { parseGeneralizedTime } from './times.js';

/** What a part needs from the message around it. */
export interface PartContext {
  readonly outline: ContentOutline;
  readonly teletex: TeletexRepertoire;
  /** A message inside the one at hand. Throws DecodeError also when it lies too deep. */
  message(node: OutlineNode): ReadMessage;
  notification(node: OutlineNode): ReadNotification;
}

type PartReader = (context: PartContext, part: LocatedPart) => ReadBodyPart;

/** The value of a small encoding. Throws DecodeError with the position in the source. */
export function decodeSmall<Value>(outline: ContentOutline, type: Type<Value>, node: OutlineNode): Value {
  const octets = outline.octets(node, readLimits.parametersOctetsMax);
  try {
    return decode(type, octets);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(`malformed ${type.name}`, error.clause, node.start + error.offset);
  }
}

function common({ kind, type, node }: LocatedPart) {
  return { kind, type, encoding: { offset: node.start, octets: node.end - node.start } };
}

function strings(nodes: Iterable<OutlineNode>, form: StringForm): readonly DataString[] {
  return Array.from(nodes, (node) => ({ node, form }));
}

/** The elements of a SEQUENCE OF. */
function elementsOf(outline: ContentOutline, node: OutlineNode, what: string): readonly OutlineNode[] {
  return outline.childrenUpTo(readLimits.membersMax, requireTag(node, tags.sequence, what, node.start));
}

function textPart(
  context: PartContext,
  part: LocatedPart,
  nodes: readonly OutlineNode[],
  registrations: readonly number[],
  textOf: (octets: Uint8Array) => string,
): ReadBodyPart {
  const data = dataOfStrings(context.outline, strings(nodes, 'octets'));
  const pages = nodes.map((node) => dataOfStrings(context.outline, strings([node], 'octets')));
  const read = (page: PartData) => textOf(readPartOctets(context.outline.source, page, readLimits.textOctetsMax));
  return {
    ...common(part),
    form: 'text',
    registrations,
    data,
    ...(data.octets <= readLimits.textOctetsMax && { text: pages.map(read).join('\f') }),
  };
}

const registrationNumbers = setOf(integer());

function messageParametersOf(context: PartContext, part: LocatedPart): MessageParameters {
  return part.parameters === undefined ? {} : decodeSmall(context.outline, messageParameters, part.parameters);
}

function octetsPart(context: PartContext, part: LocatedPart): ReadBodyPart {
  return { ...common(part), form: 'octets', data: dataOfStrings(context.outline, strings([part.data], 'octets')) };
}

function encodingPart(part: LocatedPart): ReadBodyPart {
  return { ...common(part), form: 'octets', data: dataOfEncoding(part.node) };
}

function describeFile({ fileAttributes, environment }: FileTransferParameters): FileDescription {
  const name = fileAttributes?.pathname?.value.at(-1);
  const size = fileAttributes?.objectSize;
  const time = (attribute: { readonly kind: string; readonly value: unknown } | undefined): number | undefined =>
    attribute?.kind === 'actualValues' ? parseGeneralizedTime(String(attribute.value)) : undefined;
  const created = time(fileAttributes?.dateAndTimeOfCreation);
  const modified = time(fileAttributes?.dateAndTimeOfLastModification);
  const description = environment?.userVisibleString?.[0];
  return {
    ...(name !== undefined && { name: graphicText(latin1Octets(name)) }),
    ...(size?.kind === 'actualValues' && { octets: size.value }),
    ...(created !== undefined && { createdMilliseconds: created }),
    ...(modified !== undefined && { modifiedMilliseconds: modified }),
    ...(description !== undefined && { description: graphicText(latin1Octets(description)) }),
  };
}

/** Several EXTERNALs mean their octets in order; one outside of a SEQUENCE, or bare octets, are met as well. */
function fileStrings(outline: ContentOutline, data: OutlineNode): readonly DataString[] {
  if (data.tag === tags.octetString) return strings([data], 'octets');
  const externals = data.tag === tags.external ? [data] : elementsOf(outline, data, 'file');
  return externals.map((node) =>
    externalString(outline, externalOutline(outline, requireTag(node, tags.external, 'file data', node.start))),
  );
}

function filePart(context: PartContext, part: LocatedPart): ReadBodyPart {
  const { outline } = context;
  const parameters = part.parameters === undefined ? {} : decodeSmall(outline, fileTransferParameters, part.parameters);
  return {
    ...common(part),
    form: 'file',
    parameters,
    file: describeFile(parameters),
    data: dataOfStrings(outline, fileStrings(outline, part.data)),
  };
}

function messagePart(context: PartContext, part: LocatedPart): ReadBodyPart {
  const parameters = messageParametersOf(context, part);
  return { ...common(part), form: 'message', parameters, message: context.message(part.data) };
}

const interpersonalTypes: ReadonlySet<string> = new Set([
  contentTypeIdentifiers.ipm1984,
  contentTypeIdentifiers.ipm1988,
]);

/** Forwarded content that is an interpersonal message, in one piece, is read like a forwarded message. */
function forwardedContentPart(context: PartContext, part: LocatedPart): ReadBodyPart {
  const { data, type } = part;
  if (!interpersonalTypes.has(forwardedContentType(type)) || data.constructed) return octetsPart(context, part);
  return messagePart(context, { ...part, data: context.outline.node(data.contentStart, data.contentEnd) });
}

const readers: Readonly<Partial<Record<BodyPartKind, PartReader>>> = {
  'ia5-text': (context, part) => textPart(context, part, [part.data], [], latin1Text),
  'general-text': (context, part) => {
    const { outline } = context;
    const registrations =
      part.parameters === undefined ? [] : decodeSmall(outline, registrationNumbers, part.parameters);
    return textPart(context, part, [part.data], registrations, (octets) => generalText(octets, registrations));
  },
  teletex: (context, part) => {
    const pages = elementsOf(context.outline, part.data, 'pages');
    return textPart(context, part, pages, [], (octets) => teletexText(octets, context.teletex));
  },
  'g3-facsimile': ({ outline }, part) => ({
    ...common(part),
    form: 'pages',
    pages: elementsOf(outline, part.data, 'pages').map((page) =>
      dataOfStrings(outline, strings([requireTag(page, tags.bitString, 'page', page.start)], 'bits')),
    ),
  }),
  'file-transfer': filePart,
  message: messagePart,
  'forwarded-content': forwardedContentPart,
  'bilaterally-defined': octetsPart,
  voice: (context, part) => (part.data === part.node ? encodingPart(part) : octetsPart(context, part)),
  notification: (context, part) => ({
    ...common(part),
    form: 'notification',
    parameters: messageParametersOf(context, part),
    notification: context.notification(part.data),
  }),
  report: (context, part) => ({
    ...common(part),
    form: 'report',
    report: decodeSmall(context.outline, reportBodyPart, part.data),
  }),
};

/** Never fails for what is inside the part: then it is kept as octets. */
export function readPart(context: PartContext, node: OutlineNode): ReadBodyPart {
  const unread: LocatedPart = { kind: basicBodyPartKind(node.tag), type: tagText(node.tag), node, data: node };
  let located = unread;
  try {
    located = locatePart(context.outline, node);
    return readers[located.kind]?.(context, located) ?? encodingPart(located);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ...common(located), form: 'octets', fault: error.message, data: dataOfEncoding(node) };
  }
}
