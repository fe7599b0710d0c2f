/**
 * Texts of people to and from the character strings of X.420: ia5-text, general-text, TeletexString and GraphicString. What cannot be
 * written becomes a question mark, and is counted with what is cut off, so that a user agent can say so.
 */
import { concatOctets, latin1Octets } from '../bytes/octets.js';
import {
  asciiSet,
  latin1Set,
  teletexMarks,
  teletexSupplementary,
  teletexSupplementarySet,
  undefinedCharacter,
  upperSets,
  type GraphicSet,
} from './character-sets.js';
import { iso2022Text } from './iso2022.js';

/** What a peer puts into TeletexString: what T.61 says, or Latin-1 as many do. */
export type TeletexRepertoire = 't61' | 'latin-1';

export interface WrittenText {
  readonly octets: Uint8Array;
  /** Characters that became a question mark or were cut off. */
  readonly charactersLost: number;
}

export interface WrittenGeneralText extends WrittenText {
  /** Numbers in the ISO register, as the parameters of general-text list them. */
  readonly registrations: readonly number[];
}

const c0Registration = 1;

export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}

/** Every line end as CR LF, by convention of both text body parts. */
export function withNetworkLineEnds(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

/** One line without control characters: they crashed receivers when a subject held them. */
export function onOneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

const questionMark = 0x3f;

function write(text: string, octetsOf: (character: string) => readonly number[] | undefined): WrittenText {
  const octets: number[] = [];
  let charactersLost = 0;
  for (const character of text) {
    const written = octetsOf(character);
    if (written === undefined) charactersLost++;
    octets.push(...(written ?? [questionMark]));
  }
  return { octets: Uint8Array.from(octets), charactersLost };
}

function positionsOf(set: GraphicSet): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (let octet = 0xa0; octet <= 0xff; octet++) {
    const character = set.character(octet & 0x7f, 0);
    if (character !== undefinedCharacter) positions.set(character, octet);
  }
  return positions;
}

/** Shifts and escapes of the text itself would be obeyed by the receiver. */
function withoutShifts(text: string): string {
  return text.replace(/[\u000e\u000f\u001b]/g, ' ');
}

/** Escape sequences that put ASCII into the left half and a set of 96 characters into the right (ISO/IEC 2022 §14.3). */
function announcement(upper: GraphicSet): Uint8Array {
  return latin1Octets(`\u001b(${asciiSet.finalCharacter}\u001b-${upper.finalCharacter}\u001b~`);
}

function joined(head: Uint8Array, written: WrittenText): WrittenText {
  return { ...written, octets: concatOctets(head, written.octets) };
}

/** Text for a general-text body part in the first part of ISO 8859 that holds all of it, Latin-1 when none does. */
export function generalTextOctets(text: string): WrittenGeneralText {
  const plain = withoutShifts(withNetworkLineEnds(text)).normalize('NFC');
  const attempt = (upper: GraphicSet): WrittenGeneralText => {
    const positions = positionsOf(upper);
    const written = write(plain, (character) => {
      const code = character.charCodeAt(0);
      const octet = character.length === 1 && code < 0x80 ? code : positions.get(character);
      return octet === undefined ? undefined : [octet];
    });
    return {
      ...joined(announcement(upper), written),
      registrations: [c0Registration, asciiSet.registration, upper.registration],
    };
  };
  for (const upper of upperSets) {
    const written = attempt(upper);
    if (written.charactersLost === 0) return written;
  }
  return attempt(latin1Set);
}

/** The text of a general-text body part; sets that are not announced are those that the parameters list. */
export function generalText(octets: Uint8Array, registrations: readonly number[]): string {
  const listed = [...upperSets, teletexSupplementarySet].find((set) => registrations.includes(set.registration));
  return iso2022Text(octets, { left: asciiSet, right: listed ?? latin1Set });
}

const teletexOctetOf: ReadonlyMap<string, number> = new Map(
  [...teletexSupplementary].map(([position, character]) => [character, position | 0x80]),
);
/** Of the two octets that both mean diaeresis, the first. */
const teletexMarkOctetOf: ReadonlyMap<string, number> = new Map(
  [...teletexMarks].toReversed().map(([position, mark]) => [mark, position | 0x80]),
);

function teletexCharacter(character: string): readonly number[] | undefined {
  const code = character.charCodeAt(0);
  if (character.length === 1 && code < 0x80) return [code];
  const octet = teletexOctetOf.get(character);
  if (octet !== undefined) return [octet];
  const [letter = '', mark = '', surplus] = character.normalize('NFD');
  const markOctet = teletexMarkOctetOf.get(mark);
  const letterCode = letter.charCodeAt(0);
  return markOctet === undefined || surplus !== undefined || letterCode >= 0x80 ? undefined : [markOctet, letterCode];
}

/** Text as TeletexString, of at most `octetsMax` octets: what is over is lost, never a part of a character. */
export function teletexOctets(text: string, octetsMax = Infinity): WrittenText {
  const characters = Array.from(withoutShifts(text).normalize('NFC'));
  let fitting = 0;
  let octets = 0;
  for (const character of characters) {
    octets += teletexCharacter(character)?.length ?? 1;
    if (octets > octetsMax) break;
    fitting++;
  }
  const written = write(characters.slice(0, fitting).join(''), teletexCharacter);
  return { ...written, charactersLost: written.charactersLost + characters.length - fitting };
}

export function teletexText(octets: Uint8Array, repertoire: TeletexRepertoire): string {
  return iso2022Text(octets, { left: asciiSet, right: repertoire === 't61' ? teletexSupplementarySet : latin1Set });
}

/** Text as GraphicString: ASCII as it is, otherwise Latin-1 with its announcement. */
export function graphicOctets(text: string): WrittenText {
  const line = onOneLine(text).normalize('NFC');
  const written = write(line, (character) => {
    const code = character.charCodeAt(0);
    return character.length === 1 && code <= 0xff ? [code] : undefined;
  });
  return isAscii(line) ? written : joined(announcement(latin1Set), written);
}

export function graphicText(octets: Uint8Array): string {
  return iso2022Text(octets, { left: asciiSet, right: latin1Set });
}
