import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mta, testMilliseconds } from '../daemon/daemons.js';
import { afterAcknowledgement, Pair, retry, rts } from './pair.js';
import { cutsIn } from './scenes.js';

describe('a message over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const { text, fault } of cutsIn('transfer')) {
    it(`${text} is delivered once, with no more than the window sent again`, () => pair.expectDelivery([fault]));
  }

  for (const { text, fault } of cutsIn('recovery')) {
    // The first cut makes the sender open the association anew, at once: X.228 §7.8.3.
    it(`${text} of a recovery is delivered once`, () => pair.expectDelivery([afterAcknowledgement(2), fault]));
  }

  for (const { text, fault } of cutsIn('resumption')) {
    it(`${text} that follows another cut is delivered once`, () =>
      pair.expectDelivery([afterAcknowledgement(4), fault]));
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

  for (const { text, fault } of cutsIn('turn')) {
    it(`${text} is delivered once each way`, async () => {
      const { length } = pair.judge().breaks;
      pair.play([fault]);
      const there = await pair.submit();
      const back = await pair.submit(pair.beta, 'return');
      await pair.struck();
      const again = await pair.submit();
      await pair.settled();
      for (const mtsIdentifier of [there, back, again]) pair.expectOnce(mtsIdentifier, length);
    });
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
    for (const { fault } of cutsIn('trouble')) {
      pair.play([fault]);
      await pair.struck();
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
    pair.play([afterAcknowledgement(3)], 4);
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
