import type { Heard } from '../listening/heard.js';
import type { Mode } from '../peer/peer-file.js';
import type { Conversation } from './conversation.js';

/** Undefined if what was heard is what was wanted; else what is wrong with it, in a phrase. */
export interface Pattern {
  readonly describe: string;
  /** `no` if it is another unit altogether. */
  readonly mismatch: (heard: Heard, conversation: Conversation) => string | undefined;
}

export interface Alternative {
  readonly pattern: Pattern;
  readonly then?: readonly Step[];
}

/** An alternative of a loop: whether to hear on. */
export interface LoopAlternative extends Alternative {
  readonly next: 'again' | 'leave';
}

export type Step =
  /** Calls the implementation under test, or waits until it calls. A connection that is still there is closed first. */
  | { readonly do: 'connect'; readonly way?: ConnectWay }
  | { readonly do: 'send'; readonly what: string; readonly octets: (conversation: Conversation) => Uint8Array }
  /** The next thing heard must be one of these; things that are `passing` may come before. */
  | {
      readonly do: 'expect';
      readonly alternatives: readonly Alternative[];
      readonly passing?: readonly Pattern[];
      /** Which of the times of the peer file it may take; left out: `answerSeconds`. */
      readonly within?: 'supervisionSeconds';
    }
  | { readonly do: 'repeat'; readonly alternatives: readonly LoopAlternative[] }
  /** Nothing is heard for so long; left out: `times.silenceSeconds` of the peer file. */
  | { readonly do: 'silence'; readonly seconds?: (conversation: Conversation) => number }
  | { readonly do: 'close'; readonly how: 'graceful' | 'reset' }
  /** Makes the implementation under test send a message, if none is outstanding. */
  | { readonly do: 'trigger'; readonly size: TriggerSize }
  /** A message of the implementation under test is no longer outstanding: it was taken, or refused for good. */
  | { readonly do: 'settle' }
  /** These steps, as long as a message is outstanding. */
  | { readonly do: 'whileOutstanding'; readonly steps: readonly Step[] }
  /** These steps, until it holds. */
  | { readonly do: 'until'; readonly holds: (conversation: Conversation) => boolean; readonly steps: readonly Step[] }
  /** Whether the message of this name was delivered, as the observer of the peer file says; skipped where there is none. */
  | { readonly do: 'observe'; readonly what: DeliveryWanted; readonly noted: string }
  | {
      readonly do: 'check';
      readonly what: string;
      /** Undefined if it holds; else what is wrong. */
      readonly fault: (conversation: Conversation) => string | undefined;
    };

/** Left out: the role of the implementation under test decides; in an exchange we call. */
export type ConnectWay = 'call' | 'answer';

export type DeliveryWanted = 'delivered' | 'delivered once' | 'not delivered';

/** How often a message was delivered. */
export type DeliveryCount = 'never' | 'once' | 'more than once';

/** `long`: a message of several checkpoints. */
export type TriggerSize = 'short' | 'long';

/** What the implementation under test does: it responds to our calls, or it calls us; in an exchange the one and then the other. */
export const roles = ['responder', 'initiator', 'exchange'] as const;
export type Role = (typeof roles)[number];

export type Subject =
  'transport' | 'session' | 'presentation' | 'association' | 'reliable-transfer' | 'message-transfer';

export interface TestCase {
  /** Layer, role of the implementation under test (R, I, X), kind (VA valid, TI inopportune, IV invalid), number: `SES-R-TI-014`. */
  readonly id: string;
  readonly subject: Subject;
  readonly clause: string;
  /** Conformance points that the case shows. */
  readonly points: readonly string[];
  /** Cells of the session state table that it goes through: `713 MIP`, or `713 MIP invalid` for a blank cell or a false predicate. */
  readonly cells?: readonly string[];
  readonly role: Role;
  /** Modes in which it is run, once each. */
  readonly modes: readonly Mode[];
  /** PICS items without which the case does not apply. */
  readonly needs?: readonly string[];
  readonly purpose: string;
  /** Brings the implementation under test into the state that the case needs; what fails here makes it inconclusive. */
  readonly preamble: readonly Step[];
  readonly steps: readonly Step[];
  /** Instead of the usual proof that the implementation under test still works. */
  readonly postamble?: readonly Step[];
  /** What an analyser is to complain of: `malformed` breaks a Recommendation on purpose, `uncommon` is right and written by few. */
  readonly octets?: 'malformed' | 'uncommon';
}

export const verdicts = ['pass', 'fail', 'inconclusive', 'not-applicable'] as const;
export type Verdict = (typeof verdicts)[number];

export interface CaseResult {
  readonly id: string;
  readonly mode: Mode;
  readonly verdict: Verdict;
  /** Why, unless it passed. */
  readonly text: string;
  /** What was said and heard. */
  readonly trace: readonly string[];
  readonly milliseconds: number;
}
