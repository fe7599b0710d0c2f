import { describe, expect, it } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import type { NewMessage } from '../../src/queue/store.js';
import { anna, bob, makePair, testOctets } from './pair.js';
import { VirtualAgent, siteOf } from './virtual-agent.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualNetwork } from './virtual-network.js';

describe('responsibility for a message', () => {
  it('is not taken before the commit that holds it: a receiver that loses power while it commits has told the sender nothing (X.228 §7.3)', () => {
    const { clock, alpha, beta } = makePair();
    alpha.start();
    beta.start();
    beta.storage.batchMilliseconds = 2000;
    const content = testOctets(500);
    alpha.submit({ from: anna, to: [bob] }, content);
    // The APDU has arrived whole, beta's commit is under way.
    clock.run(1500, () => alpha.events('transfer.completed').length > 0);
    expect(alpha.events('transfer.started')).toHaveLength(1);
    expect(alpha.events('transfer.completed')).toEqual([]);
    beta.kill('power');
    beta.storage.batchMilliseconds = 0.3;
    beta.start();
    clock.run(120_000, () => beta.events('message.delivered').length > 0);
    const entries = beta.mailbox('bob');
    expect(entries).toHaveLength(1);
    expect(equalOctets(beta.content('bob', entries[0]?.id ?? ''), content)).toBe(true);
  });
});

type Name = 'ALPHA' | 'BETA' | 'GAMMA' | 'DELTA';
const ports: Readonly<Record<Name, number>> = { ALPHA: 101, BETA: 201, GAMMA: 301, DELTA: 401 };
const user = 'C=GB;ADMD= ;PRMD=ALPHA;S=User';
const north = 'C=GB;ADMD= ;PRMD=DELTA;O=North;S=User';
const south = 'C=GB;ADMD= ;PRMD=DELTA;O=South;S=User';

/** Two ways lead from alpha to delta: north by beta, south by gamma. */
function diamond() {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock);
  const connector = (to: Name, spaces: readonly string[]) => ({
    name: to.toLowerCase(),
    remote: { mtaName: `MTA-${to}`, password: 'p', host: 'peer', port: ports[to], transportSelector: 'MTA' },
    addressSpace: spaces.map((pattern) => ({ pattern })),
  });
  const agent = (name: Name, connectors: readonly object[], mailboxes: readonly object[]): VirtualAgent =>
    new VirtualAgent(
      clock,
      network,
      siteOf({
        mta: { name: `MTA-${name}`, password: 'p', globalDomain: { country: 'GB', admd: ' ', prmd: name } },
        listen: [{ host: '127.0.0.1', port: ports[name], transportSelector: 'MTA' }],
        dataDirectory: '/data',
        connectors,
        mailboxes,
      }),
    );
  const toAlpha = connector('ALPHA', ['C=GB;ADMD= ;PRMD=ALPHA']);
  const toDelta = connector('DELTA', ['C=GB;ADMD= ;PRMD=DELTA']);
  const alpha = agent(
    'ALPHA',
    [connector('BETA', ['C=GB;ADMD= ;PRMD=DELTA;O=North']), connector('GAMMA', ['C=GB;ADMD= ;PRMD=DELTA;O=South'])],
    [{ name: 'user', address: user }],
  );
  const beta = agent('BETA', [toAlpha, toDelta], []);
  const gamma = agent('GAMMA', [toAlpha, toDelta], []);
  const delta = agent(
    'DELTA',
    [connector('BETA', ['C=GB;ADMD= ;PRMD=ALPHA']), connector('GAMMA', [])],
    [
      { name: 'north', address: north },
      { name: 'south', address: south },
    ],
  );
  for (const each of [alpha, beta, gamma, delta]) each.start();
  return { clock, alpha, beta, gamma, delta };
}

/** Puts the message into alpha's queue to `connector` once more, for these recipients. */
function sendAgain(alpha: VirtualAgent, message: NewMessage, connector: string, recipients: readonly number[]): void {
  const id = `again-${recipients.join('-')}`;
  const again = { ...message, id, copies: [{ id: `${id}-copy`, connector, recipients, notBefore: 0 }] };
  alpha.call('commit', { changes: [{ type: 'message.insert', message: again }] });
  alpha.engine?.retryNow(connector);
}

describe('copies of one message that come by different ways', () => {
  it('are delivered each to its own recipient, though they have one MTS identifier (X.411 §14.3)', () => {
    const { clock, alpha, delta } = diamond();
    const identifier = alpha.submit({ from: user, to: [north, south] }, testOctets(300));
    clock.run(60_000, () => delta.events('message.delivered').length === 2);
    clock.run(10_000);
    for (const name of ['north', 'south']) {
      expect(delta.mailbox(name).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([identifier]);
    }
    expect(delta.events('message.duplicate')).toEqual([]);
  });

  it('serve the recipients that the copies before them did not, and no other once more', () => {
    const { clock, alpha, beta, gamma, delta } = diamond();
    beta.kill();
    gamma.kill();
    const content = testOctets(300);
    const mts = alpha.submit({ from: user, to: [north, south] }, content);
    const [entry] = alpha.call('queue.show', { identifier: mts });
    if (entry === undefined) throw new Error('nothing is queued');
    const message: NewMessage = {
      id: 'original',
      kind: 'message',
      mtsIdentifier: mts,
      priority: 1,
      envelope: entry.envelope,
      content: { kind: 'octets', octets: content },
      contentType: '0',
      contentOctets: content.length,
      originator: user,
      recipients: [north, south],
      subject: '',
      arrivedAt: Date.UTC(2026, 10, 22),
      copies: [],
      deliveries: [],
      duplicateKeys: [],
    };
    for (const { copy, connector } of alpha.call('queue.show', { identifier: mts })) {
      alpha.call('commit', { changes: [{ type: 'copy.removed', copy }] });
      alpha.engine?.withdraw(connector, copy, 'removed');
    }
    beta.start();
    gamma.start();
    sendAgain(alpha, message, 'beta', [0]);
    clock.run(60_000, () => delta.events('message.delivered').length === 1);
    sendAgain(alpha, message, 'gamma', [0, 1]);
    clock.run(60_000, () => delta.events('message.delivered').length === 2);
    clock.run(10_000);
    for (const name of ['north', 'south']) {
      expect(delta.mailbox(name).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([mts]);
    }
  });
});
