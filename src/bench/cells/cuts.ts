import { makeChain } from '../agents.js';
import { Random } from '../../faults/random.js';
import type { Cell } from '../cell.js';
import { atMost, type Findings } from '../figures.js';
import { until, type Lab } from '../lab.js';
import { startDelayLink } from '../links.js';

const mebi = 1024 * 1024;
const messageOctets = 8 * mebi;
const roundTripMilliseconds = 10;

interface CutCase {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly cuts: number;
}

/** Messages over a line that is cut once within each, at a place that the seed decides. */
async function measureCuts(lab: Lab, { checkpointSizeK, windowSize, cuts }: CutCase): Promise<Findings> {
  const cutters: ((octets: number) => Promise<void>)[] = [];
  const [alpha, beta] = await makeChain(lab, {
    names: ['alpha', 'beta'],
    values: { rts: { checkpointSizeK, ...(checkpointSizeK === 0 ? {} : { windowSize }) } },
    via: async (port) => {
      const link = await startDelayLink(lab, port, roundTripMilliseconds);
      cutters.push((octets) => link.cutAfter(octets));
      return link.port;
    },
  });
  const [cutAfter] = cutters;
  if (alpha === undefined || beta === undefined || cutAfter === undefined) throw new RangeError('a chain of two');
  await Promise.all([alpha.start(), beta.start()]);
  const random = new Random(lab.seed);
  const completed = async (mts: string, from: number): Promise<{ seconds: number; resent: number }> =>
    until(() => {
      const lines = alpha.lines(from).filter((line) => line['mts'] === mts);
      const started = lines.find(({ event }) => event === 'transfer.started');
      const ended = lines.find(({ event }) => event === 'transfer.completed');
      if (started === undefined || ended === undefined) return undefined;
      return { seconds: (ended.time - started.time) / 1000, resent: Number(ended['octetsResent']) };
    });
  const send = async (): Promise<{ seconds: number; resent: number }> => {
    const from = alpha.logOctets();
    return completed(await alpha.submit(messageOctets), from);
  };
  await send();
  const whole: number[] = [];
  const lost: number[] = [];
  const resent: number[] = [];
  for (let cut = 0; cut < cuts; cut++) {
    const undisturbed = (await send()).seconds;
    whole.push(undisturbed);
    await cutAfter(Math.floor(messageOctets * (0.1 + 0.8 * random.fraction())));
    const disturbed = await send();
    lost.push(disturbed.seconds - undisturbed);
    resent.push(disturbed.resent / 1024);
  }
  const most = checkpointSizeK * (windowSize + 1);
  const what = `KiB sent again after a cut, ${String(checkpointSizeK)}/${String(windowSize)}`;
  return {
    figures: [
      { name: 'sent again by a cut', unit: 'KiB', values: resent },
      { name: 'lost by a cut', unit: 's', values: lost },
      { name: 'the transfer without a cut', unit: 's', values: whole },
    ],
    verdicts: checkpointSizeK === 0 ? [] : [atMost(what, Math.max(...resent), most)],
    notes: [
      `${String(messageOctets / mebi)} MiB, ${String(roundTripMilliseconds)} ms round trip, one cut in each message`,
    ],
  };
}

const curve = [
  { checkpointSizeK: 0, windowSize: 1 },
  { checkpointSizeK: 1, windowSize: 1 },
  { checkpointSizeK: 1, windowSize: 5 },
  { checkpointSizeK: 5, windowSize: 3 },
  { checkpointSizeK: 30, windowSize: 1 },
  { checkpointSizeK: 30, windowSize: 5 },
  { checkpointSizeK: 256, windowSize: 5 },
  { checkpointSizeK: 1024, windowSize: 16 },
];

export const cutCells: readonly Cell[] = curve.map(({ checkpointSizeK, windowSize }): Cell => {
  const pair = checkpointSizeK === 0 ? '0' : `${String(checkpointSizeK)}-${String(windowSize)}`;
  return {
    name: `cut-${pair}`,
    what: `octets and seconds lost by a cut of the line, ${checkpointSizeK === 0 ? 'no checkpoints' : pair.replace('-', '/')}`,
    part: pair === '30-5' ? 'table' : 'full',
    timeBoxSeconds: 150,
    run: (lab) => measureCuts(lab, { checkpointSizeK, windowSize, cuts: 5 }),
  };
});
