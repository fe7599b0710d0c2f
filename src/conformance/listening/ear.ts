/** From the octets of a TCP connection to what was heard. What breaks RFC 1006 or X.224 is heard as a fault, and nothing after it. */
import { DecodeError } from '../../bytes/decode-error.js';
import { concatOctets } from '../../bytes/octets.js';
import type { Heard, HeardTpdu, HeardUnit } from './heard.js';
import { readTsdu } from './spdu-reader.js';

const headerOctets = 4;
const dataCode = 0xf0;
/** Octets of the fixed part, LI included, of the TPDUs that have parameters. */
const fixedOctets = { CR: 7, CC: 7, DR: 7, ER: 5 } as const;
const nameOfCode: ReadonlyMap<number, keyof typeof fixedOctets> = new Map([
  [0xe0, 'CR'],
  [0xd0, 'CC'],
  [0x80, 'DR'],
  [0x70, 'ER'],
]);

export class Ear {
  /** Every TPDU of the connection. */
  readonly tpdus: Uint8Array[] = [];
  #octets: Uint8Array = new Uint8Array(0);
  #tsdu: Uint8Array[] = [];
  #deaf = false;

  hear(octets: Uint8Array): readonly Heard[] {
    this.#octets = concatOctets(this.#octets, octets);
    const heard: Heard[] = [];
    while (!this.#deaf) {
      try {
        const tpdu = this.#nextTpdu();
        if (tpdu === undefined) break;
        this.tpdus.push(tpdu);
        heard.push(...this.#units(tpdu));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.#deaf = true;
        heard.push({ kind: 'fault', clause: error.clause, text: error.message, octets: this.#octets });
      }
    }
    return heard;
  }

  #nextTpdu(): Uint8Array | undefined {
    const octets = this.#octets;
    const [version, reserved, high, low] = octets;
    if (version === undefined || reserved === undefined || high === undefined || low === undefined) return undefined;
    if (version !== 3 || reserved !== 0) {
      throw new DecodeError(`TPKT header ${String(version)} ${String(reserved)} instead of 3 0`, 'RFC 1006 §6', 0);
    }
    const length = high * 256 + low;
    if (length < headerOctets + 3) throw new DecodeError(`TPKT of ${String(length)} octets`, 'RFC 1006 §6', 2);
    if (octets.length < length) return undefined;
    this.#octets = octets.subarray(length);
    return octets.slice(headerOctets, length);
  }

  #units(tpdu: Uint8Array): readonly Heard[] {
    const code = tpdu[1] ?? 0;
    if (code !== dataCode) return [connectionTpduOf(tpdu)];
    const [lengthIndicator, , mark] = tpdu;
    if (lengthIndicator !== 2 || (mark !== 0 && mark !== 0x80)) {
      throw new DecodeError('a DT with another header than 02 F0 00 or 02 F0 80', 'X.224 §13.7', 0);
    }
    this.#tsdu.push(tpdu.subarray(3));
    if (mark === 0) return [];
    const tsdu = concatOctets(...this.#tsdu);
    this.#tsdu = [];
    return readTsdu(tsdu);
  }
}

function connectionTpduOf(tpdu: Uint8Array): HeardTpdu {
  const name = nameOfCode.get(tpdu[1] ?? 0);
  if (name === undefined) return { kind: 'tpdu', name: 'other', octets: tpdu, parameters: [] };
  const end = (tpdu[0] ?? 0) + 1;
  if (end < fixedOctets[name] || end > tpdu.length) {
    throw new DecodeError(`length indicator ${String(end - 1)} of a ${name}`, 'X.224 §13.2.1', 0);
  }
  const parameters: HeardUnit[] = [];
  for (let offset: number = fixedOctets[name]; offset < end;) {
    const next = offset + 2 + (tpdu[offset + 1] ?? Infinity);
    if (next > end) throw new DecodeError(`a parameter beyond the header of a ${name}`, 'X.224 §13.2.3', offset);
    parameters.push({ code: tpdu[offset] ?? 0, value: tpdu.subarray(offset + 2, next) });
    offset = next;
  }
  return { kind: 'tpdu', name, octets: tpdu, parameters };
}
