import type { Spdu, SpduOf } from './pdu.js';
import { SYNC_DATA_SEPARATION, SYNC_MAJOR, tokensOf, TRANSPORT_RELEASE } from './field-values.js';
import type { SessionIndication, SessionRequest, Token } from './service.js';
import type { SessionEvent } from './state-table/names.js';

type ProviderAbort = Extract<SessionIndication, { readonly type: 'S-P-ABORT.indication' }>;

/** Why the session connection ends without its user's will. */
export interface Fault extends Pick<ProviderAbort, 'cause' | 'origin' | 'text'> {
  /** For S-CONNECT: the same attempt may succeed later. */
  readonly transient: boolean;
  /** Bits of PI 17 in the ABORT that we send. */
  readonly abortReason: number;
}

/** An event of the state table with what its predicates and actions need to know of it. */
export interface Occurrence {
  readonly event: SessionEvent;
  readonly request?: SessionRequest;
  readonly spdu?: Spdu;
  /** n of the tables. */
  readonly serialNumber?: number;
  /** RT or GT of the tables. */
  readonly tokens?: readonly Token[];
  readonly fault?: Fault;
  /** RF reason, where it is not the user's. */
  readonly refusal?: number;
}

const EVENT_OF_REQUEST: Readonly<Record<SessionRequest['type'], SessionEvent>> = {
  'S-CONNECT.request': 'SCONreq',
  'S-CONNECT.response': 'SCONrsp+',
  'S-DATA.request': 'SDTreq',
  'S-TOKEN-GIVE.request': 'SGTreq',
  'S-TOKEN-PLEASE.request': 'SPTreq',
  'S-CONTROL-GIVE.request': 'SCGreq',
  'S-SYNC-MINOR.request': 'SSYNmreq',
  'S-SYNC-MINOR.response': 'SSYNmrsp',
  'S-U-EXCEPTION-REPORT.request': 'SUERreq',
  'S-ACTIVITY-START.request': 'SACTSreq',
  'S-ACTIVITY-RESUME.request': 'SACTRreq',
  'S-ACTIVITY-INTERRUPT.request': 'SACTIreq',
  'S-ACTIVITY-INTERRUPT.response': 'SACTIrsp',
  'S-ACTIVITY-DISCARD.request': 'SACTDreq',
  'S-ACTIVITY-DISCARD.response': 'SACTDrsp',
  'S-ACTIVITY-END.request': 'SACTEreq',
  'S-ACTIVITY-END.response': 'SACTErsp',
  'S-RELEASE.request': 'SRELreq',
  'S-RELEASE.response': 'SRELrsp+',
  'S-U-ABORT.request': 'SUABreq',
};

export function occurrenceOfRequest(request: SessionRequest): Occurrence {
  const event = EVENT_OF_REQUEST[request.type];
  switch (request.type) {
    case 'S-CONNECT.response':
      return { event: request.result === 'accept' ? event : 'SCONrsp-', request };
    case 'S-SYNC-MINOR.response':
      return { event, request, serialNumber: request.serialNumber };
    case 'S-ACTIVITY-RESUME.request':
      return { event, request, serialNumber: request.link.serialNumber };
    case 'S-TOKEN-GIVE.request':
    case 'S-TOKEN-PLEASE.request':
      return { event, request, tokens: request.tokens };
    default:
      return { event, request };
  }
}

/** What a whole SPDU means: one event; none for an empty prefix; two for an ACCEPT that also asks for tokens. X.225 §7.4 */
export function occurrencesOfSpdu(spdu: Spdu): readonly Occurrence[] {
  switch (spdu.spdu) {
    case 'AC': {
      const tokens = tokensOf(spdu.tokenItem ?? 0);
      const accepted: Occurrence = { event: 'AC', spdu };
      return tokens.length === 0 ? [accepted] : [accepted, { event: 'PT', spdu: { spdu: 'PT' }, tokens }];
    }
    case 'GT':
    case 'PT': {
      const tokens = tokensOf(spdu.tokenItem ?? 0);
      return tokens.length === 0 ? [] : [{ event: spdu.spdu, spdu, tokens }];
    }
    case 'MIP':
      return [{ event: hasBit(spdu.syncTypeItem, SYNC_DATA_SEPARATION) ? 'unselected' : 'MIP', ...numbered(spdu) }];
    case 'AE':
      return [{ event: hasBit(spdu.syncTypeItem, SYNC_MAJOR) ? 'unselected' : 'AE', ...numbered(spdu) }];
    case 'AEA':
      return [{ event: 'MAA/AEA', ...numbered(spdu) }];
    case 'MIA':
      return [{ event: 'MIA', ...numbered(spdu) }];
    case 'AR':
      return [{ event: 'AR', spdu, serialNumber: spdu.linkingInformation.serialNumber }];
    case 'FN':
    case 'RF':
      return [{ event: keepsTransport(spdu.transportDisconnect) ? `${spdu.spdu}-r` : `${spdu.spdu}-nr`, spdu }];
    case 'AB':
      return [{ event: keepsTransport(spdu.transportDisconnect) ? 'AB-r' : 'AB-nr', spdu }];
    default:
      return [{ event: spdu.spdu, spdu }];
  }
}

/** Absent in FINISH and REFUSE: to be released. X.225 §8.3.5, §8.3.6 */
function keepsTransport(transportDisconnect = TRANSPORT_RELEASE): boolean {
  return !hasBit(transportDisconnect, TRANSPORT_RELEASE);
}

function hasBit(value = 0, bit: number): boolean {
  return (value & bit) !== 0;
}

function numbered(spdu: SpduOf<'MIP' | 'MIA' | 'AE' | 'AEA'>): Pick<Occurrence, 'spdu' | 'serialNumber'> {
  return { spdu, serialNumber: spdu.serialNumber };
}
