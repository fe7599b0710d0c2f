/**
 * A BIT STRING with named bits. Trailing zero bits carry no meaning (X.690 §11.2.2), so strings are compared by `equals`, never by octets;
 * they are kept as they came, for relaying.
 */
export class BitString {
  static readonly empty = new BitString(new Uint8Array(0), 0);

  readonly octets: Uint8Array;
  /** Bits of the last octet that are not part of the string, 0..7. */
  readonly unusedBits: number;

  constructor(octets: Uint8Array, unusedBits: number) {
    this.octets = octets;
    this.unusedBits = unusedBits;
  }

  /** The shortest string in which just these bits are one, of at least `bitsMin` bits. Bit 0 is the leading bit. */
  static of(bits: readonly number[], bitsMin = 0): BitString {
    let length = bitsMin;
    for (const bit of bits) length = Math.max(length, bit + 1);
    const octets = new Uint8Array(Math.ceil(length / 8));
    for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    return new BitString(octets, octets.length * 8 - length);
  }

  get length(): number {
    return this.octets.length * 8 - this.unusedBits;
  }

  has(bit: number): boolean {
    return bit < this.length && ((this.octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  }

  /** The numbers of the bits that are one, ascending. */
  bits(): number[] {
    const set: number[] = [];
    for (let bit = 0; bit < this.length; bit++) if (this.has(bit)) set.push(bit);
    return set;
  }

  equals(other: BitString): boolean {
    return this.bits().join() === other.bits().join();
  }
}
