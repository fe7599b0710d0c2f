import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkFault } from '../../src/faults/schedule.js';
import { eventually, testMilliseconds } from '../daemon/daemons.js';
import { Pair } from './pair.js';
import { cutsIn } from './scenes.js';

/** Of a checkpoint: X.225 §7.17. */
const notDue: LinkFault = {
  kind: 'change',
  field: 'serialNumber',
  value: 77,
  when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 3 },
};

const acknowledgementWaits: LinkFault = {
  kind: 'hold',
  milliseconds: 1500,
  when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 },
};

/** What happens to a PDU without a cut; the daemons notice, or bear with it. */
type Row = readonly [what: string, fault: LinkFault];
const pduFaults: readonly Row[] = [
  ['MINOR SYNC ACK is lost', { kind: 'drop', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC ACK comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC POINT is lost', { kind: 'drop', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['MINOR SYNC POINT comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['ACTIVITY END ACK is lost', { kind: 'drop', when: { on: 'ACTIVITY END ACK', stream: 'downstream' } }],
  [
    'MINOR SYNC ACK waits so that the window fills',
    { kind: 'hold', milliseconds: 700, when: { on: 'MINOR SYNC ACK', stream: 'downstream' } },
  ],
  ['MINOR SYNC POINT has another serial number', notDue],
  [
    'MINOR SYNC ACK has another serial number',
    { kind: 'change', field: 'serialNumber', value: 77, when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } },
  ],
  [
    'TPKT has a reserved octet that is not zero',
    { kind: 'change', field: 'reservedOctet', value: 17, when: { on: 'MINOR SYNC POINT', stream: 'upstream' } },
  ],
  ['line falls silent', { kind: 'silence', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } }],
  [
    'line is slow for a while',
    {
      kind: 'toxic',
      toxic: { type: 'latency', stream: 'downstream', attributes: { latency: 300 } },
      milliseconds: 600,
      when: { on: 'MINOR SYNC ACK', nth: 3 },
    },
  ],
  [
    'line is bad from there on',
    { kind: 'preset', preset: 'lossy-lan', milliseconds: 600, when: { on: 'MINOR SYNC ACK' } },
  ],
  ['line is down for a while', { kind: 'refusal', milliseconds: 700, when: { on: 'MINOR SYNC ACK', nth: 3 } }],
];

describe('a message whose', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const [what, fault] of pduFaults) {
    it(`${what} is delivered once`, async () => {
      const before = pair.struckKinds.length;
      await pair.expectDelivery([fault]);
      expect(pair.struckKinds.slice(before)).toEqual([fault.kind]);
    });
  }

  for (const { text, fault } of cutsIn('abort')) {
    // A serial number that is not due makes the receiver abort: X.225 §7.17.
    it(`association is aborted, and cut ${text}, is delivered once`, () => pair.expectDelivery([notDue, fault]));
  }

  for (const { text, fault } of cutsIn('interruption')) {
    it(`sender stops, and is cut ${text}, is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      pair.play([acknowledgementWaits, fault]);
      const { length: struck } = pair.struckKinds;
      const mtsIdentifier = await pair.submit(pair.alpha, 'return');
      await eventually('the acknowledgement that waits', () =>
        Promise.resolve(pair.struckKinds.length > struck ? true : undefined),
      );
      await pair.restartSender();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });
  }
});
