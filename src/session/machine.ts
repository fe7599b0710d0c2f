/**
 * The session protocol machine: X.225 versions 1 and 2.
 *
 *     user        initiator                     responder        user
 *      | S-CONNECT.req  |                           |              |
 *      |--------------->| T-CONNECT                 |              |
 *      |                |<------------------------->|              |
 *      |                | CN                        | S-CONNECT.ind|
 *      |                |-------------------------->|------------->|
 *      | S-CONNECT.cnf  |                        AC | S-CONNECT.rsp|
 *      |<---------------|<--------------------------|<-------------|
 *      |                |                           |              |
 *      | S-ACTIVITY-START, S-DATA, S-SYNC-MINOR, S-ACTIVITY-END    |
 *      |--------------->| GT+AS, GT+DT, GT+MIP, GT+AE|              |
 *      |                |-------------------------->|------------->|
 *      | confirms       |            PT+MIA, PT+AEA | responses    |
 *      |<---------------|<--------------------------|<-------------|
 *      |                |                           |              |
 *      | S-RELEASE.req  | FN                        | S-RELEASE.ind|
 *      |--------------->|-------------------------->|------------->|
 *      | S-RELEASE.cnf  |                        DN | S-RELEASE.rsp|
 *      |<---------------|<--------------------------|<-------------|
 *      |                | T-DISCONNECT              |              |
 *      |                |-------------------------->| (within TIM) |
 *
 * The tables of Annex A decide what follows an event; this file only finds the event, and gives the procedure for invalid ones.
 */
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert, type Effect } from '../osi/machine.js';
import type { TransportIndication, TransportRequest } from '../transport/service.js';
import type { DecodedSpdu } from './codec.js';
import { decodeTsdu, spduNameOf } from './concatenation.js';
import { contentFault } from './content-fault.js';
import { SessionContext } from './context.js';
import { ABORT_NO_REASON, ABORT_PROTOCOL_ERROR, REFUSE_IMPLEMENTATION_RESTRICTION } from './field-values.js';
import { occurrenceOfRequest, occurrencesOfSpdu, type Occurrence } from './occurrence.js';
import { spduTable, USER_DATA_OCTETS_MAX, type Spdu } from './pdu.js';
import { predicates } from './predicates.js';
import { primitiveActions } from './primitive-actions.js';
import type { Reassembled } from './segmentation.js';
import { sendingActions } from './sending-actions.js';
import type { SessionIndication, SessionMachine, SessionOptions, SessionRequest } from './service.js';
import { specificActions } from './specific-actions.js';
import type { SessionState } from './state-table/names.js';
import { sessionStateTable } from './state-table/session-state-table.js';

type Effects = readonly Effect<SessionIndication, TransportRequest>[];

const actions = { ...sendingActions, ...primitiveActions, ...specificActions };

/** Supervises what the peer owes us: `acknowledgementMilliseconds`. */
const ACKNOWLEDGEMENT_TIMER = 'acknowledgement';

const AWAITED: Readonly<Partial<Record<SessionState, string>>> = {
  '01C': 'CONNECT',
  '01D': 'CONNECT DATA OVERFLOW',
  '02A': 'ACCEPT',
  '02B': 'OVERFLOW ACCEPT',
  '03': 'DISCONNECT',
  '05B': 'ACTIVITY INTERRUPT ACK',
  '05C': 'ACTIVITY DISCARD ACK',
  '18': 'GIVE TOKENS ACK',
};

/** Where data SSDUs are delivered: their segments are put together only here. */
const DELIVERING: ReadonlySet<SessionState> = new Set<SessionState>(['713', '04B']);

/** Before and after a session connection no SPDU is put together from segments. */
const WITHOUT_SEGMENTS: ReadonlySet<SessionState> = new Set<SessionState>(['01C', '01D', '16']);

/** What still comes from a transport connection that is given up, or not yet there, is for nobody. */
const WITHOUT_TRANSPORT: ReadonlySet<SessionState> = new Set<SessionState>(['01', '01B']);

/**
 * A session machine for one transport connection. Its timers are `TIM` (`releaseMilliseconds`) and `acknowledgement`; it observes
 * `session.protocol-error`, `session.refused` and `session.acknowledgement-overdue`. A request that the state does not allow throws AssertionError.
 */
export function createSessionMachine(options: SessionOptions): SessionMachine {
  return new SessionConnection(options);
}

class SessionConnection implements SessionMachine {
  readonly #context: SessionContext;
  /** We have aborted it, and its user may still answer what it was told just before: SPDUs of one TSDU are indicated together. */
  #isGivenUp = false;

  constructor(options: SessionOptions) {
    this.#context = new SessionContext(options);
  }

  fromAbove(request: SessionRequest): Effects {
    if (this.#isGivenUp) return [];
    const { state } = this.#context;
    const taken = this.#isAcceptTooLong(request) ? this.#refuseInstead() : this.#take(occurrenceOfRequest(request));
    assert(taken, () => `${request.type} in state ${state}`);
    return this.#context.takeEffects();
  }

  fromBelow(indication: TransportIndication): Effects {
    switch (indication.type) {
      case 'T-CONNECT.indication':
        this.#context.transportSelectors = indication;
        this.#must({ event: 'TCONind' });
        break;
      case 'T-CONNECT.confirm':
        this.#must({ event: 'TCONcnf' });
        break;
      case 'T-DISCONNECT.indication': {
        const { origin, text, transient } = indication.reason;
        const fault = { cause: 'transport', origin: origin === 'local' ? 'local' : 'peer', text, transient } as const;
        this.#take({ event: 'TDISind', fault: { ...fault, abortReason: ABORT_NO_REASON } });
        break;
      }
      case 'T-DATA.indication':
        this.#receiveTsdu(indication.userData);
    }
    return this.#context.takeEffects();
  }

  /** A timer that ran out while its end was on the way finds no row, and does nothing. */
  timer(name: string): Effects {
    if (name === ACKNOWLEDGEMENT_TIMER) this.#overdue();
    else this.#take({ event: 'TIM' });
    return this.#context.takeEffects();
  }

  /** Carries out the row of the state table, if there is one whose predicate holds. */
  #take(occurrence: Occurrence): boolean {
    const context = this.#context;
    context.occurrence = occurrence;
    const transition = sessionStateTable.transition(context.state, occurrence.event, (predicate) =>
      predicates[predicate](context),
    );
    if (transition === undefined) return false;
    for (const action of transition.actions) actions[action](context);
    this.#enter(transition.next);
    for (const action of transition.entered) actions[action](context);
    return true;
  }

  #must(occurrence: Occurrence): void {
    const { state } = this.#context;
    assert(this.#take(occurrence), () => `${occurrence.event} in state ${state}`);
  }

  #enter(next: SessionState): void {
    const context = this.#context;
    if (next === context.state) return;
    if (next in AWAITED) context.setTimer(ACKNOWLEDGEMENT_TIMER, context.options.acknowledgementMilliseconds);
    else if (context.state in AWAITED) context.clearTimer(ACKNOWLEDGEMENT_TIMER);
    if (!DELIVERING.has(next)) context.reassembly.dropData();
    context.state = next;
  }

  #receiveTsdu(tsdu: ByteList): void {
    let spdus: readonly DecodedSpdu[];
    try {
      spdus = decodeTsdu(tsdu);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#receiveMalformed(error.message);
      return;
    }
    for (const spdu of spdus) this.#receiveSpdu(spdu);
  }

  #receiveMalformed(text: string): void {
    if (WITHOUT_TRANSPORT.has(this.#context.state)) return;
    if (this.#take({ event: 'unselected' })) this.#observeError('malformed TSDU', text);
    else this.#invalid('malformed TSDU', text);
  }

  #receiveSpdu(received: DecodedSpdu): void {
    if (WITHOUT_TRANSPORT.has(this.#context.state)) return;
    const { name } = spduTable(spduNameOf(received));
    const assembled = this.#assemble(received);
    if (assembled.outcome === 'partial') return;
    if (assembled.outcome === 'violation') {
      this.#invalid(name, assembled.text);
      return;
    }
    const fault = contentFault(assembled.spdu, this.#context);
    if (fault !== undefined) {
      this.#invalid(name, fault);
      return;
    }
    for (const occurrence of occurrencesOfSpdu(assembled.spdu)) {
      const { state } = this.#context;
      if (!this.#take(occurrence)) this.#invalid(name, this.#whyNotAllowed(occurrence), occurrence);
      else if (state === '01C' && this.#context.state === '01')
        this.#observeError(name, `${name} instead of a CONNECT`);
    }
  }

  #assemble(received: DecodedSpdu): Reassembled {
    const { state, version, reassembly } = this.#context;
    if ('continues' in received) {
      if (!WITHOUT_SEGMENTS.has(state)) return reassembly.accept(received, version);
      return { outcome: 'violation', text: 'a further segment without the first' };
    }
    const whole: Reassembled = { outcome: 'complete', spdu: received };
    if (WITHOUT_SEGMENTS.has(state) || isEmptyPrefix(received)) return whole;
    if (received.spdu !== 'DT') return reassembly.accept(received, version);
    return DELIVERING.has(state) ? reassembly.acceptData(received) : whole;
  }

  /** The procedure of Annex A for invalid cells: we always abort. */
  #invalid(name: string, text: string, occurrence?: Occurrence): void {
    this.#observeError(name, text, occurrence);
    const fault = {
      cause: 'protocol-error',
      origin: 'local',
      transient: true,
      abortReason: ABORT_PROTOCOL_ERROR,
    } as const;
    this.#must({ event: 'invalid', fault: { ...fault, text: `${name}: ${text}` } });
    this.#isGivenUp = true;
  }

  #observeError(name: string, text: string, occurrence?: Occurrence): void {
    const { state } = this.#context;
    if (state === '16') return;
    const receivedSerialNumber = occurrence?.serialNumber;
    const expectedSerialNumber = occurrence && this.#expectedSerialNumber(occurrence);
    this.#context.observe({
      event: 'session.protocol-error',
      level: 'warn',
      fields: { spdu: name, state, text, receivedSerialNumber, expectedSerialNumber },
    });
  }

  #expectedSerialNumber({ event }: Occurrence): number | undefined {
    const { vm } = this.#context.variables;
    return event === 'MIP' || event === 'AE' ? vm : event === 'MAA/AEA' ? vm - 1 : undefined;
  }

  #whyNotAllowed(occurrence: Occurrence): string {
    const { event, serialNumber } = occurrence;
    const expected = this.#expectedSerialNumber(occurrence);
    const isWrong = expected !== undefined && expected > 0 && serialNumber !== undefined && serialNumber !== expected;
    return isWrong ? `${event} ${serialNumber} came, ${event} ${expected} was due` : `${event} is not allowed now`;
  }

  #overdue(): void {
    const { state, options } = this.#context;
    const awaited = AWAITED[state];
    if (awaited === undefined) return;
    const text = `no ${awaited} within ${String(options.acknowledgementMilliseconds)} ms`;
    this.#context.observe({ event: 'session.acknowledgement-overdue', level: 'warn', fields: { state, text } });
    const fault = { cause: 'unspecified', origin: 'local', transient: true, abortReason: ABORT_NO_REASON } as const;
    this.#must({ event: 'overdue', fault: { ...fault, text } });
    this.#isGivenUp = true;
  }

  /** Version 1 cannot accept with so much user data: the caller must be refused. X.225 §7.4 */
  #isAcceptTooLong(request: SessionRequest): boolean {
    if (request.type !== 'S-CONNECT.response' || request.result !== 'accept') return false;
    return this.#context.version === 1 && request.userData.length > USER_DATA_OCTETS_MAX;
  }

  #refuseInstead(): boolean {
    const taken = this.#take({ event: 'SCONrsp-', refusal: REFUSE_IMPLEMENTATION_RESTRICTION });
    const text = 'the answer is too long for session version 1';
    this.#context.above({ type: 'S-P-ABORT.indication', cause: 'unspecified', origin: 'local', text });
    return taken;
  }
}

/** GIVE TOKENS or PLEASE TOKENS without a token may stand even between the segments of an SSDU. */
function isEmptyPrefix(spdu: Spdu): boolean {
  return (spdu.spdu === 'GT' || spdu.spdu === 'PT') && occurrencesOfSpdu(spdu).length === 0;
}
