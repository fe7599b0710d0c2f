import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TraceHub } from '../../src/admin/trace-hub.js';
import { joinOctets } from '../../src/bytes/octets.js';
import type { Connection, ConnectionHandlers, NetworkTarget, TapEvent } from '../../src/engine/world.js';
import { composeContent } from '../../src/ipms/compose.js';
import { parseORAddress } from '../../src/p1/or-address-text.js';
import type { VirtualClock } from '../../src/simulation/virtual-clock.js';
import { VirtualNetwork } from '../../src/simulation/virtual-network.js';
import { anna, bob, makePair, type PairOptions } from '../simulation/pair.js';

/** What passed on the connections between two agents, as the one that opened them saw it. */
export type Traffic = readonly TapEvent[];

class TappedNetwork extends VirtualNetwork {
  readonly traffic: TapEvent[] = [];
  #associations = 0;

  override connect(target: NetworkTarget, handlers: ConnectionHandlers, callerPort?: number): Connection {
    const association = `a${String(++this.#associations)}`;
    const tap = (kind: TapEvent['kind'], octets?: TapEvent['octets']): void => {
      const event = { association, connector: 'peer', role: 'initiator', kind } as const;
      this.traffic.push(octets === undefined ? event : { ...event, octets });
    };
    const connection = super.connect(
      target,
      {
        ...handlers,
        connected: () => {
          tap('opened');
          handlers.connected();
        },
        data: (octets) => {
          tap('received', octets);
          handlers.data(octets);
        },
        closed: (text) => {
          tap('closed');
          handlers.closed(text);
        },
      },
      callerPort,
    );
    return {
      ...connection,
      send: (octets) => {
        tap('sent', octets.toUint8Array().slice());
        connection.send(octets);
      },
    };
  }
}

/** An interpersonal message with a text of so many characters. */
function interpersonalMessage(characters: number): {
  readonly content: Uint8Array;
  readonly contentType: string;
} {
  const plan = composeContent({
    heading: {
      identifier: { userRelativeIdentifier: 'one' },
      originator: { formalName: parseORAddress(anna) },
      recipients: [{ formalName: parseORAddress(bob) }],
      subject: 'Lunch',
    },
    parts: [{ kind: 'text', text: 'Shall we? '.repeat(characters / 10) }],
    version: 'least',
  });
  const octets = plan.segments.map((segment) => (segment.kind === 'octets' ? segment.octets : new Uint8Array(0)));
  return { content: joinOctets(octets), contentType: String(plan.contentType) };
}

type Pair = ReturnType<typeof makePair>;

function between(options: PairOptions, act: (pair: Pair) => void): Traffic {
  let tapped: TappedNetwork | undefined;
  const pair = makePair({
    ...options,
    makeNetwork: (clock: VirtualClock) => (tapped = new TappedNetwork(clock)),
  });
  pair.alpha.start();
  pair.beta.start();
  act(pair);
  return tapped?.traffic ?? [];
}

/** A short message and one with many checkpoints, from the open to the release. */
export function messages(options: PairOptions): Traffic {
  return between(options, ({ clock, alpha, beta }) => {
    const short = interpersonalMessage(100);
    alpha.submit({ from: anna, to: [bob], contentType: short.contentType }, short.content);
    const long = interpersonalMessage(200_000);
    alpha.submit({ from: anna, to: [bob], contentType: long.contentType }, long.content);
    clock.run(400_000, () => beta.events('association.closed').length > 0);
    clock.run(1000);
  });
}

/** A message to nobody, and the non-delivery report that comes back. */
export function nonDelivery(options: PairOptions): Traffic {
  return between(options, ({ clock, alpha }) => {
    const { content, contentType } = interpersonalMessage(100);
    alpha.submit({ from: anna, to: ['C=GB;ADMD= ;PRMD=BETA;S=Nobody'], contentType }, content);
    clock.run(400_000, () => alpha.events('association.closed').length === 2);
    clock.run(1000);
  });
}

/** Mail both ways on one association: the turn is asked for and given. */
export function turns(options: PairOptions): Traffic {
  return between({ ...options, dialogue: 'two-way-alternate' }, ({ clock, alpha, beta }) => {
    const there = interpersonalMessage(100_000);
    alpha.submit({ from: anna, to: [bob], contentType: there.contentType }, there.content);
    clock.run(20);
    const back = interpersonalMessage(1000);
    beta.submit({ from: bob, to: [anna], contentType: back.contentType }, back.content);
    clock.run(400_000, () => alpha.mailbox('anna').length > 0);
    clock.run(1000);
  });
}

/** A message with checkpoints whose connection is cut half way: association and transfer are recovered. */
export function recovery(options: PairOptions): Traffic {
  return between(options, ({ clock, network, alpha, beta }) => {
    const { content, contentType } = interpersonalMessage(300_000);
    alpha.submit({ from: anna, to: [bob], contentType }, content);
    clock.run(60_000, () => network.octetsDelivered > 250_000);
    network.cut();
    clock.run(60_000, () => beta.mailbox('bob').length > 0);
    clock.run(1000);
  });
}

/** The traffic as `mta trace` records it. */
export async function recorded(traffic: Traffic): Promise<Uint8Array> {
  const hub = new TraceHub();
  const server = createServer((_request, response) => {
    hub.stream('peer', response);
    for (const event of traffic) hub.tap(event);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const chunks: Uint8Array[] = [];
  await new Promise<void>((resolve, reject) => {
    get({ host: '127.0.0.1', port }, (response) => {
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      response.on('end', resolve);
      response.on('error', reject);
    }).on('error', reject);
  });
  server.close();
  return joinOctets(chunks);
}
