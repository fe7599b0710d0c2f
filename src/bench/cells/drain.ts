import { makeChain } from '../agents.js';
import type { Cell } from '../cell.js';
import type { Findings } from '../figures.js';
import { fillQueue } from '../fill-queue.js';
import type { Lab } from '../lab.js';

const contentOctets = 2048;
const backlogMessages = 20_000;
/** The first messages are left out: the compilers see their work for the first time. */
const firstMessages = 5000;

/** A peer that was away comes back: how fast what has gathered for it leaves, while nothing new is submitted. */
async function measureDrain(lab: Lab, associations: number): Promise<Findings> {
  const values = { association: { maximum: associations, thresholdMessages: 1 } };
  const [alpha, beta] = await makeChain(lab, { names: ['alpha', 'beta'], values });
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two');
  await fillQueue(alpha, backlogMessages, contentOctets);
  await beta.start();
  await alpha.start();
  const began = Date.now();
  await beta.delivered(firstMessages);
  const [warmAt, { delivered }] = [Date.now(), (await beta.status()).queue];
  await beta.delivered(backlogMessages);
  const ended = Date.now();
  const cpu = (alpha.reading().cpuSeconds + beta.reading().cpuSeconds) / (backlogMessages / 1000);
  return {
    figures: [
      { name: 'delivered, all', unit: 'messages/s', values: [backlogMessages / ((ended - began) / 1000)] },
      {
        name: 'delivered, after the first',
        unit: 'messages/s',
        values: [(backlogMessages - delivered) / ((ended - warmAt) / 1000)],
      },
      { name: 'CPU of both', unit: 's/1000 messages', values: [cpu] },
    ],
    verdicts: [],
    notes: [
      `${String(backlogMessages)} messages of ${String(contentOctets)} octets; the first ${String(firstMessages)} are those before the compilers know their work`,
    ],
  };
}

export const drainCells: readonly Cell[] = [4, 16].map((associations) => ({
  name: `drain-2k-${String(associations)}`,
  what: `a backlog of 2048 octets each leaves for a peer that came back, ${String(associations)} associations`,
  part: 'full',
  timeBoxSeconds: 150,
  run: (lab) => measureDrain(lab, associations),
}));
