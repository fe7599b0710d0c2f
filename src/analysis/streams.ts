/** What has passed on each TCP connection up to a frame, as far as it decides what the analyser can know. */
import { spdu, type Frame } from './frame.js';

export interface StreamState {
  mode: Frame['mode'];
  /** A CONNECT with all its user data in it, in which nothing was wrong, has passed: the presentation contexts are known. */
  contexts: 'known' | 'unknown';
  /** Since the last ACTIVITY END: who sent pieces of an APDU, and whether they were all of one APDU and began with its first octet. */
  pieces: { readonly from: Set<Frame['from']>; torn: boolean };
}

/** Above this user data go on in CONNECT DATA OVERFLOW. X.225 §8.3.1 */
export const connectUserDataOctetsMax = 10_240;

const tearing: readonly number[] = [spdu.AR, spdu.AI, spdu.AD];

export class Streams {
  readonly #states = new Map<number, StreamState>();

  /** What the frame's connection is like before the ACTIVITY END that is in it, if there is one. */
  before(frame: Frame): StreamState {
    const state = this.#states.get(frame.stream) ?? fresh();
    this.#states.set(frame.stream, state);
    state.mode = frame.mode ?? state.mode;
    for (const code of frame.spdus) {
      if (code === spdu.DT) state.pieces.from.add(frame.from);
      if (tearing.includes(code)) state.pieces.torn = true;
      if (code === spdu.CN && frame.faults.length === 0 && frame.octets < connectUserDataOctetsMax) {
        state.contexts = 'known';
      }
    }
    return state;
  }

  /** To be called when what came before it is no longer asked for. */
  after(frame: Frame): void {
    const state = this.#states.get(frame.stream);
    if (state !== undefined && frame.spdus.includes(spdu.AE)) state.pieces = fresh().pieces;
  }
}

function fresh(): StreamState {
  return { mode: undefined, contexts: 'unknown', pieces: { from: new Set(), torn: false } };
}
