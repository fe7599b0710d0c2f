import { expect, test } from 'vitest';
import { OutgoingTransfer } from '../../src/engine/outgoing-transfer.js';
import type { QueuedCopy, StoreInput } from '../../src/queue/store.js';
import { SlowStore } from './slow-store.js';

const copy: QueuedCopy = {
  id: 'copy-1',
  message: 'message-1',
  connector: 'beta',
  kind: 'message',
  mtsIdentifier: '[/PRMD=ALPHA/ADMD= /C=GB/;1]',
  priority: 1,
  envelope: new Uint8Array(0),
  content: 'content/a',
  contentType: '2',
  contentOctets: 1_000_000,
  recipients: [0],
  arrivedAt: 0,
  openAttempts: 0,
  transferAttempts: 0,
  originator: 'C=GB;S=Anna',
};

function told(store: SlowStore): readonly number[] {
  return store.asked.map(({ name, input }) => {
    expect(name).toBe('outgoing.progress');
    return (input as StoreInput<'outgoing.progress'>).offset;
  });
}

function begun(store: SlowStore): OutgoingTransfer {
  const transfer = new OutgoingTransfer(store, copy, new Uint8Array(100));
  transfer.startFrom(0);
  return transfer;
}

function confirm(transfer: OutgoingTransfer, serialNumber: number): void {
  transfer.sentUpTo(serialNumber * 1000);
  transfer.confirmed(serialNumber * 1000);
  transfer.noteProgress(serialNumber);
}

const storeThatKeeps = (): SlowStore => new SlowStore(() => ({ ok: true, value: { key: 7 } }));

test('the store is told of the first checkpoint of an association; those that follow are noted under the key that it gives', () => {
  const store = storeThatKeeps();
  const transfer = begun(store);
  for (const serialNumber of [1, 2, 3]) confirm(transfer, serialNumber);
  expect(told(store)).toEqual([1000]);
  expect(store.noted).toEqual([]);
  store.answerAll();
  expect(store.noted).toEqual([[7, 3000]]);
  confirm(transfer, 4);
  confirm(transfer, 5);
  expect(store.noted).toEqual([
    [7, 3000],
    [7, 4000],
    [7, 5000],
  ]);
  expect(told(store)).toEqual([]);
});

test('when the activity ends the store is told at once how far it came, before it hears of the end', () => {
  const store = storeThatKeeps();
  const transfer = begun(store);
  confirm(transfer, 1);
  store.answerAll();
  confirm(transfer, 2);
  transfer.endNotes();
  expect(told(store)).toEqual([2000]);
  expect(store.ended).toEqual([7]);
  store.answerAll();
  expect(store.noted).toEqual([[7, 2000]]);
});

test('when the activity ends before the store has answered it is told of the last checkpoint too', () => {
  const store = storeThatKeeps();
  const transfer = begun(store);
  confirm(transfer, 1);
  confirm(transfer, 2);
  transfer.endNotes();
  expect(told(store)).toEqual([1000, 2000]);
  store.answerAll();
  expect([store.noted, store.ended]).toEqual([[], []]);
});

test('what an activity confirmed is not said of another one that begins anew', () => {
  const store = storeThatKeeps();
  const transfer = begun(store);
  confirm(transfer, 1);
  confirm(transfer, 2);
  transfer.startFrom(0);
  store.answerAll();
  expect(store.noted).toEqual([]);
  confirm(transfer, 1);
  expect(told(store)).toEqual([1000]);
});

test('a store that could not be told is told of the next checkpoint', () => {
  const store = new SlowStore(() => ({ ok: false, failure: { code: 'disk-full', text: 'no space left' } }));
  const transfer = begun(store);
  confirm(transfer, 1);
  store.answerAll();
  confirm(transfer, 2);
  expect(told(store)).toEqual([2000]);
  expect(store.noted).toEqual([]);
});
