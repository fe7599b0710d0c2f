import type { Finding } from './findings.js';
import type { Attempt, Ledger } from './ledger.js';
import { mailboxes } from './sites.js';

export interface AuditResult {
  readonly submissionsAccepted: number;
  /** Without an answer. */
  readonly submissionsDoubtful: number;
  readonly doubtfulAccepted: number;
  readonly deliveries: number;
  readonly reports: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** Other contents than were submitted, deliveries and reports of what nobody submitted. */
  readonly wrong: readonly string[];
}

/**
 * Compares every submission with what was found in every mailbox. One that was accepted is delivered once to each of its recipients, and
 * reported once for each address that nobody serves. One without an answer is all there, or not at all.
 */
export function audit(ledger: Ledger, findings: readonly Finding[]): AuditResult {
  const { known, doubtful } = attemptsOf(ledger);
  const accepted = known.size;
  const wrong: string[] = [];
  const deliveries = new Map<string, number>();
  const reports = new Map<string, number>();
  for (const finding of findings) {
    if (finding.kind === 'report') {
      count(reports, `${finding.subjectIdentifier} at ${finding.mailbox}`);
      continue;
    }
    const { mtsIdentifier, mailbox, digest, contentIdentifier = '' } = finding;
    const attempt = known.get(mtsIdentifier) ?? doubtful.get(contentIdentifier);
    if (attempt === undefined) {
      wrong.push(`${mailbox} holds ${mtsIdentifier}, which nobody submitted`);
      continue;
    }
    known.set(mtsIdentifier, attempt);
    count(deliveries, `${mtsIdentifier} at ${mailbox}`);
    if (digest !== ledger.digests.get(attempt.message.number)) {
      wrong.push(`${mtsIdentifier} at ${mailbox} is not the content that was submitted`);
    }
  }
  const { lost, duplicated } = compare(known, deliveries, reports);
  // Of a submission without an answer, for nobody but nobodies, a report is all that there may be.
  const strangers = [...reports.keys()].filter((key) => !known.has(key.split(' at ')[0] ?? ''));
  const expectable = [...doubtful.values()].filter(({ message }) => message.to.length === 0);
  if (strangers.length > expectable.length) wrong.push(`reports on what nobody submitted: ${strangers.join(', ')}`);
  return {
    submissionsAccepted: accepted,
    submissionsDoubtful: doubtful.size,
    doubtfulAccepted: known.size - accepted + strangers.length,
    deliveries: findings.filter(({ kind }) => kind === 'message').length,
    reports: findings.filter(({ kind }) => kind === 'report').length,
    lost,
    duplicated,
    wrong,
  };
}

/** Those with an answer by MTS identifier, those without by content identifier. */
function attemptsOf({ attempts }: Ledger) {
  const known = new Map<string, Attempt>();
  const doubtful = new Map<string, Attempt>();
  for (const attempt of attempts) {
    if (attempt.mtsIdentifier === undefined) doubtful.set(attempt.contentIdentifier, attempt);
    else known.set(attempt.mtsIdentifier, attempt);
  }
  return { known, doubtful };
}

function compare(
  attempts: ReadonlyMap<string, Attempt>,
  deliveries: ReadonlyMap<string, number>,
  reports: ReadonlyMap<string, number>,
): { readonly lost: readonly string[]; readonly duplicated: readonly string[] } {
  const lost: string[] = [];
  const duplicated: string[] = [];
  for (const [mtsIdentifier, { message }] of attempts) {
    for (const { name } of mailboxes) {
      const key = `${mtsIdentifier} at ${name}`;
      const expected = {
        deliveries: message.to.some((to) => to.name === name) ? 1 : 0,
        reports: message.from.name === name ? message.nobodies.length : 0,
      };
      const found = { deliveries: deliveries.get(key) ?? 0, reports: reports.get(key) ?? 0 };
      for (const what of ['deliveries', 'reports'] as const) {
        const text = `${what} of ${key}: ${String(found[what])}, expected ${String(expected[what])}`;
        if (found[what] < expected[what]) lost.push(text);
        if (found[what] > expected[what]) duplicated.push(text);
      }
    }
  }
  return { lost, duplicated };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
