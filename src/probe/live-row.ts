/** One thing that was compared with what the peer said, and what it means to an operator. */

export type Layer = 'tcp' | 'transport' | 'session' | 'presentation' | 'acse' | 'rtse' | 'bind';

/** What to look at, and at which end; the likeliest first. */
export interface Check {
  readonly end: 'here' | 'peer' | 'between';
  readonly text: string;
}

export interface Explanation {
  /** What is so, in one sentence. */
  readonly difference: string;
  /** What comes of it. */
  readonly effect: string;
  readonly checks: readonly Check[];
}

export interface LiveRow {
  readonly layer: Layer;
  readonly field: string;
  /** As the site file has it; undefined: not set, or a secret. */
  readonly configured?: string;
  readonly answered?: string;
  /** `unheard`: the protocol does not tell it. `refused`: the peer would not go on from here. `unanswered`: nothing came. */
  readonly result: 'match' | 'differ' | 'unheard' | 'refused' | 'unanswered';
  /** With every result but `match`; with a match where something is worth knowing. */
  readonly explanation?: Explanation;
}
