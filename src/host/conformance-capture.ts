/** What passes on the connections of a conformance run, as a pcapng file that Wireshark opens. A comment of each packet names its case and its sender. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Party, Tap } from './lower-tester.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';
import { TcpConversation, type Side } from './tcp-conversation.js';

/** Port of the responder in captures, whatever it is in fact, so that analysers know the protocol (RFC 1006). */
const responderPort = 102;
const firstInitiatorPort = 40_000;
const initiatorPorts = 20_000;
const nanosecondsPerMillisecond = 1_000_000n;

interface Recorded {
  readonly tcp: TcpConversation;
  readonly sides: Readonly<Record<Party, Side>>;
  readonly caseId: string;
}

const sidesWhereCalls: Readonly<Record<Party, Recorded['sides']>> = {
  tester: { tester: 'initiator', implementation: 'responder' },
  implementation: { tester: 'responder', implementation: 'initiator' },
};

export class Capture implements Tap {
  readonly #file: number;
  readonly #conversations = new Map<Socket, Recorded>();
  #ports = 0;

  /** Throws where the file cannot be written. */
  constructor(path: string, application: string) {
    this.#file = openSync(path, 'w');
    writeSync(this.#file, sectionHeader(application));
    writeSync(this.#file, interfaceDescription('conformance'));
  }

  opened(socket: Socket, caller: Party, caseId: string): void {
    const port = firstInitiatorPort + (this.#ports++ % initiatorPorts);
    const tcp = new TcpConversation(
      { address: '127.0.0.1', port },
      { address: '127.0.0.1', port: responderPort },
      this.#ports,
    );
    this.#conversations.set(socket, { tcp, sides: sidesWhereCalls[caller], caseId });
    this.#write(tcp.open());
  }

  passed(socket: Socket, from: Party, octets: Uint8Array): void {
    const conversation = this.#conversations.get(socket);
    if (conversation === undefined) return;
    const { tcp, sides, caseId } = conversation;
    this.#write(tcp.data(sides[from], octets), `${caseId}, sent by the ${from}`);
  }

  closed(socket: Socket): void {
    const conversation = this.#conversations.get(socket);
    if (conversation === undefined) return;
    this.#conversations.delete(socket);
    this.#write([...conversation.tcp.close('initiator'), ...conversation.tcp.close('responder')]);
  }

  /** Connections whose end has not come yet end here; what passes on them afterwards is not recorded. */
  close(): void {
    for (const socket of [...this.#conversations.keys()]) this.closed(socket);
    closeSync(this.#file);
  }

  #write(packets: readonly Uint8Array[], comment?: string): void {
    const now = BigInt(Date.now()) * nanosecondsPerMillisecond;
    for (const packet of packets) writeSync(this.#file, enhancedPacket(0, now, packet, comment));
  }
}
