import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeBindArgument, decodeBindResult } from '../../src/p1/bind.js';
import type { TokenSide } from '../../src/session/service.js';
import { siteOf, VirtualAgent } from '../../src/simulation/virtual-agent.js';
import { VirtualClock } from '../../src/simulation/virtual-clock.js';
import { VirtualNetwork } from '../../src/simulation/virtual-network.js';
import { RawPeer } from '../simulation/raw-peer.js';
import { conversation, type Conversation } from './conversation.js';
import { ofVersion1 } from './rewriting.js';
import { openRequestOf, rtoacIn, unitNamed } from './unit-values.js';
import { UnitReader, type Unit } from './units.js';

interface Agent {
  readonly name: string;
  readonly mode: 'normal' | 'x410-1984';
  readonly p1: '1984' | '1988';
  readonly calledSelector: string;
  /** Header of the content in the captured message, and how many octets follow it. */
  readonly contentHeader: string;
  readonly contentOctets: number;
  readonly contentType: string;
}

const agents: readonly Agent[] = [
  {
    name: 'pp-x400-84-A-to-B',
    mode: 'x410-1984',
    p1: '1984',
    calledSelector: 'x400in84',
    contentHeader: '24800481fb',
    contentOctets: 0xfb,
    contentType: '2',
  },
  {
    name: 'pp-x400-88-normal-A-to-B',
    mode: 'normal',
    p1: '1988',
    calledSelector: 'x400in88',
    contentHeader: '248004820101',
    contentOctets: 0x101,
    contentType: '22',
  },
];

const bob = 'C=GB;ADMD= ;PRMD=BETA;S=bob';
const alice = 'C=GB;ADMD= ;PRMD=ALPHA;S=alice';

/** One of the two captured agents, played by ours: `A` called `B`. */
function agentOf(
  { mode, p1, calledSelector }: Agent,
  which: 'A' | 'B',
  clock: VirtualClock,
  network: VirtualNetwork,
): VirtualAgent {
  const other = which === 'A' ? 'B' : 'A';
  const domains = { A: 'ALPHA', B: 'BETA' };
  const file = {
    mta: {
      name: `MTA-${which}`,
      password: `secret${which}`,
      globalDomain: { country: 'GB', admd: ' ', prmd: domains[which] },
    },
    listen: [{ host: '127.0.0.1', port: 101, transportSelector: calledSelector }],
    dataDirectory: '/data',
    connectors: [
      {
        name: 'other',
        mode,
        p1,
        remote: {
          mtaName: `MTA-${other}`,
          password: `secret${other}`,
          host: 'other',
          port: 102,
          transportSelector: calledSelector,
        },
        addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${domains[other]}` }],
      },
    ],
    mailboxes: [{ name: 'box', address: which === 'B' ? bob : alice }],
  };
  return new VirtualAgent(clock, network, siteOf(file));
}

function unitsSaid({ mode, steps }: Conversation, role: TokenSide): readonly Unit[] {
  const reader = new UnitReader(mode);
  return steps.flatMap((step) => ('octets' in step && step.from === role ? reader.read(step.octets) : []));
}

/**
 * Plays the captured end: each of its steps is said when the other end has said as many units as stand before it. A CC answers the reference
 * that was really given.
 */
function play(peer: RawPeer, captured: Conversation, role: TokenSide): void {
  const reader = new UnitReader(captured.mode);
  const heardReader = new UnitReader(captured.mode);
  let awaited = 0;
  const plan = captured.steps.flatMap((step) => {
    if ('octets' in step && step.from === role) return [{ octets: step.octets, awaited }];
    if ('octets' in step) awaited += reader.read(step.octets).length;
    return [];
  });
  const heard: Unit[] = [];
  const say = (): void => {
    for (let [next] = plan; next !== undefined && next.awaited <= heard.length; [next] = plan) {
      plan.shift();
      const octets = next.octets.slice();
      const [first] = heard;
      if (octets[5] === ccCode && first !== undefined) {
        new DataView(octets.buffer).setUint16(6, Number(first['sourceReference']));
      }
      peer.send(octets);
    }
  };
  peer.onData = (octets) => {
    heard.push(...heardReader.read(octets));
    say();
  };
  say();
}

const ccCode = 0xd0;

describe.each(agents)('the agent of $name', (agent) => {
  const captured = conversation(agent.name);

  it('binds with its name and password, and its answer with another', () => {
    const called = unitsSaid(captured, 'initiator');
    const { connectionData } = openRequestOf(unitNamed(called, 'CR TPDU'), unitNamed(called, 'CN SPDU'));
    const argument = decodeBindArgument(connectionData.kind === 'open' ? connectionData.userData : undefined);
    expect(argument).toMatchObject({ kind: 'authenticated', mtaName: 'MTA-A' });
    const { userData = '' } = rtoacIn(unitNamed(unitsSaid(captured, 'responder'), 'AC SPDU')).connectionData;
    expect(decodeBindResult(fromHex(userData))).toMatchObject({ kind: 'authenticated', mtaName: 'MTA-B' });
  });

  it('delivers its message into a mailbox of ours, content octet for octet (X.411 §12)', () => {
    const clock = new VirtualClock();
    const beta = agentOf(agent, 'B', clock, new VirtualNetwork(clock));
    beta.start();
    const peer = RawPeer.calling(clock, beta, '198.51.100.1:4711');
    play(peer, captured, 'initiator');
    clock.run(60_000, () => beta.events('association.closed').length > 0);
    const [entry] = beta.mailbox('box');
    expect(entry, JSON.stringify(beta.log, undefined, 1)).toMatchObject({
      kind: 'message',
      contentType: agent.contentType,
      from: alice,
    });
    expect(toHex(beta.content('box', entry?.id ?? ''))).toBe(contentOf(agent, captured));
    expect(beta.log.filter(({ level }) => level === 'warn' || level === 'error').map(({ event }) => event)).toEqual([
      'rts.mismatch',
      'rts.mismatch',
    ]);
    clock.run(20_000);
    expect(beta.engine?.status().associations).toEqual([]);
  });

  it('takes a message of ours, answer for answer', () => {
    const clock = new VirtualClock();
    const network = new VirtualNetwork(clock);
    const alpha = agentOf(agent, 'A', clock, network);
    const answers =
      agent.mode === 'normal' ? captured : { ...captured, steps: captured.steps.map((step) => ofVersion1(step)) };
    RawPeer.listening(network, 102, (peer) => {
      play(peer, answers, 'responder');
    });
    alpha.start();
    const content = fromHex(contentOf(agent, captured));
    alpha.submit({ from: alice, to: [bob], contentType: agent.contentType }, content);
    clock.run(60_000, () => alpha.events('transfer.completed').length > 0);
    expect(alpha.events('transfer.completed').length, JSON.stringify(alpha.log, undefined, 1)).toBe(1);
    expect(alpha.events('association.opened').length).toBe(1);
    clock.run(400_000);
    expect(alpha.events('association.closed').map(({ text }) => text)).toEqual(['released']);
    expect(alpha.engine?.status().associations).toEqual([]);
  });
});

/** The content in hexadecimal, taken out of the captured octets by its known place. */
function contentOf({ contentHeader, contentOctets }: Agent, { steps }: Conversation): string {
  const octets = steps
    .map((step) => ('octets' in step && step.from === 'initiator' ? toHex(step.octets) : ''))
    .join('');
  const start = octets.indexOf(contentHeader) + contentHeader.length;
  return octets.slice(start, start + 2 * contentOctets);
}
