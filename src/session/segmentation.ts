/**
 * Long user data. Version 2 continues an SPDU that would grow too long in further SPDUs of the same code, each a TSDU of its own. Data SSDUs
 * are never segmented by us, as we never select a maximum TSDU size, but their segments are put together whenever a peer sends some.
 * X.225 §7.37, §8.4
 */
import { ByteList } from '../bytes/byte-list.js';
import { assert } from '../osi/machine.js';
import { encodeSpdu, ENCLOSURE_BEGINNING, ENCLOSURE_END, endsSsdu, type DecodedSpdu } from './codec.js';
import { encodeContinuationTsdu, encodeTsdu, spduNameOf } from './concatenation.js';
import { Pieces } from './pieces.js';
import {
  CONTINUATION_OCTETS_MAX,
  PARAMETER_FIELD_OCTETS_MAX,
  spduTable,
  type Continuation,
  type Spdu,
  type SpduOf,
} from './pdu.js';

const noOctets = new Uint8Array(0);

/** SI, a long length indicator, and the parameter field. */
const LONG_HEADER_OCTETS = 4;
/** PI 25 with its length and value. */
const ENCLOSURE_ITEM_OCTETS = 3;

/** So much user data fits beside the other parameters of any SPDU. */
const UNSEGMENTED_OCTETS_MAX = 65_000;

/** The TSDUs that carry an SPDU. Only version 2 has means for more user data than fits one. */
export function tsdusOf(spdu: Spdu, version: 1 | 2): readonly ByteList[] {
  const { segmented, version1OctetsMax = 0 } = spduTable(spdu.spdu);
  if (segmented === undefined) return [encodeTsdu(spdu)];
  const userData = segmentedOctets(spdu);
  if (version === 1) {
    assert(
      userData.length <= version1OctetsMax,
      () => `${spdu.spdu} with ${String(userData.length)} octets in version 1`,
    );
    return [encodeTsdu(spdu)];
  }
  if (userData.length <= UNSEGMENTED_OCTETS_MAX) return [encodeTsdu(spdu)];
  const bare = encodeSpdu(withSegment(spdu, new Uint8Array(0)));
  const room = PARAMETER_FIELD_OCTETS_MAX - bare.length - LONG_HEADER_OCTETS;
  if (userData.length <= room) return [encodeTsdu(spdu)];
  const first = room - ENCLOSURE_ITEM_OCTETS;
  const tsdus = [encodeTsdu(firstSegment(spdu, userData.subarray(0, first)))];
  for (let start = first; start < userData.length; start += CONTINUATION_OCTETS_MAX) {
    const end = Math.min(start + CONTINUATION_OCTETS_MAX, userData.length);
    const last = end === userData.length;
    tsdus.push(encodeContinuationTsdu({ continues: spdu.spdu, last, userData: userData.subarray(start, end) }));
  }
  return tsdus;
}

/** The parameter that may be long, empty if absent. */
export function segmentedOctets(spdu: Spdu): Uint8Array {
  const { segmented } = spduTable(spdu.spdu);
  const value = segmented === undefined ? undefined : (spdu as Readonly<Record<string, unknown>>)[segmented];
  return value instanceof Uint8Array ? value : noOctets;
}

/** The same SPDU with other octets there. */
function withSegment(spdu: Spdu, userData: Uint8Array): Spdu {
  const { segmented } = spduTable(spdu.spdu);
  return segmented === undefined ? spdu : { ...spdu, [segmented]: userData };
}

function firstSegment(spdu: Spdu, userData: Uint8Array): Spdu {
  return { ...withSegment(spdu, userData), enclosureItem: ENCLOSURE_BEGINNING } as Spdu;
}

/** A whole SPDU; `partial` if more is to come; or the rule that the peer broke. */
export type Reassembled =
  | { readonly outcome: 'complete'; readonly spdu: Spdu }
  | { readonly outcome: 'partial' }
  | { readonly outcome: 'violation'; readonly text: string };

/** What may stand between the segments of a data SSDU; it destroys what has come of it. X.225 §7.37 */
const INTERRUPTS_DATA: ReadonlySet<string> = new Set(['ER', 'ED', 'AI', 'AD', 'AB']);

export class Reassembly {
  readonly #userDataOctetsMax: number;
  readonly #dataOctetsMax: number;
  #data: Pieces | undefined;
  #long: { readonly first: Spdu; readonly pieces: Pieces } | undefined;

  constructor(userDataOctetsMax: number, dataOctetsMax: number) {
    this.#userDataOctetsMax = userDataOctetsMax;
    this.#dataOctetsMax = dataOctetsMax;
  }

  /** Takes any SPDU but DATA TRANSFER. */
  accept(spdu: DecodedSpdu, version: 1 | 2): Reassembled {
    const name = spduNameOf(spdu);
    if (this.#data !== undefined && !INTERRUPTS_DATA.has(name)) {
      return violation(`${name} between the segments of a data SSDU`);
    }
    this.dropData();
    if ('continues' in spdu) return this.#continue(spdu);
    if (this.#long !== undefined && name !== 'AB') return violation(`${name} between the segments of another SPDU`);
    this.#long = undefined;
    if (!begins(spdu, version)) return { outcome: 'complete', spdu };
    this.#long = { first: spdu, pieces: new Pieces() };
    this.#long.pieces.add(segmentedOctets(spdu));
    return { outcome: 'partial' };
  }

  /** Takes a DATA TRANSFER. The Enclosure Item is honoured whether or not a maximum TSDU size was selected. */
  acceptData({ enclosureItem = ENCLOSURE_BEGINNING | ENCLOSURE_END, userInformation }: SpduOf<'DT'>): Reassembled {
    if (this.#long !== undefined) return violation('DT between the segments of another SPDU');
    const beginning = (enclosureItem & ENCLOSURE_BEGINNING) !== 0;
    if (beginning === (this.#data !== undefined)) return violation('segments of a data SSDU out of order');
    const data = this.#data ?? new Pieces();
    data.add(userInformation);
    this.#data = data;
    if ((enclosureItem & ENCLOSURE_END) === 0) {
      if (data.length <= this.#dataOctetsMax) return { outcome: 'partial' };
      return violation(`a segmented data SSDU of more than ${String(this.#dataOctetsMax)} octets`);
    }
    this.dropData();
    return { outcome: 'complete', spdu: { spdu: 'DT', userInformation: data.joined() } };
  }

  /** Forgets the beginning of a data SSDU that will not be completed. */
  dropData(): void {
    this.#data = undefined;
  }

  #continue({ continues, last, userData }: Continuation): Reassembled {
    const long = this.#long;
    if (long?.first.spdu !== continues) return violation(`a further segment of ${continues} without the first`);
    long.pieces.add(userData);
    if (long.pieces.length > this.#userDataOctetsMax) {
      return violation(`${continues} with more than ${String(this.#userDataOctetsMax)} octets of user data`);
    }
    if (!last) return { outcome: 'partial' };
    this.#long = undefined;
    return { outcome: 'complete', spdu: withSegment(long.first, long.pieces.joined().toUint8Array()) };
  }
}

/** Version 1 has no Enclosure Item but in DATA TRANSFER, and skips it like any unknown parameter. */
function begins(spdu: Spdu, version: 1 | 2): boolean {
  return version === 2 && spduTable(spdu.spdu).segmented !== undefined && !endsSsdu(spdu);
}

function violation(text: string): Reassembled {
  return { outcome: 'violation', text };
}
