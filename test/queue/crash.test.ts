import { progressFiles } from '../../src/queue/progress-notes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreRequest } from '../../src/queue/batch-run.js';
import type { StoreAnswer, StoreOperationName } from '../../src/queue/store.js';
import { activityName, incomingActivity, inserting, moment, newCopy, sampleOctets } from './support/fixture.js';
import { MortalStore } from './support/mortal-store.js';
import { randomNumbers } from './support/random.js';

/** One who sends a message and goes on until it hears that it was taken, as an MTA does. */
class Sender {
  readonly name: string;
  readonly apdu: Uint8Array;
  accepted = false;
  #activity = 0;
  #sent = 0;
  #serialNumber = 0;
  #confirmed: { readonly serialNumber: number; readonly offset: number } | undefined;
  #incoming = '';

  constructor(name: string, octets: number) {
    this.name = name;
    this.apdu = sampleOctets(octets, name.charCodeAt(0));
  }

  /** A few octets more, perhaps a checkpoint; at the end the commit that takes the message. */
  next(random: () => number): readonly StoreRequest[] {
    const requests: StoreRequest[] = [];
    if (this.#incoming === '') {
      this.#activity += 1;
      this.#incoming = `${this.name}-${this.#activity}`;
      requests.push({ name: 'incoming.start', input: incomingActivity(this.#incoming, this.#incoming) });
    }
    const until = Math.min(this.#sent + 1 + Math.floor(random() * 90), this.apdu.length);
    const octets = [this.apdu.slice(this.#sent, until)];
    this.#sent = until;
    const append: StoreRequest = { name: 'incoming.append', input: { id: this.#incoming, octets } };
    if (until === this.apdu.length) return [...requests, append, this.#commit()];
    if (random() < 0.5) return [...requests, append];
    this.#serialNumber += 1;
    const checkpoint = { id: this.#incoming, serialNumber: this.#serialNumber, offset: until };
    return random() < 0.5
      ? [...requests, append, { name: 'incoming.secure', input: checkpoint }]
      : [...requests, { name: 'incoming.secure', input: { ...checkpoint, octets } }];
  }

  heard(request: StoreRequest, answer: StoreAnswer<StoreOperationName> | undefined): void {
    if (answer?.ok !== true) throw new Error(`${request.name} failed: ${JSON.stringify(answer)}`);
    if (request.name === 'incoming.secure') this.#confirmed = request.input;
    if (request.name === 'commit') this.accepted = true;
  }

  /** After a loss: on from the last confirmed checkpoint, which must be there; from the start if there was none. */
  resume(store: MortalStore): void {
    if (this.accepted) return;
    const found =
      this.#confirmed === undefined
        ? undefined
        : store.living.does('incoming.resume', {
            activity: activityName(this.#incoming),
            serialNumber: this.#confirmed.serialNumber,
          });
    if (found !== undefined && 'completed' in found) {
      this.accepted = true;
      return;
    }
    if (this.#confirmed === undefined) this.#incoming = '';
    else expect(found).toEqual({ id: this.#incoming, offset: this.#confirmed.offset });
    this.#sent = this.#confirmed?.offset ?? 0;
    this.#serialNumber = this.#confirmed?.serialNumber ?? 0;
  }

  #commit(): StoreRequest {
    const length = this.apdu.length - 3;
    const location = { runs: [{ offset: 3, length }], octets: length };
    const message = inserting(this.#incoming, {
      mtsIdentifier: this.name,
      content: { kind: 'incoming', id: this.#incoming, location },
      contentOctets: length,
      duplicateKeys: [this.name],
      copies: [newCopy(`${this.#incoming}.c`)],
    });
    const activity = activityName(this.#incoming);
    const completed = { type: 'activity.completed' as const, activity, at: moment(1) };
    return { name: 'commit', input: { changes: [...message.changes, completed] } };
  }
}

describe('a store that dies', () => {
  it('keeps every confirmed checkpoint and every message it answered for, once each, whatever reaches the disk', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomNumbers(seed);
        const store = new MortalStore();
        const senders = ['a', 'b', 'c'].map((name) => new Sender(name, 20 + Math.floor(random() * 600)));
        let deaths = 0;
        while (senders.some(({ accepted }) => !accepted)) {
          const asked = senders
            .filter(({ accepted }) => !accepted && random() < 0.7)
            .flatMap((sender) => sender.next(random).map((request) => ({ sender, request })));
          if (deaths < 4 && random() < 0.25) store.dieAfter(Math.floor(random() * 6));
          const answers = store.run(asked.map(({ request }) => request));
          if (answers !== undefined) {
            for (const [i, { sender, request }] of asked.entries()) sender.heard(request, answers[i]);
            if (deaths >= 4 || random() < 0.9) continue;
          }
          deaths += 1;
          store.comeBack(random() < 0.7 ? 'power loss' : 'process death', random);
          for (const sender of senders) sender.resume(store);
        }
        // Whatever was secured and never resumed is the engine's to drop, after the recovery timeout.
        const { incoming } = store.comeBack('power loss', random);
        for (const { id } of incoming) store.living.does('incoming.discard', { id });
        const { copies } = store.living.does('queue.claim', { connector: 'beta', count: 9, now: 0 });
        expect(copies.map(({ mtsIdentifier }) => mtsIdentifier).sort()).toEqual(['a', 'b', 'c']);
        for (const { mtsIdentifier, content, contentOctets } of copies) {
          const octets = store.living.does('content.read', { reference: content, offset: 0, length: contentOctets });
          expect(octets).toEqual(senders.find(({ name }) => name === mtsIdentifier)?.apdu.slice(3));
        }
        const changes = copies.map(({ id }) => ({ type: 'copy.transferred' as const, copy: id }));
        store.living.does('commit', { changes });
        store.living.does('sweep', { now: 0, completedBefore: 99 });
        const left = store.disk
          .files()
          .filter((file) => !progressFiles.includes(file) && !file.startsWith('quarantine/'));
        expect(left).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
