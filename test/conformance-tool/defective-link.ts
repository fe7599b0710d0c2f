/**
 * A link in front of our own daemon that makes a wrong implementation of it: it changes, drops or doubles what passes, packet by packet. It
 * knows what an SPDU is by its first octets only, and shares no code with the lower tester.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of one TPKT: the octets that go on in its place; none if it is dropped. */
export type Defect = (packet: Buffer, from: 'caller' | 'called') => readonly Buffer[];

export interface DefectRow {
  readonly what: string;
  readonly defect: Defect;
  /** The case that must find it. */
  readonly caseId: string;
}

export const noDefect: Defect = (packet) => [packet];

export class DefectiveLink {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  defect: Defect = noDefect;

  private constructor(server: Server, targetPort: () => number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (caller) => {
      const called = connect({ host: '127.0.0.1', port: targetPort(), noDelay: true });
      this.#carry(caller, called, 'caller');
      this.#carry(called, caller, 'called');
    });
  }

  static async open(targetPort: () => number): Promise<DefectiveLink> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new DefectiveLink(server, targetPort);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(from: Socket, to: Socket, side: 'caller' | 'called'): void {
    let pending = Buffer.alloc(0);
    this.#sockets.add(from);
    from.on('data', (octets) => {
      pending = Buffer.concat([pending, octets]);
      while (pending.length >= 4 && pending[0] === 3 && pending.readUInt16BE(2) >= 7) {
        const length = pending.readUInt16BE(2);
        if (pending.length < length) return;
        for (const packet of this.defect(Buffer.from(pending.subarray(0, length)), side)) to.write(packet);
        pending = pending.subarray(length);
      }
      // What is no packet goes through as it is.
      if (pending.length > 0 && pending[0] !== 3) {
        to.write(pending);
        pending = Buffer.alloc(0);
      }
    });
    from.on('error', () => undefined);
    from.on('end', () => to.write(pending));
    from.on('close', () => {
      this.#sockets.delete(from);
      to.end();
    });
  }
}

/** Whether a packet is a DT whose TSDU begins with these octets. */
export function beginsWith(packet: Buffer, ...octets: readonly number[]): boolean {
  return packet[5] === 0xf0 && octets.every((octet, index) => packet[7 + index] === octet);
}

/** The packet with other octets at its end. */
export function endingIn(packet: Buffer, ...octets: readonly number[]): Buffer {
  return Buffer.concat([packet.subarray(0, packet.length - octets.length), Buffer.from(octets)]);
}

/** A DT with this TSDU. */
export function packetOf(...tsdu: readonly number[]): Buffer {
  const length = 7 + tsdu.length;
  return Buffer.from([3, 0, length >> 8, length & 0xff, 2, 0xf0, 0x80, ...tsdu]);
}
