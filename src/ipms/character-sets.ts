/**
 * Graphic character sets by their number in the ISO register (ISO/IEC 2375), as far as general-text (X.420) and TeletexString (T.61) use
 * them. A set is invoked into the left (0x20..0x7f) or right (0xa0..0xff) half of the code table; positions below are those of the left.
 */

export type GraphicSetSize = '94' | '96' | '94x94';

export interface GraphicSet {
  /** In the ISO register; what general-text parameters list. */
  readonly registration: number;
  readonly size: GraphicSetSize;
  /** Last octet of the escape sequence that designates the set, as a character. */
  readonly finalCharacter: string;
  /** The character of a position; of two positions, row and cell, for a 94x94 set. A combining mark belongs to the character behind it. */
  character(position: number, cell: number): string;
}

/** At positions of a set where nothing is defined. */
export const undefinedCharacter = '\ufffd';

function rightHalfOf(label: string): (position: number) => string {
  const decoder = new TextDecoder(label);
  const characters = Array.from({ length: 96 }, (_, i) => decoder.decode(Uint8Array.of(0xa0 + i)));
  return (position) => characters[position - 0x20] ?? undefinedCharacter;
}

function ascii(differences: ReadonlyMap<number, string> = new Map()): (position: number) => string {
  return (position) => differences.get(position) ?? String.fromCharCode(position);
}

/** Non-spacing marks of the teletex supplementary set: they stand before their letter. */
export const teletexMarks: ReadonlyMap<number, string> = new Map([
  [0x41, '\u0300'],
  [0x42, '\u0301'],
  [0x43, '\u0302'],
  [0x44, '\u0303'],
  [0x45, '\u0304'],
  [0x46, '\u0306'],
  [0x47, '\u0307'],
  [0x48, '\u0308'],
  [0x49, '\u0308'],
  [0x4a, '\u030a'],
  [0x4b, '\u0327'],
  [0x4c, '\u0332'],
  [0x4d, '\u030b'],
  [0x4e, '\u0328'],
  [0x4f, '\u030c'],
]);

/** Rows 2, 3, 6 and 7 of the teletex supplementary set; a space where nothing is defined. */
const teletexSupplementaryRows: ReadonlyMap<number, string> = new Map([
  [0x20, ' ¡¢£$¥#§¤  «    '],
  [0x30, '°±²³×µ¶·÷  »¼½¾¿'],
  [0x60, 'ΩÆĐªĦ ĲĿŁØŒºÞŦŊŉ'],
  [0x70, 'ĸæđðħıĳŀłøœßþŧŋ '],
]);

/** Characters of the teletex supplementary set by position, marks left out. */
export const teletexSupplementary: ReadonlyMap<number, string> = new Map(
  [...teletexSupplementaryRows].flatMap(([first, row]) =>
    Array.from(row).flatMap((character, i) => (character === ' ' ? [] : [[first + i, character] as const])),
  ),
);

function japanese(row: number, cell: number): string {
  return new TextDecoder('euc-jp').decode(Uint8Array.of(row | 0x80, cell | 0x80));
}

/** Initial contents of the left half. */
export const asciiSet: GraphicSet = { registration: 6, size: '94', finalCharacter: 'B', character: ascii() };

export const latin1Set: GraphicSet = {
  registration: 100,
  size: '96',
  finalCharacter: 'A',
  character: (position) => String.fromCharCode(position | 0x80),
};

export const teletexSupplementarySet: GraphicSet = {
  registration: 103,
  size: '94',
  finalCharacter: 'v',
  character: (position) => teletexMarks.get(position) ?? teletexSupplementary.get(position) ?? undefinedCharacter,
};

function upperSet(registration: number, finalCharacter: string, label: string): GraphicSet {
  return { registration, size: '96', finalCharacter, character: rightHalfOf(label) };
}

/** The right halves of ISO 8859, in the order in which they are tried for a text of ours. */
export const upperSets: readonly GraphicSet[] = [
  latin1Set,
  upperSet(203, 'b', 'iso-8859-15'),
  upperSet(101, 'B', 'iso-8859-2'),
  upperSet(148, 'M', 'iso-8859-9'),
  upperSet(109, 'C', 'iso-8859-3'),
  upperSet(110, 'D', 'iso-8859-4'),
  upperSet(126, 'F', 'iso-8859-7'),
  upperSet(144, 'L', 'iso-8859-5'),
  upperSet(138, 'H', 'iso-8859-8'),
  upperSet(127, 'G', 'iso-8859-6'),
];

const graphicSets: readonly GraphicSet[] = [
  asciiSet,
  { registration: 2, size: '94', finalCharacter: '@', character: ascii() },
  {
    registration: 14,
    size: '94',
    finalCharacter: 'J',
    character: ascii(
      new Map([
        [0x5c, '¥'],
        [0x7e, '‾'],
      ]),
    ),
  },
  { registration: 102, size: '94', finalCharacter: 'u', character: ascii() },
  teletexSupplementarySet,
  ...upperSets,
  { registration: 42, size: '94x94', finalCharacter: '@', character: japanese },
  { registration: 87, size: '94x94', finalCharacter: 'B', character: japanese },
];

/** The set that an escape sequence names by size and final octet; undefined when it is none of ours. */
export function graphicSetOf(size: GraphicSetSize, finalCharacter: string): GraphicSet | undefined {
  return graphicSets.find((set) => set.size === size && set.finalCharacter === finalCharacter);
}
