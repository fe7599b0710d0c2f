import type { Failure } from '../mta/failure.js';
import type { Arrival, Processed } from '../mta/processing.js';
import { failureOfError, nonDeliveryOfArrival, nonDeliveryOfCopy } from '../mta/unprocessable.js';
import type { NewQuarantineEntry, QuarantineEntry } from '../queue/quarantine-entry.js';
import type { Change, CopyId, QueuedCopy, StoreOutput } from '../queue/store.js';
import type { ArrivalOutcome, Arrivals } from './arrivals.js';
import type { EngineState } from './engine-state.js';
import type { IncomingTransfer } from './incoming-transfer.js';

export interface PoisonedTransfer {
  readonly transfer: IncomingTransfer;
  /** Of the association, for the log. */
  readonly fields: Readonly<Record<string, string>> & { readonly connector: string };
  readonly error: unknown;
}

/** What becomes of a release: `failed` leaves the entry where it is. */
export type ReleaseAnswer =
  | { readonly result: 'released'; readonly mtsIdentifier: string }
  /** Its recipients have had it meanwhile; the entry is gone. */
  | { readonly result: 'served before' }
  | { readonly result: 'failed'; readonly text: string };

/**
 * Messages that cannot be decoded or processed. Each is put aside once with its octets and the reason, reported where there is an
 * originator to report to, and is in nobody's way any more. One that comes again is answered as it was the first time.
 */
export class Poison {
  readonly #state: EngineState;
  readonly #arrivals: Arrivals;

  constructor(state: EngineState, arrivals: Arrivals) {
    this.#state = state;
    this.#arrivals = arrivals;
  }

  /** Octets that are no MTS-APDU are never acknowledged (X.411 §12): the peer keeps its message, the operator gets the octets. */
  refused({ transfer, fields, error }: PoisonedTransfer, done: () => void): void {
    const entry = this.#arrivalEntry(transfer, fields, error, 'refused');
    this.#putAside(entry, [], fields, (answer) => {
      if (answer !== 'put aside') transfer.discard();
      done();
    });
  }

  /** `taken`: the message is ours, and reported; else the peer keeps it. */
  arrived(
    poisoned: PoisonedTransfer & {
      readonly arrival: Pick<Arrival, 'kind' | 'envelope' | 'arrivedAt'>;
      readonly completed: Change;
    },
    done: (taken: boolean) => void,
  ): void {
    const { transfer, fields, error, arrival, completed } = poisoned;
    const report = nonDeliveryOfArrival(arrival, failureOfError(error), this.#arrivals.context());
    if (report === undefined) {
      this.refused(poisoned, () => {
        done(false);
      });
      return;
    }
    const entry = {
      ...this.#arrivalEntry(transfer, fields, error, 'reported'),
      mtsIdentifier: report.mtsIdentifier,
    };
    this.#putAside(
      entry,
      [completed],
      fields,
      (answer) => {
        if (answer !== 'put aside') transfer.discard();
        done(answer !== 'failed');
      },
      report,
    );
  }

  /** A copy that cannot be encoded for its peer leaves the queue. Held there where it cannot be put aside. */
  copy(copy: QueuedCopy, error: unknown): void {
    const { world, queues, waiters } = this.#state;
    const failure: Failure = failureOfError(error);
    const report = nonDeliveryOfCopy(copy, failure, this.#arrivals.context());
    const entry: NewQuarantineEntry = {
      id: this.#state.identifiers.next(),
      kind: 'copy',
      reason: textOf(error),
      answer: report === undefined ? 'none' : 'reported',
      quarantinedAt: world.wallClockMilliseconds(),
      connector: copy.connector,
      mtsIdentifier: copy.mtsIdentifier,
      recipients: copy.recipients,
      source: { kind: 'copy', copy: copy.id },
    };
    const fields = { connector: copy.connector, copy: copy.id };
    this.#putAside(
      entry,
      [{ type: 'copy.failed', copy: copy.id }],
      fields,
      (answer) => {
        if (answer === 'failed') {
          this.#hold(copy.id, copy.connector, textOf(error));
          return;
        }
        const queue = queues.get(copy.connector);
        if (queue !== undefined) queue.queued -= 1;
        waiters.failed(copy.id, failure.text);
      },
      report,
    );
  }

  /** Copies that the store could not read, and has held. */
  unreadable(connector: string, copies: StoreOutput<'queue.claim'>['unreadable']): void {
    const { world, queues, waiters } = this.#state;
    for (const { copy, text } of copies) {
      const entry: NewQuarantineEntry = {
        id: this.#state.identifiers.next(),
        kind: 'copy',
        reason: text,
        answer: 'none',
        quarantinedAt: world.wallClockMilliseconds(),
        connector,
        source: { kind: 'copy', copy },
      };
      this.#putAside(entry, [{ type: 'copy.failed', copy }], { connector, copy }, (answer) => {
        if (answer === 'failed') return;
        const queue = queues.get(connector);
        if (queue !== undefined) queue.queued -= 1;
        waiters.failed(copy, text);
      });
    }
  }

  /** An operator's wish: process it again, as after a change of the software or of the site. */
  release(id: string, answered: (answer: ReleaseAnswer) => void): void {
    const { store } = this.#state;
    const failed = (text: string): void => {
      answered({ result: 'failed', text });
    };
    store.execute('quarantine.list', {}, (list) => {
      const entry = list.ok ? list.value.find((candidate) => candidate.id === id) : undefined;
      if (entry === undefined) {
        failed(list.ok ? `there is no ${id} in the quarantine` : list.failure.text);
        return;
      }
      store.execute('quarantine.outline', { id }, (outline) => {
        if (!outline.ok) {
          failed(`${id} still does not decode: ${outline.failure.text}`);
          return;
        }
        this.#arrivals.take(this.#arrivalOf(entry, outline.value), [{ type: 'quarantine.removed', id }], (outcome) => {
          answered(releaseAnswer(id, outcome));
        });
      });
    });
  }

  #arrivalOf(entry: QuarantineEntry, outline: StoreOutput<'quarantine.outline'>): Arrival {
    const { content, contentHead, envelope, kind } = outline;
    return {
      kind,
      envelope,
      content: content === undefined ? { kind: 'none' } : { kind: 'quarantined', id: entry.id, location: content },
      contentOctets: content?.octets ?? 0,
      contentHead: contentHead ?? new Uint8Array(0),
      arrivedAt: this.#state.world.wallClockMilliseconds(),
      // A copy of ours has our trace, and others may have had theirs.
      ...(entry.kind === 'arrival' && entry.connector !== undefined ? { from: entry.connector } : {}),
      ...(entry.recipients === undefined ? {} : { recipients: entry.recipients }),
    };
  }

  #arrivalEntry(
    transfer: IncomingTransfer,
    { connector }: PoisonedTransfer['fields'],
    error: unknown,
    answer: 'refused' | 'reported',
  ): NewQuarantineEntry {
    return {
      id: this.#state.identifiers.next(),
      kind: 'arrival',
      reason: textOf(error),
      answer,
      quarantinedAt: this.#state.world.wallClockMilliseconds(),
      connector,
      source: transfer.source(),
    };
  }

  #putAside(
    entry: NewQuarantineEntry,
    further: readonly Change[],
    fields: Readonly<Record<string, string>>,
    done: (answer: 'put aside' | 'known' | 'failed') => void,
    report: Processed = { messages: [], mtsIdentifier: '', failed: [], events: [] },
  ): void {
    const { world } = this.#state;
    const { id, reason, answer, mtsIdentifier } = entry;
    const mts = mtsIdentifier === undefined ? {} : { mts: mtsIdentifier };
    this.#arrivals.commitWith(report, [{ type: 'quarantine.insert', entry }, ...further], (outcome) => {
      switch (outcome.result) {
        case 'committed': {
          const text = reason;
          world.observe({
            event: 'message.quarantined',
            level: answer === 'refused' ? 'warn' : 'error',
            fields: { ...fields, ...mts, quarantine: id, answer, text },
          });
          done('put aside');
          return;
        }
        case 'duplicate':
          world.observe({
            event: 'message.refused',
            level: 'warn',
            fields: { ...fields, ...mts, answer, text: `quarantined before: ${reason}` },
          });
          done('known');
          return;
        case 'failed':
          world.observe({
            event: 'message.refused',
            level: 'error',
            fields: { ...fields, ...mts, text: outcome.failure.text },
          });
          done('failed');
      }
    });
  }

  #hold(copy: CopyId, connector: string, reason: string): void {
    const { store, world } = this.#state;
    world.observe({ event: 'message.held', level: 'error', fields: { connector, copy, text: reason } });
    store.execute('commit', { changes: [{ type: 'copy.held', copy, reason }] }, () => undefined);
    store.execute('queue.unclaim', { copies: [copy] }, () => undefined);
  }
}

function releaseAnswer(id: string, outcome: ArrivalOutcome): ReleaseAnswer {
  switch (outcome.result) {
    case 'committed':
      return { result: 'released', mtsIdentifier: outcome.processed.mtsIdentifier };
    case 'duplicate':
      return { result: 'served before' };
    case 'unprocessable':
      return { result: 'failed', text: `${id} still cannot be processed: ${textOf(outcome.error)}` };
    case 'failed':
      return { result: 'failed', text: outcome.failure.text };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
