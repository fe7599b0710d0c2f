import type { StoreRequest } from '../queue/batch-run.js';
import type { Change, NewMessage, StoreAnswer, StoreOperationName } from '../queue/store.js';
import type { Scenario } from './scenario.js';
import { connectorOf } from './topology.js';

/**
 * Who answers for each message and recipient, kept in step with every commit of every store. What one agent hands over another has taken
 * before, and nobody takes the same twice.
 */
export class Custody {
  readonly violations: string[] = [];
  readonly #names: readonly string[];
  /** Addresses that nobody has: their messages end in reports, and are not followed. */
  readonly #unfollowed: ReadonlySet<string>;
  /** For each agent, what it has ever taken, as `keyOf` names it. */
  readonly #taken: readonly Set<string>[];
  /** For each agent, messages that it has reported as not delivered, by their MTS identifiers. */
  readonly #reported: readonly Set<string>[];
  /** What each copy in a queue answers for, and to whom it goes. */
  readonly #copies = new Map<string, { readonly keys: readonly string[]; readonly to: number }>();

  constructor({ agents, load }: Pick<Scenario, 'agents' | 'load'>) {
    this.#names = agents.map(({ name }) => name);
    this.#taken = agents.map(() => new Set());
    this.#reported = agents.map(() => new Set());
    const recipients = load.flatMap((item) => item.recipients);
    this.#unfollowed = new Set(
      recipients.flatMap(({ address, mailbox }) => (mailbox === undefined ? [plain(address)] : [])),
    );
  }

  /** An operation of the store of agent number `agent` has come to stay. */
  stored(agent: number, request: StoreRequest, answer: StoreAnswer<StoreOperationName>): void {
    if (request.name !== 'commit' || !answer.ok) return;
    if ((answer.value as { readonly result: string }).result !== 'committed') return;
    for (const change of request.input.changes) this.#changed(agent, change);
  }

  #changed(agent: number, change: Change): void {
    switch (change.type) {
      case 'message.insert':
        this.#inserted(agent, change.message);
        return;
      case 'copy.transferred': {
        const copy = this.#copies.get(`${String(agent)} ${change.copy}`);
        for (const key of copy?.keys ?? []) {
          if (copy === undefined || this.#taken[copy.to]?.has(key) === true) continue;
          if (this.#reported[copy.to]?.has(key.replace(/ for .*/, '')) === true) continue;
          this.#say(agent, `has handed over ${key}, and ${this.#names[copy.to] ?? ''} has not taken it`);
        }
        this.#copies.delete(`${String(agent)} ${change.copy}`);
        return;
      }
      case 'copy.failed':
        this.#copies.delete(`${String(agent)} ${change.copy}`);
        return;
      default:
      // Moves nothing from one to another.
    }
  }

  #inserted(agent: number, message: NewMessage): void {
    const { copies, deliveries, kind } = message;
    if (kind === 'report') {
      // Of reports themselves one that nobody wants is taken and leaves nothing in the store.
      if (message.from === undefined) this.#reported[agent]?.add(message.subjectIdentifier ?? '');
      return;
    }
    const keysOf = (indexes: readonly number[]): readonly string[] =>
      indexes.flatMap((index) => {
        const recipient = plain(message.recipients[index] ?? '');
        return this.#unfollowed.has(recipient) ? [] : [`${message.mtsIdentifier} for ${recipient}`];
      });
    for (const { id, connector, recipients } of copies) {
      const keys = keysOf(recipients);
      const to = this.#names.findIndex((_, other) => connectorOf(other) === connector);
      this.#copies.set(`${String(agent)} ${id}`, { keys, to });
      for (const key of keys) this.#takes(agent, key);
    }
    for (const { recipient } of deliveries) for (const key of keysOf([recipient])) this.#takes(agent, key);
  }

  #takes(agent: number, key: string): void {
    const taken = this.#taken[agent];
    if (taken?.has(key) === true) this.#say(agent, `has taken ${key} twice`);
    taken?.add(key);
  }

  #say(agent: number, text: string): void {
    this.violations.push(`${this.#names[agent] ?? ''} ${text}`);
  }
}

/** Addresses have several text forms: letters and digits of the values, in any order. */
function plain(address: string): string {
  return address
    .split(/[;/]/)
    .map((attribute) => attribute.replace(/^.*=/, '').trim().toUpperCase())
    .filter((value) => value !== '')
    .sort()
    .join(' ');
}
