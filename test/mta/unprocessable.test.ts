import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { failureOfError, nonDeliveryOfArrival, nonDeliveryOfCopy } from '../../src/mta/unprocessable.js';
import type { QueuedCopy } from '../../src/queue/store.js';
import { anna, bob } from '../simulation/pair.js';
import { arrivalFromAlpha, contextOfBeta } from './support/submitted.js';

const ours = new TypeError('a mistake of ours');
const theirs = new DecodeError('no envelope', 'X.411', 0);

const copyOf = (envelope: Uint8Array, kind: QueuedCopy['kind'] = 'message'): QueuedCopy => ({
  id: 'c',
  message: 'm',
  connector: 'alpha',
  kind,
  mtsIdentifier: '[x]',
  priority: 1,
  envelope,
  content: '',
  contentType: '22',
  contentOctets: 3,
  recipients: [1],
  arrivedAt: 0,
  openAttempts: 0,
  transferAttempts: 0,
  originator: anna,
});

describe('a message that cannot be processed', () => {
  it('fails with protocol-violation where it breaks the protocol, with unable-to-complete-transfer where we do (X.411 §8.3.1.2.1.10)', () => {
    expect([failureOfError(theirs), failureOfError(ours)]).toMatchObject([
      { reason: 1, diagnostic: 14 },
      { reason: 1, diagnostic: 48 },
    ]);
  });

  it('is reported to its originator for every recipient that we are responsible for', () => {
    const report = nonDeliveryOfArrival(arrivalFromAlpha([bob, bob]), failureOfError(ours), contextOfBeta());
    expect(report?.mtsIdentifier).toContain('PRMD=ALPHA');
    expect(report?.messages).toMatchObject([{ kind: 'report', copies: [{ connector: 'alpha' }] }]);
    expect(String(report?.events[0]?.fields['outcomes']).match(/\(1\/48\)/g)?.length).toBe(2);
  });

  it('is reported to nobody where it is a report (X.411 §14.4), or where its originator cannot be read', () => {
    const arrival = arrivalFromAlpha([bob]);
    const failure = failureOfError(theirs);
    expect(nonDeliveryOfArrival({ ...arrival, kind: 'report' }, failure, contextOfBeta())).toBeUndefined();
    const broken = { ...arrival, envelope: Uint8Array.of(0x31, 0x80, 0x01) };
    expect(nonDeliveryOfArrival(broken, failure, contextOfBeta())).toBeUndefined();
    expect(nonDeliveryOfCopy(copyOf(broken.envelope), failure, contextOfBeta())).toBeUndefined();
    expect(nonDeliveryOfCopy(copyOf(arrival.envelope, 'report'), failure, contextOfBeta())).toBeUndefined();
  });

  it('and is a copy of ours is reported for the recipients of that copy', () => {
    const { envelope } = arrivalFromAlpha([bob, bob]);
    const report = nonDeliveryOfCopy(copyOf(envelope), failureOfError(theirs), contextOfBeta());
    expect(String(report?.events[0]?.fields['outcomes']).match(/\(1\/14\)/g)?.length).toBe(1);
  });
});
