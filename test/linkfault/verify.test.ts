import { describe, expect, it } from 'vitest';
import { judge, type Verdict } from '../../src/linkfault/verdict.js';
import { parseTimeline, printEntry, type Entry, type Event } from '../../src/linkfault/timeline.js';
import { parseTrackingLog } from '../../src/linkfault/verify-messages.js';
import { emptyScenario } from '../../src/faults/scenario.js';

const mts = '[/PRMD=ALPHA/ADMD= /C=GB/;A.1]';
const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
const bob = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';

const sender = [
  { event: 'message.submitted', mts, kind: 'message', octets: 9000, from: anna, recipients: 1 },
  { event: 'transfer.started', mts, octets: 9300, fromOctet: 0 },
  { event: 'transfer.resumed', mts, octets: 9300, fromOctet: 2048 },
  { event: 'transfer.completed', mts, direction: 'outgoing', octets: 9300, octetsResent: 3072 },
];
const receiver = [
  { event: 'message.accepted', mts, kind: 'message', octets: 9000, from: anna, recipients: 1, connector: 'alpha' },
  { event: 'message.delivered', mts, mailbox: 'bob', to: bob, connector: 'alpha' },
];

type Lines = readonly object[];

function logText(lines: Lines): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function judged(a: Lines, b: Lines, events: readonly Event[] = []): Verdict {
  const entries = events.map((event, at): Entry => ({ at, link: 'beta', ...event }));
  return judge([entries], [parseTrackingLog(logText(a), 'a'), parseTrackingLog(logText(b), 'b')]);
}

const verdictsOf = (verdict: Verdict): readonly string[] => verdict.messages.map((message) => message.verdict);

const report = {
  event: 'message.reported',
  mts,
  report: '[/PRMD=BETA/ADMD= /C=GB/;B.1]',
  to: anna,
  outcomes: `${bob}: unable-to-transfer/unrecognised-OR-name; nobody has this name`,
};

describe('the verdict on messages', () => {
  it('is good where each was delivered or reported once', () => {
    expect(judged(sender, receiver)).toMatchObject({
      messages: [{ verdict: 'delivered once', resentOctets: 3072 }],
      violations: [],
    });
    // A report that goes through both ends is in both logs.
    const reported = judged([...sender, report], [receiver[0] ?? {}, report]);
    expect([verdictsOf(reported), reported.violations]).toEqual([['reported once'], []]);
  });

  for (const [what, a, b, verdict] of [
    ['a delivery is missing', sender, receiver.slice(0, 1), 'lost'],
    ['everything at the receiver is missing', sender, [], 'lost'],
    ['a delivery stands there twice', sender, [...receiver, receiver[1] ?? {}], 'duplicated'],
    ['it was delivered and reported as not delivered', [...sender, report], receiver, 'duplicated'],
    ['the submission is missing', [], receiver, 'never submitted'],
    ['it is still queued', sender.slice(0, 2), [], 'under way'],
  ] as const) {
    it(`says "${verdict}" when ${what}`, () => {
      const found = judged(a, b);
      expect(verdictsOf(found)).toEqual([verdict]);
      expect(found.violations.length).toBe(1);
    });
  }
});

const session = 'aa.bb.';
const K = 1024;
const passed = (pdus: string[], facts: object, connection = 1): Event =>
  ({
    type: 'passed',
    connection,
    stream: pdus[0]?.endsWith('ACK') === true || pdus[0] === 'ACCEPT' ? 'downstream' : 'upstream',
    pdus,
    from: 0,
    to: 1,
    ...facts,
  }) as Event;
const opening = (connection: number): readonly Event[] => [
  passed(
    ['CONNECT', 'RTORQ'],
    { session: connection === 1 ? session : 'cc.dd.', checkpointSizeK: 1, windowSize: 3 },
    connection,
  ),
  passed(['ACCEPT', 'RTOAC'], { checkpointSizeK: 1, windowSize: 3 }, connection),
];
const pieces = (connection: number, from: number, to: number): readonly Event[] =>
  Array.from({ length: to - from + 1 }, (_, i) => [
    passed(['DATA TRANSFER'], { apduOctets: K }, connection),
    passed(['MINOR SYNC POINT'], { serialNumber: from + i }, connection),
  ]).flat();
const cut = (connection: number): Event => ({ type: 'closed', connection, by: 'fault', upstream: 0, downstream: 0 });
const resume = (serialNumber: number): Event =>
  passed(['ACTIVITY RESUME'], { activity: '020101', oldActivity: '020101', startedOn: session, serialNumber }, 2);

describe('the verdict on a broken transfer', () => {
  const until = (sent: number, confirmed: number): readonly Event[] => [
    ...opening(1),
    passed(['ACTIVITY START'], { activity: '020101' }),
    ...pieces(1, 1, sent),
    passed(['MINOR SYNC ACK'], { serialNumber: confirmed }),
    cut(1),
    ...opening(2),
  ];

  it('says where it was resumed and what was sent again', () => {
    const { breaks, violations } = judged(sender, receiver, [...until(5, 2), resume(2), ...pieces(2, 3, 9)]);
    expect(breaks).toMatchObject([
      {
        connection: 1,
        sentOctets: 5 * K,
        confirmedOctets: 2 * K,
        continuation: 'resumed',
        serialNumber: 2,
        fromOctet: 2 * K,
        resentOctets: 3 * K,
        boundOctets: 4 * K,
      },
    ]);
    expect(violations).toEqual([]);
  });

  it('is bad when more than the window was sent again', () => {
    const { violations } = judged(sender, receiver, [...until(8, 2), resume(2), ...pieces(2, 3, 9)]);
    expect(violations).toEqual(['connection 1 of beta: the transfer sent 6144 octets again, at most 4096 are allowed']);
  });

  it('is bad when it began anew although a checkpoint was confirmed', () => {
    const anew = passed(['ACTIVITY START'], { activity: '020102' }, 2);
    const { breaks, violations } = judged(sender, receiver, [...until(3, 2), anew, ...pieces(2, 1, 9)]);
    expect(breaks).toMatchObject([{ continuation: 'restarted', resentOctets: 3 * K }]);
    expect(violations.length).toBe(1);
    expect(judged(sender, receiver, [...until(3, 0), anew, ...pieces(2, 1, 9)]).violations).toEqual([]);
  });
});

describe('a timeline', () => {
  it('comes back from its text', () => {
    const started: Event = {
      type: 'started',
      time: '2026-01-01T00:00:00Z',
      listen: 'a:1',
      upstream: 'b:2',
      scenario: emptyScenario,
    };
    const entries = [started, cut(1)].map((event, at): Entry => ({ at, link: 'beta', ...event }));
    expect(parseTimeline(entries.map(printEntry).join(''), 't')).toEqual(entries);
  });

  it('that is none is refused by the place of the fault', () => {
    expect(() => parseTimeline('{"at":1}\n', 'run.jsonl')).toThrow('run.jsonl:1: no line of a timeline');
    expect(() => parseTimeline('', 'run.jsonl')).toThrow('run.jsonl is no timeline');
    expect(() => parseTrackingLog('{"event":"x"}\n{}', 'tracking.log')).toThrow('tracking.log:2');
  });
});
