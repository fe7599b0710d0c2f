import type { ServerResponse } from 'node:http';
import { ByteList } from '../bytes/byte-list.js';
import type { TapEvent } from '../engine/world.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../host/pcapng.js';
import { TcpConversation, type Side } from '../host/tcp-conversation.js';

/** Octets of an association kept until it is known whose it is: the peer names itself only in its bind. */
const unnamedOctetsMax = 256 * 1024;

/** Octets waiting in a slow recorder, above which the trace is ended: it must not hold the daemon's memory. */
const backlogOctetsMax = 256 * 1024 * 1024;

/** Port of the responder in captures, whatever it is in fact, so that analysers know the protocol (RFC 1006). */
const responderPort = 102;
const firstInitiatorPort = 40_000;
const initiatorPorts = 20_000;

interface Recorded {
  readonly kind: TapEvent['kind'];
  readonly octets: Uint8Array;
  readonly timestampNanoseconds: bigint;
}

interface Conversation {
  readonly tcp: TcpConversation;
  readonly role: 'initiator' | 'responder';
  connector: string;
  /** What passed before the connector was known. */
  unnamed: Recorded[];
  unnamedOctets: number;
  opened: boolean;
}

interface Recorder {
  readonly connector: string;
  readonly response: ServerResponse;
}

/** Sends what passes on a connector's associations to whoever records it, as pcapng; costs nothing while nobody does. */
export class TraceHub {
  readonly #recorders = new Set<Recorder>();
  readonly #conversations = new Map<string, Conversation>();
  #ports = 0;

  /** The response is the capture, until its reader goes away. */
  stream(connector: string, response: ServerResponse): void {
    const recorder: Recorder = { connector, response };
    this.#recorders.add(recorder);
    response.on('close', () => {
      this.#recorders.delete(recorder);
      if (this.#recorders.size === 0) this.#conversations.clear();
    });
    response.writeHead(200, { 'content-type': 'application/x-pcapng' });
    response.write(sectionHeader('mta'));
    response.write(interfaceDescription(connector));
  }

  tap(event: TapEvent): void {
    if (this.#recorders.size === 0) return;
    const conversation = this.#conversationOf(event);
    const octets = event.octets instanceof ByteList ? event.octets.toUint8Array() : (event.octets ?? new Uint8Array(0));
    const recorded: Recorded = {
      kind: event.kind,
      octets: octets.slice(),
      timestampNanoseconds: BigInt(Date.now()) * 1_000_000n,
    };
    if (event.connector !== '' && conversation.connector === '') this.#name(conversation, event.connector);
    if (conversation.connector === '') {
      conversation.unnamed.push(recorded);
      conversation.unnamedOctets += octets.length;
      if (conversation.unnamedOctets > unnamedOctetsMax) this.#conversations.delete(event.association);
    } else this.#record(conversation, recorded);
    if (event.kind === 'closed') this.#conversations.delete(event.association);
  }

  #conversationOf({ association, role, connector }: TapEvent): Conversation {
    const known = this.#conversations.get(association);
    if (known !== undefined) return known;
    const port = firstInitiatorPort + (this.#ports++ % initiatorPorts);
    const made: Conversation = {
      tcp: new TcpConversation({ address: '192.0.2.1', port }, { address: '192.0.2.2', port: responderPort }),
      role,
      connector,
      unnamed: [],
      unnamedOctets: 0,
      opened: false,
    };
    this.#conversations.set(association, made);
    return made;
  }

  #name(conversation: Conversation, connector: string): void {
    conversation.connector = connector;
    for (const recorded of conversation.unnamed) this.#record(conversation, recorded);
    conversation.unnamed = [];
  }

  #record(conversation: Conversation, { kind, octets, timestampNanoseconds }: Recorded): void {
    const { tcp, role } = conversation;
    const packets: Uint8Array[] = [];
    if (!conversation.opened) {
      conversation.opened = true;
      packets.push(...tcp.open());
    }
    const us: Side = role;
    const them: Side = role === 'initiator' ? 'responder' : 'initiator';
    if (kind === 'sent') packets.push(...tcp.data(us, octets));
    else if (kind === 'received') packets.push(...tcp.data(them, octets));
    else if (kind === 'closed') packets.push(...tcp.close(us), ...tcp.close(them));
    const blocks = packets.map((packet) => enhancedPacket(0, timestampNanoseconds, packet));
    for (const recorder of this.#recorders) {
      if (recorder.connector !== conversation.connector) continue;
      for (const block of blocks) recorder.response.write(block);
      if (recorder.response.writableLength > backlogOctetsMax) recorder.response.destroy();
    }
  }
}
