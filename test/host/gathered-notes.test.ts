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

test('of what one turn notes for an activity the last is written before the turn ends', async () => {
  const { gathered, written } = notes();
  for (const serialNumber of [1, 2, 3]) gathered.note(7, position(serialNumber));
  gathered.note(8, position(1));
  expect(written).toEqual([]);
  await turnEnds();
  expect(written).toEqual([
    [7, 3],
    [8, 1],
  ]);
  gathered.note(7, position(4));
  await turnEnds();
  expect(written.slice(2)).toEqual([[7, 4]]);
});

test('nothing is written for an activity that has ended', async () => {
  const { gathered, written, ended } = notes();
  gathered.note(7, position(1));
  gathered.end(7);
  await turnEnds();
  expect([written, ended]).toEqual([[], [7]]);
});
