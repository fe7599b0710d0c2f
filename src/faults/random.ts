/**
 * Numbers that look random and are the same for the same seed everywhere: xoshiro128** 1.1 (Blackman and Vigna), its state filled from the
 * seed by SplitMix32.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `seed`: the lowest 32 bits of it count; `stream` gives independent numbers for another use of the same seed. */
  constructor(seed: number, stream = 0) {
    const next = splitMix32((seed ^ Math.imul(stream, 0x9e3779b9)) >>> 0);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1; // Never all zero.
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    return this.next() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** A whole number, both ends included and at least 1; each power of ten as likely as the next. */
  magnitude(least: number, most: number): number {
    const value = Math.exp(Math.log(least) + this.fraction() * (Math.log(most) - Math.log(least)));
    return Math.min(Math.max(Math.round(value), least), most);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Throws on an empty list. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  octets(count: number): Uint8Array<ArrayBuffer> {
    const octets = new Uint8Array(count);
    for (let i = 0; i < count; i += 4) {
      const word = this.next();
      octets[i] = word;
      octets[i + 1] = word >>> 8;
      octets[i + 2] = word >>> 16;
      octets[i + 3] = word >>> 24;
    }
    return octets;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function splitMix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
