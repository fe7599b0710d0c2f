/** States of the session machine of the implementation under test, with what leads there and what its variables are then. */
import { ber } from '../octets/ber.js';
import { connectPpdu, connectSpdu, type Opening } from '../octets/opening.js';
import { exceptionData, finish, minorSyncAck, unit, units } from '../octets/spdu.js';
import { releaseData, rlrq } from '../octets/upper-layers.js';
import type { SessionPredicate, SessionState } from '../../session/state-table/names.js';
import type { Conversation } from './conversation.js';
import { serialSpdu, spdu } from './patterns.js';
import { accepted, activityOpen, bound, called, transportOpen } from './preambles.js';
import { expect, expectPassing, repeat, send, settle } from './steps.js';
import type { Role, Step } from './test-case.js';
import { activityEndAck } from '../octets/spdu.js';
import { lastSerial } from './preambles.js';

export interface Situation {
  readonly state: SessionState;
  /** In a few words, for purposes. */
  readonly describe: string;
  readonly role: Role;
  readonly preamble: readonly Step[];
  readonly activity: 'none' | 'in progress';
  /** Whose the tokens are: those of the implementation under test, or ours. */
  readonly tokens: 'its' | 'ours';
  /** What else may still come from it: more of a transfer under way. */
  readonly passing?: 'data';
  /** Serial number of the next synchronization point, V(M). */
  readonly nextSerial: number;
}

/** A transfer of the implementation under test with a full window of one: it waits for our first MINOR SYNC ACK. */
const sending: readonly Step[] = [
  ...accepted({ checkpointSizeK: 1, windowSize: 1 }, 'long'),
  expect(spdu('AS')),
  expect(spdu('DT')),
  expect(serialSpdu('MIP', 1)),
];

/** User data of a CONNECT that overflows, octets, and what its Data Overflow says then. X.225 §8.3.1 */
export const connectOctetsMax = 10_240;
const moreToCome = 1;

/** An opening whose AARQ has implementation information of so many octets. */
export const enlarged = (octets: number): Opening => ({ aarqMembers: [ber(0x9d, new Uint8Array(octets).fill(0x41))] });

/** A CP that does not fit a CONNECT. */
export const overflowingPpdu = (conversation: Conversation): Uint8Array => connectPpdu(conversation, enlarged(12_000));

/** A CONNECT with the first part of it, and leave to go on. */
export const overflowing: readonly Step[] = [
  send('CONNECT with more data to come', (conversation) =>
    connectSpdu(conversation, {
      version: 2,
      units: [unit(units.dataOverflow, moreToCome)],
      ppdu: overflowingPpdu(conversation).subarray(0, connectOctetsMax),
    }),
  ),
  expect(spdu('OA')),
];

export const situations = {
  connected: {
    state: '01C',
    describe: 'before a CONNECT',
    role: 'responder',
    preamble: transportOpen,
    activity: 'none',
    tokens: 'ours',
    nextSerial: 1,
  },
  overflowing: {
    state: '01D',
    describe: 'waiting for a CONNECT DATA OVERFLOW',
    role: 'responder',
    preamble: [...transportOpen, ...overflowing],
    activity: 'none',
    tokens: 'ours',
    nextSerial: 1,
  },
  idle: {
    state: '713',
    describe: 'without the tokens, between activities',
    role: 'responder',
    preamble: bound(),
    activity: 'none',
    tokens: 'ours',
    nextSerial: 1,
  },
  receiving: {
    state: '713',
    describe: 'without the tokens, in an activity',
    role: 'responder',
    preamble: [...bound(), ...activityOpen],
    activity: 'in progress',
    tokens: 'ours',
    nextSerial: 1,
  },
  releasing: {
    state: '16',
    describe: 'after its DISCONNECT',
    role: 'responder',
    preamble: [
      ...bound(),
      send('FINISH', (conversation) => finish(releaseData(conversation, rlrq))),
      expect(spdu('DN')),
    ],
    activity: 'none',
    tokens: 'ours',
    nextSerial: 1,
  },
  calling: {
    state: '02A',
    describe: 'waiting for an ACCEPT',
    role: 'initiator',
    preamble: called(),
    activity: 'none',
    tokens: 'its',
    nextSerial: 1,
  },
  sending: {
    state: '713',
    describe: 'with the tokens, in an activity, its window full',
    role: 'initiator',
    preamble: sending,
    activity: 'in progress',
    tokens: 'its',
    passing: 'data',
    nextSerial: 2,
  },
  ending: {
    state: '04B',
    describe: 'waiting for an ACTIVITY END ACK',
    role: 'initiator',
    preamble: [
      ...accepted(),
      expect(spdu('AS')),
      repeat({ pattern: spdu('DT'), next: 'again' }, { pattern: spdu('AE'), next: 'leave' }),
    ],
    activity: 'in progress',
    tokens: 'its',
    nextSerial: 2,
  },
  interrupting: {
    state: '05B',
    describe: 'waiting for an ACTIVITY INTERRUPT ACK',
    role: 'initiator',
    preamble: [
      ...sending,
      send('MINOR SYNC ACK 1', minorSyncAck(1)),
      expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
      send('EXCEPTION DATA 5', exceptionData(5)),
      expectPassing([spdu('DT')], spdu('AI')),
    ],
    activity: 'in progress',
    tokens: 'its',
    nextSerial: 3,
  },
  discarding: {
    state: '05C',
    describe: 'waiting for an ACTIVITY DISCARD ACK',
    role: 'initiator',
    preamble: [...sending, send('EXCEPTION DATA 0', exceptionData(0)), expectPassing([spdu('DT')], spdu('AD'))],
    activity: 'in progress',
    tokens: 'its',
    nextSerial: 2,
  },
  finishing: {
    state: '03',
    describe: 'waiting for a DISCONNECT',
    role: 'initiator',
    preamble: [
      ...accepted(),
      expect(spdu('AS')),
      repeat({ pattern: spdu('DT'), next: 'again' }, { pattern: spdu('AE'), next: 'leave' }),
      send('ACTIVITY END ACK', (conversation) => activityEndAck(lastSerial(conversation, 'AE'))),
      settle,
      expect(spdu('FN')),
    ],
    activity: 'none',
    tokens: 'its',
    nextSerial: 2,
  },
} as const satisfies Readonly<Record<string, Situation>>;

/** Whether a predicate of Annex A holds in a situation when an SPDU comes whose serial number, if any, is the one that is due. */
export function holdsIn(situation: Situation, predicate: SessionPredicate): boolean {
  const its = situation.tokens === 'its';
  const active = situation.activity === 'in progress';
  const values: Partial<Record<SessionPredicate, boolean>> = {
    p01: situation.role === 'initiator',
    p03: its,
    p05: !its,
    p10: true,
    p11: its,
    p14: active && !its,
    p15: active && its,
    p16: true,
    p17: active && its,
    p18: active && !its,
    p19: true,
    p20: situation.state === '04B',
    p21: situation.state === '713' && its && active,
    p34: true,
    p38: true,
    p39: active && its,
    p40: !its,
    p44: !active && !its,
    p45: !active && its,
    p48: true,
    p50: active && !its,
    p51: active && its,
    p53: true,
    p54: its,
    p55: !active && its,
    p57: its,
    p58: its,
    p59: !its,
    p61: !its,
    p62: !active && !its,
    p63: !active && its,
    p65: true,
    p68: !active && !its,
    p71: active && its,
    p72: active && !its,
    p75: true,
  };
  return values[predicate] ?? false;
}
