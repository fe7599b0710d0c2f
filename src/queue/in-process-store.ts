import type { StoreRequest } from './batch-run.js';
import type { StoreCore } from './core.js';
import type { MessageStore, ProgressKeeper, StoreAnswer, StoreInput, StoreOperationName } from './store.js';

/**
 * A store in the same thread as its user, for simulations and tests. `schedule` decides when the operations that have gathered run as one
 * batch; it must not run them before it returns.
 */
export function createInProcessStore(
  core: StoreCore,
  progress: ProgressKeeper,
  schedule: (run: () => void) => void,
): MessageStore {
  let waiting: {
    readonly request: StoreRequest;
    readonly answered: (answer: StoreAnswer<StoreOperationName>) => void;
  }[] = [];
  const run = (): void => {
    const batch = waiting;
    waiting = [];
    const answers = core.run(batch.map(({ request }) => request));
    for (const [i, answer] of answers.entries()) batch[i]?.answered(answer);
  };
  return {
    progress,
    execute<Name extends StoreOperationName>(
      name: Name,
      input: StoreInput<Name>,
      answered: (answer: StoreAnswer<Name>) => void,
    ): void {
      if (waiting.length === 0) schedule(run);
      const request = { name, input } as StoreRequest;
      waiting.push({ request, answered });
    },
  };
}
