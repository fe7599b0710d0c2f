import { roundTrips } from '../baselines/tcp.js';
import type { Cell } from '../cell.js';
import { median, type Figure, type Findings } from '../figures.js';
import type { Lab } from '../lab.js';
import type { TcpPeerReady } from '../programs/tcp-peer.js';
import { measureBulk } from './bulk.js';
import { measureSmall } from './small.js';

const bulk = { checkpointSizeK: 30, windowSize: 5, roundTripMilliseconds: 0 };
const bulkOctets = 2 * 1024 * 1024;
const messages = { octets: 2048, associations: 4, count: 100, against: 'nothing', relays: 0 } as const;
const tripCount = 1000;
const rounds = 3;

/** Two ratios that tell a gross loss on any machine: each is to something of the same run. */
export const smokeRatios = { bulk: 'bulk goodput by the bound', messages: 'messages by round trips of TCP' } as const;

export async function measureSmoke(lab: Lab): Promise<Findings> {
  const [forBulk, forMessages] = [lab.within(), lab.within()];
  const { figures: ofBulk } = await measureBulk(forBulk, { rounds, bulk, octets: bulkOctets });
  await forBulk.close();
  const { figures: ofMessages } = await measureSmall(forMessages, rounds, messages);
  await forMessages.close();
  const peer = await lab.program<TcpPeerReady>('tcp-peer', {});
  const milliseconds = median(await roundTrips(peer.ready.echoPort, tripCount));
  const delivered = valuesOf(ofMessages, 'mta, delivered');
  return {
    figures: [
      { name: smokeRatios.bulk, unit: '', values: valuesOf(ofBulk, 'ratio') },
      { name: smokeRatios.messages, unit: '', values: delivered.map((rate) => (rate * milliseconds) / 1000) },
    ],
    verdicts: [],
    notes: [],
  };
}

export function valuesOf(figures: readonly Figure[], wanted: string): readonly number[] {
  return figures.find(({ name }) => name === wanted)?.values ?? [];
}

export const smokeCells: readonly Cell[] = [
  {
    name: 'smoke',
    what: 'the two ratios that the tests compare with the recorded ones',
    part: 'full',
    timeBoxSeconds: 120,
    run: measureSmoke,
  },
];
