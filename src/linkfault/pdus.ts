/** What a TSDU is, by all the names that its SPDUs and the APDUs of reliable transfer in them have. */
import { sessionConnectionName } from '../association/session-connection.js';
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { toHex } from '../bytes/octets.js';
import type { PduName } from '../faults/pdu-trigger.js';
import { spduNameOf, decodeTsdu } from '../session/concatenation.js';
import type { DecodedSpdu } from '../session/codec.js';
import { spduTable, type Spdu, type SpduName } from '../session/pdu.js';
import { openAnswerFacts, openRequestFacts } from './rts-apdus.js';

export type Facts = Readonly<Record<string, string | number>>;

export interface Pdu {
  readonly name: PduName;
  /** What a timeline says of it. */
  readonly facts: Facts;
}

/** The SPDUs of a TSDU in the order in which they are processed, each followed by the APDU in it; none if it cannot be read. */
export function pdusOf(tsdu: ByteList): readonly Pdu[] {
  return read(() => decodeTsdu(tsdu).flatMap(pdusOfSpdu)) ?? [];
}

/** The value, or undefined where the octets are malformed. */
function read<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The names of X.225 are those by which faults are triggered; a test holds the two lists against each other. */
function standardName(name: SpduName): PduName {
  return spduTable(name).name as PduName;
}

function pdusOfSpdu(spdu: DecodedSpdu): readonly Pdu[] {
  const name = standardName(spduNameOf(spdu));
  if ('continues' in spdu) return [{ name, facts: { segment: spdu.last ? 'last' : 'middle' } }];
  // A prefix without tokens does nothing: X.225 §6.3.7.
  if ((spdu.spdu === 'GT' || spdu.spdu === 'PT') && spdu.tokenItem === undefined) return [];
  return [{ name, facts: factsOf(spdu) }, ...apdusOf(spdu)];
}

function factsOf(spdu: Spdu): Facts {
  switch (spdu.spdu) {
    case 'MIP':
    case 'MIA':
    case 'AE':
    case 'AEA':
      return { serialNumber: spdu.serialNumber };
    case 'AS':
      return { activity: toHex(spdu.activityIdentifier) };
    case 'AR': {
      const { oldActivityIdentifier, serialNumber, ...session } = spdu.linkingInformation;
      return {
        activity: toHex(spdu.activityIdentifier),
        oldActivity: toHex(oldActivityIdentifier),
        serialNumber,
        ...(session.calling === undefined ? {} : { startedOn: sessionName(session) }),
      };
    }
    case 'CN':
      return spdu.identifier === undefined ? {} : { session: sessionName(spdu.identifier) };
    case 'AI':
    case 'AD':
    case 'ED':
      return spdu.reason === undefined ? {} : { reason: spdu.reason };
    default:
      return {};
  }
}

interface References {
  readonly calling?: Uint8Array | undefined;
  readonly common?: Uint8Array | undefined;
  readonly additional?: Uint8Array | undefined;
}

/** The name of a session connection, by which a recovery and a resumption refer to it. */
function sessionName({ calling, common, additional }: References): string {
  return sessionConnectionName({
    ...(calling === undefined ? {} : { calling }),
    ...(common === undefined ? {} : { common }),
    ...(additional === undefined ? {} : { additional }),
  });
}

function apdusOf(spdu: Spdu): readonly Pdu[] {
  switch (spdu.spdu) {
    case 'CN': {
      const facts = read(() => openRequestFacts(spdu.userData ?? spdu.extendedUserData));
      return facts === undefined ? [] : [{ name: 'RTORQ', facts }];
    }
    case 'AC': {
      const facts = read(() => openAnswerFacts(spdu.userData));
      return facts === undefined ? [] : [{ name: 'RTOAC', facts }];
    }
    case 'RF':
      return [{ name: 'RTORJ', facts: {} }];
    case 'PT':
      return spdu.userData === undefined ? [] : [{ name: 'RTTP', facts: {} }];
    case 'AB':
      return spdu.userData === undefined ? [] : [{ name: 'RTAB', facts: {} }];
    default:
      return [];
  }
}
