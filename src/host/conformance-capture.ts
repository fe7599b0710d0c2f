/** What passes on the connections of a conformance run, as a capture. A comment of each packet names its case and its sender. */
import type { Socket } from 'node:net';
import type { Party, Tap } from './lower-tester.js';
import { TcpCapture } from './tcp-capture.js';
import type { Side } from './tcp-conversation.js';

interface Recorded {
  readonly sides: Readonly<Record<Party, Side>>;
  readonly caseId: string;
}

const sidesWhereCalls: Readonly<Record<Party, Recorded['sides']>> = {
  tester: { tester: 'initiator', implementation: 'responder' },
  implementation: { tester: 'responder', implementation: 'initiator' },
};

export class ConformanceCapture implements Tap {
  readonly #capture: TcpCapture<Socket>;
  readonly #connections = new WeakMap<Socket, Recorded>();

  /** Throws where the file cannot be made. */
  constructor(path: string, application: string) {
    this.#capture = new TcpCapture(path, application);
  }

  opened(socket: Socket, caller: Party, caseId: string): void {
    this.#connections.set(socket, { sides: sidesWhereCalls[caller], caseId });
    this.#capture.opened(socket);
  }

  passed(socket: Socket, from: Party, octets: Uint8Array): void {
    const recorded = this.#connections.get(socket);
    if (recorded === undefined) return;
    this.#capture.passed(socket, recorded.sides[from], octets, `${recorded.caseId}, sent by the ${from}`);
  }

  closed(socket: Socket): void {
    this.#capture.ended(socket, 'closed');
  }

  close(): void {
    this.#capture.close();
  }
}
