import { describe, expect, it } from 'vitest';
import { audit } from '../../src/soak/audit.js';
import type { Finding } from '../../src/soak/findings.js';
import { Ledger } from '../../src/soak/ledger.js';
import { contentOf, digestOf, Load, type SoakMessage } from '../../src/soak/load.js';
import { faultsOf } from '../../src/soak/plan.js';
import { mailboxes } from '../../src/soak/sites.js';

const [anna, , bob, bea] = mailboxes;
if (anna === undefined || bob === undefined || bea === undefined) throw new Error('a mailbox is missing');

const message: SoakMessage = {
  number: 1,
  at: 'alpha',
  from: anna,
  to: [bob, bea],
  nobodies: ['C=GB;S=Nobody'],
  priority: 'normal',
  octets: 100,
};

const atBob: Finding = { kind: 'message', mailbox: 'bob', mtsIdentifier: 'm1', digest: 'd1' };
const atBea: Finding = { ...atBob, mailbox: 'bea' };
const report: Finding = { kind: 'report', mailbox: 'anna', subjectIdentifier: 'm1' };

/** The message submitted once, with or without an answer. */
function ledgerOf(answer: 'm1' | undefined): Ledger {
  const ledger = new Ledger();
  ledger.digests.set(1, 'd1');
  ledger.attempt(message).mtsIdentifier = answer;
  return ledger;
}

function verdict(ledger: Ledger, findings: readonly Finding[]) {
  const { lost, duplicated, wrong } = audit(ledger, findings);
  return { lost: lost.length, duplicated: duplicated.length, wrong: wrong.length };
}

const clean = { lost: 0, duplicated: 0, wrong: 0 };

describe('the audit of a soak', () => {
  const ledger = ledgerOf('m1');

  it('is content with one delivery to each recipient and one report on each nobody', () => {
    expect(verdict(ledger, [atBob, atBea, report])).toEqual(clean);
  });

  it('misses a delivery and a report', () => {
    expect(verdict(ledger, [atBob, report])).toEqual({ ...clean, lost: 1 });
    expect(verdict(ledger, [atBob, atBea])).toEqual({ ...clean, lost: 1 });
    expect(verdict(ledger, [])).toEqual({ ...clean, lost: 3 });
  });

  it('sees what came twice, or to somebody else', () => {
    expect(verdict(ledger, [atBob, atBob, atBea, report])).toEqual({ ...clean, duplicated: 1 });
    expect(verdict(ledger, [atBob, atBea, report, report])).toEqual({ ...clean, duplicated: 1 });
    expect(verdict(ledger, [atBob, atBea, report, { ...atBob, mailbox: 'ada' }])).toEqual({ ...clean, duplicated: 1 });
  });

  it('sees another content, a message and a report that nobody caused', () => {
    expect(verdict(ledger, [{ ...atBob, digest: 'd2' }, atBea, report])).toEqual({ ...clean, wrong: 1 });
    expect(verdict(ledger, [atBob, atBea, report, { ...atBob, mtsIdentifier: 'm2' }])).toEqual({ ...clean, wrong: 1 });
    expect(verdict(ledger, [atBob, atBea, report, { ...report, subjectIdentifier: 'm2' }])).toEqual({
      ...clean,
      wrong: 1,
    });
  });

  it('takes a submission without an answer for all there or not there at all', () => {
    const doubtful = ledgerOf(undefined);
    const named = (finding: typeof atBob): Finding => ({ ...finding, contentIdentifier: 'soak 1' });
    expect(verdict(doubtful, [])).toEqual(clean);
    expect(verdict(doubtful, [named(atBob), named(atBea), report])).toEqual(clean);
    expect(verdict(doubtful, [named(atBob), report])).toEqual({ ...clean, lost: 1 });
  });
});

describe('the load and the faults of a soak', () => {
  it('are the same for the same seed', () => {
    expect(faultsOf(5, 60_000)).toEqual(faultsOf(5, 60_000));
    expect(faultsOf(5, 60_000)).not.toEqual(faultsOf(6, 60_000));
    const [one, other] = [new Load(5), new Load(5)];
    for (let i = 0; i < 100; i++) expect(one.next(1e8)).toEqual(other.next(1e8));
  });

  it('make contents of the length that they say, different for each message', () => {
    const long = { ...message, octets: 200_000 };
    const octets = [...contentOf(1, long)].reduce((sum, part) => sum + part.length, 0);
    expect(octets).toBe(200_000);
    expect(digestOf(contentOf(1, long))).toBe(digestOf(contentOf(1, long)));
    expect(digestOf(contentOf(1, long))).not.toBe(digestOf(contentOf(1, { ...long, number: 2 })));
    expect([...contentOf(1, { ...message, octets: 1 })].map(({ length }) => length)).toEqual([1]);
  });
});
