import { makeChain } from '../agents.js';
import type { Cell } from '../cell.js';
import { atLeast, median, type Findings } from '../figures.js';
import { fillQueue } from '../fill-queue.js';
import { until, type Lab } from '../lab.js';
import { startDelayLink } from '../links.js';

const mebi = 1024 * 1024;
const associations = 500;
const roundTripMilliseconds = 10;
const messagesEach = 20;
const messageOctets = 30 * 1024;

/** As many messages that each association could have several, over a line long enough to keep all of them busy. */
async function measureMany(lab: Lab): Promise<Findings> {
  const [alpha, beta] = await makeChain(lab, {
    names: ['alpha', 'beta'],
    values: { association: { maximum: associations, thresholdMessages: 1 }, rts: { stallTimeoutSeconds: 120 } },
    via: async (port) => (await startDelayLink(lab, port, roundTripMilliseconds)).port,
  });
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two');
  const count = associations * messagesEach;
  await fillQueue(alpha, count, messageOctets);
  await beta.start();
  const bare = beta.reading().residentOctets;
  const from = alpha.logOctets();
  await alpha.start();
  const began = performance.now();
  let openMost = 0;
  await until(async () => {
    openMost = Math.max(openMost, (await beta.status()).associations.length);
    return (await beta.status()).queue.delivered >= count ? true : undefined;
  });
  const seconds = (performance.now() - began) / 1000;
  const sent = new Map<string, number>();
  for (const line of alpha.lines(from)) {
    const association = String(line['association']);
    if (line.event === 'association.opened') sent.set(association, 0);
    if (line.event === 'transfer.completed') sent.set(association, (sent.get(association) ?? 0) + 1);
  }
  const each = [...sent.values()];
  const moved = each.filter((messages) => messages > 0).length;
  return {
    figures: [
      { name: 'open at once', unit: 'associations', values: [openMost] },
      { name: 'messages on each', unit: 'messages', values: each },
      { name: 'all delivered', unit: 'messages/s', values: [count / seconds] },
      { name: 'most resident of alpha', unit: 'MiB', values: [alpha.reading().residentOctetsMax / mebi] },
      { name: 'most resident of beta', unit: 'MiB', values: [beta.reading().residentOctetsMax / mebi] },
      {
        name: 'resident of beta for each association now idle',
        unit: 'KiB',
        values: [(beta.reading().residentOctets - bare) / 1024 / Math.max(sent.size, 1)],
      },
    ],
    verdicts: [
      atLeast('associations open at once', openMost, associations),
      atLeast('associations that moved messages', moved, associations),
    ],
    notes: [
      `${String(count)} messages of ${String(messageOctets)} octets, ${String(roundTripMilliseconds)} ms round trip; each association had ${String(Math.min(...each))} to ${String(Math.max(...each))}, in the middle ${String(median(each))}`,
    ],
  };
}

export const associationCells: readonly Cell[] = [
  {
    name: 'associations-500',
    what: '500 associations to one peer, held and moving',
    part: 'table',
    timeBoxSeconds: 240,
    run: measureMany,
  },
];
