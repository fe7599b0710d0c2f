import { loadSiteFile } from '../host/site-files.js';
import { createNodeWorld } from '../host/node-world.js';
import { startWorkerStore } from '../host/worker-store.js';
import { stored } from '../admin/submissions.js';
import { Engine, type SubmissionAnswer } from '../engine/engine.js';
import type { SubmissionOrder } from '../mta/submission.js';
import { recipient, sender, type Agent } from './agents.js';

/** Messages that are on their way into the store at once: each batch of the store takes what waits. */
const together = 500;

/** Puts messages into the queue of an agent whose daemon does not run, as submissions do, but without asking for each. */
export async function fillQueue(agent: Agent, count: number, octets: number): Promise<void> {
  const load = loadSiteFile(agent.site);
  if (!load.valid) throw new Error(`${agent.site} is no site file`);
  const { site } = load;
  const store = await startWorkerStore({ dataDirectory: agent.dataDirectory });
  try {
    const opened = await stored(store, 'open', { duplicateRetentionSeconds: site.limits.duplicateHistorySeconds });
    const world = createNodeWorld({ observe: () => undefined, tap: () => undefined });
    const engine = new Engine(site, world, store, opened);
    const content = Buffer.alloc(octets, 'content ');
    let left = count;
    const submitter = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await submitOne(engine, content);
      }
    };
    await Promise.all(Array.from({ length: Math.min(together, count) }, submitter));
    await stored(store, 'close', {});
  } finally {
    await store.terminate();
  }
}

async function submitOne(engine: Engine, content: Buffer): Promise<void> {
  const order: SubmissionOrder = {
    from: sender,
    to: [recipient],
    contentType: '0',
    contentOctets: content.length,
    priority: 'normal',
    reports: 'non-delivery',
    encodedInformationTypes: { builtIn: [0], extended: [] },
    contentHead: content,
  };
  const answer = await new Promise<SubmissionAnswer>((resolve) => {
    engine.submit(order, { kind: 'octets', octets: content }, resolve);
  });
  if (answer.result === 'refused') throw new Error(answer.text);
}
