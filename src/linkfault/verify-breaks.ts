/** For every connection that ended within a transfer: where the transfer went on, and how many octets of the APDU were sent again. */
import type { Stream } from '../faults/pdu-trigger.js';
import type { Entry } from './timeline.js';

export type Continuation = 'resumed' | 'restarted' | 'completed' | 'not continued';

export interface Break {
  readonly link: string;
  readonly connection: number;
  /** Milliseconds since the link started. */
  readonly at: number;
  /** By a fault, a toxic, an end. */
  readonly by: string;
  /** What the fault struck at, if one did. */
  readonly cause: string;
  readonly stream: Stream;
  readonly activity: string;
  /** Octets of the APDU that had been sent, and that were confirmed as far as confirmations had passed. */
  readonly sentOctets: number;
  readonly confirmedOctets: number;
  /** Window by checkpoint size, and the piece in flight; undefined without checkpoints. */
  readonly boundOctets: number | undefined;
  continuation: Continuation;
  /** Where it went on: the checkpoint, and the octet behind it. */
  serialNumber: number | undefined;
  fromOctet: number | undefined;
  resentOctets: number;
}

/** An APDU on its way, under the name that stays: the session connection on which it was started, and its activity there. */
interface Transfer {
  readonly key: string;
  readonly stream: Stream;
  readonly activity: string;
  octets: number;
  highestOctets: number;
  confirmedOctets: number;
  /** Octets behind each checkpoint. */
  readonly checkpoints: Map<number, number>;
  ended: boolean;
  brokenBy: Break | undefined;
}

interface Connection {
  session: string;
  checkpointSizeK: number | undefined;
  windowSize: number | undefined;
  cause: string;
  current: Transfer | undefined;
}

const octetsPerK = 1024;

/** The breaks of one timeline, in order. */
export function breaksOf(entries: readonly Entry[]): readonly Break[] {
  const follower = new Follower();
  for (const entry of entries) follower.entry(entry);
  return follower.breaks;
}

class Follower {
  readonly breaks: Break[] = [];
  readonly #connections = new Map<string, Connection>();
  readonly #transfers = new Map<string, Transfer>();

  entry(entry: Entry): void {
    if (!('connection' in entry)) return;
    const key = `${entry.link}/${String(entry.connection)}`;
    const connection = this.#connections.get(key) ?? newConnection();
    this.#connections.set(key, connection);
    switch (entry.type) {
      case 'passed':
        for (const pdu of entry.pdus) this.#passed(entry, pdu, connection);
        return;
      case 'struck':
        connection.cause = [entry.kind, entry.place ?? '', ...(entry.pdus ?? []).slice(0, 1)].join(' ').trim();
        return;
      case 'closed':
        this.#closed(entry, connection);
        return;
      default:
    }
  }

  #passed(entry: Extract<Entry, { type: 'passed' }>, pdu: string, connection: Connection): void {
    const number = (name: string): number => Number(entry[name] ?? 0);
    const transfer = connection.current;
    switch (pdu) {
      case 'CONNECT':
        connection.session = text(entry['session']);
        return;
      case 'RTOAC':
        connection.checkpointSizeK = number('checkpointSizeK');
        connection.windowSize = number('windowSize');
        return;
      case 'ACTIVITY START':
        connection.current = this.#start(entry, connection);
        return;
      case 'ACTIVITY RESUME':
        connection.current = this.#resume(entry, connection);
        return;
      case 'DATA TRANSFER':
        if (transfer?.stream === entry.stream) advance(transfer, number('apduOctets'));
        return;
      case 'MINOR SYNC POINT':
        if (transfer?.stream === entry.stream) transfer.checkpoints.set(number('serialNumber'), transfer.octets);
        return;
      case 'MINOR SYNC ACK': {
        const octets = transfer?.checkpoints.get(number('serialNumber'));
        if (transfer !== undefined && octets !== undefined) transfer.confirmedOctets = octets;
        return;
      }
      case 'ACTIVITY END ACK':
      case 'ACTIVITY DISCARD ACK':
      case 'ACTIVITY INTERRUPT ACK':
        if (transfer !== undefined) transfer.ended = pdu === 'ACTIVITY END ACK';
        connection.current = undefined;
        return;
      default:
    }
  }

  #start(entry: Extract<Entry, { type: 'passed' }>, connection: Connection): Transfer {
    const activity = text(entry['activity']);
    const transfer: Transfer = {
      key: `${connection.session} ${entry.stream} ${activity}`,
      stream: entry.stream,
      activity,
      octets: 0,
      highestOctets: 0,
      confirmedOctets: 0,
      checkpoints: new Map([[0, 0]]),
      ended: false,
      brokenBy: this.#restarted(entry.stream),
    };
    this.#transfers.set(transfer.key, transfer);
    return transfer;
  }

  /** What was broken in this direction and not taken up again begins anew, the oldest first. */
  #restarted(stream: Stream): Break | undefined {
    const found = this.breaks.find((each) => each.stream === stream && each.continuation === 'not continued');
    if (found === undefined) return undefined;
    found.continuation = 'restarted';
    found.fromOctet = 0;
    return found;
  }

  #resume(entry: Extract<Entry, { type: 'passed' }>, connection: Connection): Transfer | undefined {
    const session = entry['startedOn'] === undefined ? connection.session : text(entry['startedOn']);
    const transfer = this.#transfers.get(`${session} ${entry.stream} ${text(entry['oldActivity'])}`);
    const serialNumber = Number(entry['serialNumber']);
    const fromOctet = transfer?.checkpoints.get(serialNumber);
    if (transfer === undefined || fromOctet === undefined) return undefined;
    transfer.octets = fromOctet;
    const { brokenBy } = transfer;
    if (brokenBy !== undefined) Object.assign(brokenBy, { continuation: 'resumed', serialNumber, fromOctet });
    return transfer;
  }

  #closed(entry: Extract<Entry, { type: 'closed' }>, connection: Connection): void {
    const transfer = connection.current;
    if (transfer === undefined) return;
    connection.current = undefined;
    const { checkpointSizeK = 0, windowSize = 0, cause } = connection;
    const made: Break = {
      link: entry.link,
      connection: entry.connection,
      at: entry.at,
      by: entry.by,
      cause,
      stream: transfer.stream,
      activity: transfer.activity,
      sentOctets: transfer.highestOctets,
      confirmedOctets: transfer.confirmedOctets,
      boundOctets: checkpointSizeK === 0 ? undefined : (windowSize + 1) * checkpointSizeK * octetsPerK,
      continuation: transfer.ended ? 'completed' : 'not continued',
      serialNumber: undefined,
      fromOctet: undefined,
      resentOctets: 0,
    };
    this.breaks.push(made);
    transfer.brokenBy = made;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function newConnection(): Connection {
  return { session: '', checkpointSizeK: undefined, windowSize: undefined, cause: '', current: undefined };
}

function advance(transfer: Transfer, octets: number): void {
  const { brokenBy } = transfer;
  const before = brokenBy?.sentOctets ?? 0;
  const again = Math.min(octets, Math.max(before - transfer.octets, 0));
  if (brokenBy !== undefined) brokenBy.resentOctets += again;
  transfer.octets += octets;
  transfer.highestOctets = Math.max(transfer.highestOctets, transfer.octets);
}

/** Why the break is not as it should be; undefined if it is. */
export function breakViolation(found: Break): string | undefined {
  const { continuation, confirmedOctets, resentOctets, boundOctets } = found;
  if (continuation === 'restarted' && confirmedOctets > 0) {
    return `began anew although ${String(confirmedOctets)} octets were confirmed`;
  }
  if (boundOctets !== undefined && resentOctets > boundOctets) {
    return `sent ${String(resentOctets)} octets again, at most ${String(boundOctets)} are allowed`;
  }
  return undefined;
}
