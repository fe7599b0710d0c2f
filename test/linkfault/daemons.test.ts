import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PduName, Place, Stream } from '../../src/faults/pdu-trigger.js';
import type { LinkFault } from '../../src/faults/schedule.js';
import { eventually, mta, testMilliseconds } from '../daemon/daemons.js';
import { Pair, retry, rts } from './pair.js';

function at(on: PduName, place: Place, stream: Stream, nth = 1): LinkFault {
  return { kind: 'cut', when: { on, place, stream, nth } };
}

/** What every transfer shows, the Nth of it in the direction in which it travels when alpha sends. */
const ofATransfer: readonly (readonly [PduName, Stream, number])[] = [
  ['ACTIVITY START', 'upstream', 1],
  ['DATA TRANSFER', 'upstream', 4],
  ['MINOR SYNC POINT', 'upstream', 3],
  ['MINOR SYNC ACK', 'downstream', 3],
  ['ACTIVITY END', 'upstream', 1],
  ['ACTIVITY END ACK', 'downstream', 1],
];

/** What opens an association. */
const ofAnOpening: readonly (readonly [PduName, Stream])[] = [
  ['CR TPDU', 'upstream'],
  ['CC TPDU', 'downstream'],
  ['CONNECT', 'upstream'],
  ['ACCEPT', 'downstream'],
];

const allPlaces = ['before', 'middle', 'after'] as const;

describe('a message over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const [pdu, stream, nth] of ofATransfer) {
    for (const place of allPlaces) {
      it(`${place} ${pdu} number ${String(nth)} is delivered once, with no more than the window sent again`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream, nth)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }

  for (const [pdu, stream] of ofAnOpening) {
    for (const place of allPlaces) {
      it(`${place} the ${pdu} of a recovery is delivered once`, async () => {
        const { length } = pair.judge().breaks;
        // The first cut makes the sender open the association anew, at once: X.228 §7.8.3.
        pair.play([at('MINOR SYNC ACK', 'after', 'downstream', 2), at(pdu, place, stream)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }

  for (const place of allPlaces) {
    it(`${place} the ACTIVITY RESUME that follows another cut is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      pair.play([at('MINOR SYNC ACK', 'after', 'downstream', 4), at('ACTIVITY RESUME', place, 'upstream')]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });
  }
});

/** What happens to a PDU without a cut; the daemons notice, or bear with it. */
const pduFaults: readonly (readonly [string, LinkFault])[] = [
  ['MINOR SYNC ACK is lost', { kind: 'drop', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC ACK comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC POINT is lost', { kind: 'drop', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['MINOR SYNC POINT comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['ACTIVITY END ACK is lost', { kind: 'drop', when: { on: 'ACTIVITY END ACK', stream: 'downstream' } }],
  [
    'MINOR SYNC ACK waits so that the window fills',
    { kind: 'hold', milliseconds: 700, when: { on: 'MINOR SYNC ACK', stream: 'downstream' } },
  ],
  [
    'MINOR SYNC POINT has another serial number',
    { kind: 'change', field: 'serialNumber', value: 77, when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 3 } },
  ],
  [
    'MINOR SYNC ACK has another serial number',
    { kind: 'change', field: 'serialNumber', value: 77, when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } },
  ],
  [
    'TPKT has a reserved octet that is not zero',
    { kind: 'change', field: 'reservedOctet', value: 17, when: { on: 'MINOR SYNC POINT', stream: 'upstream' } },
  ],
  ['line falls silent', { kind: 'silence', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } }],
  ['line is down for a while', { kind: 'refusal', milliseconds: 700, when: { on: 'MINOR SYNC ACK', nth: 3 } }],
];

describe('a message whose', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const [what, fault] of pduFaults) {
    it(`${what} is delivered once`, async () => {
      const [{ length }, before] = [pair.judge().breaks, pair.struckKinds.length];
      pair.play([fault]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
      expect(pair.struckKinds.slice(before)).toEqual([fault.kind]);
    });
  }

  for (const place of allPlaces) {
    it(`association is aborted, and cut ${place} the ABORT, is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      // A serial number that is not due makes the receiver abort: X.225 §7.17.
      const provoked: LinkFault = {
        kind: 'change',
        field: 'serialNumber',
        value: 77,
        when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 3 },
      };
      pair.play([provoked, at('ABORT', place, 'downstream')]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });

    it(`sender stops, and is cut ${place} the ACTIVITY INTERRUPT, is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      const held: LinkFault = {
        kind: 'hold',
        milliseconds: 1500,
        when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 },
      };
      pair.play([held, at('ACTIVITY INTERRUPT', place, 'upstream')]);
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

describe('a new association', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const association = { lifetimeSeconds: 1 };
  beforeAll(() => pair.start({ both: { connector: { override: { rts, retry, association } } } }));
  afterAll(() => pair.close());
  beforeEach(() => pair.withoutAssociation());

  for (const [field, on, stream, value] of [
    ['checkpointSize', 'RTORQ', 'upstream', 2],
    ['windowSize', 'RTORQ', 'upstream', 1],
    ['checkpointSize', 'RTOAC', 'downstream', 1],
    ['windowSize', 'RTOAC', 'downstream', 2],
  ] as const) {
    it(`with another ${field} in its ${on} carries a message once`, async () => {
      const [{ length }, before] = [pair.judge().breaks, pair.struckKinds.length];
      pair.play([{ kind: 'change', field, value, when: { on, stream } }]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
      expect(pair.struckKinds.slice(before)).toEqual(['change']);
    });
  }

  for (const place of allPlaces) {
    for (const [pdu, stream] of [
      ['CONNECT', 'upstream'],
      ['ACCEPT', 'downstream'],
      ['FINISH', 'upstream'],
      ['DISCONNECT', 'downstream'],
    ] as const) {
      it(`that is cut ${place} its ${pdu} carries a message once, or has done so`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }
});

describe('two-way alternate mail over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const association = { lifetimeSeconds: 30 };
  beforeAll(() =>
    pair.start({
      both: { connector: { dialogue: 'two-way-alternate', override: { rts, retry, association } } },
      // The receiver cannot call: its mail goes when it is given the turn.
      beta: { remote: { port: 1 } },
    }),
  );
  afterAll(() => pair.close());

  for (const [pdu, stream] of [
    ['PLEASE TOKENS', 'downstream'],
    ['GIVE TOKENS CONFIRM', 'upstream'],
  ] as const) {
    for (const place of allPlaces) {
      it(`${place} ${pdu} is delivered once each way`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream)]);
        const there = await pair.submit();
        const back = await pair.submit(pair.beta, 'return');
        await pair.struck();
        const again = await pair.submit();
        await pair.settled();
        for (const mtsIdentifier of [there, back, again]) pair.expectOnce(mtsIdentifier, length);
      });
    }
  }
});

describe('a message that the receiver cannot take yet, over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const patient = { ...retry, maxTransferRetries: 1000 };
  let waiting = '';
  beforeAll(() =>
    pair.startReceiverFirst(
      {
        both: { connector: { override: { rts, retry: patient } } },
        // One message that is held fills the queue.
        beta: {
          site: { limits: { queueMessagesMax: 1 } },
        },
      },
      async (beta) => {
        waiting = await pair.submit(beta, 'return');
        await mta(['queue', 'hold', waiting, '--site', beta.site.path]);
      },
    ),
  );
  afterAll(() => pair.close());

  it('at each EXCEPTION DATA and ACTIVITY DISCARD is delivered once when it can', async () => {
    const mtsIdentifier = await pair.submit(pair.alpha, 'return');
    for (const [pdu, stream] of [
      ['EXCEPTION DATA', 'downstream'],
      ['ACTIVITY DISCARD', 'upstream'],
      ['ACTIVITY DISCARD ACK', 'downstream'],
    ] as const) {
      for (const place of allPlaces) {
        pair.play([at(pdu, place, stream)]);
        await pair.struck();
      }
    }
    expect((await mta(['queue', 'release', waiting, '--site', pair.beta.site.path])).code).toBe(0);
    await pair.settled();
    pair.expectOnce(mtsIdentifier, 0);
    pair.expectOnce(waiting, 0);
  });
});

describe('a message in X.410-1984 mode', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start({ both: { connector: { mode: 'x410-1984', override: { rts, retry } } } }));
  afterAll(() => pair.close());

  it('over a link that is cut after every third MINOR SYNC ACK is resumed each time, and delivered once', async () => {
    pair.play([at('MINOR SYNC ACK', 'after', 'downstream', 3)], 4);
    const mtsIdentifier = await pair.submit();
    await pair.settled();
    pair.expectOnce(mtsIdentifier, 0);
    const { breaks } = pair.judge();
    expect(breaks.map(({ continuation, serialNumber }) => [continuation, serialNumber])).toEqual(
      [3, 6, 9, 12].map((serialNumber) => ['resumed', serialNumber]),
    );
    expect(breaks.map(({ fromOctet }) => fromOctet)).toEqual([3, 6, 9, 12].map((serialNumber) => serialNumber * 1024));
  });
});
