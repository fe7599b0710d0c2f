/** Any BER encoding: tags, lengths, and values as far as the universal types tell them. */
import { readBerNodeWithAsn1js, asn1jsLimits } from '../asn1/asn1js-node.js';
import { berLimits, nodeContent, readBerNode, readWholeBerNode, type BerNode } from '../asn1/ber-node.js';
import {
  bitString,
  bmpString,
  boolean,
  enumerated,
  integer,
  objectIdentifier,
  universalString,
} from '../asn1/simple-types.js';
import { classNumberOf, tagNumberOf, tagText } from '../asn1/tag.js';
import type { Type } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { latin1Text } from '../bytes/octets.js';
import { bitsText, octetsText, shortened, type PlainValue } from './decode-plain.js';
import { escapedText } from './decode-text.js';
import { BitString } from '../asn1/bit-string.js';

const universalNames: readonly string[] = [
  'END-OF-CONTENTS',
  'BOOLEAN',
  'INTEGER',
  'BIT STRING',
  'OCTET STRING',
  'NULL',
  'OBJECT IDENTIFIER',
  'ObjectDescriptor',
  'EXTERNAL',
  'REAL',
  'ENUMERATED',
  'EMBEDDED PDV',
  'UTF8String',
  'RELATIVE-OID',
  'TIME',
  'UNIVERSAL 15',
  'SEQUENCE',
  'SET',
  'NumericString',
  'PrintableString',
  'TeletexString',
  'VideotexString',
  'IA5String',
  'UTCTime',
  'GeneralizedTime',
  'GraphicString',
  'VisibleString',
  'GeneralString',
  'UniversalString',
  'CHARACTER STRING',
  'BMPString',
];

const typedUniversals: ReadonlyMap<number, Type<unknown>> = new Map<number, Type<unknown>>([
  [1, boolean],
  [2, integer()],
  [3, bitString()],
  [6, objectIdentifier],
  [10, enumerated()],
  [28, universalString()],
  [30, bmpString()],
]);

const octetStringNumber = 4;
const nullNumber = 5;
const characterStringNumbers: ReadonlySet<number> = new Set([7, 12, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]);

function isUniversal(node: BerNode): boolean {
  return classNumberOf(node.tag) === 0;
}

function tagName(node: BerNode): string {
  return (isUniversal(node) ? universalNames[tagNumberOf(node.tag)] : undefined) ?? tagText(node.tag);
}

function quoted(octets: Uint8Array): string {
  return `"${escapedText(shortened(latin1Text(octets)))}"`;
}

const asciiText = /^[\x20-\x7e]+$/;

/** The value of a primitive encoding; of one without a universal tag the octets, and the characters that they may be. */
function primitiveText(node: BerNode): string {
  const content = nodeContent(node);
  const number = tagNumberOf(node.tag);
  if (!isUniversal(node) || number === octetStringNumber) {
    const characters = latin1Text(content.subarray(0, 64));
    return asciiText.test(characters) ? `${octetsText(content)} ${quoted(content)}` : octetsText(content);
  }
  if (number === nullNumber && content.length === 0) return '';
  if (characterStringNumbers.has(number)) return quoted(content);
  try {
    const value = typedUniversals.get(number)?.decodeNode(node);
    if (value === undefined) return octetsText(content);
    if (value instanceof BitString) return bitsText(value);
    return typeof value === 'string' ? escapedText(value) : JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `${octetsText(content)} (${error.message})`;
  }
}

/** Encodings one after another, up to the end of the octets. Throws DecodeError. */
export function readBerNodes(octets: Uint8Array): readonly BerNode[] {
  const nodes: BerNode[] = [];
  for (let offset = 0; offset < octets.length;) {
    const node = readOne(octets, offset);
    nodes.push(node);
    offset = node.end;
  }
  return nodes;
}

function readOne(octets: Uint8Array, offset: number): BerNode {
  const limits = { ...asn1jsLimits, nodesMax: berLimits.nodesMax };
  const alone = offset === 0 && octets.length <= limits.octetsMax;
  return alone ? readBerNodeWithAsn1js(octets, limits) : readBerNode(octets, offset);
}

/** A tree inside other values: short, without positions. */
function berPlain(node: BerNode): PlainValue {
  if (node.constructed) return { [tagName(node)]: node.children.map(berPlain) };
  return `${tagName(node)} ${primitiveText(node)}`.trim();
}

/** As berPlain for octets that hold one encoding; undefined when they do not. */
export function berPlainOf(octets: Uint8Array): PlainValue | undefined {
  try {
    return berPlain(readWholeBerNode(octets));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** For machines: with positions. */
export function berTree(node: BerNode): PlainValue {
  return {
    tag: tagName(node),
    offset: node.start,
    octets: node.end - node.start,
    ...(node.constructed ? { children: node.children.map(berTree) } : { value: primitiveText(node) }),
  };
}

const offsetDigits = 8;

function* berLines(node: BerNode, indent: string): Iterable<string> {
  const offset = String(node.start).padStart(offsetDigits);
  const length = `${String(node.contentEnd - node.contentStart)} octets`;
  const indefinite = node.end > node.contentEnd ? ', indefinite length' : '';
  if (node.constructed) yield `${offset} ${indent}${tagName(node)} (${length}${indefinite})`;
  else yield `${offset} ${indent}${tagName(node)} ${primitiveText(node)}`.trimEnd();
  for (const child of node.children) yield* berLines(child, `${indent}  `);
}

/** One line for each encoding, behind its position. */
export function berText(nodes: readonly BerNode[]): string {
  const lines: string[] = [];
  for (const node of nodes) for (const line of berLines(node, '')) lines.push(`${line}\n`);
  return lines.join('');
}
