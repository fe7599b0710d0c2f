import { stored } from '../admin/submissions.js';
import { Engine, type SubmissionAnswer } from '../engine/engine.js';
import { createNodeWorld } from '../host/node-world.js';
import { loadSiteFile } from '../host/site-files.js';
import { startWorkerStore } from '../host/worker-store.js';
import type { SubmissionOrder } from '../mta/submission.js';
import { parseMtsIdentifier } from '../p1/mts-identifier.js';
import type { Change, MessageStore, NewMessage, StoreInput } from '../queue/store.js';
import { recipient, sender, type Agent } from './agents.js';

/** Messages of one commit. */
const together = 500;

/**
 * Puts messages into the queue of an agent whose daemon does not run, by commits of many. One is submitted as ever; the others are that one
 * under identifiers of their own, in the envelope as well.
 */
export async function fillQueue(agent: Agent, count: number, octets: number): Promise<void> {
  const load = loadSiteFile(agent.site);
  if (!load.valid) throw new Error(`${agent.site} is no site file`);
  const { site } = load;
  const store = await startWorkerStore({ dataDirectory: agent.dataDirectory });
  try {
    const opened = await stored(store, 'open', { duplicateRetentionSeconds: site.limits.duplicateHistorySeconds });
    const world = createNodeWorld({ observe: () => undefined, tap: () => undefined });
    const commits: StoreInput<'commit'>[] = [];
    const engine = new Engine(site, world, recording(store, commits), opened);
    await submitOne(engine, Buffer.alloc(octets, 'content '));
    const template = commits[0]?.changes.find((change) => change.type === 'message.insert')?.message;
    if (template === undefined) throw new Error('a submission without a message');
    for (let made = 1; made < count; made += together) {
      const numbers = Array.from({ length: Math.min(together, count - made) }, (_, i) => made + i);
      const changes = numbers.map((number): Change => ({ type: 'message.insert', message: another(template, number) }));
      await stored(store, 'commit', { changes });
    }
    await stored(store, 'close', {});
  } finally {
    await store.terminate();
  }
}

/** The store, with every commit written down that is asked of it. */
function recording(store: MessageStore, commits: StoreInput<'commit'>[]): MessageStore {
  return {
    progress: store.progress,
    execute: (name, input, answered) => {
      if (name === 'commit') commits.push(input as StoreInput<'commit'>);
      store.execute(name, input, answered);
    },
  };
}

/** The middle part of a local identifier is random: a number of the same length there makes another. */
function another(template: NewMessage, number: number): NewMessage {
  const { localIdentifier } = parseMtsIdentifier(template.mtsIdentifier);
  const parts = localIdentifier.split('.');
  const random = parts.at(-2) ?? '';
  const unique = parts.with(-2, number.toString(36).padStart(random.length, '0')).join('.');
  const envelope = Buffer.from(template.envelope);
  envelope.write(unique, envelope.indexOf(localIdentifier, 0, 'latin1'), 'latin1');
  return {
    ...template,
    id: `${template.id}-${String(number)}`,
    mtsIdentifier: template.mtsIdentifier.replace(localIdentifier, unique),
    envelope,
    copies: template.copies.map((copy) => ({ ...copy, id: `${copy.id}-${String(number)}` })),
  };
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
