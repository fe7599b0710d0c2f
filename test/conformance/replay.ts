import { Association } from '../../src/association/association.js';
import { associationLimits } from '../../src/association/limits.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, joinOctets } from '../../src/bytes/octets.js';
import type { Observation } from '../../src/osi/machine.js';
import type { RtseIndication, RtseRequest } from '../../src/rtse/service.js';
import type { TokenSide } from '../../src/session/service.js';
import type { Conversation, Step } from './conversation.js';
import {
  abortReasonIn,
  bindErrorIn,
  connectionDataOf,
  openRequestOf,
  pieceOf,
  priorityIn,
  rtoacIn,
  unitNamed,
} from './unit-values.js';
import { UnitReader, type Unit } from './units.js';

type Of<T extends RtseIndication['type']> = Extract<RtseIndication, { type: T }>;

const transferMilliseconds = 60_000;

export interface ReplayOptions {
  /** How the other end's octets arrive: a packet at a time, or otherwise. */
  readonly cut?: (octets: Uint8Array) => readonly Uint8Array[];
  /** Our user sends this APDU, whatever the captured one did. */
  readonly apdu?: Uint8Array;
}

/**
 * One end of a conversation played by our six layers: the other end's octets come from the capture, and our user does what the captured
 * user must have done for each unit that it sent.
 */
export class Replay {
  readonly #conversation: Conversation;
  readonly #role: TokenSide;
  readonly #association: Association;
  readonly #options: ReplayOptions;
  readonly #own: UnitReader;
  /** All that the captured end of our role sent, step by step. */
  readonly #captured: ReadonlyMap<Step, readonly Unit[]>;
  /** What we sent, and what the captured end of our role had sent. */
  readonly ours: Unit[] = [];
  readonly theirs: Unit[] = [];
  readonly indications: RtseIndication[] = [];
  readonly observations: Observation[] = [];
  readonly timers = new Set<string>();
  closed: 'graceful' | 'abrupt' | undefined;
  /** Checkpoints sent and not confirmed, at most. */
  outstandingMax = 0;
  #read: Of<'APDU-READ.indication'> | undefined;
  /** Octets of the captured pieces that were not asked for yet. */
  #octets = ByteList.empty;

  constructor(conversation: Conversation, role: TokenSide, options: ReplayOptions = {}) {
    this.#conversation = conversation;
    this.#role = role;
    this.#options = options;
    this.#own = new UnitReader(conversation.mode);
    this.#captured = unitsOf(conversation, role);
    const opening = unitNamed([...this.#captured.values()].flat(), role === 'initiator' ? 'CR TPDU' : 'CC TPDU');
    this.#association = new Association(
      {
        role,
        modes: role === 'initiator' ? [conversation.mode] : ['normal', 'x410-1984'],
        transportReference: Number(opening['sourceReference']),
        sizeOffer: 'preferred',
        accepted: {},
        limits: associationLimits,
      },
      {
        network: (primitive) => {
          if (primitive.type === 'N-DATA.request') this.ours.push(...this.#own.read(primitive.userData.toUint8Array()));
          if (primitive.type === 'N-DISCONNECT.request') this.closed = primitive.graceful ? 'graceful' : 'abrupt';
        },
        setTimer: (key) => this.timers.add(key),
        clearTimer: (key) => this.timers.delete(key),
        indication: (primitive) => {
          this.#indication(primitive);
        },
        observe: (_layer, observation) => this.observations.push(observation),
      },
    );
  }

  /** Plays the conversation to its end, or up to the captured unit at which `until` says so. */
  run(until: (unit: Unit) => boolean = () => false): this {
    if (this.#role === 'responder') this.#association.network({ type: 'N-CONNECT.indication' });
    else this.#open();
    for (const step of this.#conversation.steps) {
      if ('closed' in step) {
        if (step.from !== this.#role) this.#association.network({ type: 'N-DISCONNECT.indication', text: step.closed });
      } else if (step.from !== this.#role) {
        for (const octets of (this.#options.cut ?? packetsOf)(step.octets)) {
          this.#association.network({ type: 'N-DATA.indication', userData: octets });
        }
      } else {
        for (const unit of this.#captured.get(step) ?? []) {
          if (until(unit)) return this;
          this.theirs.push(unit);
          this.#act(unit);
        }
      }
    }
    return this;
  }

  /** The TCP connection is gone, whatever was said before. */
  disconnect(): void {
    this.#association.network({ type: 'N-DISCONNECT.indication', text: 'closed' });
  }

  request(primitive: RtseRequest): void {
    this.#association.request(primitive);
  }

  /** The timer of this name runs out, in whatever layer. */
  expire(name: string): void {
    const key = [...this.timers].find((timer) => timer.endsWith(`:${name}`));
    if (key === undefined) throw new Error(`no timer ${name} among ${[...this.timers].join()}`);
    this.timers.delete(key);
    this.#association.timer(key);
  }

  #open(): void {
    const units = [...this.#captured.values()].flat();
    const request = openRequestOf(unitNamed(units, 'CR TPDU'), unitNamed(units, 'CN SPDU'));
    this.#association.request(request);
    this.#association.network({ type: 'N-CONNECT.confirm' });
  }

  #indication(primitive: RtseIndication): void {
    this.indications.push(primitive);
    if (primitive.type === 'CHECKPOINT-SENT.indication') {
      this.outstandingMax = Math.max(this.outstandingMax, primitive.outstanding);
    }
    if (primitive.type === 'APDU-READ.indication') {
      this.#read = primitive;
      this.#answerRead();
    }
  }

  /** What our user does so that this comes out. */
  #act(unit: Unit): void {
    const { mode } = this.#conversation;
    switch (unit.unit) {
      case 'AC SPDU': {
        const { answer, connectionData } = rtoacIn(unit);
        this.request({
          type: 'RT-OPEN.response',
          result: 'accept',
          limits: answer,
          initialTurn: 'initiator',
          connectionData: connectionDataOf(connectionData),
        });
        return;
      }
      case 'RF SPDU': {
        const userData = bindErrorIn(unit);
        this.request({
          type: 'RT-OPEN.response',
          result: 'reject',
          reason: 'validation-failure',
          ...(userData === undefined ? {} : { userData }),
        });
        return;
      }
      case 'AS SPDU':
        this.request({ type: 'RT-TRANSFER.request', apduOctets: this.#apduOctets(), transferMilliseconds });
        return;
      case 'AR SPDU': {
        const { oldActivityIdentifier, serialNumber } = unit['linkingInformation'] as {
          oldActivityIdentifier: string;
          serialNumber: number;
        };
        const originalActivityIdentifier = fromHex(oldActivityIdentifier);
        const resume = { originalActivityIdentifier, serialNumber, offset: serialNumber * 1024 };
        this.request({ type: 'RT-TRANSFER.request', apduOctets: 100_000, transferMilliseconds, resume });
        return;
      }
      case 'DT SPDU':
        this.#octets = ByteList.of(this.#octets, pieceOf(unit));
        this.#answerRead();
        return;
      case 'MIA SPDU':
        this.request({ type: 'APDU-SECURE.response', serialNumber: Number(unit['serialNumber']) });
        return;
      case 'AEA SPDU':
        this.request({ type: 'RT-TRANSFER.response', result: 'secured' });
        return;
      case 'ED SPDU':
        this.request({ type: 'RECEIVE-TROUBLE.request', reason: Number(unit['reason']) });
        return;
      case 'PT SPDU':
        this.request({ type: 'RT-TURN-PLEASE.request', priority: priorityIn(unit) });
        return;
      case 'GTC SPDU':
        this.request({ type: 'RT-TURN-GIVE.request' });
        return;
      case 'AI SPDU':
        this.request({ type: 'TRANSFER-INTERRUPT.request' });
        return;
      case 'AD SPDU':
        this.expire('transfer');
        return;
      case 'FN SPDU':
        this.request({ type: 'RT-CLOSE.request' });
        return;
      case 'DN SPDU':
        this.request({ type: 'RT-CLOSE.response' });
        return;
      case 'AB SPDU': {
        const reason = abortReasonIn(unit);
        if (reason === 'user-error' && mode === 'normal') this.request({ type: 'RT-U-ABORT.request' });
        else this.request({ type: 'RT-P-ABORT.request', reason: reason ?? 'local-system-problem' });
      }
    }
  }

  #answerRead(): void {
    const read = this.#read;
    const { apdu } = this.#options;
    if (read === undefined) return;
    const octets =
      apdu === undefined
        ? this.#octets.slice(0, read.octetsMax)
        : ByteList.of(apdu.subarray(read.offset, read.offset + read.octetsMax));
    if (octets.length === 0) return;
    this.#octets = this.#octets.slice(octets.length);
    this.#read = undefined;
    this.request({ type: 'APDU-READ.response', offset: read.offset, octets });
  }

  /** Of the activity that starts now: the pieces that follow in the capture, and more where it does not come to its end. */
  #apduOctets(): number {
    if (this.#options.apdu !== undefined) return this.#options.apdu.length;
    const units = [...this.#captured.values()].flat().slice(this.theirs.length);
    const end = units.findIndex(({ unit }) => unit === 'AE SPDU');
    const pieces = units.slice(0, end === -1 ? units.length : end).filter(({ unit }) => unit === 'DT SPDU');
    const octets = joinOctets(pieces.map(pieceOf)).length;
    return end === -1 ? octets + 100_000 : octets;
  }
}

export function unitsOf({ mode, steps }: Conversation, role: TokenSide): ReadonlyMap<Step, readonly Unit[]> {
  const reader = new UnitReader(mode);
  const own = steps.filter((step) => 'octets' in step && step.from === role);
  return new Map(own.map((step) => [step, 'octets' in step ? reader.read(step.octets) : []]));
}

/** Each packet by itself, so that what follows from one is done before the next comes. */
function packetsOf(octets: Uint8Array): readonly Uint8Array[] {
  const packets: Uint8Array[] = [];
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  for (let offset = 0; offset < octets.length;) {
    const length = offset + 4 <= octets.length ? view.getUint16(offset + 2) : octets.length;
    packets.push(octets.subarray(offset, offset + length));
    offset += length;
  }
  return packets;
}
