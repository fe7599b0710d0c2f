/** Session TSDUs in clear, alone or in the packets of one direction of a TCP connection. */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { decodeTsdu, spduNameOf } from '../session/concatenation.js';
import type { DecodedSpdu } from '../session/codec.js';
import { spduTable } from '../session/pdu.js';
import { decodeTpdu } from '../transport/codec.js';
import { TpktReader, tpktOctetsMax } from '../transport/tpkt.js';
import { TsduReassembly } from '../transport/tsdu.js';
import { berPlainOf } from './decode-ber.js';
import { octetsText, plainWith, type PlainRule, type PlainValue } from './decode-plain.js';

/** User data of the connection's beginning and end are whole encodings; in between they are pieces of one. */
const userDataNames: ReadonlySet<string> = new Set(['userData', 'extendedUserData', 'userInformation']);

const userData: PlainRule = (value, name) => {
  if (!userDataNames.has(name)) return undefined;
  if (value instanceof ByteList) return berPlainOf(value.toUint8Array()) ?? octetsText(value);
  return value instanceof Uint8Array ? (berPlainOf(value) ?? octetsText(value)) : undefined;
};

const plain = plainWith([userData]);

/** Members that the title says already. */
const titleMembers: ReadonlySet<string> = new Set(['spdu', 'continues', 'type']);

function parametersPlain(unit: object): PlainValue {
  return plain(Object.fromEntries(Object.entries(unit).filter(([name]) => !titleMembers.has(name))));
}

function spduPlain(spdu: DecodedSpdu): PlainValue {
  const name = spduNameOf(spdu);
  const title = `${name} ${spduTable(name).name}`;
  return { ['continues' in spdu ? `${title} continued` : title]: parametersPlain(spdu) };
}

/** The SPDUs in the order in which they are processed. Throws DecodeError. */
function tsduPlain(tsdu: ByteList): PlainValue {
  return decodeTsdu(tsdu).map(spduPlain);
}

const tpktVersion = 3;

/** TPDUs of consecutive packets; the TSDU with the last DT of each. Throws DecodeError. */
function packetsPlain(octets: Uint8Array): PlainValue {
  const reader = new TpktReader();
  const reassembly = new TsduReassembly(Infinity);
  const shown: PlainValue[] = [];
  for (const packet of reader.read(octets, () => tpktOctetsMax)) {
    const { tpdu } = decodeTpdu(packet);
    if (tpdu.type !== 'DT') {
      shown.push({ [tpdu.type]: parametersPlain(tpdu) });
      continue;
    }
    const tsdu = reassembly.append(tpdu);
    const { endOfTsdu, userData: data } = tpdu;
    shown.push({ DT: { endOfTsdu, octets: data.length, ...(tsdu !== undefined && { tsdu: tsduPlain(tsdu) }) } });
  }
  if (!reader.atBoundary) throw new DecodeError('the last packet is cut short', 'RFC 1006 §6', octets.length);
  return shown;
}

/** One TSDU, or the packets of one direction from their beginning. Throws DecodeError. */
export function sessionPlain(octets: Uint8Array): PlainValue {
  return octets[0] === tpktVersion ? packetsPlain(octets) : tsduPlain(ByteList.of(octets));
}
