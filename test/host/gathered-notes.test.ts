import { nextTick } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GatheredNotes } from '../../src/host/gathered-notes.js';

const turnEnds = promisify(nextTick);
const position = (serialNumber: number) => ({ serialNumber, offset: serialNumber, sentOffset: serialNumber });

function notes() {
  const written: (readonly [key: number, serialNumber: number])[] = [];
  const ended: number[] = [];
  const gathered = new GatheredNotes({
    note: (key, { serialNumber }) => void written.push([key, serialNumber]),
    end: (key) => void ended.push(key),
  });
  return { gathered, written, ended };
}

test('what an activity notes first is written before anything can be sent, of the rest of its turn the last before that ends', async () => {
  const { gathered, written } = notes();
  gathered.note(7, position(1));
  expect(written).toEqual([[7, 1]]);
  for (const serialNumber of [2, 3]) gathered.note(7, position(serialNumber));
  gathered.note(8, position(1));
  expect(written.slice(1)).toEqual([[8, 1]]);
  await turnEnds();
  expect(written.slice(2)).toEqual([[7, 3]]);
  gathered.note(7, position(4));
  expect(written.slice(3)).toEqual([[7, 4]]);
  await turnEnds();
  expect(written.length).toBe(4);
});

test('nothing more is written for an activity that has ended', async () => {
  const { gathered, written, ended } = notes();
  gathered.note(7, position(1));
  gathered.note(7, position(2));
  gathered.end(7);
  await turnEnds();
  expect([written, ended]).toEqual([[[7, 1]], [7]]);
});
