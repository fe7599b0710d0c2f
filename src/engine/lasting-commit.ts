import type { StoreFailure } from '../queue/store.js';
import type { EngineState } from './engine-state.js';

/** From a commit that failed to the next attempt, milliseconds. */
export const storeAgainMilliseconds = 5000;

/** Failures of the disk, which may pass; another would come again. */
const passing: ReadonlySet<StoreFailure['code']> = new Set(['disk-full', 'input-output']);

/**
 * A commit that says what has happened already, such as that a peer has taken a message: asked again and again while the disk fails. If the
 * agent stops before, its next start finds the store as it was, and the peer recognises what comes twice.
 */
export function commitLasting(
  state: Pick<EngineState, 'world' | 'stopping'>,
  commit: (answered: (failure: StoreFailure | undefined) => void) => void,
  done: () => void,
): void {
  commit((failure) => {
    if (failure === undefined) {
      done();
      return;
    }
    const { world } = state;
    world.observe({ event: 'store.failed', level: 'error', fields: { text: failure.text } });
    if (!passing.has(failure.code)) {
      done();
      return;
    }
    if (state.stopping) return;
    world.setTimer(storeAgainMilliseconds, () => {
      if (!state.stopping) commitLasting(state, commit, done);
    });
  });
}
