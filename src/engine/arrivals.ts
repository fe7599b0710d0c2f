import { process, type Arrival, type Processed, type ProcessingContext } from '../mta/processing.js';
import type { Change, CommitOutput, NewMessage, StoreFailure } from '../queue/store.js';
import type { ConnectorQueue } from './connector-queue.js';
import { reserveDirect } from './direct-copies.js';
import type { EngineState } from './engine-state.js';
import { commitLasting } from './lasting-commit.js';

/** What a commit of arrivals came to. */
export type ArrivalOutcome =
  | { readonly result: 'committed'; readonly processed: Processed }
  | { readonly result: 'duplicate' }
  /** Deciding about it failed: the message is poison. */
  | { readonly result: 'unprocessable'; readonly error: unknown }
  | { readonly result: 'failed'; readonly failure: StoreFailure };

/**
 * Where messages, reports and probes come in, whoever brings them: a peer, a user of ours, or this agent itself. One commit makes a message
 * ours together with all that follows from it: copies, deliveries, reports.
 */
export class Arrivals {
  readonly #state: EngineState;

  constructor(state: EngineState) {
    this.#state = state;
  }

  context(): ProcessingContext {
    const { site, routing, identifiers, world } = this.#state;
    return {
      site,
      routing,
      now: world.wallClockMilliseconds(),
      nextId: () => identifiers.next(),
      nextLocalIdentifier: () => identifiers.nextWorldwide(site.mta.name),
    };
  }

  /** `answered` when it is durable, or known to have come before, or could not be stored. */
  take(arrival: Arrival, further: readonly Change[], answered: (outcome: ArrivalOutcome) => void): void {
    const processed = this.#process(arrival);
    if ('error' in processed) {
      answered({ result: 'unprocessable', error: processed.error });
      return;
    }
    this.#commit(processed, further, (answer) => {
      if (answer.result !== 'duplicate') {
        answered(answer);
        return;
      }
      // Some recipients had this copy before: the others are served, unless there are none.
      const rest = this.#process(arrival, new Set(answer.keys));
      if ('error' in rest) {
        answered({ result: 'unprocessable', error: rest.error });
        return;
      }
      if (rest.messages.length === 0) {
        this.#commitChanges(further, (failure) => {
          answered(failure === undefined ? { result: 'duplicate' } : { result: 'failed', failure });
        });
        return;
      }
      this.#commit(rest, further, (again) => {
        answered(again.result === 'duplicate' ? { result: 'duplicate' } : again);
      });
    });
  }

  /** Changes together with a report that they are about. */
  commitWith(
    report: Processed,
    changes: readonly Change[],
    answered: (outcome: Exclude<ArrivalOutcome, { result: 'unprocessable' }>) => void,
  ): void {
    this.#commit(report, changes, (outcome) => {
      answered(outcome.result === 'duplicate' ? { result: 'duplicate' } : outcome);
    });
  }

  /** A report of ours, committed with the change that it is about. */
  commitOwn(report: Processed, further: readonly Change[], done: () => void): void {
    commitLasting(
      this.#state,
      (answered) => {
        this.#commit(report, further, (answer) => {
          answered(answer.result === 'failed' ? answer.failure : undefined);
        });
      },
      done,
    );
  }

  /** A message that cannot be decided about must harm neither the association that brought it nor what waits behind it. */
  #process(arrival: Arrival, seen?: ReadonlySet<string>): Processed | { readonly error: unknown } {
    try {
      return process(arrival, this.context(), seen);
    } catch (error) {
      return { error };
    }
  }

  #commit(
    processed: Processed,
    further: readonly Change[],
    answered: (
      outcome:
        | { readonly result: 'committed'; readonly processed: Processed }
        | { readonly result: 'duplicate'; readonly keys: readonly string[] }
        | { readonly result: 'failed'; readonly failure: StoreFailure },
    ) => void,
  ): void {
    const { messages, reservations } = reserveDirect(processed.messages, this.#state.queues);
    const inserts: Change[] = messages.map((message) => ({ type: 'message.insert', message }));
    this.#state.store.execute('commit', { changes: [...inserts, ...further] }, (answer) => {
      const output: CommitOutput | { readonly result: 'failed'; readonly failure: StoreFailure } = answer.ok
        ? answer.value
        : { result: 'failed', failure: answer.failure };
      if (output.result !== 'committed') {
        for (const { queue } of reservations) queue.cancel();
        answered(output);
        return;
      }
      this.#tell(processed.events, messages);
      for (const { queue, copy } of reservations) queue.admit(copy);
      answered({ result: 'committed', processed });
    });
  }

  #commitChanges(changes: readonly Change[], done: (failure: StoreFailure | undefined) => void): void {
    if (changes.length === 0) {
      done(undefined);
      return;
    }
    this.#state.store.execute('commit', { changes }, (answer) => {
      done(answer.ok ? undefined : answer.failure);
    });
  }

  /** Logs what happened and wakes the queues that got something to do. */
  #tell(events: Processed['events'], messages: readonly NewMessage[]): void {
    const { world, queues } = this.#state;
    for (const event of events) world.observe(event);
    const woken = new Set<ConnectorQueue>();
    for (const { copies } of messages) {
      for (const { connector, claim } of copies) {
        const queue = queues.get(connector);
        if (queue === undefined) continue;
        queue.queued += 1;
        if (claim === undefined) woken.add(queue);
      }
    }
    for (const queue of woken) queue.wake();
  }
}
