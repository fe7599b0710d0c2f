import type { Observation } from '../../src/osi/machine.js';
import { Stack, type AnyMachine } from '../../src/osi/stack.js';
import type { SessionIndication, SessionRequest } from '../../src/session/service.js';
import { ByteList } from '../../src/bytes/byte-list.js';

type Side = 'initiator' | 'responder';

const textOfReason = ['refused', 'congestion', 'refused with data'];

/** User data of ABORT in session version 1, octets (X.225 §8.3.9). */
const abortOctetsMax = 9;

/** A session provider without SPDUs: what one side asks for, the other is told. Data arrive cut into chunks of `chunkOctets`. */
export class FakeSession {
  /** What each side's stack told its user, in order. */
  readonly toUser: Record<Side, unknown[]> = { initiator: [], responder: [] };
  /** What each side asked of the session. */
  readonly asked: Record<Side, SessionRequest[]> = { initiator: [], responder: [] };
  readonly observed: Observation[] = [];
  readonly #stacks: Record<Side, Stack>;
  readonly #version: 1 | 2;
  readonly #chunkOctets: number;
  readonly #queue: { readonly side: Side; readonly indication: SessionIndication }[] = [];
  #isRunning = false;
  #serialNumber = 0;

  constructor(
    machines: Record<Side, readonly AnyMachine[]>,
    { version = 2, chunkOctets = Infinity }: { readonly version?: 1 | 2; readonly chunkOctets?: number } = {},
  ) {
    this.#version = version;
    this.#chunkOctets = chunkOctets;
    this.#stacks = {
      initiator: this.#stack('initiator', machines.initiator),
      responder: this.#stack('responder', machines.responder),
    };
  }

  /** The user of one side asks for something; everything that follows from it has happened on return. */
  request(side: Side, primitive: unknown): void {
    this.#stacks[side].fromAbove(primitive);
    this.#run();
  }

  /** The provider tells one side something of its own accord. */
  indicate(side: Side, indication: SessionIndication): void {
    this.#queue.push({ side, indication });
    this.#run();
  }

  /** What the user of one side was told since the last call. */
  told(side: Side): readonly unknown[] {
    return this.toUser[side].splice(0);
  }

  #stack(side: Side, machines: readonly AnyMachine[]): Stack {
    return new Stack(machines, {
      above: (primitive) => this.toUser[side].push(primitive),
      below: (primitive) => {
        this.asked[side].push(primitive as SessionRequest);
        this.#carry(side, primitive as SessionRequest);
      },
      setTimer: () => undefined,
      clearTimer: () => undefined,
      observe: (_, observation) => this.observed.push(observation),
    });
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#stacks[next.side].fromBelow(next.indication);
    }
    this.#isRunning = false;
  }

  #carry(side: Side, request: SessionRequest): void {
    const peer = side === 'initiator' ? 'responder' : 'initiator';
    const told = (indication: SessionIndication) => this.#queue.push({ side: peer, indication });
    switch (request.type) {
      case 'S-CONNECT.request':
        told({ ...request, type: 'S-CONNECT.indication', version: this.#version });
        return;
      case 'S-CONNECT.response':
        if (request.result === 'accept') {
          const { initialTokens, userData } = request;
          const identifier = request.identifier ?? {};
          told({
            type: 'S-CONNECT.confirm',
            result: 'accept',
            identifier,
            version: this.#version,
            initialTokens,
            userData,
          });
        } else {
          const { reason, userData } = request;
          const refusal = { reason, transient: reason === 1, text: textOfReason[reason] ?? '' };
          told({ type: 'S-CONNECT.confirm', result: 'reject', refusal, ...(userData && { userData }) });
        }
        return;
      case 'S-DATA.request':
        told({ type: 'S-DATA.indication', userData: this.#cut(request.userData) });
        return;
      case 'S-CONTROL-GIVE.request':
        told({ type: 'S-CONTROL-GIVE.indication' });
        this.#queue.push({ side, indication: { type: 'S-CONTROL-GIVE.confirm' } });
        return;
      case 'S-SYNC-MINOR.request':
        told({ type: 'S-SYNC-MINOR.indication', serialNumber: ++this.#serialNumber, explicitConfirmation: true });
        return;
      case 'S-U-ABORT.request': {
        const { userData } = request;
        const isTooLong = this.#version === 1 && (userData?.length ?? 0) > abortOctetsMax;
        told({ type: 'S-U-ABORT.indication', ...(userData && !isTooLong && { userData }) });
        return;
      }
      default:
        told({
          ...request,
          type: request.type.replace('.request', '.indication').replace('.response', '.confirm'),
        } as unknown as SessionIndication);
    }
  }

  #cut(octets: ByteList): ByteList {
    const parts: ByteList[] = [];
    for (let start = 0; start < octets.length; start += this.#chunkOctets) {
      const part = octets.slice(start, start + this.#chunkOctets).toUint8Array();
      parts.push(ByteList.of(Uint8Array.from(part)));
    }
    return ByteList.from(parts);
  }
}
