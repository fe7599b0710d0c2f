/** A whole agent that is busy with another peer, and somebody who calls it and says anything. */
import { equalOctets, latin1Octets, latin1Text } from '../../bytes/octets.js';
import type { ConnectionHandlers, Connection } from '../../engine/world.js';
import { RawPeer } from '../../simulation/raw-peer.js';
import { siteOf, VirtualAgent } from '../../simulation/virtual-agent.js';
import { VirtualClock } from '../../simulation/virtual-clock.js';
import { VirtualNetwork } from '../../simulation/virtual-network.js';
import { packetsOf } from '../packet-mutator.js';
import { decodeScript, encodeScript, mutateScript, type Step } from '../script.js';
import { otherMailbox, ownMailbox } from '../site.js';
import { must, targetDefaults, type Target } from '../target.js';

type Mode = 'normal' | 'x410-1984';

const hostileAddress = '198.51.100.7:4711';
/** Long enough to be under way for as long as the hostile peer needs. */
const messageOctets = 60_000;
const octetsPerSecond = 20_000;
const stepMilliseconds = 20;
/** Everything has been given up, forgotten and swept by then. */
const quietMilliseconds = 400_000;

const content = Uint8Array.from({ length: messageOctets }, (_, i) => (i * 7) ^ (i >> 8));

function site(name: 'ALPHA' | 'BETA', peer: 'ALPHA' | 'BETA', mode: Mode, mailbox: string) {
  const port = (of: string): number => (of === 'ALPHA' ? 101 : 201);
  return siteOf({
    mta: {
      name: `MTA-${name}`,
      password: `${name}-secret`,
      globalDomain: { country: 'GB', admd: ' ', prmd: name },
    },
    listen: [{ host: '127.0.0.1', port: port(name), transportSelector: 'MTA' }],
    dataDirectory: '/data',
    connectors: [
      {
        name: peer.toLowerCase(),
        mode,
        dialogue: 'two-way-alternate',
        remote: {
          mtaName: `MTA-${peer}`,
          password: `${peer}-secret`,
          host: 'peer',
          port: port(peer),
          transportSelector: 'MTA',
        },
        addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${peer}` }],
        override: { rts: { checkpointSizeK: 8, windowSize: 3, recoveryTimeoutSeconds: 30 } },
      },
    ],
    mailboxes: [{ name: 'box', address: mailbox }],
    limits: { bindTimeoutSeconds: 30, idleTimeoutSeconds: 60, acknowledgementTimeoutSeconds: 30 },
  });
}

/** What the caller of an association sends, heard on the way. */
class ListeningNetwork extends VirtualNetwork {
  readonly heard: Uint8Array[] = [];

  override listen(port: number, accept: (connection: Connection) => ConnectionHandlers): void {
    super.listen(port, (connection) => {
      const handlers = accept(connection);
      return {
        ...handlers,
        data: (octets) => {
          this.heard.push(octets.slice());
          handlers.data(octets);
        },
      };
    });
  }
}

function agents(mode: Mode, network: VirtualNetwork, clock: VirtualClock) {
  const alpha = new VirtualAgent(clock, network, site('ALPHA', 'BETA', mode, otherMailbox));
  const beta = new VirtualAgent(clock, network, site('BETA', 'ALPHA', mode, ownMailbox));
  alpha.start();
  beta.start();
  clock.run(10);
  return { alpha, beta };
}

/** What a well-behaved peer says: it binds, sends messages of both sizes, and leaves. */
function recorded(mode: Mode): Uint8Array {
  const clock = new VirtualClock();
  const network = new ListeningNetwork(clock);
  const { alpha } = agents(mode, network, clock);
  for (const octets of [200, 20_000])
    alpha.submit({ from: otherMailbox, to: [ownMailbox] }, content.subarray(0, octets));
  clock.run(5000);
  let stopped = false;
  alpha.engine?.stop(() => {
    stopped = true;
  });
  clock.run(10_000, () => stopped);
  const packets = network.heard.flatMap((octets) => packetsOf(ofAnotherLife(octets)));
  return encodeScript(packets.map((octets): Step => ({ kind: 'data', octets })));
}

/** Of another life of the process: what the hostile peer says is never taken for what the agent beside it says. */
function ofAnotherLife(octets: Uint8Array): Uint8Array {
  const text = latin1Text(octets);
  const [, birthmark] = /MTA-ALPHA\.([0-9a-z]+)\./.exec(text) ?? [];
  return birthmark === undefined ? octets : latin1Octets(text.replaceAll(birthmark, 'z'.repeat(birthmark.length)));
}

function play(peer: RawPeer, clock: VirtualClock, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'data') peer.send(step.octets);
    if (step.kind === 'close') peer.close();
    clock.run(step.kind === 'wait' ? Math.min(step.milliseconds, quietMilliseconds) : stepMilliseconds);
  }
}

function run(input: Uint8Array): readonly string[] {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock);
  const mode = (input[0] ?? 0) % 2 === 0 ? 'normal' : 'x410-1984';
  const { alpha, beta } = agents(mode, network, clock);
  const timersBefore = beta.liveTimers;
  network.octetsPerSecond = octetsPerSecond;
  alpha.submit({ from: otherMailbox, to: [ownMailbox] }, content);
  clock.run(100);
  const peer = RawPeer.calling(clock, beta, hostileAddress);
  play(peer, clock, decodeScript(input.subarray(1)));
  clock.run(quietMilliseconds);
  const arrived = beta
    .mailbox('box')
    .filter(({ sizeOctets, from }) => sizeOctets === messageOctets && from === otherMailbox);
  must(arrived.length === 1, `the message of another peer arrived ${String(arrived.length)} times`);
  must(equalOctets(beta.content('box', arrived[0]?.id ?? ''), content), 'the message of another peer was changed');
  const errors = beta.log.filter(({ level }) => level === 'error');
  must(errors.length === 0, `an error is logged: ${JSON.stringify(errors[0])}`);
  must(beta.engine?.status().associations.length === 0, 'an association is left');
  must(beta.liveTimers === timersBefore, `${String(beta.liveTimers - timersBefore)} timers are left`);
  must(network.openLinks === 0 && peer.closed !== undefined, 'a connection is left');
  const events = beta.log.map(({ event, fields }) => `${event} ${String(fields['cause'] ?? '')}`);
  return [...new Set(events)];
}

const modes: readonly Mode[] = ['normal', 'x410-1984'];

export const engineTarget: Target = {
  ...targetDefaults,
  name: 'engine',
  octetsMax: 16 * 1024,
  millisecondsMax: 5000,
  corpusMax: 40,
  weight: 4,
  mutators: [
    (random, input, other) => {
      const script = mutateScript(random, input.subarray(1), other.subarray(1));
      const changed = new Uint8Array(script.length + 1);
      changed[0] = random.chance(0.05) ? random.next() : (input[0] ?? 0);
      changed.set(script, 1);
      return changed;
    },
  ],
  seeds: () => modes.map((mode, i) => Uint8Array.of(i, ...recorded(mode))),
  run,
};
