import { Association } from '../association/association.js';
import { associationContexts } from '../association/contexts.js';
import { associationLimits } from '../association/limits.js';
import { mtsTransferContext } from '../acse/service.js';
import { ByteList } from '../bytes/byte-list.js';
import { joinOctets, latin1Octets, toHex } from '../bytes/octets.js';
import type { ReliableTransferMode } from '../presentation/service.js';
import type { ResumePoint, RtseIndication, RtseRequest } from '../rtse/service.js';
import { must } from './target.js';

/** What our own user sends when it may. */
const apduOctets = 3000;
const checkpointSizeK = 1;
const windowSize = 2;
const tsduOctetsMax = 64 * 1024;

/** Our side as a mail transfer agent uses it: it asks only for what it may ask for. */
export class AssociationEnd {
  /** What was told upward, in order; pieces of an APDU that follow one another count as one. */
  readonly told: string[] = [];
  readonly events: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** By name, with the virtual time at which each fires. */
  readonly timers = new Map<string, number>();
  transfersStarted = 0;
  isDisconnected = false;
  /** Called with what leaves. */
  onSent: ((octets: Uint8Array) => void) | undefined;
  #now = 0;
  #isOpen = false;
  #hasTurn = false;
  #isSending = false;
  #isClosing = false;
  #isReceiving = false;
  #written: { octets: string } | undefined;
  #answersLater = false;
  #refusesNext = false;
  #resume: ResumePoint | undefined;
  /** Of a responder what the peer says; RT-U-ABORT is of normal mode. */
  #mode: ReliableTransferMode;
  readonly #putOff: (() => void)[] = [];
  readonly #role: 'initiator' | 'responder';
  readonly #association: Association;

  constructor(role: 'initiator' | 'responder', mode: ReliableTransferMode) {
    this.#role = role;
    this.#mode = mode;
    this.#association = new Association(
      {
        role,
        modes: role === 'initiator' ? [mode] : ['normal', 'x410-1984'],
        transportReference: 1,
        sizeOffer: 'preferred',
        accepted: {},
        limits: { ...associationLimits, tsduOctetsMax, apduOctetsMax: 4 * tsduOctetsMax },
      },
      {
        network: (primitive) => {
          if (primitive.type === 'N-DATA.request') this.#send(primitive.userData.toUint8Array());
          if (primitive.type === 'N-DISCONNECT.request') this.isDisconnected = true;
        },
        setTimer: (key, milliseconds) => this.timers.set(key, this.#now + milliseconds),
        clearTimer: (key) => this.timers.delete(key),
        indication: (primitive) => {
          this.#take(primitive);
        },
        observe: (layer, { event, level, fields }) => {
          must(level !== 'error', `${layer} ${event} ${String(fields['text'])}\n${String(fields['stack'])}`);
          this.events.push(`${layer} ${event}`);
        },
      },
    );
  }

  /** The initiator sets out; the responder is called. */
  start(mode: ReliableTransferMode): void {
    if (this.#role === 'responder') {
      this.#association.network({ type: 'N-CONNECT.indication' });
      return;
    }
    this.#request({
      type: 'RT-OPEN.request',
      addresses: { called: {}, calling: {} },
      identifier: { calling: latin1Octets('A'), common: latin1Octets('261122203000Z') },
      dialogueMode: 'two-way-alternate',
      initialTurn: 'initiator',
      proposal: { checkpointSizeK, windowSize },
      connectionData: { kind: 'open' },
      contexts: mode === 'normal' ? associationContexts : [],
      applicationContext: mtsTransferContext,
      applicationProtocol: 12,
    });
    this.#association.network({ type: 'N-CONNECT.confirm' });
  }

  data(octets: Uint8Array): void {
    if (!this.isDisconnected) this.#association.network({ type: 'N-DATA.indication', userData: octets });
  }

  wait(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.timers].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
      const [first] = due;
      if (first === undefined || this.isDisconnected) break;
      const [key, at] = first;
      this.#now = at;
      this.timers.delete(key);
      this.#association.timer(key);
    }
    this.#now = end;
  }

  /** TCP is gone. */
  end(): void {
    this.#association.network({ type: 'N-DISCONNECT.indication', text: 'closed by the peer' });
    this.isDisconnected = true;
    must(this.timers.size === 0, `timers are left: ${[...this.timers.keys()].join(', ')}`);
  }

  /** One of the wishes that a user may have, if it is allowed now. */
  want(what: number): void {
    const idle = this.#isOpen && !this.#isClosing && !this.#isSending && !this.#isReceiving;
    switch (what % 14) {
      case 0:
        if (this.#isOpen && !this.#isClosing && !this.#hasTurn)
          this.#request({ type: 'RT-TURN-PLEASE.request', priority: 1 });
        return;
      case 1:
        if (!idle || !this.#hasTurn) return;
        this.#hasTurn = false;
        this.#request({ type: 'RT-TURN-GIVE.request' });
        return;
      case 2:
        if (idle && this.#hasTurn) this.#transfer(undefined);
        return;
      case 3:
        if (idle && this.#hasTurn && this.#resume !== undefined) this.#transfer(this.#resume);
        return;
      case 4:
        if (!idle || !this.#hasTurn || this.#role !== 'initiator') return;
        this.#isClosing = true;
        this.#request({ type: 'RT-CLOSE.request' });
        return;
      case 5:
        if (this.#isOpen && this.#mode === 'normal') this.#request({ type: 'RT-U-ABORT.request' });
        return;
      case 6:
        if (this.#isOpen) this.#request({ type: 'RT-P-ABORT.request', reason: 'temporary-problem' });
        return;
      case 7:
        if (this.#isSending) this.#request({ type: 'TRANSFER-INTERRUPT.request' });
        return;
      case 8:
        if (this.#isSending) this.#request({ type: 'TRANSFER-DISCARD.request' });
        return;
      case 9:
        if (this.#isReceiving && this.#putOff.length === 0)
          this.#request({ type: 'RECEIVE-TROUBLE.request', reason: 1 });
        return;
      case 10:
        this.#answersLater = !this.#answersLater;
        return;
      case 11:
        this.#refusesNext = !this.#refusesNext;
        return;
      default:
        this.#putOff.shift()?.();
    }
  }

  get sentOctets(): number {
    return this.sent.reduce((sum, { length }) => sum + length, 0);
  }

  /** Everything that can be seen from outside. */
  record(): string {
    return `${this.told.join('\n')}\n${toHex(joinOctets(this.sent))}\n${[...this.timers.keys()].sort().join(' ')}`;
  }

  #transfer(resume: ResumePoint | undefined): void {
    this.#isSending = true;
    this.#resume = undefined;
    this.transfersStarted += 1;
    this.#request({
      type: 'RT-TRANSFER.request',
      apduOctets,
      transferMilliseconds: 600_000,
      ...(resume === undefined ? {} : { resume }),
    });
  }

  #send(octets: Uint8Array): void {
    must(!this.isDisconnected, 'octets are sent on a connection that is closed');
    const copy = octets.slice();
    this.sent.push(copy);
    this.onSent?.(copy);
  }

  #request(primitive: RtseRequest): void {
    this.#association.request(primitive);
  }

  #answer(answer: () => void): void {
    if (this.#answersLater) this.#putOff.push(answer);
    else answer();
  }

  #take(primitive: RtseIndication): void {
    this.#tell(primitive);
    switch (primitive.type) {
      case 'RT-OPEN.indication':
        this.#opened(primitive);
        return;
      case 'RT-OPEN.completed':
        this.#isOpen = true;
        return;
      case 'RT-OPEN.confirm':
        this.#isOpen = primitive.result === 'accept';
        if (primitive.result === 'accept') this.#hasTurn = primitive.initialTurn === 'initiator';
        return;
      case 'RT-CLOSE.indication':
        this.#isOpen = false;
        this.#request({ type: 'RT-CLOSE.response' });
        return;
      case 'RT-CLOSE.confirm':
      case 'RT-U-ABORT.indication':
      case 'RT-P-ABORT.indication':
        this.#isOpen = false;
        this.#isSending = false;
        this.#stopReceiving();
        return;
      case 'RT-TURN-GIVE.indication':
        this.#hasTurn = true;
        return;
      case 'APDU-READ.indication': {
        const { offset, octetsMax } = primitive;
        const octets = ByteList.of(new Uint8Array(Math.min(octetsMax, apduOctets - offset)));
        this.#request({ type: 'APDU-READ.response', offset, octets });
        return;
      }
      case 'RT-TRANSFER.confirm':
        this.#isSending = false;
        this.#resume = primitive.resume;
        return;
      case 'ACTIVITY-START.indication':
        this.#isReceiving = true;
        return;
      case 'ACTIVITY-LOOKUP.indication':
        this.#isReceiving = true;
        this.#answer(() => {
          const result = (['unknown', 'partial', 'completed'] as const)[primitive.serialNumber % 3] ?? 'unknown';
          this.#request({ type: 'ACTIVITY-LOOKUP.response', result, offset: result === 'partial' ? 1024 : 0 });
        });
        return;
      case 'APDU-SECURE.indication':
        this.#answer(() => {
          this.#request({ type: 'APDU-SECURE.response', serialNumber: primitive.serialNumber });
        });
        return;
      case 'RT-TRANSFER.indication':
        this.#answer(() => {
          this.#isReceiving = false;
          this.#request({
            type: 'RT-TRANSFER.response',
            ...(this.#refusesNext ? { result: 'refused', reason: 1 } : { result: 'secured' }),
          });
        });
        return;
      case 'ACTIVITY-INTERRUPT.indication':
      case 'ACTIVITY-DISCARD.indication':
        this.#stopReceiving();
        return;
      case 'TRANSFER-STARTED.indication':
      case 'CHECKPOINT-SENT.indication':
      case 'CHECKPOINT-CONFIRMED.indication':
      case 'APDU-WRITE.indication':
      case 'CHECKPOINT-ANSWERED.indication':
      case 'RT-TURN-PLEASE.indication':
    }
  }

  #opened(primitive: Extract<RtseIndication, { type: 'RT-OPEN.indication' }>): void {
    this.#mode = primitive.mode;
    if (this.#refusesNext) {
      this.#request({ type: 'RT-OPEN.response', result: 'reject', reason: 'busy' });
      return;
    }
    const initialTurn = primitive.initialTurn === 'responder' ? 'responder' : 'initiator';
    this.#hasTurn = initialTurn === 'responder';
    const { connectionData } = primitive;
    this.#request({
      type: 'RT-OPEN.response',
      result: 'accept',
      limits: { checkpointSizeK, windowSize },
      initialTurn,
      connectionData: connectionData.kind === 'recover' ? connectionData : { kind: 'open' },
    });
  }

  #stopReceiving(): void {
    this.#isReceiving = false;
    this.#putOff.length = 0;
  }

  #tell(primitive: RtseIndication): void {
    if (primitive.type === 'APDU-WRITE.indication') {
      const text = toHex(primitive.octets.toUint8Array());
      if (this.#written === undefined) {
        this.#written = { octets: text };
        this.told.push(`${primitive.type} ${String(primitive.offset)}`);
      } else this.#written.octets += text;
      return;
    }
    if (this.#written !== undefined) this.told.push(this.#written.octets);
    this.#written = undefined;
    this.told.push(`${primitive.type} ${JSON.stringify(primitive, plainMember)}`);
  }
}

function plainMember(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return value instanceof ByteList ? toHex(value.toUint8Array()) : value;
}
