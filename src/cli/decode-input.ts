/** The octets of a file to be decoded: as they are, or out of hexadecimal digits as people and tools write them. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { fromHex, joinOctets, latin1Text } from '../bytes/octets.js';

/** More is not decoded: everything is held in memory. */
const inputOctetsMax = 268_435_456;

export interface DecodeInput {
  readonly octets: Uint8Array;
  readonly notation: 'binary' | 'hexadecimal' | 'hexadecimal dump';
}

const standardInput = '-';
const standardInputDescriptor = 0;

/** Throws what the file system says, or RangeError when there is too much. */
export function readInput(file: string): DecodeInput {
  const descriptor = file === standardInput ? standardInputDescriptor : openSync(file, 'r');
  try {
    if (fstatSync(descriptor).size > inputOctetsMax) throw new RangeError(`more than ${String(inputOctetsMax)} octets`);
    return inputOf(readFileSync(descriptor));
  } finally {
    if (descriptor !== standardInputDescriptor) closeSync(descriptor);
  }
}

/** Octets that are hexadecimal digits and nothing else stand for other octets. */
export function inputOf(octets: Uint8Array): DecodeInput {
  const plain = plainDigits(octets);
  if (plain !== undefined) return { octets: plain, notation: 'hexadecimal' };
  const dumped = dumpedOctets(octets);
  if (dumped !== undefined) return { octets: dumped, notation: 'hexadecimal dump' };
  return { octets, notation: 'binary' };
}

/** Enough of the start to know what is no text. */
const probeOctets = 4096;

function isAsciiText(octets: Uint8Array): boolean {
  return octets
    .subarray(0, probeOctets)
    .every((octet) => (octet >= 0x20 && octet < 0x7f) || octet === 0x0a || octet === 0x0d || octet === 0x09);
}

/** Digits in pairs, with white space or colons between. */
function plainDigits(octets: Uint8Array): Uint8Array | undefined {
  if (!isAsciiText(octets)) return undefined;
  const digits = latin1Text(octets).replace(/[\s:]+/g, '');
  if (digits === '' || digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return undefined;
  return fromHex(digits);
}

interface DumpLine {
  readonly offset: number;
  readonly digits: string;
}

const dumpLine = /^\s*([0-9a-f]{4,})(?::|\s|$)\s*(.*)$/i;

/** Lines of an offset, octets in hexadecimal and perhaps the same as characters: xxd, hexdump -C, tshark -x. */
function dumpedOctets(octets: Uint8Array): Uint8Array | undefined {
  if (!isAsciiText(octets)) return undefined;
  const lines: DumpLine[] = [];
  for (const line of latin1Text(octets).split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [, offset, digits] = dumpLine.exec(line) ?? [];
    if (offset === undefined || digits === undefined) return undefined;
    lines.push({ offset: Number.parseInt(offset, 16), digits });
  }
  const parts: Uint8Array[] = [];
  for (const [i, { offset, digits }] of lines.entries()) {
    const next = lines[i + 1];
    const part = digitsOfLine(digits, next === undefined ? undefined : next.offset - offset);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return lines[0]?.offset === 0 ? joinOctets(parts) : undefined;
}

const octetsOnLastLineMax = 16;

/** The first `count` octets of a line; on the last line all up to where the characters begin. */
function digitsOfLine(text: string, count: number | undefined): Uint8Array | undefined {
  const wanted = count ?? octetsOnLastLineMax;
  let digits = '';
  for (const [, gap = '', word = ''] of text.matchAll(/(\s*)(\S+)/g)) {
    const charactersBegin = count === undefined && (gap.length > 2 || (gap.length === 2 && digits.length !== 16));
    if (digits.length >= wanted * 2 || charactersBegin || !/^(?:[0-9a-f]{2})+$/i.test(word)) break;
    digits += word;
  }
  if (count !== undefined && digits.length !== count * 2) return undefined;
  return digits.length > wanted * 2 ? undefined : fromHex(digits);
}
