import type { StoreRequest } from '../queue/batch-run.js';
import type { NumberedSteps } from './numbered-steps.js';
import type { StoreAnswer, StoreOperationName } from '../queue/store.js';

/** What the store's thread is told at its start. */
export interface StoreThreadOptions {
  readonly dataDirectory: string;
  readonly reserveOctets: number;
  readonly queueOctetsMax: number;
  /** Only in tests of crashes. */
  readonly steps?: NumberedSteps;
}

/** Operations on their way to the store's thread. */
export interface RequestMessage {
  readonly requests: readonly { readonly number: number; readonly request: StoreRequest }[];
  /** Buffers of earlier answers, which have been read. */
  readonly returned: readonly ArrayBuffer[];
}

/** Their answers, for several messages together. */
export interface AnswerMessage {
  readonly answers: readonly { readonly number: number; readonly answer: StoreAnswer<StoreOperationName> }[];
  /** Buffers of the requests, which have been read. */
  readonly returned: readonly ArrayBuffer[];
}
