import { makeChain } from '../agents.js';
import { Random } from '../../faults/random.js';
import type { Cell } from '../cell.js';
import { atMost, numberText, type Findings } from '../figures.js';
import { until, type Lab } from '../lab.js';
import { startDelayLink, type DelayLink } from '../links.js';

const kibi = 1024;
const mebi = 1024 * kibi;
const messageOctetsMax = 8 * mebi;
/** What a transfer without a cut is to take at most, seconds, where the window and the round trip are the limit. */
const transferSeconds = 2;
const roundTripMilliseconds = 10;

interface CutCase {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly cuts: number;
}

function messageOctetsFor({ checkpointSizeK, windowSize }: CutCase): number {
  if (checkpointSizeK === 0) return messageOctetsMax;
  const octets = (checkpointSizeK * kibi * windowSize * transferSeconds * 1000) / roundTripMilliseconds;
  return Math.min(octets, messageOctetsMax);
}

/** Messages over a line that is cut once within each, at a place that the seed decides. */
async function measureCuts(lab: Lab, cut: CutCase): Promise<Findings> {
  const { checkpointSizeK, windowSize, cuts } = cut;
  const messageOctets = messageOctetsFor(cut);
  const links: DelayLink[] = [];
  const [alpha, beta] = await makeChain(lab, {
    names: ['alpha', 'beta'],
    values: { rts: { checkpointSizeK, ...(checkpointSizeK === 0 ? {} : { windowSize }) } },
    via: async (port) => {
      const link = await startDelayLink(lab, port, roundTripMilliseconds);
      links.push(link);
      return link.port;
    },
  });
  const [link] = links;
  if (alpha === undefined || beta === undefined || link === undefined) throw new RangeError('a chain of two');
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
  const send = async (): Promise<{ seconds: number; resent: number; passed: number }> => {
    const from = alpha.logOctets();
    const before = await link.octetsPassed();
    const sent = await completed(await alpha.submit(messageOctets), from);
    return { ...sent, passed: (await link.octetsPassed()) - before };
  };
  await send();
  const whole: number[] = [];
  const lost: number[] = [];
  const resent: number[] = [];
  const passedMore: number[] = [];
  for (let round = 0; round < cuts; round++) {
    const undisturbed = await send();
    whole.push(undisturbed.seconds);
    await link.cutAfter(Math.floor(messageOctets * (0.1 + 0.8 * random.fraction())));
    const disturbed = await send();
    lost.push(disturbed.seconds - undisturbed.seconds);
    passedMore.push((disturbed.passed - undisturbed.passed) / 1024);
    resent.push(disturbed.resent / 1024);
  }
  const most = checkpointSizeK * (windowSize + 1);
  const what = `KiB sent again after a cut, ${String(checkpointSizeK)}/${String(windowSize)}`;
  const lostAssociations = alpha.lines().filter(({ event }) => event === 'association.lost').length;
  if (lostAssociations !== cuts) throw new Error(`${String(lostAssociations)} of ${String(cuts)} cuts were noticed`);
  return {
    figures: [
      { name: 'sent again by a cut, as the agent counts', unit: 'KiB', values: resent },
      { name: 'passed more over the line for a cut', unit: 'KiB', values: passedMore },
      { name: 'lost by a cut', unit: 's', values: lost },
      { name: 'the transfer without a cut', unit: 's', values: whole },
    ],
    verdicts: checkpointSizeK === 0 ? [] : [atMost(what, Math.max(...resent), most)],
    notes: [
      `${numberText(messageOctets / mebi)} MiB, ${String(roundTripMilliseconds)} ms round trip, one cut in each message`,
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
