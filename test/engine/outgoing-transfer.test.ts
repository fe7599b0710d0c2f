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

function noted(store: SlowStore): readonly number[] {
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

const storeOfNothing = (): SlowStore => new SlowStore(() => ({ ok: true, value: null }));

test('while the store is told of a confirmation, of those that follow only the last is kept', () => {
  const store = storeOfNothing();
  const transfer = begun(store);
  for (const serialNumber of [1, 2, 3, 4]) confirm(transfer, serialNumber);
  expect(noted(store)).toEqual([1000]);
  store.answerNext();
  expect(noted(store)).toEqual([4000]);
  store.answerNext();
  expect(noted(store)).toEqual([]);
});

test('when the activity ends the store is told at once how far it came, before it hears of the end', () => {
  const store = storeOfNothing();
  const transfer = begun(store);
  confirm(transfer, 1);
  confirm(transfer, 2);
  transfer.endNotes();
  expect(noted(store)).toEqual([1000, 2000]);
  store.answerAll();
  expect(noted(store)).toEqual([]);
});

test('what an activity confirmed is not said of another one that begins anew', () => {
  const store = storeOfNothing();
  const transfer = begun(store);
  confirm(transfer, 1);
  confirm(transfer, 2);
  transfer.startFrom(0);
  store.answerAll();
  confirm(transfer, 1);
  expect(noted(store)).toEqual([1000]);
});
