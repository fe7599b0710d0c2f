/**
 * One transport connection over one TCP connection (X.224 class 0 with the exceptions of RFC 1006).
 *
 *      user          initiator                     responder          user
 *       | T-CONNECT.req  |            TCP              |                |
 *       |--------------->|---------------------------->| TS1            |
 *       |            TS1 | CR  selectors, sizes        |                |
 *       |                |---------------------------->| T-CONNECT.ind  |
 *       |                |                             |--------------->|
 *       |                |                          CC | T-CONNECT.rsp  |
 *       | T-CONNECT.cnf  |<----------------------------|<---------------|
 *       |<---------------|                             |                |
 *       | T-DATA.req     | DT  DT  DT(EOT)             | T-DATA.ind     |
 *       |--------------->|---------------------------->|--------------->|
 *       | T-DISCONNECT   | end of TCP, no TPDU         | T-DISCONNECT   |
 *       |--------------->|---------------------------->|--------------->|
 */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { equalOctets } from '../bytes/octets.js';
import { assert } from '../osi/machine.js';
import { decodeTpdu, prefersClass0, sourceReferenceIn, TpduError } from './codec.js';
import {
  as,
  eventOfNetwork,
  eventOfRequest,
  eventOfTimer,
  selectorsOf,
  type ConnectSelectors,
  type Event,
  type Fault,
} from './events.js';
import {
  allowsClass0,
  answerSize,
  faultOfConfirm,
  isIrregular,
  proposeSize,
  sizeConfirmed,
  type SizeParameters,
} from './negotiation.js';
import { rejectCauses, type Tpdu, type TpduOf } from './pdu.js';
import { Outbox, type TransportEffect } from './outbox.js';
import { disconnectText, reasonOf, selectorText } from './reasons.js';
import type { NetworkIndication, TransportMachine, TransportOptions, TransportRequest } from './service.js';
import { stateTable, type Action, type Predicate, type State } from './state-table.js';
import { TpktReader, tpduOctetsMax, tpktOctetsMax } from './tpkt.js';
import { segmentTsdu, TsduReassembly } from './tsdu.js';

/** Largest packet taken before the connection is open: four times what X.224 §13.3 allows a CR. */
const connectPacketOctetsMax = 512;
/** Longest selector that we send: with two of them a CR stays within 128 octets. Longer ones of a peer are taken. */
const selectorOctetsMax = 32;
const referenceMax = 0xffff;
/** What an ER returns of a rejected TPDU at most. */
const invalidTpduOctetsMax = 128;

class TransportConnection implements TransportMachine {
  readonly #options: TransportOptions;
  readonly #reader = new TpktReader();
  readonly #tsdu: TsduReassembly;
  readonly #outbox = new Outbox();
  #state: State = 'CLOSED';
  #selectors: ConnectSelectors = {};
  #peerReference = 0;
  #sizeAnswer: SizeParameters = {};
  /** The negotiated size: what we send at most, and what the peer should. */
  #tpduOctets = tpduOctetsMax;
  #oversizeObserved = false;

  constructor(options: TransportOptions) {
    assert(options.reference >= 1 && options.reference <= referenceMax, () => `reference ${options.reference}`);
    this.#options = options;
    this.#tsdu = new TsduReassembly(options.tsduOctetsMax);
  }

  fromAbove(request: TransportRequest): readonly TransportEffect[] {
    this.#takeOurs(eventOfRequest(request));
    return this.#outbox.take();
  }

  fromBelow(indication: NetworkIndication): readonly TransportEffect[] {
    if (indication.type === 'N-DATA.indication') this.#receive(indication.userData);
    else this.#takeOurs(eventOfNetwork(indication));
    return this.#outbox.take();
  }

  timer(name: string): readonly TransportEffect[] {
    this.#take(eventOfTimer(name)); // a timer that was cleared too late finds no cell
    return this.#outbox.take();
  }

  #receive(chunk: Uint8Array): void {
    let octets = ByteList.empty;
    try {
      if (this.#isOver()) return; // what follows the end is not looked at
      for (octets of this.#reader.read(chunk, () => this.#packetOctetsMax())) {
        this.#receiveTpdu(octets);
        if (this.#isOver()) return;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const { message: text, clause, offset } = error;
      if (error instanceof TpduError) this.#reject({ text, clause, offset, rejectCause: error.rejectCause }, octets);
      else this.#lose({ text, clause, offset, rejectCause: rejectCauses.notSpecified });
    }
  }

  #packetOctetsMax(): number {
    return this.#state === 'OPEN' ? tpktOctetsMax : connectPacketOctetsMax;
  }

  #isOver(): boolean {
    return this.#state === 'CLOSING' || this.#state === 'RELEASED';
  }

  #receiveTpdu(octets: ByteList): void {
    if (this.#state === 'WFCC' || this.#state === 'WFCR') this.#peerReference = sourceReferenceIn(octets);
    const { tpdu, skippedParameters } = decodeTpdu(octets);
    if (skippedParameters.length > 0) {
      const codes = skippedParameters.map((code) => code.toString(16)).join(' ');
      this.#outbox.observe('transport.parameters-skipped', 'debug', { tpdu: tpdu.type, codes });
    }
    if (octets.length > this.#tpduOctets && !this.#oversizeObserved) {
      this.#oversizeObserved = true;
      this.#outbox.observe('transport.tpdu-oversize', 'warn', {
        octets: octets.length,
        negotiatedOctets: this.#tpduOctets,
      });
    }
    if (tpdu.type === 'CR' && this.#state === 'WFCR') this.#selectors = selectorsOf(tpdu);
    if (!this.#take(tpdu)) this.#reject(this.#faultOf(tpdu), octets);
  }

  /** Why a TPDU found no cell. */
  #faultOf(tpdu: Tpdu): Fault {
    const { reference, sizeOffer } = this.#options;
    const fault = tpdu.type === 'CC' && this.#state === 'WFCC' ? faultOfConfirm(tpdu, reference, sizeOffer) : undefined;
    const text = `${tpdu.type} in state ${this.#state}`;
    return fault ?? { text, clause: 'X.224 Annex A', offset: 1, rejectCause: rejectCauses.invalidTpduType };
  }

  #reject(fault: Fault, octets: ByteList): void {
    this.#observeFault(fault);
    this.#takeOurs({ type: 'invalid TPDU', fault, octets });
  }

  #lose(fault: Fault): void {
    this.#observeFault(fault);
    this.#takeOurs({ type: 'invalid TPKT', fault });
  }

  #takeOurs(event: Event): void {
    const state = this.#state;
    assert(this.#take(event), () => `${event.type} in state ${state}`);
  }

  /** False if the cell of the event is empty. */
  #take(event: Event): boolean {
    const transition = stateTable.transition(this.#state, event.type, (predicate) => this.#holds(predicate, event));
    if (transition === undefined) return false;
    for (const action of transition.actions) this.#do(action, event);
    this.#state = transition.next;
    return true;
  }

  #holds(predicate: Predicate, event: Event): boolean {
    switch (predicate) {
      case 'initiator':
        return this.#options.role === 'initiator';
      case 'class 0 allowed':
        return allowsClass0(as(event, 'CR'));
      case 'called selector known':
        return this.#isKnown(as(event, 'CR').calledSelector ?? new Uint8Array(0));
      case 'acceptable CC':
        return faultOfConfirm(as(event, 'CC'), this.#options.reference, this.#options.sizeOffer) === undefined;
      case 'TSDU within limit':
        return this.#tsdu.accepts(as(event, 'DT'));
    }
  }

  #isKnown(selector: Uint8Array): boolean {
    const { acceptedSelectors } = this.#options;
    return acceptedSelectors === undefined || acceptedSelectors.some((accepted) => equalOctets(accepted, selector));
  }

  #do(action: Action, event: Event): void {
    switch (action) {
      case 'NCONreq':
        this.#requestConnection(as(event, 'TCONreq'));
        break;
      case 'NDISreq':
        this.#outbox.below({ type: 'N-DISCONNECT.request', graceful: true });
        break;
      case 'NDISreq at once':
        if (this.#state === 'WFCR') this.#observeNotOpened(event);
        this.#outbox.below({ type: 'N-DISCONNECT.request', graceful: false });
        break;
      case 'CR':
        this.#sendConnectRequest();
        break;
      case 'CC':
        this.#sendConnectConfirm();
        break;
      case 'DR 0':
        this.#refuse(0);
        break;
      case 'DR 3':
        this.#refuse(3);
        break;
      case 'DR 130':
        this.#refuse(130);
        break;
      case 'ER':
        this.#sendError(as(event, 'invalid TPDU'));
        break;
      case 'ER or DR 133':
        if (prefersClass0(as(event, 'invalid TPDU').octets)) this.#sendError(as(event, 'invalid TPDU'));
        else this.#refuse(133);
        break;
      case 'DT':
        this.#outbox.below({
          type: 'N-DATA.request',
          userData: segmentTsdu(as(event, 'TDTreq').userData, this.#tpduOctets),
        });
        break;
      case 'TCONind':
        this.#indicateConnection(as(event, 'CR'));
        break;
      case 'TCONconf':
        this.#confirmConnection(as(event, 'CC'));
        break;
      case 'TDTind':
        this.#indicateData(as(event, 'DT'));
        break;
      case 'TDISind':
        this.#indicateDisconnect(event);
        break;
      case 'start TS1':
        this.#outbox.startTimer('TS1', this.#options.connectMilliseconds);
        break;
      case 'start TS2':
        this.#outbox.startTimer('TS2', this.#options.errorMilliseconds);
        break;
      case 'stop TS1':
        this.#outbox.stopTimer('TS1');
        break;
      case 'stop TS2':
        this.#outbox.stopTimer('TS2');
        break;
    }
  }

  #requestConnection({ selectors }: Extract<Event, { type: 'TCONreq' }>): void {
    assert((selectors.calledSelector?.length ?? 0) <= selectorOctetsMax, 'called transport selector too long');
    assert((selectors.callingSelector?.length ?? 0) <= selectorOctetsMax, 'calling transport selector too long');
    this.#selectors = selectors;
    this.#outbox.below({ type: 'N-CONNECT.request' });
  }

  #sendConnectRequest(): void {
    const { reference, sizeOffer } = this.#options;
    this.#outbox.send({
      type: 'CR',
      destinationReference: 0,
      sourceReference: reference,
      class: 0,
      ...this.#selectors,
      ...proposeSize(sizeOffer),
    });
  }

  #sendConnectConfirm(): void {
    const { calledSelector } = this.#selectors;
    this.#outbox.send({
      type: 'CC',
      destinationReference: this.#peerReference,
      sourceReference: this.#options.reference,
      class: 0,
      ...(calledSelector && { calledSelector }), // and no more than the sizes beside it: ISODE drops a CC that it does not know
      ...this.#sizeAnswer,
    });
    this.#observeOpen();
  }

  #refuse(reason: number): void {
    this.#outbox.send({ type: 'DR', destinationReference: this.#peerReference, sourceReference: 0, reason });
    this.#outbox.observe('transport.refused', 'info', {
      reason,
      text: `${disconnectText(reason)}: called selector ${selectorText(this.#selectors.calledSelector)}`,
      calledSelector: selectorText(this.#selectors.calledSelector),
      callingSelector: selectorText(this.#selectors.callingSelector),
    });
  }

  #sendError({ fault, octets }: Extract<Event, { type: 'invalid TPDU' }>): void {
    const invalidTpdu = octets.slice(0, Math.min(fault.offset + 1, invalidTpduOctetsMax)).toUint8Array();
    const { rejectCause } = fault;
    this.#outbox.send({ type: 'ER', destinationReference: this.#peerReference, rejectCause, invalidTpdu });
  }

  #indicateConnection(request: TpduOf<'CR'>): void {
    const { answer, octets } = answerSize(request, this.#options.sizeOffer);
    this.#sizeAnswer = answer;
    this.#tpduOctets = octets;
    this.#outbox.above({ type: 'T-CONNECT.indication', ...this.#selectors });
  }

  #confirmConnection(confirm: TpduOf<'CC'>): void {
    const { calledSelector: respondingSelector } = confirm;
    this.#tpduOctets = sizeConfirmed(confirm, this.#options.sizeOffer);
    if (isIrregular(confirm, this.#options.sizeOffer)) {
      const { tpduSizeExponent, preferredTpduSize } = confirm;
      this.#outbox.observe('transport.size-irregular', 'warn', { tpduSizeExponent, preferredTpduSize });
    }
    const { calledSelector } = this.#selectors;
    if (respondingSelector && !equalOctets(respondingSelector, calledSelector ?? new Uint8Array(0))) {
      this.#outbox.observe('transport.selector-differs', 'warn', {
        calledSelector: selectorText(calledSelector),
        respondingSelector: selectorText(respondingSelector),
      });
    }
    this.#observeOpen();
    this.#outbox.above({ type: 'T-CONNECT.confirm', ...(respondingSelector && { respondingSelector }) });
  }

  #indicateData(data: TpduOf<'DT'>): void {
    const userData = this.#tsdu.append(data);
    if (userData !== undefined && userData.length > 0) this.#outbox.above({ type: 'T-DATA.indication', userData });
  }

  #indicateDisconnect(event: Event): void {
    const reason = reasonOf(event, {
      state: this.#state,
      selectors: this.#selectors,
      received: this.#tsdu.length === 0 && this.#reader.atBoundary ? 'whole' : 'partial',
    });
    this.#tsdu.discard();
    const { origin, code, text } = reason;
    this.#outbox.observe('transport.disconnected', origin === 'local' ? 'warn' : 'debug', { origin, code, text });
    this.#outbox.above({ type: 'T-DISCONNECT.indication', reason });
  }

  #observeOpen(): void {
    this.#outbox.observe('transport.connected', 'debug', { tpduOctetsMax: this.#tpduOctets });
  }

  #observeNotOpened({ type }: Event): void {
    const text = type === 'TS1' ? 'no connection request in time' : `${type} instead of a connection request`;
    this.#outbox.observe('transport.not-opened', 'info', { event: type, text });
  }

  #observeFault({ text, clause, offset }: Fault): void {
    this.#outbox.observe('transport.protocol-error', 'warn', { state: this.#state, text, clause, offset });
  }
}

export function createTransportMachine(options: TransportOptions): TransportMachine {
  return new TransportConnection(options);
}
