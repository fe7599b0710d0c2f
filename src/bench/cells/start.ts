import { callAdminJson } from '../../admin/client.js';
import { queuePath } from '../../admin/protocol.js';
import { makeChain, type Agent } from '../agents.js';
import type { Cell } from '../cell.js';
import { atLeast, atMost, median, type Findings } from '../figures.js';
import { fillQueue } from '../fill-queue.js';
import type { Lab } from '../lab.js';

const readySecondsMax = 2;
const contentOctets = 200;

/** Copies that the queue lists, each counted once. */
async function listedCopies(agent: Agent): Promise<number> {
  const seen = new Set<string>();
  for (let after: string | undefined; ;) {
    const place = after === undefined ? '' : `?after=${after}`;
    const path = `${queuePath}${place}`;
    const entries = await callAdminJson<readonly { copy: string }[]>({ socket: agent.socket, method: 'GET', path });
    for (const { copy } of entries) seen.add(copy);
    after = entries.at(-1)?.copy;
    if (after === undefined) return seen.size;
  }
}

/** Starts with so many messages queued for a peer that does not answer: after an orderly end and after a death. */
async function measureStart(lab: Lab, count: number, rounds: number): Promise<Findings> {
  const [alpha, beta] = await makeChain(lab, { names: ['alpha', 'beta'], values: {} });
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two');
  const began = performance.now();
  await fillQueue(alpha, count, contentOctets);
  const fillSeconds = (performance.now() - began) / 1000;
  const empty: number[] = [];
  const orderly: number[] = [];
  const killed: number[] = [];
  let listed = Infinity;
  for (let round = 0; round < rounds; round++) {
    empty.push((await beta.start()) / 1000);
    await beta.stop();
    orderly.push((await alpha.start()) / 1000);
    await alpha.stop('SIGKILL');
    killed.push((await alpha.start()) / 1000);
    if (round === 0) listed = await listedCopies(alpha);
    await alpha.stop();
  }
  return {
    figures: [
      { name: 'ready with nothing queued', unit: 's', values: empty },
      { name: 'ready after an orderly end', unit: 's', values: orderly },
      { name: 'ready after a death', unit: 's', values: killed },
      { name: 'queued through the store', unit: 'messages/s', values: [count / fillSeconds] },
    ],
    verdicts: [
      atMost(`seconds from the start to ready, ${String(count)} queued`, median(orderly), readySecondsMax),
      atMost(`the same after a death`, median(killed), readySecondsMax),
      atLeast('messages that the queue lists after it', listed, count),
    ],
    notes: ['from the start of the process, Node itself included'],
  };
}

export const startCells: readonly Cell[] = [
  {
    name: 'start-100k',
    what: 'start with 100,000 queued messages',
    part: 'table',
    timeBoxSeconds: 400,
    run: (lab) => measureStart(lab, 100_000, 3),
  },
  {
    name: 'start-1m',
    what: 'start with 1,000,000 queued messages',
    part: 'full',
    timeBoxSeconds: 1200,
    run: (lab) => measureStart(lab, 1_000_000, 3),
  },
];
