import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.js';
import type { ReleaseAnswer } from '../engine/poison.js';
import type { QuarantineEntry } from '../queue/quarantine-entry.js';
import { stored } from './submissions.js';

/** Octets read from the store and sent at once. */
const readOctets = 1024 * 1024;

/** An entry as operators see it. */
export interface ListedQuarantineEntry extends Omit<QuarantineEntry, 'quarantinedAt'> {
  readonly quarantinedAt: string;
}

export async function quarantineEntries(engine: Engine): Promise<readonly ListedQuarantineEntry[]> {
  const entries = await stored(engine.store, 'quarantine.list', {});
  return entries.map((entry) => ({ ...entry, quarantinedAt: new Date(entry.quarantinedAt).toISOString() }));
}

/** Undefined where there is no such entry. */
export async function quarantineEntry(engine: Engine, id: string): Promise<ListedQuarantineEntry | undefined> {
  return (await quarantineEntries(engine)).find((entry) => entry.id === id);
}

/** The octets as they are. */
export async function sendQuarantined(engine: Engine, entry: ListedQuarantineEntry, to: ServerResponse): Promise<void> {
  to.setHeader('content-length', entry.octets);
  for (let offset = 0; offset < entry.octets;) {
    const length = Math.min(readOctets, entry.octets - offset);
    const octets = await stored(engine.store, 'quarantine.read', { id: entry.id, offset, length });
    if (octets.length === 0) throw new Error('the octets end before their length');
    offset += octets.length;
    if (!to.write(octets)) await once(to, 'drain');
  }
  to.end();
}

/** What became of the release, or a removal. Throws an Error that says why it failed. */
export async function changeQuarantine(engine: Engine, id: string, action: string): Promise<object> {
  switch (action) {
    case 'release': {
      const answer = await new Promise<ReleaseAnswer>((answered) => {
        engine.releaseQuarantined(id, answered);
      });
      if (answer.result === 'failed') throw new Error(answer.text);
      return answer;
    }
    case 'rm':
      await stored(engine.store, 'commit', { changes: [{ type: 'quarantine.removed', id }] });
      return { result: 'removed' };
    default:
      throw new Error(`quarantine knows no action "${action}"; it knows release and rm`);
  }
}
