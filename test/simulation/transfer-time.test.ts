import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/asn1/type.js';
import { RoutingTable } from '../../src/mta/routing.js';
import { submissionOf } from '../../src/mta/submission.js';
import { withExtension } from '../../src/p1/extension-field.js';
import { latestDeliveryTime } from '../../src/p1/extensions.js';
import { messageTransferEnvelope } from '../../src/p1/message-pdu.js';
import { printUtcTime } from '../../src/p1/utc-time.js';
import { anna, bob, makePair, testOctets } from './pair.js';
import { eventsText } from './struck.js';
import type { VirtualAgent } from './virtual-agent.js';

const longSeconds = 7200;

describe('the transfer time (X.218 §8.3.3)', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    it(`ends a transfer that takes longer than its size and priority allow; the association goes on with the next message, mode ${mode} (R-026)`, () => {
      const { clock, network, alpha, beta } = makePair({
        mode,
        rts: { checkpointSizeK: 1, windowSize: 2, stallTimeoutSeconds: 600 },
        retry: { transferIntervalSeconds: 600, maxTransferRetries: 5 },
        transferTimeout: { urgentSecondsPerK: 2, normalSecondsPerK: 1, nonUrgentSecondsPerK: 1 },
      });
      network.octetsPerSecond = 700; // 1.46 s for each K
      alpha.start();
      beta.start();
      alpha.submit({ from: anna, to: [bob] }, testOctets(100 * 1024));
      clock.run(1000);
      alpha.submit({ from: anna, to: [bob], priority: 'urgent' }, testOctets(99 * 1024));
      clock.run(400_000, () => beta.mailbox('bob').length > 0);
      const text = eventsText({ alpha, beta });
      expect(
        beta.mailbox('bob').map(({ sizeOctets }) => sizeOctets),
        text,
      ).toEqual([99 * 1024]);
      expect(alpha.events('message.deferred').map((fields) => fields['text'])).toEqual(['not transferred in time']);
      expect(alpha.events('association.opened').length).toBe(1);
      expect(beta.disk.files.filter((file) => file.startsWith('incoming/')).length).toBe(1); // the message that arrived
    });
  }

  it('may end while the end confirmation is on its way: RTAB 7 counts as transferred, and the next message is not lost with the association (R-054)', () => {
    let crossed = 0;
    for (let octets = 7800; octets <= 9000; octets += 100) {
      const { clock, network, alpha, beta } = makePair({
        rts: { checkpointSizeK: 1, stallTimeoutSeconds: 600 },
        transferTimeout: { urgentSecondsPerK: 1, normalSecondsPerK: 1, nonUrgentSecondsPerK: 1 },
      });
      network.octetsPerSecond = 150;
      network.latencyMilliseconds = 500;
      alpha.start();
      beta.start();
      alpha.submit({ from: anna, to: [bob], priority: 'urgent' }, testOctets(octets));
      alpha.submit({ from: anna, to: [bob] }, testOctets(100));
      clock.run(3_600_000, () => beta.mailbox('bob').length > 1 && alpha.engine?.status().connectors[0]?.queued === 0);
      if (eventsText({ alpha, beta }).includes('transfer-completed')) crossed += 1;
      expect(beta.mailbox('bob').length, `${String(octets)}: ${eventsText({ alpha, beta })}`).toBe(2);
    }
    expect(crossed).toBeGreaterThan(0);
  });

  it('is at least a minute, however short the message', () => {
    const { clock, network, alpha, beta } = makePair({
      rts: { stallTimeoutSeconds: 600 },
      transferTimeout: { urgentSecondsPerK: 1, normalSecondsPerK: 1, nonUrgentSecondsPerK: 1 },
    });
    alpha.start();
    beta.start();
    network.latencyMilliseconds = 5000;
    alpha.submit({ from: anna, to: [bob] }, testOctets(10));
    clock.run(120_000, () => beta.mailbox('bob').length > 0);
    expect(beta.mailbox('bob').length).toBe(1);
    expect(alpha.events('message.deferred')).toEqual([]);
  });
});

describe('the longest time that a message may wait', () => {
  const limits = {
    urgentExpirySeconds: longSeconds / 24,
    normalExpirySeconds: longSeconds,
    nonUrgentExpirySeconds: 2 * longSeconds,
  };

  it('ends in a report, by priority, while the peer cannot be reached', () => {
    const { clock, alpha } = makePair({ limits, retry: { openIntervalSeconds: 60, maxOpenRetries: 1000 } });
    alpha.start();
    for (const priority of ['urgent', 'normal', 'non-urgent'] as const) {
      alpha.submit({ from: anna, to: [bob], priority }, testOctets(100));
    }
    const reportsAfter = (seconds: number): number => {
      clock.run(seconds * 1000);
      return alpha.mailbox('anna').length;
    };
    expect(reportsAfter(longSeconds / 24 - 60)).toBe(0);
    expect(reportsAfter(180)).toBe(1);
    expect(reportsAfter(longSeconds - longSeconds / 24)).toBe(2);
    expect(reportsAfter(longSeconds)).toBe(3);
    expect(alpha.engine?.status().connectors[0]?.queued).toBe(0);
  });

  it('counts from the arrival of the message, however often the process is started anew', () => {
    const { clock, alpha } = makePair({ limits, retry: { openIntervalSeconds: 60, maxOpenRetries: 90 } });
    alpha.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    for (let starts = 0; starts < 13; starts++) {
      clock.run(600_000);
      alpha.kill();
      alpha.start();
    }
    clock.run(120_000);
    // 91 failures to open would have taken an hour and a half: their count begins anew at each start, the age of the message does not.
    expect(alpha.mailbox('anna').map(({ kind }) => kind)).toEqual(['report']);
    expect(alpha.events('transfer.given-up').map(({ text }) => text)).toEqual([
      expect.stringContaining('maximum-time-expired'),
    ]);
  });
});

describe('a message past the time by which its originator wanted it delivered', () => {
  const submitted = { seconds: 600 };

  /** A message from anna to bob in alpha's queue, as a peer might have relayed it, with a latest delivery time. */
  function queued(alpha: VirtualAgent): void {
    const { site } = alpha;
    const order = {
      from: anna,
      to: [bob],
      contentType: '0',
      contentOctets: 3,
      priority: 'normal',
      reports: 'non-delivery',
      encodedInformationTypes: { builtIn: [0], extended: [] },
      contentHead: new Uint8Array(0),
    } as const;
    const now = Date.UTC(2026, 10, 22);
    const context = { site, routing: new RoutingTable(site), now, nextId: () => '9-1', nextLocalIdentifier: () => 'l' };
    const submission = submissionOf(order, context);
    if ('fault' in submission) throw new Error(submission.fault);
    const plain = decode(messageTransferEnvelope, submission.envelope);
    const latest = printUtcTime(now + submitted.seconds * 1000);
    const extensions = withExtension(plain.extensions, latestDeliveryTime, latest);
    const message = {
      id: '9-1',
      kind: 'message',
      mtsIdentifier: 'm',
      priority: 1,
      envelope: encode(messageTransferEnvelope, { ...plain, extensions }),
      content: { kind: 'octets', octets: Uint8Array.of(1, 2, 3) },
      contentType: '0',
      contentOctets: 3,
      originator: anna,
      recipients: [bob],
      subject: '',
      arrivedAt: now,
      copies: [{ id: '9-2', connector: 'beta', recipients: [0], notBefore: 0 }],
      deliveries: [],
      duplicateKeys: [],
    } as const;
    alpha.call('commit', { changes: [{ type: 'message.insert', message }] });
    alpha.engine?.retryNow('beta');
  }

  it('is reported while it waits for a peer that cannot be reached (P1-025)', () => {
    const { clock, alpha } = makePair({ retry: { openIntervalSeconds: 60, maxOpenRetries: 1000 } });
    alpha.start();
    queued(alpha);
    clock.run((submitted.seconds - 60) * 1000);
    expect(alpha.mailbox('anna')).toEqual([]);
    clock.run(180_000);
    expect(alpha.mailbox('anna').map(({ kind }) => kind)).toEqual(['report']);
    expect(alpha.events('transfer.given-up').map(({ text }) => text)).toEqual([
      expect.stringContaining('maximum-time-expired'),
    ]);
  });

  it('is not sent any more when the peer comes back (P1-025)', () => {
    const { clock, alpha, beta } = makePair({ retry: { openIntervalSeconds: 7200, maxOpenRetries: 1000 } });
    clock.run((submitted.seconds + 1) * 1000);
    alpha.start();
    beta.start();
    queued(alpha);
    clock.run(30_000);
    expect(beta.mailbox('bob')).toEqual([]);
    expect(alpha.mailbox('anna').map(({ kind }) => kind)).toEqual(['report']);
  });
});
