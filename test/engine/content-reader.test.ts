import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ContentReader } from '../../src/engine/content-reader.js';
import type { StoreInput } from '../../src/queue/store.js';
import { SlowStore } from './slow-store.js';

const contentOctets = 2_000_000;
const content = Uint8Array.from({ length: contentOctets }, (_, i) => (i * 31) ^ (i >> 8));
const aheadOctetsMin = 512 * 1024;
const stepOctetsMax = 256 * 1024;

function storeOf(octets: Uint8Array): SlowStore {
  return new SlowStore((_name, input) => {
    const { offset, length } = input as StoreInput<'content.read'>;
    return { ok: true, value: octets.slice(offset, offset + length) };
  });
}

function unexpected(text: string): never {
  throw new Error(text);
}

function askedOctets(store: SlowStore): number {
  return store.asked.reduce((sum, { input }) => sum + (input as StoreInput<'content.read'>).length, 0);
}

test('whatever is read in whatever order, and however late the store answers, the octets are those of the content', () => {
  const read = fc.record({
    offset: fc.oneof(
      fc.constant<'next'>('next'),
      fc.constant<'next'>('next'),
      fc.integer({ min: 0, max: contentOctets - 1 }),
    ),
    length: fc.integer({ min: 1, max: 700_000 }),
    answersBefore: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(read, { maxLength: 12 }), (reads) => {
      const store = storeOf(content);
      const reader = new ContentReader(store, 'content/a', contentOctets);
      let next = 0;
      for (const { offset, length, answersBefore } of reads) {
        for (let i = 0; i < answersBefore; i++) store.answerNext();
        const start = offset === 'next' ? (next === contentOctets ? 0 : next) : offset;
        const end = Math.min(start + length, contentOctets);
        next = end;
        let answers = 0;
        reader.read(
          start,
          end - start,
          (octets) => {
            answers += 1;
            if (!Buffer.from(octets.toUint8Array()).equals(content.subarray(start, end))) unexpected('other octets');
          },
          unexpected,
        );
        while (answers === 0 && store.answerNext());
        expect(answers).toBe(1);
      }
    }),
    { numRuns: 60 },
  );
});

test.each([30_720, 800_000])(
  'no more than as much again, or the bound, and a step is asked of the store ahead of %i octets',
  (length) => {
    const store = storeOf(content);
    const reader = new ContentReader(store, 'content/a', contentOctets);
    reader.read(0, length, () => undefined, unexpected);
    expect(askedOctets(store)).toBeGreaterThanOrEqual(length + Math.max(length, aheadOctetsMin));
    expect(askedOctets(store)).toBeLessThanOrEqual(length + Math.max(length, aheadOctetsMin) + stepOctetsMax);
  },
);

test('a piece that is here already is given at once, without the store', () => {
  const store = storeOf(content);
  const reader = new ContentReader(store, 'content/a', contentOctets);
  reader.read(0, 30_720, () => undefined, unexpected);
  store.answerAll();
  let given = 0;
  for (let i = 1; i <= 10; i++) reader.read(i * 30_720, 30_720, ({ length }) => (given += length), unexpected);
  expect(given).toBe(10 * 30_720);
});

test('an octet that the store cannot give fails the read that wants it, not the one before; a later read asks anew', () => {
  const short = content.subarray(0, 300_000);
  const store = storeOf(short);
  const reader = new ContentReader(store, 'content/a', contentOctets);
  const results: string[] = [];
  const read = (offset: number): void => {
    reader.read(
      offset,
      100_000,
      () => results.push('read'),
      (text) => results.push(text),
    );
    store.answerAll();
  };
  read(0);
  read(250_000);
  read(100_000);
  expect(results).toEqual(['read', 'content content/a ends at octet 300000', 'read']);
});
