import { describe, expect, it } from 'vitest';
import { LineState } from '../../src/linkfault/line-state.js';
import type { Event } from '../../src/linkfault/timeline.js';
import { renderView } from '../../src/linkfault/view-text.js';

const stream = { up: 'upstream', down: 'downstream' } as const;

function passed(pdu: string, facts: object, way: 'up' | 'down' = 'up'): Event {
  return { type: 'passed', connection: 1, stream: stream[way], pdus: [pdu], from: 0, to: 1, ...facts } as Event;
}

function stateAfter(events: readonly Event[]): LineState {
  const state = new LineState();
  for (const [i, event] of events.entries()) state.entry({ at: i * 1000, link: 'beta', ...event });
  return state;
}

const transfer: readonly Event[] = [
  { type: 'opened', connection: 1 },
  passed('RTOAC', { checkpointSizeK: 30, windowSize: 5 }, 'down'),
  passed('ACTIVITY START', { activity: '020107' }),
  ...[1, 2, 3, 4].map((serialNumber) => passed('MINOR SYNC POINT', { serialNumber })),
  passed('MINOR SYNC ACK', { serialNumber: 2 }, 'down'),
  {
    type: 'struck',
    kind: 'cut',
    list: 'faults',
    fault: 0,
    round: 3,
    connection: 1,
    stream: 'downstream',
    pdus: ['MINOR SYNC ACK'],
    place: 'after',
  },
];

describe('the live view', () => {
  it('shows window, checkpoints, what was negotiated and what was injected', () => {
    const state = stateAfter(transfer);
    state.sent('upstream', 2_500_000);
    const page = renderView('beta', state, { upstream: 1_500_000, downstream: 0 }, 1000, 'page');
    expect(page).toContain(
      'connections 1 open, 1 made, 0 refused; octets up 2.5M (1.0M/s), down 0 (0/s); injected: cut 1',
    );
    expect(page).toMatch(/^ {2}1 +020107 +2\/4 +2\/5 +30K\/5 +MINOR SYNC ACK$/m);
    expect(page).toContain('8.0 s  cut after MINOR SYNC ACK downstream on connection 1, round 3');
  });

  it('is one line where there is no terminal, and forgets connections that are over', () => {
    const closed: Event = { type: 'closed', connection: 1, by: 'fault', upstream: 0, downstream: 0 };
    const line = renderView('beta', stateAfter([...transfer, closed]), undefined, 5000, 'line');
    expect(line).toMatch(/^beta: connections 0 open, 1 made, .*\n$/);
  });
});
