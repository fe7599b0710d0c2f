import { describe, expect, it } from 'vitest';
import type { ActivityName } from '../../src/queue/store.js';
import { anna, bob, makePair, testOctets } from './pair.js';

const hours = 3_600_000;
/** Changes to and from daylight saving time of a clock that is set to local time, and worse. */
const steps = [-3 * hours, -hours, hours, 3 * hours];

describe.each(steps)('a wall clock that steps by %s ms', (step) => {
  it('disturbs neither the resumption of a transfer nor the recognition of a message that comes again', () => {
    const { clock, network, alpha, beta } = makePair();
    alpha.start();
    beta.start();
    network.onDelivery = (octets) => {
      if (octets < 400_000) return;
      network.onDelivery = undefined;
      clock.schedule(0, () => {
        network.refusing = true;
        network.cut();
        for (const agent of [alpha, beta]) agent.wallClockOffsetMilliseconds += step;
      });
      clock.schedule(20_000, () => {
        network.refusing = false;
        alpha.kill();
        beta.kill();
        for (const agent of [alpha, beta]) {
          agent.wallClockOffsetMilliseconds += step;
          agent.start();
        }
      });
    };
    alpha.submit({ from: anna, to: [bob] }, testOctets(700_000));
    clock.run(100_000, () => beta.engine !== undefined && beta.events('message.accepted').length > 0);
    expect(alpha.events('transfer.resumed')[0]?.['fromOctet']).toBeGreaterThan(300_000);
    beta.wallClockOffsetMilliseconds += step;
    network.cut(); // Before the end is confirmed.
    clock.run(60_000);
    expect(beta.mailbox('bob').length).toBe(1);
    expect(alpha.engine?.status().connectors[0]?.queued).toBe(0);

    const before = beta.events('message.accepted').length;
    alpha.submit({ from: anna, to: [bob] }, testOctets(300));
    clock.run(60_000, () => beta.events('message.accepted').length > before);
    beta.wallClockOffsetMilliseconds += step;
    network.cut();
    clock.run(60_000);
    expect(beta.mailbox('bob').length).toBe(2);
  });

  it('lets the recovery timeout last as long as it is, also after a restart', () => {
    const { clock, network, alpha, beta } = makePair({ rts: { recoveryTimeoutSeconds: 30 } });
    alpha.start();
    beta.start();
    network.octetsPerSecond = 100_000;
    alpha.submit({ from: anna, to: [bob] }, testOctets(700_000));
    clock.run(60_000, () => beta.engine?.status().associations[0]?.checkpoint.confirmed === 10);
    alpha.kill();
    network.cut();
    clock.run(10_000);
    beta.wallClockOffsetMilliseconds += step;
    clock.run(5000);
    beta.kill();
    beta.wallClockOffsetMilliseconds += step;
    beta.start();
    clock.run(14_000);
    expect(beta.engine?.status().associations).toMatchObject([{ state: 'recovering' }]);
    expect(beta.disk.files.filter((file) => file.startsWith('incoming/')).length).toBe(1);
    clock.run(2000);
    expect(beta.engine?.status().associations).toEqual([]);
    expect(beta.disk.files.filter((file) => file.startsWith('incoming/'))).toEqual([]);
  });

  it('keeps no message waiting that is to be tried again', () => {
    const retry = { transferIntervalSeconds: 60, openIntervalSeconds: 5 };
    const { clock, alpha, beta } = makePair({ retry });
    alpha.start();
    beta.start();
    beta.disk.space = 'reserve';
    alpha.submit({ from: anna, to: [bob] }, testOctets(200_000));
    clock.run(60_000, () => alpha.events('message.deferred').length > 0);
    beta.disk.space = 'plenty';
    alpha.wallClockOffsetMilliseconds += step;
    alpha.engine?.reload(alpha.site); // Looks into the queue, as much else does.
    clock.run(150_000, () => beta.events('message.delivered').length > 0);
    expect(beta.mailbox('bob').length).toBe(1);
  });
});

describe('identifiers', () => {
  it('of messages and of activities with their session connections never repeat, whatever the clock says at each start', () => {
    const { clock, network, alpha, beta } = makePair();
    const activities: ActivityName[] = [];
    beta.storage.observer = (request, answer) => {
      if (request.name !== 'commit' || !answer.ok) return;
      for (const change of request.input.changes)
        if (change.type === 'activity.completed') activities.push(change.activity);
    };
    const identifiers: string[] = [];
    for (let life = 0; life < 12; life++) {
      // Every life begins at the same time of the wall clock.
      alpha.wallClockOffsetMilliseconds = -clock.now;
      alpha.start();
      if (life === 0) beta.start();
      for (let i = 0; i < 3; i++) identifiers.push(alpha.submit({ from: anna, to: [bob] }, testOctets(100)));
      clock.run(10_000);
      alpha.kill(life % 2 === 0 ? 'process' : 'power');
      network.cut();
    }
    expect(new Set(identifiers).size).toBe(36);
    expect(activities.length).toBeGreaterThanOrEqual(36);
    expect(new Set(activities.map((activity) => JSON.stringify(activity))).size).toBe(activities.length);
    expect(beta.mailbox('bob').length).toBe(36);
  });
});

describe('what is kept for a peer that never returns', () => {
  for (const [how, downSeconds, step, leftSeconds] of [
    ['process', 5, 0, 25],
    ['power', 5, 0, 25],
    ['power', 5, -hours, 30],
    ['power', 60, 0, 0],
  ] as const) {
    it(`goes after its timeout when the ${how} is gone for ${String(downSeconds)} s and the clock steps by ${String(step)} ms`, () => {
      const { clock, network, alpha, beta } = makePair({ rts: { recoveryTimeoutSeconds: 30 } });
      alpha.start();
      beta.start();
      network.octetsPerSecond = 100_000;
      alpha.submit({ from: anna, to: [bob] }, testOctets(700_000));
      clock.run(60_000, () => beta.engine?.status().associations[0]?.checkpoint.confirmed === 10);
      alpha.kill();
      network.cut();
      clock.run(1);
      beta.kill(how);
      beta.wallClockOffsetMilliseconds += step;
      clock.run(downSeconds * 1000);
      beta.start();
      const kept = () => beta.disk.files.filter((file) => file.startsWith('incoming/')).length;
      if (leftSeconds > 0) {
        clock.run((leftSeconds - 1) * 1000);
        expect(kept()).toBe(1);
      }
      clock.run(2000);
      expect(kept()).toBe(0);
      expect(beta.engine?.status().associations).toEqual([]);
    });
  }
});
