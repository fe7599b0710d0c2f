import { describe, expect, it } from 'vitest';
import { refusalLineLimits, RefusalLines } from '../../src/daemon/refusal-lines.js';
import type { Observation } from '../../src/osi/machine.js';

function refusal(cause: string, role: 'initiator' | 'responder' = 'responder'): Observation {
  return { event: 'association.refused', level: 'warn', fields: { cause, role, peer: '192.0.2.1:4711' } };
}

/** The lines, and what is to happen when the period is over. */
function setUp() {
  const written: Observation[] = [];
  const later: (() => void)[] = [];
  const lines = new RefusalLines(
    {
      write: (observation) => written.push(observation),
      later: (milliseconds, run) => {
        expect(milliseconds).toBe(refusalLineLimits.periodMilliseconds);
        later.push(run);
      },
    },
    { ...refusalLineLimits, linesMax: 3 },
  );
  return { lines, written, endOfPeriod: () => later.shift()?.() };
}

describe('lines about callers that were refused', () => {
  it('are all written up to the limit, and nothing is said of it', () => {
    const { lines, written, endOfPeriod } = setUp();
    for (let i = 0; i < 3; i++) lines.observe(refusal('no-bind'));
    endOfPeriod();
    lines.flush();
    expect(written).toEqual([refusal('no-bind'), refusal('no-bind'), refusal('no-bind')]);
  });

  it('above it are counted by cause, told once at the end of the period, and then written again', () => {
    const { lines, written, endOfPeriod } = setUp();
    for (const cause of ['no-bind', 'no-bind', 'busy', 'busy', 'no-bind', 'busy']) lines.observe(refusal(cause));
    expect(written.length).toBe(3);
    endOfPeriod();
    expect(written[3]).toEqual({
      event: 'association.refusals-omitted',
      level: 'warn',
      fields: { omitted: 3, causes: 'busy 2, no-bind 1' },
    });
    lines.observe(refusal('bad-password'));
    expect(written[4]).toEqual(refusal('bad-password'));
    endOfPeriod();
    expect(written.length).toBe(5);
  });

  it('hold up no line about anything else, nor about a peer that we called', () => {
    const { lines, written } = setUp();
    for (let i = 0; i < 10; i++) lines.observe(refusal('no-bind'));
    const others: Observation[] = [
      refusal('unreachable', 'initiator'),
      { event: 'association.lost', level: 'warn', fields: {} },
    ];
    for (const other of others) lines.observe(other);
    expect(written.slice(3)).toEqual(others);
  });
});
