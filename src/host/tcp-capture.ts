/** What passes on TCP connections, written down as a pcapng file that Wireshark opens. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';
import { TcpConversation, type Side } from './tcp-conversation.js';

/** Port of the responder in captures, whatever it is in fact, so that analysers know the protocol (RFC 1006). */
const responderPort = 102;
const initiatorPorts = { first: 40_000, count: 20_000 };
const nanosecondsPerMillisecond = 1_000_000n;

/** Connections are known by whatever their owner has for them. */
export class TcpCapture<Connection> {
  readonly #file: number;
  readonly #conversations = new Map<Connection, TcpConversation>();
  #octetsLeft: number;
  #made = 0;

  /** When the file has `octetsMax` octets nothing more is written. Throws where it cannot be made. */
  constructor(path: string, application: string, octetsMax = Infinity) {
    this.#file = openSync(path, 'w');
    this.#octetsLeft = octetsMax;
    this.#write(sectionHeader(application));
    this.#write(interfaceDescription('link'));
  }

  opened(connection: Connection): void {
    const port = initiatorPorts.first + (this.#made++ % initiatorPorts.count);
    const initiator = { address: '192.0.2.1', port };
    const tcp = new TcpConversation(initiator, { address: '192.0.2.2', port: responderPort }, this.#made);
    this.#conversations.set(connection, tcp);
    this.#packets(tcp.open());
  }

  /** The comment is shown beside each packet. */
  passed(connection: Connection, from: Side, octets: Uint8Array, comment?: string): void {
    const tcp = this.#conversations.get(connection);
    if (tcp !== undefined) this.#packets(tcp.data(from, octets), comment);
  }

  /** What is said of a connection that has ended is not written down. */
  ended(connection: Connection, how: 'closed' | 'reset'): void {
    const tcp = this.#conversations.get(connection);
    if (tcp === undefined) return;
    this.#conversations.delete(connection);
    this.#packets(how === 'reset' ? tcp.reset('initiator') : [...tcp.close('initiator'), ...tcp.close('responder')]);
  }

  /** Connections that are still there end here. */
  close(): void {
    for (const connection of [...this.#conversations.keys()]) this.ended(connection, 'closed');
    closeSync(this.#file);
  }

  #packets(packets: readonly Uint8Array[], comment?: string): void {
    const now = BigInt(Date.now()) * nanosecondsPerMillisecond;
    for (const packet of packets) this.#write(enhancedPacket(0, now, packet, comment));
  }

  #write(block: Uint8Array): void {
    this.#octetsLeft -= block.length;
    if (this.#octetsLeft >= 0) writeSync(this.#file, block);
  }
}
