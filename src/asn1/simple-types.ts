import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets, latin1Octets, latin1Text } from '../bytes/octets.js';
import { nodeContent, nodeOctets, readWholeBerNode, stringOctets, type BerNode } from './ber-node.js';
import { BitString } from './bit-string.js';
import { universal } from './tag.js';
import type { Type } from './type.js';

/** Bounds of a string (characters or octets), a list (elements) or an INTEGER (its value); both ends included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

function checkBounds(
  size: number,
  bounds: Bounds,
  what: string,
  path: string,
  faults: { path: string; text: string }[],
): void {
  const { min = -Infinity, max = Infinity } = bounds;
  if (size < min || size > max)
    faults.push({ path, text: `${what} ${String(size)} is not in ${String(min)}..${String(max)}` });
}

function checkPrimitive(node: BerNode, name: string, octetsMin: number, octetsMax: number): void {
  const octets = node.contentEnd - node.contentStart;
  if (node.constructed || octets < octetsMin || octets > octetsMax) {
    throw new DecodeError(`malformed ${name}`, 'X.690 §8', node.start);
  }
}

const integerOctetsMax = 7;

function numberType(name: string, tagNumber: number, bounds: Bounds): Type<number> {
  return {
    name,
    tags: [universal(tagNumber)],
    decodeNode(node) {
      checkPrimitive(node, name, 1, integerOctetsMax);
      const { source, contentStart, contentEnd } = node;
      let value = (source[contentStart] ?? 0) >= 0x80 ? -1 : 0;
      for (let i = contentStart; i < contentEnd; i++) value = value * 256 + (source[i] ?? 0);
      if (!Number.isSafeInteger(value)) throw new DecodeError(`${name} too large`, 'X.690 §8.3', node.start);
      return value;
    },
    encodeValue(value) {
      if (!Number.isSafeInteger(value)) throw new RangeError(`${String(value)} is not an integer`);
      if (value >= 0 && value < 0x80) {
        return { tag: universal(tagNumber), form: 'primitive', content: Uint8Array.of(value) };
      }
      const content: number[] = [];
      let rest = value;
      do {
        const octet = ((rest % 256) + 256) % 256;
        content.unshift(octet);
        rest = (rest - octet) / 256;
      } while (!(rest === 0 && (content[0] ?? 0) < 0x80) && !(rest === -1 && (content[0] ?? 0) >= 0x80));
      return { tag: universal(tagNumber), form: 'primitive', content: Uint8Array.from(content) };
    },
    check(value, path, faults) {
      if (!Number.isSafeInteger(value)) faults.push({ path, text: `${String(value)} is not an integer` });
      checkBounds(value, bounds, 'the value', path, faults);
    },
  };
}

export const integer = (bounds: Bounds = {}): Type<number> => numberType('INTEGER', 2, bounds);
export const enumerated = (bounds: Bounds = {}): Type<number> => numberType('ENUMERATED', 10, bounds);

export const boolean: Type<boolean> = {
  name: 'BOOLEAN',
  tags: [universal(1)],
  decodeNode(node) {
    checkPrimitive(node, 'BOOLEAN', 1, 1);
    return node.source[node.contentStart] !== 0;
  },
  encodeValue: (value) => ({ tag: universal(1), form: 'primitive', content: Uint8Array.of(value ? 0xff : 0) }),
  check: () => undefined,
};

export const nullType: Type<null> = {
  name: 'NULL',
  tags: [universal(5)],
  decodeNode(node) {
    checkPrimitive(node, 'NULL', 0, 0);
    return null;
  },
  encodeValue: () => ({ tag: universal(5), form: 'primitive', content: new Uint8Array(0) }),
  check: () => undefined,
};

export function octetString(bounds: Bounds = {}): Type<Uint8Array> {
  return {
    name: 'OCTET STRING',
    tags: [universal(4)],
    decodeNode: stringOctets,
    encodeValue: (value) => ({ tag: universal(4), form: 'primitive', content: value }),
    check(value, path, faults) {
      checkBounds(value.length, bounds, 'the length', path, faults);
    },
  };
}

function bitSegments(node: BerNode): BitString {
  if (!node.constructed) {
    const { source, contentStart, contentEnd } = node;
    const octets = contentEnd - contentStart;
    const unusedBits = source[contentStart];
    if (octets === 0 || unusedBits === undefined || unusedBits > 7 || (octets === 1 && unusedBits > 0)) {
      throw new DecodeError('malformed BIT STRING', 'X.690 §8.6', node.start);
    }
    return new BitString(source.subarray(contentStart + 1, contentEnd), unusedBits);
  }
  const parts = node.children.map(bitSegments);
  const last = parts.at(-1);
  if (parts.some((part) => part !== last && part.unusedBits > 0)) {
    throw new DecodeError('unused bits before the last segment of a BIT STRING', 'X.690 §8.6.4', node.start);
  }
  return new BitString(joinOctets(parts.map((part) => part.octets)), last?.unusedBits ?? 0);
}

/** Bounds count bits. */
export function bitString(bounds: Bounds = {}): Type<BitString> {
  return {
    name: 'BIT STRING',
    tags: [universal(3)],
    decodeNode: bitSegments,
    encodeValue(value) {
      const content = new Uint8Array(1 + value.octets.length);
      content[0] = value.unusedBits;
      content.set(value.octets, 1);
      return { tag: universal(3), form: 'primitive', content };
    },
    check(value, path, faults) {
      checkBounds(value.length, bounds, 'the number of bits', path, faults);
    },
  };
}

/** An OBJECT IDENTIFIER as text, `2.6.0.1.6`. */
export const objectIdentifier: Type<string> = {
  name: 'OBJECT IDENTIFIER',
  tags: [universal(6)],
  decodeNode(node) {
    const arcs: number[] = [];
    let arc = 0;
    let open = true;
    checkPrimitive(node, 'OBJECT IDENTIFIER', 1, Infinity);
    for (const octet of nodeContent(node)) {
      arc = arc * 128 + (octet & 0x7f);
      open = (octet & 0x80) !== 0;
      if (!Number.isSafeInteger(arc)) throw new DecodeError('arc too large', 'X.690 §8.19', node.start);
      if (open) continue;
      if (arcs.length === 0) {
        const root = Math.min(Math.floor(arc / 40), 2);
        arcs.push(root, arc - root * 40);
      } else arcs.push(arc);
      arc = 0;
    }
    if (open) throw new DecodeError('OBJECT IDENTIFIER cut short', 'X.690 §8.19', node.start);
    return arcs.join('.');
  },
  encodeValue(value) {
    const [root = 0, second = 0, ...rest] = value.split('.').map(Number);
    const content: number[] = [];
    for (const arc of [root * 40 + second, ...rest]) {
      const digits = [arc % 128];
      for (let above = Math.floor(arc / 128); above > 0; above = Math.floor(above / 128))
        digits.unshift((above % 128) | 0x80);
      content.push(...digits);
    }
    return { tag: universal(6), form: 'primitive', content: Uint8Array.from(content) };
  },
  check(value, path, faults) {
    const legal = /^([01]\.[1-3]?\d|2\.\d+)(\.\d+)*$/.test(value);
    if (!legal) faults.push({ path, text: `"${value}" is not an object identifier such as 2.6.0.1.6` });
  },
};

/** A character string of one octet a character, kept as U+0000..U+00FF whatever its repertoire. */
function characterString(name: string, tagNumber: number, repertoire: RegExp) {
  return (bounds: Bounds = {}): Type<string> => ({
    name,
    tags: [universal(tagNumber)],
    decodeNode: (node) =>
      node.constructed ? latin1Text(stringOctets(node)) : latin1Text(node.source, node.contentStart, node.contentEnd),
    encodeValue: (value) => ({ tag: universal(tagNumber), form: 'primitive', content: latin1Octets(value) }),
    check(value, path, faults) {
      checkBounds(value.length, bounds, 'the length', path, faults);
      if (!repertoire.test(value)) faults.push({ path, text: `"${value}" has characters that ${name} does not` });
    },
  });
}

const ia5 = /^[^\u0080-\uffff]*$/;
const anyOctets = /^[^\u0100-\uffff]*$/;

export const numericString = characterString('NumericString', 18, /^[0-9 ]*$/);
export const printableString = characterString('PrintableString', 19, /^[A-Za-z0-9 '()+,\-./:=?]*$/);
export const teletexString = characterString('TeletexString', 20, anyOctets);
export const videotexString = characterString('VideotexString', 21, anyOctets);
export const ia5String = characterString('IA5String', 22, ia5);
export const graphicString = characterString('GraphicString', 25, anyOctets);
export const visibleString = characterString('VisibleString', 26, /^[ -~]*$/);
export const generalString = characterString('GeneralString', 27, anyOctets);

/** Times stay the characters they came as; time.ts reads them. */
export const utcTime = characterString('UTCTime', 23, /^\d{10}(\d\d)?(Z|[+-]\d{4})$/)();
export const generalizedTime = characterString(
  'GeneralizedTime',
  24,
  /^\d{10}(\d\d)?(\d\d)?([.,]\d+)?(Z|[+-]\d{4})?$/,
)();

function wideString(name: string, tagNumber: number, octetsPerCharacter: 2 | 4) {
  return (bounds: Bounds = {}): Type<string> => ({
    name,
    tags: [universal(tagNumber)],
    decodeNode(node) {
      const octets = stringOctets(node);
      if (octets.length % octetsPerCharacter !== 0)
        throw new DecodeError(`malformed ${name}`, 'X.690 §8.23', node.start);
      let text = '';
      for (let i = 0; i < octets.length; i += octetsPerCharacter) {
        let code = 0;
        for (let j = 0; j < octetsPerCharacter; j++) code = code * 256 + (octets[i + j] ?? 0);
        text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
      }
      return text;
    },
    encodeValue(value) {
      const units =
        octetsPerCharacter === 2
          ? Array.from({ length: value.length }, (_, i) => value.charCodeAt(i))
          : Array.from(value, (character) => character.codePointAt(0) ?? 0);
      const content = new Uint8Array(units.length * octetsPerCharacter);
      const view = new DataView(content.buffer);
      units.forEach((unit, i) => {
        if (octetsPerCharacter === 2) view.setUint16(i * 2, unit);
        else view.setUint32(i * 4, unit);
      });
      return { tag: universal(tagNumber), form: 'primitive', content };
    },
    check(value, path, faults) {
      checkBounds(value.length, bounds, 'the length', path, faults);
    },
  });
}

export const universalString = wideString('UniversalString', 28, 4);
export const bmpString = wideString('BMPString', 30, 2);

/** ANY: one complete encoding of whatever type, kept octet for octet. */
export const any: Type<Uint8Array> = {
  name: 'ANY',
  tags: [],
  decodeNode: nodeOctets,
  encodeValue(value) {
    const node = readWholeBerNode(value);
    const form = node.constructed ? 'constructed' : 'primitive';
    return { tag: node.tag, form, content: nodeContent(node), encoding: value };
  },
  check: () => undefined,
};
