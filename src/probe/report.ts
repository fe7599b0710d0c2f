/** What a probe of a peer has seen. */
import type { AssociationRefusal } from '../acse/service.js';
import type { HostAndPort } from '../config/site.js';
import type { PresentationContext } from '../presentation/service.js';
import type { NegotiatedValues, RefuseReason } from '../rtse/service.js';
import type { BindAnswer } from './bind-answer.js';
import type { ExerciseFigures } from './exercise.js';

/** One question and its answer, with the time between them. */
export interface Exchange {
  readonly name:
    | 'TCP connection'
    | 'transport connection (CR, CC)'
    | 'session, bind (CONNECT, ACCEPT)'
    | 'discard (ACTIVITY DISCARD, its ACK)'
    | 'release (FINISH, DISCONNECT)';
  readonly milliseconds: number;
}

export interface PeerAnswer {
  readonly negotiated: NegotiatedValues;
  readonly contexts: readonly PresentationContext[];
  readonly tpduOctetsMax: number;
  readonly sessionVersion: 1 | 2;
  readonly bind: BindAnswer;
}

/** How far it came: the last layer that the peer accepted. */
export type Reached = 'nothing' | 'tcp' | 'transport' | 'session';

export interface PeerRefusal {
  readonly reached: Reached;
  /** Our time limit ended it. */
  readonly timedOut: boolean;
  /** `abort`: the peer aborted where it should have answered. */
  readonly source: AssociationRefusal['source'] | 'abort';
  /** The same may succeed later. */
  readonly transient: boolean;
  /** The reason of DR, REFUSE or CPR, or the diagnostic of AARE. */
  readonly code?: number;
  readonly refuseReason?: RefuseReason;
  /** Name of the bind error (X.411). */
  readonly bindError?: string;
  readonly text: string;
}

interface Seen {
  readonly address: HostAndPort;
  /** In the order in which they were. */
  readonly exchanges: readonly Exchange[];
}

export type ProbeReport =
  | (Seen & {
      readonly result: 'open';
      readonly answer: PeerAnswer;
      /** `released`, or what came instead. */
      readonly release: string;
      readonly exercise?: ExerciseFigures;
    })
  | (Seen & { readonly result: 'refused'; readonly refusal: PeerRefusal });
