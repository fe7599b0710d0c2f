import { PresentBatch } from './batch.js';
import type { StoreHandlers } from './operations.js';
import type { StoreDatabase } from './sqlite/store-database.js';
import { failureOf } from './store-error.js';
import type { StoreAnswer, StoreInput, StoreOperationName, StoreOutput } from './store.js';

/** One operation asked for. */
export type StoreRequest<Name extends StoreOperationName = StoreOperationName> = {
  readonly [Each in Name]: { readonly name: Each; readonly input: StoreInput<Each> };
}[Name];

const withoutDatabase: ReadonlySet<StoreOperationName> = new Set<StoreOperationName>([
  'incoming.start',
  'incoming.append',
  'incoming.secure',
  'incoming.outline',
  'incoming.interrupted',
  'incoming.discard',
  'content.append',
  'content.seal',
  'counts',
]);

/** Operations whose changes in the database must survive a loss of power. Those of the others survive the death of the process. */
const durable: ReadonlySet<StoreOperationName> = new Set<StoreOperationName>([
  'open',
  'commit',
  'outgoing.interrupted',
]);

/** Operations of a batch from which on nothing joins it any more: those that came first wait for their answers. */
const joinedOperationsMax = 1024;

/** Runs the operations of one batch. */
export class BatchRun {
  readonly #database: StoreDatabase;
  readonly #handlers: StoreHandlers;
  readonly #requests: StoreRequest[];
  readonly #batch = new PresentBatch();
  readonly #answers: StoreAnswer<StoreOperationName>[] = [];
  /** Operations whose answers are true only if the transaction is committed. */
  #inTransaction: number[] = [];

  constructor(database: StoreDatabase, handlers: StoreHandlers, requests: readonly StoreRequest[]) {
    this.#database = database;
    this.#handlers = handlers;
    this.#requests = [...requests];
  }

  /** `more`: what has been asked for meanwhile. It joins the batch as long as that has not begun a transaction, whose kind is settled. */
  run(more: () => readonly StoreRequest[]): readonly StoreAnswer<StoreOperationName>[] {
    let operation = 0;
    do {
      for (; operation < this.#requests.length; operation += 1) this.#performNext(operation);
      if (!this.#database.inTransaction && operation < joinedOperationsMax) this.#requests.push(...more());
    } while (operation < this.#requests.length);
    this.#batch.finishTasks((operation, error) => {
      this.#fail(operation, error);
    });
    try {
      if (this.#database.inTransaction) this.#database.commit();
    } catch (error) {
      this.#giveUpTransaction(error);
    }
    this.#batch.committed();
    return this.#answers;
  }

  #performNext(operation: number): void {
    const request = this.#requests[operation];
    if (request === undefined) return;
    this.#batch.operation = operation;
    if (withoutDatabase.has(request.name)) this.#perform(operation, request);
    else this.#performInTransaction(operation, request);
  }

  #perform(operation: number, request: StoreRequest): void {
    try {
      this.#answers[operation] = { ok: true, value: this.#handle(request) };
    } catch (error) {
      this.#fail(operation, error);
    }
  }

  #performInTransaction(operation: number, request: StoreRequest): void {
    const mark = this.#batch.mark();
    try {
      if (!this.#database.inTransaction) this.#database.begin(this.#durability());
      this.#inTransaction.push(operation);
      this.#database.startOperation();
      this.#answers[operation] = { ok: true, value: this.#handle(request) };
      this.#database.keepOperation();
    } catch (error) {
      this.#fail(operation, error);
      if (this.#database.inTransaction) {
        this.#database.undoOperation();
        this.#batch.undoTo(mark);
      } else this.#giveUpTransaction(error);
    }
  }

  #handle<Name extends StoreOperationName>(request: StoreRequest<Name>): StoreOutput<Name> {
    return this.#handlers[request.name](request.input, this.#batch);
  }

  #durability(): 'power' | 'process' {
    return this.#requests.some(({ name }) => durable.has(name)) ? 'power' : 'process';
  }

  #fail(operation: number, error: unknown): void {
    this.#answers[operation] = { ok: false, failure: failureOf(error) };
  }

  /** Nothing of the transaction stays, and nobody is told otherwise. */
  #giveUpTransaction(error: unknown): void {
    this.#database.rollback();
    this.#batch.undoTo({ undo: 0, afterCommit: 0 });
    for (const operation of this.#inTransaction) this.#fail(operation, error);
    this.#inTransaction = [];
  }
}
