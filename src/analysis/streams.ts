/** What has passed on each TCP connection up to a packet, as far as it decides what the analyser can know. */
import { spdu, type Frame } from './frame.js';

export interface StreamState {
  mode: Frame['mode'];
  /** A CONNECT with all its user data in it, in which nothing was wrong, has passed: the presentation contexts are known. */
  contexts: 'known' | 'unknown';
  /** What each end has sent since its last ACTIVITY END: nothing, pieces of one APDU from its first octet on, or others among them. */
  readonly pieces: Record<Frame['from'], 'none' | 'whole' | 'torn'>;
}

/** Above this user data go on in CONNECT DATA OVERFLOW. X.225 §8.3.1 */
export const connectUserDataOctetsMax = 10_240;

const tearing: readonly number[] = [spdu.AR, spdu.AI, spdu.AD];

export class Streams {
  readonly #states = new Map<number, StreamState>();
  #x410Seen = false;

  /** A bind of X.410-1984 mode has passed on some connection. */
  get x410Seen(): boolean {
    return this.#x410Seen;
  }

  /** What the packet's connection is like before the ACTIVITY END that is in it, if there is one. */
  before(frame: Frame): StreamState {
    const state = this.#states.get(frame.stream) ?? {
      mode: undefined,
      contexts: 'unknown',
      pieces: { client: 'none', server: 'none' },
    };
    this.#states.set(frame.stream, state);
    state.mode = frame.mode ?? state.mode;
    this.#x410Seen ||= frame.mode === 'x410-1984';
    for (const code of frame.spdus) {
      if (code === spdu.DT && state.pieces[frame.from] === 'none') state.pieces[frame.from] = 'whole';
      if (tearing.includes(code)) state.pieces[frame.from] = 'torn';
      if (code === spdu.CN && frame.faults.length === 0 && frame.octets < connectUserDataOctetsMax) {
        state.contexts = 'known';
      }
    }
    return state;
  }

  /** To be called when what came before it is no longer asked for. */
  after(frame: Frame): void {
    const state = this.#states.get(frame.stream);
    if (state !== undefined && frame.spdus.includes(spdu.AE)) state.pieces[frame.from] = 'none';
  }
}
