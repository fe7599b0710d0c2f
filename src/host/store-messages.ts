import type { StoreRequest } from '../queue/batch-run.js';
import type { StoreAnswer, StoreOperationName } from '../queue/store.js';

/** What the store's thread is told at its start. */
export interface StoreThreadOptions {
  readonly dataDirectory: string;
  readonly reserveOctets: number;
}

/** Operations on their way to the store's thread. */
export interface RequestMessage {
  readonly requests: readonly { readonly number: number; readonly request: StoreRequest }[];
}

/** Their answers, for several messages together. */
export interface AnswerMessage {
  readonly answers: readonly { readonly number: number; readonly answer: StoreAnswer<StoreOperationName> }[];
}
