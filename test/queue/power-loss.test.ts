import { afterAll, describe, expect, it } from 'vitest';
import type { StoreRequest } from '../../src/queue/batch-run.js';
import { ProgressNotes } from '../../src/queue/progress-notes.js';
import type { StoreAnswer } from '../../src/queue/store.js';
import { activityName, facts, moment, quarantining, sampleOctets } from './support/fixture.js';
import { Journey, type Pledge } from './support/journey.js';
import { Pledges } from './support/pledges.js';
import { digestOf, survivorsOf, type Survivor } from './support/power-loss.js';

const delivery = (id: string) => ({ id, mailbox: 'anna', recipient: 0, to: 'S=Smith' });
const removal = (id: string): readonly [StoreRequest, Pledge] => [
  { name: 'commit', input: { changes: [{ type: 'delivery.removed', mailbox: 'anna', delivery: id }] } },
  { type: 'removed', message: id },
];
const transferred = (message: string): readonly [StoreRequest, ...Pledge[]] => [
  { name: 'commit', input: { changes: [{ type: 'copy.transferred', copy: `${message}.c` }] } },
  { type: 'removed', message },
  { type: 'outgoing ended', copy: `${message}.c` },
];

/** What a store does, each with everything that it does with files. */
const journeys: Readonly<Record<string, (journey: Journey) => void>> = {
  'a transfer with checkpoints, its delivery, export and removal': (journey) => {
    journey.batch(journey.startOf('a', 250));
    for (let serialNumber = 1; serialNumber <= 3; serialNumber++) {
      journey.batch(journey.appendTo('a', 70), journey.secureOf('a', serialNumber));
    }
    journey.batch(journey.appendTo('a', 40));
    journey.batch(journey.takeIncoming('a', { copies: [], deliveries: [delivery('a')] }));
    journey.store.does('content.read', { reference: 'incoming/a', offset: 0, length: 247 });
    journey.batch(removal('a'));
  },
  'a transfer that is interrupted, resumed at its last checkpoint, and taken by several next hops': (journey) => {
    journey.batch(journey.startOf('b', 300));
    journey.batch(journey.appendTo('b', 61), journey.secureOf('b', 1));
    journey.batch(journey.secureOf('b', 2, 61));
    journey.batch(journey.appendTo('b', 100));
    journey.batch(journey.interruptionOf('b', 500));
    journey.batch(journey.resumptionOf('b', 2, 122));
    journey.batch(journey.appendTo('b', 80), journey.secureOf('b', 3));
    journey.batch(journey.appendTo('b', 98));
    journey.batch(journey.takeIncoming('b', {}, 3));
    journey.batch(transferred('b'));
  },
  'a transfer that goes back behind confirmed checkpoints, and comes in other pieces than before': (journey) => {
    journey.batch(journey.startOf('c', 300));
    journey.batch(journey.appendTo('c', 50), journey.secureOf('c', 1));
    journey.batch(journey.appendTo('c', 40), journey.secureOf('c', 2, 20));
    journey.batch(journey.secureOf('c', 3, 60), journey.secureOf('c', 4, 30));
    journey.batch(journey.resumptionOf('c', 1, 50));
    journey.batch(journey.appendTo('c', 30));
    journey.batch(journey.appendTo('c', 30), journey.secureOf('c', 2));
    journey.batch(journey.appendTo('c', 70), journey.secureOf('c', 3));
    journey.batch(journey.appendTo('c', 120));
    journey.batch(journey.takeIncoming('c'));
  },
  'two transfers in common batches, one discarded': (journey) => {
    journey.batch(journey.startOf('d', 150), journey.startOf('e', 200));
    journey.batch(
      journey.appendTo('d', 70),
      journey.secureOf('d', 1),
      journey.appendTo('e', 90),
      journey.secureOf('e', 1),
    );
    journey.batch(
      journey.appendTo('d', 80),
      journey.takeIncoming('d'),
      journey.appendTo('e', 50),
      journey.secureOf('e', 2),
    );
    journey.batch(journey.discardOf('e'), transferred('d'));
  },
  'submissions with contents in files, one of them given up': (journey) => {
    const content = sampleOctets(150, 9);
    const append = (reference: string, octets: Uint8Array): readonly [StoreRequest] => [
      { name: 'content.append', input: { reference, octets: [octets] } },
    ];
    journey.batch(append('f', content.subarray(0, 70)), append('g', content.subarray(0, 90)));
    journey.batch(append('f', content.subarray(70)));
    journey.batch([{ name: 'content.seal', input: { reference: 'f' } }]);
    journey.batch([{ name: 'content.discard', input: { reference: 'g' } }]);
    journey.batch(journey.take('f', content, 'stored'));
    journey.batch(journey.take('h', sampleOctets(90, 3), 'octets', { copies: [], deliveries: [delivery('h')] }));
    journey.batch(journey.take('i', sampleOctets(30, 3), 'octets'));
    journey.batch(transferred('f'), removal('h'));
  },
  'an outgoing transfer whose progress fills its files, interrupted and ended': (journey) => {
    journey.batch(journey.take('j', sampleOctets(90, 4), 'octets'));
    journey.batch([{ name: 'queue.claim', input: { connector: 'beta', count: 1, now: 0 } }]);
    const association = { ...facts, role: 'initiator' as const };
    const activity = { copy: 'j.c', activity: activityName(), association, head: sampleOctets(9), apduOctets: 99 };
    journey.batch([{ name: 'outgoing.start', input: activity }]);
    const at = (serialNumber: number) => ({ serialNumber, offset: serialNumber * 5, sentOffset: serialNumber * 6 });
    const [told] = journey.batch([{ name: 'outgoing.progress', input: { copy: 'j.c', ...at(1) } }]);
    const { key } = (told as Extract<StoreAnswer<'outgoing.progress'>, { ok: true }>).value;
    const notes = new ProgressNotes(journey.disk, 96);
    for (let serialNumber = 2; serialNumber <= 6; serialNumber++) notes.note(key, at(serialNumber));
    journey.batch([{ name: 'outgoing.progress', input: { copy: 'j.c', ...at(6) } }]);
    journey.batch([
      { name: 'outgoing.interrupted', input: { copy: 'j.c', at: moment(9) } },
      { type: 'outgoing interrupted', copy: 'j.c', serialNumber: 6, offset: 30 },
    ]);
    journey.batch(transferred('j'));
  },
  'octets that go to the quarantine and leave it': (journey) => {
    journey.batch(journey.startOf('k', 120));
    journey.batch(journey.appendTo('k', 70), journey.secureOf('k', 1));
    journey.batch(journey.appendTo('k', 50));
    const octets = journey.apdus.get('k') ?? new Uint8Array(0);
    journey.batch([
      { name: 'commit', input: quarantining('k') },
      { type: 'quarantined', octets },
      { type: 'discarded', activity: 'k' },
    ]);
    journey.batch([
      { name: 'commit', input: { changes: [{ type: 'quarantine.removed', id: 'k' }] } },
      { type: 'quarantine removed', octets },
    ]);
  },
};

/** Loses the power at every event of the journey, in every way, and hands what is found to `look`. */
function losePower(journey: Journey, look: (pledges: Pledges, survivor: Survivor) => void): number {
  const { journal } = journey.disk;
  let states = 0;
  for (let prefix = 0; prefix <= journal.length; prefix++) {
    const pledges = new Pledges(journey.pledges, prefix, journey.apdus);
    for (const survivor of survivorsOf(journey.past, journal, prefix)) {
      states += 1;
      try {
        look(pledges, survivor);
      } catch (error) {
        const last = journal[prefix - 1];
        const where = last === undefined ? 'at the start' : `after ${last.type} ${'file' in last ? last.file : ''}`;
        const text = error instanceof Error ? error.message : String(error);
        throw new Error(`event ${String(prefix)} (${where}): ${survivor.how}: ${text}`, { cause: error });
      }
    }
  }
  return states;
}

const told: string[] = [];
afterAll(() => {
  process.stdout.write(`states after a loss of power that were opened and checked:\n${told.join('\n')}\n`);
});

describe(
  'a store that loses its power at any step keeps what it answered for, and nothing that is half there',
  { timeout: 180_000 },
  () => {
    for (const [name, travel] of Object.entries(journeys)) {
      it(`in ${name}`, () => {
        const journey = new Journey();
        travel(journey);
        const states = losePower(journey, (pledges, survivor) => {
          pledges.check(survivor);
        });
        told.push(`${String(states).padStart(6)}  ${String(journey.disk.journal.length).padStart(3)} events  ${name}`);
        expect(states).toBeGreaterThan(journey.disk.journal.length);
      });
    }

    it('in the start after such a loss', () => {
      const shapes = new Set<string>();
      const known = new Map<Uint8Array | undefined, Set<string>>();
      let states = 0;
      for (const travel of Object.values(journeys)) {
        const journey = new Journey();
        travel(journey);
        losePower(journey, (pledges, survivor) => {
          const found = digestOf(survivor.files);
          const ofImage = known.get(survivor.image) ?? new Set();
          if (ofImage.has(found)) return;
          known.set(survivor.image, ofImage.add(found));
          const start = new Journey({ ...survivor, pledges: pledges.ofFormerLife }, journey.apdus);
          // Starts that do the same are made once.
          const shape = JSON.stringify(
            start.disk.journal.map((event) => ('file' in event ? [event.type, event.file] : event.type)),
          );
          if (shapes.has(shape)) return;
          shapes.add(shape);
          states += losePower(start, (again, found) => {
            again.check(found);
          });
        });
      }
      told.push(`${String(states).padStart(6)}  ${String(shapes.size).padStart(3)} different starts`);
      expect(shapes.size).toBeGreaterThan(10);
    });
  },
);
