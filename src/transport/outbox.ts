import { ByteList } from '../bytes/byte-list.js';
import type { Effect, Observation } from '../osi/machine.js';
import { encodeTpduHeader } from './codec.js';
import type { Tpdu } from './pdu.js';
import type { NetworkRequest, TransportIndication } from './service.js';
import { packetHead } from './tpkt.js';

export type TransportEffect = Effect<TransportIndication, NetworkRequest>;

/** The effects of one event, in the order in which they were given. */
export class Outbox {
  #effects: TransportEffect[] = [];

  take(): readonly TransportEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  above(primitive: TransportIndication): void {
    this.#effects.push({ to: 'above', primitive });
  }

  below(primitive: NetworkRequest): void {
    this.#effects.push({ to: 'below', primitive });
  }

  /** Sends a TPDU without user data. */
  send(tpdu: Tpdu): void {
    this.below({ type: 'N-DATA.request', userData: ByteList.of(packetHead(encodeTpduHeader(tpdu), 0)) });
  }

  startTimer(name: string, milliseconds: number): void {
    this.#effects.push({ to: 'timer', action: 'set', name, milliseconds });
  }

  stopTimer(name: string): void {
    this.#effects.push({ to: 'timer', action: 'clear', name });
  }

  observe(event: string, level: Observation['level'], fields: Observation['fields']): void {
    this.#effects.push({ to: 'observer', observation: { event, level, fields } });
  }
}
