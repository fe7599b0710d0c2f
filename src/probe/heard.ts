/** What the peer says while an association is opened and released, as it passes: for what the layers keep to themselves. */
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { decodeTsdu, spduNameOf } from '../session/concatenation.js';
import type { DecodedSpdu } from '../session/codec.js';
import { decodeTpdu } from '../transport/codec.js';
import { TpktReader, tpktOctetsMax } from '../transport/tpkt.js';
import { TsduReassembly } from '../transport/tsdu.js';

/** Longest TSDU that is looked into, octets: an ACCEPT or a REFUSE is far shorter. */
const tsduOctetsMax = 1024 * 1024;
const sessionVersion2 = 2;

export interface Heard {
  /** Of a TPDU that is not DT, or an SPDU, as the Recommendations abbreviate it. */
  readonly name: string;
  /** Of an ACCEPT. */
  readonly sessionVersion?: 1 | 2;
}

/** Listens beside the layers. What it cannot read it leaves to them: they have their own words for it. */
export class PeerListener {
  readonly #reader = new TpktReader();
  readonly #tsdu = new TsduReassembly(tsduOctetsMax);
  #deaf = false;

  /** Everything that these octets complete. */
  take(octets: Uint8Array): readonly Heard[] {
    if (this.#deaf) return [];
    const heard: Heard[] = [];
    try {
      for (const packet of this.#reader.read(octets, () => tpktOctetsMax)) heard.push(...this.#packet(packet));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#deaf = true;
    }
    return heard;
  }

  #packet(packet: ByteList): readonly Heard[] {
    const { tpdu } = decodeTpdu(packet);
    if (tpdu.type !== 'DT') return [{ name: tpdu.type }];
    const tsdu = this.#tsdu.append(tpdu);
    return tsdu === undefined || tsdu.length === 0 ? [] : decodeTsdu(tsdu).map(heardOf);
  }
}

function heardOf(spdu: DecodedSpdu): Heard {
  const name = spduNameOf(spdu);
  if (!('spdu' in spdu) || spdu.spdu !== 'AC') return { name };
  const offered = spdu.connectAcceptItem?.versionNumber ?? 1;
  return { name, sessionVersion: (offered & sessionVersion2) === 0 ? 1 : 2 };
}
