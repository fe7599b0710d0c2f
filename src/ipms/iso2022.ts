/**
 * Character strings that announce their sets by escape sequences (ISO/IEC 2022): general-text (X.420), GraphicString and TeletexString.
 * Reading is liberal: sets that are not announced are taken from the caller's initial state, unknown escapes are dropped, nothing fails.
 */
import { asciiSet, graphicSetOf, teletexMarks, type GraphicSet, type GraphicSetSize } from './character-sets.js';

const escape = 0x1b;

/** What is designated and invoked before the first octet. */
export interface InitialSets {
  readonly left: GraphicSet;
  readonly right: GraphicSet;
}

interface Designation {
  readonly size: GraphicSetSize;
  /** Which of G0..G3 the set becomes. */
  readonly element: number;
}

function designationsOf(size: GraphicSetSize, prefix: string, octets: string, first: number): [string, Designation][] {
  return Array.from(octets, (octet, i) => [`${prefix}${octet}`, { size, element: first + i }]);
}

/** By the intermediate octets of the escape sequence that designates (ISO/IEC 2022 §14.3). */
const designations: ReadonlyMap<string, Designation> = new Map([
  ...designationsOf('94', '', '()*+', 0),
  ...designationsOf('96', '', '-./', 1),
  ...designationsOf('94x94', '$', '()*+', 0),
  ['$', { size: '94x94', element: 0 }],
]);

type Half = 'left' | 'right';

/** Escape sequences without intermediate octets that invoke a set (ISO/IEC 2022, locking shifts). */
const invocations: ReadonlyMap<string, { readonly half: Half; readonly element: number }> = new Map([
  ['n', { half: 'left', element: 2 }],
  ['o', { half: 'left', element: 3 }],
  ['~', { half: 'right', element: 1 }],
  ['}', { half: 'right', element: 2 }],
  ['|', { half: 'right', element: 3 }],
]);

const shiftOut = 0x0e;
const shiftIn = 0x0f;
const singleShifts: ReadonlyMap<number, number> = new Map([
  [0x8e, 2],
  [0x8f, 3],
]);

class Reader {
  readonly #octets: Uint8Array;
  readonly #elements: (GraphicSet | undefined)[];
  readonly #invoked: Record<Half, number> = { left: 0, right: 1 };
  #position = 0;
  #singleShift: number | undefined;
  /** A mark that waits for its letter (T.61). */
  #mark = '';
  #text = '';

  constructor(octets: Uint8Array, initial: InitialSets) {
    this.#octets = octets;
    this.#elements = [initial.left, initial.right, undefined, undefined];
  }

  read(): string {
    for (;;) {
      const octet = this.#next();
      if (octet === undefined) break;
      this.#take(octet);
    }
    if (this.#mark !== '') this.#text += ` ${this.#mark}`;
    return this.#text.normalize('NFC');
  }

  #next(): number | undefined {
    return this.#octets[this.#position++];
  }

  #take(octet: number): void {
    const singleShift = singleShifts.get(octet);
    if (octet === escape) this.#escape();
    else if (octet === shiftOut) this.#invoked.left = 1;
    else if (octet === shiftIn) this.#invoked.left = 0;
    else if (singleShift !== undefined && this.#elements[singleShift] !== undefined) this.#singleShift = singleShift;
    else if ((octet & 0x7f) < 0x20 || octet === 0x7f) this.#text += String.fromCharCode(octet);
    else this.#graphic(octet);
  }

  #graphic(octet: number): void {
    const half = octet >= 0x80 ? 'right' : 'left';
    const element = this.#singleShift ?? this.#invoked[half];
    this.#singleShift = undefined;
    const set = this.#elements[element] ?? asciiSet;
    const position = octet & 0x7f;
    if (position === 0x20 && set.size !== '96') {
      this.#add(' ');
      return;
    }
    const cell = set.size === '94x94' ? (this.#next() ?? 0) & 0x7f : 0;
    const character = set.character(position, cell);
    if (teletexMarks.get(position) === character) this.#mark = character;
    else this.#add(character);
  }

  #add(character: string): void {
    this.#text += character + this.#mark;
    this.#mark = '';
  }

  #escape(): void {
    let intermediate = '';
    for (;;) {
      const octet = this.#next();
      if (octet === undefined) return;
      if (octet < 0x20 || octet > 0x7e) {
        this.#position--;
        return;
      }
      if (octet <= 0x2f) intermediate += String.fromCharCode(octet);
      else {
        this.#obey(intermediate, String.fromCharCode(octet));
        return;
      }
    }
  }

  #obey(intermediate: string, final: string): void {
    const invocation = invocations.get(final);
    const designation = designations.get(intermediate);
    if (intermediate === '') {
      if (final === 'N' || final === 'O') this.#singleShift = final === 'N' ? 2 : 3;
      else if (invocation !== undefined) this.#invoked[invocation.half] = invocation.element;
    } else if (designation !== undefined) {
      const set = graphicSetOf(designation.size, final);
      if (set !== undefined) this.#elements[designation.element] = set;
    }
  }
}

/** The text of octets that may hold escape sequences and shifts. Never fails: what has no meaning becomes U+FFFD or is dropped. */
export function iso2022Text(octets: Uint8Array, initial: InitialSets): string {
  return new Reader(octets, initial).read();
}
