import { makeChain, type Agent } from '../agents.js';
import { takeTurns, type Cell } from '../cell.js';
import { ratios, type Findings } from '../figures.js';
import type { Lab } from '../lab.js';
import { transferSeconds, warmTrialSeconds } from './bulk.js';

const mebi = 1024 * 1024;
const octets = 64 * mebi;
const rounds = 3;

/** One association at 30/5, by turns: as it is, with a trace of the connector, and with every checkpoint in the logs of both ends. */
async function measureSwitches(lab: Lab): Promise<Findings> {
  const agents = await makeChain(lab, { names: ['alpha', 'beta'], values: {} });
  const [alpha] = agents;
  if (alpha === undefined) throw new RangeError('a chain of two');
  const rate = async (...words: readonly string[]): Promise<number> => {
    await Promise.all(agents.map((agent) => agent.start(...words)));
    await warmTrialSeconds(alpha, mebi);
    const perSecond = octets / mebi / (await transferSeconds(alpha, octets));
    await Promise.all(agents.map((agent) => agent.stop()));
    return perSecond;
  };
  const { plain, traced, debug } = await takeTurns(rounds, {
    plain: () => rate(),
    traced: () => tracedRate(lab, agents, alpha),
    debug: () => rate('--log-level', 'debug'),
  });
  return {
    figures: [
      { name: 'as it is', unit: 'MiB/s', values: plain },
      { name: 'with a trace', unit: 'MiB/s', values: traced },
      { name: 'ratio with a trace', unit: '', values: ratios(traced, plain) },
      { name: 'with the logs at debug', unit: 'MiB/s', values: debug },
      { name: 'ratio with the logs at debug', unit: '', values: ratios(debug, plain) },
    ],
    verdicts: [],
    notes: [],
  };
}

async function tracedRate(lab: Lab, agents: readonly Agent[], alpha: Agent): Promise<number> {
  await Promise.all(agents.map((agent) => agent.start()));
  const trace = alpha.command('trace', '--connector', 'beta', '--out', `${lab.folder}/trace.pcapng`);
  await warmTrialSeconds(alpha, mebi);
  const perSecond = octets / mebi / (await transferSeconds(alpha, octets));
  await lab.end(trace, 'SIGTERM');
  await Promise.all(agents.map((agent) => agent.stop()));
  return perSecond;
}

export const switchCells: readonly Cell[] = [
  {
    name: 'switches',
    what: 'the price of a trace and of the log at debug, one association at 30/5',
    part: 'full',
    timeBoxSeconds: 240,
    run: measureSwitches,
  },
];
