/** A packet of RFC 1006 tells its length in the last two of four octets (§6). */
const headerOctets = 4;

/** Finds where the packets of RFC 1006 end in one direction of a connection. */
export class PacketEnds {
  readonly #header: number[] = [];
  #missing = 0;

  /** How many of these octets, which follow those seen before, end a packet first; undefined: none does. Those octets are then seen. */
  next(octets: Uint8Array): number | undefined {
    for (let position = 0; position < octets.length;) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, octets.length - position);
        this.#missing -= taken;
        position += taken;
        if (this.#missing === 0) return position;
        continue;
      }
      this.#header.push(octets[position++] ?? 0);
      if (this.#header.length < headerOctets) continue;
      const [, , high = 0, low = 0] = this.#header.splice(0);
      this.#missing = Math.max(high * 256 + low - headerOctets, 1);
    }
    return undefined;
  }
}
