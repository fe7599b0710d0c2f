import { StoreError } from './store-error.js';

/** What an operation may ask of the batch in which it runs. */
export interface Batch {
  /** What was changed in memory is put back if the change in the database does not come to stay. The last is put back first. */
  onUndo(undo: () => void): void;
  /** Once the changes in the database are there to stay: only what a sweep would do later, so that its failure changes nothing. */
  afterCommit(action: () => void): void;
  /**
   * Done once for each `subject` when all operations have run, within the transaction and before anything is answered. Those that asked for
   * it fail if it does.
   */
  beforeAnswers(subject: object, task: () => void): void;
}

interface Task {
  readonly run: () => void;
  readonly operations: Set<number>;
}

/** The present batch: collects what its operations ask for. */
export class PresentBatch implements Batch {
  /** The operation that runs. */
  operation = 0;
  readonly #undo: (() => void)[] = [];
  readonly #afterCommit: (() => void)[] = [];
  readonly #tasks = new Map<object, Task>();

  onUndo(undo: () => void): void {
    this.#undo.push(undo);
  }

  afterCommit(action: () => void): void {
    this.#afterCommit.push(action);
  }

  beforeAnswers(subject: object, task: () => void): void {
    const known = this.#tasks.get(subject);
    if (known === undefined) this.#tasks.set(subject, { run: task, operations: new Set([this.operation]) });
    else known.operations.add(this.operation);
  }

  /** A place to come back to. */
  mark(): { readonly undo: number; readonly afterCommit: number } {
    return { undo: this.#undo.length, afterCommit: this.#afterCommit.length };
  }

  undoTo(mark: { readonly undo: number; readonly afterCommit: number }): void {
    for (const undo of this.#undo.splice(mark.undo).reverse()) undo();
    this.#afterCommit.splice(mark.afterCommit);
  }

  /** Calls `failed` for every operation whose task fails. */
  finishTasks(failed: (operation: number, error: unknown) => void): void {
    for (const { run, operations } of this.#tasks.values()) {
      try {
        run();
      } catch (error) {
        for (const operation of operations) failed(operation, error);
      }
    }
  }

  committed(): void {
    for (const action of this.#afterCommit) {
      try {
        action();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
      }
    }
  }
}
