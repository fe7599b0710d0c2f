import type {
  MessageStore,
  OutgoingPosition,
  StoreAnswer,
  StoreInput,
  StoreOperationName,
} from '../../src/queue/store.js';

interface Asked {
  readonly name: StoreOperationName;
  readonly input: unknown;
  readonly answered: (answer: StoreAnswer<StoreOperationName>) => void;
}

/** Answers the operations in their order, each when the test says so. */
export class SlowStore implements MessageStore {
  readonly asked: Asked[] = [];
  readonly noted: (readonly [key: number, offset: number])[] = [];
  readonly ended: number[] = [];
  readonly progress = {
    note: (key: number, { offset }: OutgoingPosition) => void this.noted.push([key, offset]),
    end: (key: number) => void this.ended.push(key),
  };
  readonly #perform: (name: StoreOperationName, input: unknown) => StoreAnswer<StoreOperationName>;

  constructor(perform: (name: StoreOperationName, input: unknown) => StoreAnswer<StoreOperationName>) {
    this.#perform = perform;
  }

  execute<Name extends StoreOperationName>(
    name: Name,
    input: StoreInput<Name>,
    answered: (answer: StoreAnswer<Name>) => void,
  ): void {
    this.asked.push({ name, input, answered: answered });
  }

  answerNext(): boolean {
    const next = this.asked.shift();
    next?.answered(this.#perform(next.name, next.input));
    return next !== undefined;
  }

  answerAll(): void {
    while (this.answerNext());
  }
}
