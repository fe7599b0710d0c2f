/** A link as an operator looks at it: what is known of each connection from what has passed, folded from the entries of its timeline. */
import type { Stream } from '../faults/pdu-trigger.js';
import type { Entry } from './timeline.js';

export interface ConnectionState {
  readonly connection: number;
  readonly openedAt: number;
  /** As RTOAC said them, undefined before. */
  checkpointSizeK: number | undefined;
  windowSize: number | undefined;
  /** Of the activity that is in progress. */
  activity: string | undefined;
  sent: number;
  acknowledged: number;
  lastPdu: string;
}

const recentMax = 8;

export class LineState {
  readonly connections = new Map<number, ConnectionState>();
  /** What was injected, by kind. */
  readonly struck = new Map<string, number>();
  /** The latest faults and changes of toxics, oldest first. */
  recent: readonly Entry[] = [];
  readonly octets: Record<Stream, number> = { upstream: 0, downstream: 0 };
  opened = 0;
  refused = 0;
  rounds = 0;

  sent(stream: Stream, octets: number): void {
    this.octets[stream] += octets;
  }

  entry(entry: Entry): void {
    switch (entry.type) {
      case 'opened':
        this.opened += 1;
        this.connections.set(entry.connection, {
          connection: entry.connection,
          openedAt: entry.at,
          checkpointSizeK: undefined,
          windowSize: undefined,
          activity: undefined,
          sent: 0,
          acknowledged: 0,
          lastPdu: '',
        });
        return;
      case 'refused':
        this.refused += 1;
        this.connections.delete(entry.connection);
        return;
      case 'closed':
        this.connections.delete(entry.connection);
        return;
      case 'passed':
        this.#passed(entry);
        return;
      case 'struck':
        this.struck.set(entry.kind, (this.struck.get(entry.kind) ?? 0) + 1);
        this.rounds = Math.max(this.rounds, entry.round);
        this.#remember(entry);
        return;
      default:
        if (entry.type !== 'started') this.#remember(entry);
    }
  }

  #passed(entry: Extract<Entry, { type: 'passed' }>): void {
    const state = this.connections.get(entry.connection);
    if (state === undefined) return;
    const fact = (name: string): number | undefined => {
      const value = entry[name];
      return typeof value === 'number' ? value : undefined;
    };
    state.lastPdu = entry.pdus.join(' + ');
    for (const pdu of entry.pdus) {
      switch (pdu) {
        case 'RTOAC':
          state.checkpointSizeK = fact('checkpointSizeK');
          state.windowSize = fact('windowSize');
          break;
        case 'ACTIVITY START':
        case 'ACTIVITY RESUME':
          state.activity = String(entry['activity']);
          state.sent = state.acknowledged = fact('serialNumber') ?? 0;
          break;
        case 'MINOR SYNC POINT':
          state.sent = fact('serialNumber') ?? state.sent;
          break;
        case 'MINOR SYNC ACK':
          state.acknowledged = fact('serialNumber') ?? state.acknowledged;
          break;
        case 'ACTIVITY END ACK':
        case 'ACTIVITY DISCARD ACK':
        case 'ACTIVITY INTERRUPT ACK':
          state.activity = undefined;
          break;
        default:
      }
    }
  }

  #remember(entry: Entry): void {
    this.recent = [...this.recent, entry].slice(-recentMax);
  }
}
