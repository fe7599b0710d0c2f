import { startWorkerStore } from '../../host/worker-store.js';
import { stored } from '../../admin/submissions.js';
import { makeChain, type Agent } from '../agents.js';
import type { Cell } from '../cell.js';
import type { Figure, Findings } from '../figures.js';
import { fillQueue } from '../fill-queue.js';
import type { Lab } from '../lab.js';

const contentOctets = 200;
const samples = 100;

/** Milliseconds of each of some calls, one after the other. */
async function times(action: () => Promise<unknown>): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; i < samples; i++) {
    const began = performance.now();
    await action();
    milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

/** What the daemon answers with so much in its queue, and what the store says to the question for the next copy. */
async function measureAt(agent: Agent, count: number): Promise<readonly Figure[]> {
  await agent.start();
  await agent.status();
  const submit = await times(() => agent.submit(contentOctets));
  const status = await times(() => agent.status());
  await agent.stop();
  const store = await startWorkerStore({ dataDirectory: agent.dataDirectory });
  await stored(store, 'open', { duplicateRetentionSeconds: 1 });
  const next = await times(() => stored(store, 'queue.claim', { connector: 'beta', count: 1, now: Date.now() + 1e9 }));
  await stored(store, 'close', {});
  await store.terminate();
  const name = `with ${String(count)} queued`;
  return [
    { name: `submit, ${name}`, unit: 'ms', values: submit },
    { name: `next to send, ${name}`, unit: 'ms', values: next },
    { name: `status, ${name}`, unit: 'ms', values: status },
  ];
}

async function measureGrowth(lab: Lab, counts: readonly number[]): Promise<Findings> {
  const [alpha] = await makeChain(lab, { names: ['alpha', 'beta'], values: {} });
  if (alpha === undefined) throw new RangeError('a chain of two');
  const figures: Figure[] = [];
  let queued = 0;
  for (const count of counts) {
    await fillQueue(alpha, count - queued, contentOctets);
    figures.push(...(await measureAt(alpha, count)));
    queued = count + samples;
  }
  return {
    figures,
    verdicts: [],
    notes: ['the peer does not answer; by the admin socket, the next to send at the store'],
  };
}

export const growthCells: readonly Cell[] = [
  {
    name: 'growth',
    what: 'cost of submit, next to send and status with 1,000 to 100,000 queued',
    part: 'full',
    timeBoxSeconds: 240,
    run: (lab) => measureGrowth(lab, [1000, 10_000, 100_000]),
  },
  {
    name: 'growth-1m',
    what: 'the same with 1,000,000 queued',
    part: 'full',
    timeBoxSeconds: 1200,
    run: (lab) => measureGrowth(lab, [1_000_000]),
  },
];
