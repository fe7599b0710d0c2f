/** Primitives and timers as events of the state table, their APDUs decoded. */
import type { AcseIndication } from '../acse/service.js';
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { rtseAbstractSyntax, type PresentationData, type ReliableTransferMode } from '../presentation/service.js';
import type { ActivityLink, ExceptionReason, Token } from '../session/service.js';
import {
  absentPriority,
  decodeRtab,
  decodeRtoac,
  decodeRtorj,
  decodeRtorq,
  decodeRttp,
  type Abort,
  type OpenAnswer,
  type OpenRefusal,
  type OpenRequest,
} from './codec.js';
import { decodeRttr } from './rttr.js';
import type { RtseRequest } from './service.js';
import type { EventName } from './state-table/names.js';

type Indication<T extends AcseIndication['type']> = Extract<AcseIndication, { type: T }>;
type AcceptConfirm = Extract<Indication<'A-ASSOCIATE.confirm'>, { result: 'accept' }>;
type RejectConfirm = Extract<Indication<'A-ASSOCIATE.confirm'>, { result: 'reject' }>;

type FromBelow =
  | { readonly name: 'RTORQ'; readonly indication: Indication<'A-ASSOCIATE.indication'>; readonly apdu: OpenRequest }
  | { readonly name: 'RTOAC'; readonly confirm: AcceptConfirm; readonly apdu: OpenAnswer }
  | { readonly name: 'refusal'; readonly confirm: RejectConfirm; readonly apdu: OpenRefusal | undefined }
  | { readonly name: 'RTTR'; readonly octets: ByteList }
  | { readonly name: 'RTTP'; readonly priority: number }
  | { readonly name: 'GT'; readonly tokens: readonly Token[] }
  | { readonly name: 'MIP'; readonly serialNumber: number }
  | { readonly name: 'MIA'; readonly serialNumber: number }
  | { readonly name: 'ED'; readonly reason: ExceptionReason }
  | { readonly name: 'AS'; readonly activityIdentifier: Uint8Array }
  | { readonly name: 'AR'; readonly activityIdentifier: Uint8Array; readonly link: ActivityLink }
  | { readonly name: 'GTC' | 'GTA' | 'ER' | 'AI' | 'AIA' | 'AD' | 'ADA' | 'AE' | 'AEA' | 'RLRQ' | 'RLRE' }
  | { readonly name: 'RTAB'; readonly source: 'user' | 'provider'; readonly apdu: Abort | undefined }
  | { readonly name: 'A-P-ABORT'; readonly indication: Indication<'A-P-ABORT.indication'> };

type FromAbove = {
  [T in RtseRequest['type']]: { readonly name: T; readonly request: Extract<RtseRequest, { type: T }> };
}[RtseRequest['type']];

export type TimerName = 'transfer' | 'acknowledgement' | 'close';

type Internal =
  | { readonly name: 'last piece sent' | `${TimerName} timer` }
  | { readonly name: 'protocol error'; readonly text: string };

export type RtpmEvent = FromBelow | FromAbove | Internal;

/** An action or a predicate stands only in cells of the event that it needs; this tells the compiler. */
export function as<Name extends EventName>(event: RtpmEvent, name: Name): Extract<RtpmEvent, { name: Name }> {
  assert(event.name === name, () => `${event.name} in a cell that needs ${name}`);
  return event as Extract<RtpmEvent, { name: Name }>;
}

export function eventOfRequest(request: RtseRequest): RtpmEvent {
  return { name: request.type, request } as FromAbove;
}

export function eventOfTimer(timer: string): RtpmEvent {
  assert(timer === 'transfer' || timer === 'acknowledgement' || timer === 'close', () => `timer ${timer}`);
  return { name: `${timer} timer` };
}

/** Throws DecodeError where an APDU cannot be read, or stands in a context that is not reliable transfer's. */
export function eventOfIndication(indication: AcseIndication, mode: ReliableTransferMode | undefined): RtpmEvent {
  switch (indication.type) {
    case 'A-ASSOCIATE.indication':
      return { name: 'RTORQ', indication, apdu: decodeRtorq(indication.userInformation) };
    case 'A-ASSOCIATE.confirm':
      return indication.result === 'accept'
        ? { name: 'RTOAC', confirm: indication, apdu: decodeRtoac(indication.userInformation) }
        : { name: 'refusal', confirm: indication, apdu: lastWord(decodeRtorj, indication.userInformation) };
    case 'P-DATA.indication':
      if (mode !== 'normal') return { name: 'RTTR', octets: indication.userData };
      expectReliableTransfer(indication.abstractSyntax);
      return { name: 'RTTR', octets: decodeRttr(indication.userData) };
    case 'P-TOKEN-PLEASE.indication':
      return { name: 'RTTP', priority: priorityIn(indication.userData, mode) };
    case 'S-TOKEN-GIVE.indication':
      return { name: 'GT', tokens: indication.tokens };
    case 'S-CONTROL-GIVE.indication':
      return { name: 'GTC' };
    case 'S-CONTROL-GIVE.confirm':
      return { name: 'GTA' };
    case 'S-SYNC-MINOR.indication':
      return { name: 'MIP', serialNumber: indication.serialNumber };
    case 'S-SYNC-MINOR.confirm':
      return { name: 'MIA', serialNumber: indication.serialNumber };
    case 'S-U-EXCEPTION-REPORT.indication':
      return { name: 'ED', reason: indication.reason };
    case 'S-P-EXCEPTION-REPORT.indication':
      return { name: 'ER' };
    case 'S-ACTIVITY-START.indication':
      return { name: 'AS', activityIdentifier: indication.activityIdentifier };
    case 'S-ACTIVITY-RESUME.indication':
      return { name: 'AR', activityIdentifier: indication.activityIdentifier, link: indication.link };
    case 'S-ACTIVITY-INTERRUPT.indication':
      return { name: 'AI' };
    case 'S-ACTIVITY-INTERRUPT.confirm':
      return { name: 'AIA' };
    case 'S-ACTIVITY-DISCARD.indication':
      return { name: 'AD' };
    case 'S-ACTIVITY-DISCARD.confirm':
      return { name: 'ADA' };
    case 'S-ACTIVITY-END.indication':
      return { name: 'AE' };
    case 'S-ACTIVITY-END.confirm':
      return { name: 'AEA' };
    case 'A-RELEASE.indication':
      return { name: 'RLRQ' };
    case 'A-RELEASE.confirm':
      return { name: 'RLRE' };
    case 'A-ABORT.indication':
      return { name: 'RTAB', source: indication.source, apdu: lastWord(decodeRtab, indication.userInformation) };
    case 'A-P-ABORT.indication':
      return { name: 'A-P-ABORT', indication };
  }
}

function expectReliableTransfer(abstractSyntax: string): void {
  if (abstractSyntax === rtseAbstractSyntax) return;
  throw new DecodeError(`an APDU of abstract syntax ${abstractSyntax}`, 'X.228 §8', 0);
}

function priorityIn(userData: PresentationData | undefined, mode: ReliableTransferMode | undefined): number {
  if (userData === undefined) return absentPriority;
  if (mode === 'normal') expectReliableTransfer(userData.abstractSyntax);
  return decodeRttp(userData.octets);
}

/** The association is over whatever the APDU says: one that cannot be read counts as absent. */
function lastWord<Apdu>(decode: (octets: Uint8Array) => Apdu, octets: Uint8Array | undefined): Apdu | undefined {
  if (octets === undefined) return undefined;
  try {
    return decode(octets);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
