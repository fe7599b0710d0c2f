import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets } from '../../src/bytes/octets.js';
import { IncomingTransfer } from '../../src/engine/incoming-transfer.js';
import type { IncomingActivity, StoreInput } from '../../src/queue/store.js';
import { SlowStore } from './slow-store.js';

const activity: IncomingActivity = {
  id: '1-1',
  activity: { connector: 'beta', sessionConnection: 'aa', activityIdentifier: '020101' },
  association: {
    connector: 'beta',
    sessionConnection: 'aa',
    role: 'responder',
    mode: 'normal',
    p1: '1988',
    dialogue: 'monologue',
    checkpointSizeK: 30,
    windowSize: 5,
    contextIdentifier: 5,
    references: {},
  },
};

/** An APDU on its way in whose first checkpoints may wait until `moment` is called. */
function incoming(windowSize = 5) {
  const store = new SlowStore(() => ({ ok: true, value: null }));
  let waiting: (() => void) | undefined;
  const later = (action: () => void) => {
    waiting = action;
    return () => {
      waiting = undefined;
    };
  };
  const user = { pause: () => undefined, resume: () => undefined, failed: () => undefined };
  const { association } = activity;
  const facts = { ...activity, association: { ...association, windowSize } };
  const transfer = new IncomingTransfer(store, facts, { ...user, later });
  const answers: string[] = [];
  return {
    store,
    transfer,
    answers,
    isHolding: () => waiting !== undefined,
    moment: () => {
      waiting?.();
    },
    write: (length: number) => {
      transfer.write(ByteList.of(new Uint8Array(length).fill(7)));
    },
    secure: (serialNumber: number) => {
      transfer.secure(serialNumber, (result) => answers.push(`${String(serialNumber)} ${result}`));
    },
  };
}

const asked = (store: SlowStore): readonly string[] => store.asked.map(({ name }) => name);

test('a small APDU whose end comes soon costs the store nothing before its commit, and its checkpoints are secured with it', () => {
  const { store, transfer, answers, write, secure, isHolding } = incoming();
  write(30_000);
  secure(1);
  write(15_000);
  transfer.outline(() => undefined);
  expect([asked(store), answers, isHolding(), transfer.resumable]).toEqual([[], [], false, false]);
  transfer.settleHeld('secured');
  expect([answers, transfer.resumable, transfer.securedOffset]).toEqual([['1 secured'], true, 30_000]);
});

test('where the rest does not come within a moment the store secures what is there', () => {
  const { store, answers, write, secure, moment } = incoming();
  write(30_000);
  secure(1);
  write(10);
  expect(asked(store)).toEqual([]);
  moment();
  expect(asked(store)).toEqual(['incoming.start', 'incoming.secure', 'incoming.append']);
  store.answerAll();
  expect(answers).toEqual(['1 secured']);
  secure(2);
  expect(asked(store)).toEqual(['incoming.secure']);
});

test('a peer whose window is full does not wait', () => {
  const { store, write, secure, isHolding } = incoming(2);
  write(1000);
  secure(1);
  write(1000);
  expect(asked(store)).toEqual([]);
  secure(2);
  expect(asked(store)).toEqual(['incoming.start', 'incoming.secure', 'incoming.secure']);
  expect(isHolding()).toBe(false);
});

test('what comes behind the memory goes to the store in one operation with the checkpoint that follows it', () => {
  const { store, write, secure, transfer } = incoming();
  write(70_000);
  store.answerAll();
  write(30_000);
  expect(asked(store)).toEqual([]);
  secure(1);
  write(10_000);
  write(20_000);
  transfer.outline(() => undefined);
  expect(asked(store)).toEqual(['incoming.secure', 'incoming.append', 'incoming.append', 'incoming.outline']);
});

test('nothing is held any more when the activity is discarded, and nobody is told that it was secured', () => {
  const { store, transfer, answers, write, secure, isHolding } = incoming();
  write(1000);
  secure(1);
  transfer.discard();
  transfer.settleHeld('failed');
  expect([asked(store), answers, isHolding()]).toEqual([[], ['1 failed'], false]);
});

test('however an APDU is cut into pieces and checkpoints, the store gets all of it in order, each checkpoint at its place', () => {
  const step = fc.oneof(
    fc.integer({ min: 1, max: 30_000 }),
    fc.constant('secure' as const),
    fc.constant('moment' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { store, transfer, write, secure, moment } = incoming();
      const expected: (readonly [serialNumber: number, offset: number])[] = [];
      for (const next of steps) {
        if (next === 'moment') moment();
        else if (next === 'secure') {
          expected.push([expected.length + 1, transfer.offset]);
          secure(expected.length);
        } else write(next);
      }
      transfer.source();
      let offset = 0;
      const found: (readonly [number, number])[] = [];
      for (const { name, input } of store.asked) {
        if (name === 'incoming.append' || name === 'incoming.secure') {
          const { octets = [] } = input as StoreInput<'incoming.append' | 'incoming.secure'>;
          offset += concatOctets(...octets).length;
        }
        if (name !== 'incoming.secure') continue;
        const secured = input as StoreInput<'incoming.secure'>;
        expect(secured.offset).toBe(offset);
        found.push([secured.serialNumber, secured.offset]);
      }
      expect([found, offset]).toEqual([expected, transfer.offset]);
    }),
  );
});
