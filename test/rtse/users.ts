/** Users of reliable transfer at both ends of a link: they send and keep APDUs as an MTA would, and remember across associations. */
import { ByteList } from '../../src/bytes/byte-list.js';
import { equalOctets, latin1Octets, toHex } from '../../src/bytes/octets.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import type { ConnectionData, NegotiatedValues, ResumePoint, RtseIndication } from '../../src/rtse/service.js';
import type { SessionConnectionIdentifier, TokenSide } from '../../src/session/service.js';
import { openRequest } from './harness.js';
import { otherSide, type Link } from './link.js';

interface Partial {
  octets: Uint8Array;
  /** Octets before each checkpoint that was confirmed. */
  readonly checkpoints: Map<number, number>;
}

/** What one end remembers, whatever becomes of its associations. */
export class Memory {
  readonly partial = new Map<string, Partial>();
  readonly completed = new Set<string>();
  readonly received: Uint8Array[] = [];
}

export interface Habits {
  /** How many octets an answer to APDU-READ holds. */
  readonly readOctets: (octetsMax: number) => number;
  /** Checkpoints and APDUs are secured at once, or whenever nothing else happens, the last first. */
  readonly secures: 'at once' | 'later';
}

const plainHabits: Habits = { readOctets: (octetsMax) => octetsMax, secures: 'at once' };

type Confirm = Extract<RtseIndication, { type: 'RT-TRANSFER.confirm' }>;

/** One end of one association. */
export class User {
  readonly #link: Link;
  readonly #side: TokenSide;
  readonly #memory: Memory;
  readonly #habits: Habits;
  readonly #identifier: SessionConnectionIdentifier;
  readonly told: RtseIndication[] = [];
  readonly putOff: (() => void)[] = [];
  limits: NegotiatedValues = { checkpointSizeK: 1, windowSize: 1 };
  negotiated: NegotiatedValues | undefined;
  answerData: ConnectionData = { kind: 'open' };
  isOpen = false;
  hasTurn = false;
  confirm: Confirm | undefined;
  /** Most checkpoints ever outstanding. */
  outstandingMax = 0;
  checkpointsSent = 0;
  /** The last octet was asked for: ACTIVITY END may have been sent. */
  hasReadAll = false;
  #apdu: Uint8Array = new Uint8Array(0);
  #key = '';
  #incoming: Partial = { octets: new Uint8Array(0), checkpoints: new Map() };

  constructor(link: Link, side: TokenSide, memory: Memory, habits: Habits, identifier: SessionConnectionIdentifier) {
    this.#link = link;
    this.#side = side;
    this.#memory = memory;
    this.#habits = habits;
    this.#identifier = identifier;
  }

  send(apdu: Uint8Array, resume?: ResumePoint): void {
    this.#apdu = apdu;
    this.confirm = undefined;
    this.#link.request(this.#side, {
      type: 'RT-TRANSFER.request',
      apduOctets: apdu.length,
      transferMilliseconds: 60_000,
      ...(resume === undefined ? {} : { resume }),
    });
  }

  /** A resumption point as it stands for another association. */
  elsewhere(resume: ResumePoint): ResumePoint {
    return { originalSessionConnection: this.#identifier, ...resume };
  }

  handle(indication: RtseIndication): void {
    this.told.push(indication);
    switch (indication.type) {
      case 'RT-OPEN.indication':
        this.hasTurn = indication.initialTurn === this.#side;
        this.#link.request(this.#side, {
          type: 'RT-OPEN.response',
          result: 'accept',
          limits: this.limits,
          initialTurn: 'initiator',
          connectionData: indication.connectionData,
        });
        return;
      case 'RT-OPEN.completed':
        this.#opened(indication.negotiated);
        return;
      case 'RT-OPEN.confirm':
        if (indication.result === 'reject') return;
        this.hasTurn = indication.initialTurn === this.#side;
        this.#opened(indication.negotiated);
        return;
      case 'RT-CLOSE.indication':
        this.isOpen = false;
        this.#link.request(this.#side, { type: 'RT-CLOSE.response' });
        return;
      case 'RT-CLOSE.confirm':
      case 'RT-P-ABORT.indication':
      case 'RT-U-ABORT.indication':
        this.isOpen = false;
        this.putOff.length = 0;
        return;
      case 'RT-TURN-GIVE.indication':
        this.hasTurn = true;
        return;
      case 'RT-TURN-PLEASE.indication':
        return;
      case 'TRANSFER-STARTED.indication':
        return;
      case 'APDU-READ.indication': {
        const { offset, octetsMax } = indication;
        const octets = ByteList.of(this.#apdu.subarray(offset, offset + this.#habits.readOctets(octetsMax)));
        this.hasReadAll ||= offset + octets.length === this.#apdu.length;
        this.#link.request(this.#side, { type: 'APDU-READ.response', offset, octets });
        return;
      }
      case 'CHECKPOINT-SENT.indication':
        this.checkpointsSent += 1;
        this.outstandingMax = Math.max(this.outstandingMax, indication.outstanding);
        return;
      case 'CHECKPOINT-CONFIRMED.indication':
        return;
      case 'RT-TRANSFER.confirm':
        this.confirm = indication;
        return;
      case 'ACTIVITY-START.indication':
        this.#keep(this.#identifier, indication.activityIdentifier, {
          octets: new Uint8Array(0),
          checkpoints: new Map(),
        });
        return;
      case 'ACTIVITY-LOOKUP.indication':
        this.#lookUp(indication);
        return;
      case 'APDU-WRITE.indication': {
        const { octets } = this.#incoming;
        if (indication.offset !== octets.length) throw new Error(`octet ${String(indication.offset)} out of order`);
        this.#incoming.octets = ByteList.of(octets, indication.octets).toUint8Array();
        return;
      }
      case 'APDU-SECURE.indication': {
        const { serialNumber, offset } = indication;
        if (offset !== this.#incoming.octets.length) throw new Error('a checkpoint elsewhere than behind the data');
        this.#incoming.checkpoints.set(serialNumber, offset);
        this.#do(() => {
          this.#link.request(this.#side, { type: 'APDU-SECURE.response', serialNumber });
        });
        return;
      }
      case 'CHECKPOINT-ANSWERED.indication':
        return;
      case 'RT-TRANSFER.indication': {
        const apdu = this.#incoming.octets;
        if (indication.apduOctets !== apdu.length) throw new Error('an APDU of another length than its octets');
        const key = this.#key;
        this.#do(() => {
          this.#memory.received.push(apdu);
          this.#memory.completed.add(key);
          this.#memory.partial.delete(key);
          this.#link.request(this.#side, { type: 'RT-TRANSFER.response', result: 'secured' });
        });
        return;
      }
      case 'ACTIVITY-INTERRUPT.indication':
        this.putOff.length = 0;
        return;
      case 'ACTIVITY-DISCARD.indication':
        this.putOff.length = 0;
        this.#memory.partial.delete(this.#key);
    }
  }

  /** Does one thing that was put off, the last first: answers may come out of order. */
  settle(): boolean {
    const act = this.putOff.pop();
    act?.();
    return act !== undefined;
  }

  #do(act: () => void): void {
    if (this.#habits.secures === 'at once') act();
    else this.putOff.push(act);
  }

  #opened(negotiated: NegotiatedValues): void {
    this.isOpen = true;
    this.negotiated = negotiated;
  }

  #keep(connection: SessionConnectionIdentifier, activity: Uint8Array, partial: Partial): void {
    this.#key = keyOf(connection, activity, this.#side);
    this.#incoming = partial;
    this.#memory.partial.set(this.#key, partial);
  }

  #lookUp(lookup: Extract<RtseIndication, { type: 'ACTIVITY-LOOKUP.indication' }>): void {
    const connection = lookup.sessionConnection ?? this.#identifier;
    const key = keyOf(connection, lookup.oldActivityIdentifier, this.#side);
    const partial = this.#memory.partial.get(key);
    const offset = partial?.checkpoints.get(lookup.serialNumber);
    this.#do(() => {
      const type = 'ACTIVITY-LOOKUP.response';
      if (this.#memory.completed.has(key)) {
        this.#link.request(this.#side, { type, result: 'completed', offset: 0 });
      } else if (partial === undefined || offset === undefined) {
        this.#link.request(this.#side, { type, result: 'unknown', offset: 0 });
      } else {
        partial.octets = partial.octets.slice(0, offset);
        this.#keep(connection, lookup.oldActivityIdentifier, partial);
        this.#link.request(this.#side, { type, result: 'partial', offset });
      }
    });
  }
}

function keyOf(connection: SessionConnectionIdentifier, activity: Uint8Array, receiver: TokenSide): string {
  return `${toHex(connection.calling ?? new Uint8Array(0))} ${toHex(activity)} ${receiver}`;
}

export interface ConversationOptions {
  readonly mode: ReliableTransferMode;
  readonly proposal: NegotiatedValues;
  readonly limits: NegotiatedValues;
  readonly turn?: TokenSide;
  readonly connectionData?: ConnectionData;
  readonly habits?: Habits;
  readonly memories: Readonly<Record<TokenSide, Memory>>;
  /** Unique for each association. */
  readonly name: string;
  /** The side whose unit comes next, where both have one under way. */
  readonly choose?: () => TokenSide;
}

/** An association and its two users. */
export class Conversation {
  readonly link: Link;
  readonly users: Readonly<Record<TokenSide, User>>;
  readonly identifier: SessionConnectionIdentifier;
  readonly #choose: () => TokenSide;

  constructor(
    options: ConversationOptions,
    connect: (handlers: { indication(side: TokenSide, indication: RtseIndication): void }) => Link,
  ) {
    const { memories, habits = plainHabits, turn = 'initiator' } = options;
    this.identifier = { calling: latin1Octets(options.name), common: latin1Octets('261122073000Z') };
    this.#choose = options.choose ?? (() => 'initiator');
    this.link = connect({
      indication: (side, indication) => {
        this.users[side].handle(indication);
      },
    });
    const user = (side: TokenSide): User => new User(this.link, side, memories[side], habits, this.identifier);
    this.users = { initiator: user('initiator'), responder: user('responder') };
    this.users.responder.limits = options.limits;
    this.link.request('initiator', {
      ...openRequest({ mode: options.mode, turn, values: options.proposal }),
      identifier: this.identifier,
      connectionData: options.connectionData ?? { kind: 'open' },
    });
    this.run();
  }

  /** One unit, or one thing that a user had put off. */
  step(): boolean {
    return this.link.step(this.#choose) || this.users.initiator.settle() || this.users.responder.settle();
  }

  run(): void {
    while (this.step());
  }

  /** Gives the turn to the side that wants to send, where it has not got it. */
  turnTo(side: TokenSide): void {
    if (this.users[side].hasTurn) return;
    const owner = otherSide(side);
    this.link.request(owner, { type: 'RT-TURN-GIVE.request' });
    this.users[owner].hasTurn = false;
    this.run();
  }
}

/** Octets that are different everywhere, so that a piece in the wrong place is seen. */
export function apduOf(length: number, seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state >> 16;
  });
}

export function countEqual(received: readonly Uint8Array[], apdu: Uint8Array): number {
  return received.filter((octets) => equalOctets(octets, apdu)).length;
}
