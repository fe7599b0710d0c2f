import type { Connector } from '../config/site.js';
import type { CopyId, MessageStore, QueuedCopy, StoreOutput } from '../queue/store.js';
import { storeAgainMilliseconds } from './lasting-commit.js';
import type { MtaAssociation } from './mta-association.js';
import type { TimerHandle, World } from './world.js';

/** Copies taken from the store at once. */
const claimCount = 32;

/** Waits between attempts right after a loss, milliseconds: they double, and count against no retry limit. */
const firstReopenMilliseconds = 200;
const longestReopenMilliseconds = 5000;

export interface ConnectorUser {
  readonly world: World;
  readonly store: MessageStore;
  openAssociation(connector: Connector): MtaAssociation;
  /** Encodes the copy and hands it to the association, or deals with it otherwise. */
  send(association: MtaAssociation, copy: QueuedCopy): void;
  /** The store cannot read these copies, and has held them. */
  unreadable(connector: string, copies: StoreOutput<'queue.claim'>['unreadable']): void;
  /** These copies have waited too long. */
  expired(copies: readonly QueuedCopy[]): void;
  /** These copies have used up their attempts at opening. */
  openRetriesUsedUp(connector: string, copies: readonly QueuedCopy[], text: string): void;
}

export interface ConnectorCounters {
  octetsSent: number;
  octetsResent: number;
  messagesSent: number;
  messagesReceived: number;
  associationsOpened: number;
  associationsRefused: number;
  mismatches: number;
}

/** The queue to one peer and the associations that serve it: what is sent next, when another association is opened, when to try again. */
export class ConnectorQueue {
  connector: Connector;
  readonly associations = new Set<MtaAssociation>();
  readonly counters: ConnectorCounters = {
    octetsSent: 0,
    octetsResent: 0,
    messagesSent: 0,
    messagesReceived: 0,
    associationsOpened: 0,
    associationsRefused: 0,
    mismatches: 0,
  };
  lastError = '';
  /** Copies in the store that are not finished, claimed or not. */
  queued = 0;
  readonly #user: ConnectorUser;
  #ready: QueuedCopy[] = [];
  /** Places among what is ready for copies that are being committed. */
  #reserved = 0;
  #claiming = false;
  /** The store may have more than was claimed last. */
  #mayHaveMore = true;
  #dueTimer: TimerHandle | undefined;
  #openTimer: TimerHandle | undefined;
  /** Monotonic time before which no association is opened. */
  #openNotBefore = 0;
  /** Monotonic time up to which failures to open are those of a loss. */
  #reopenUntil = 0;
  #reopenMilliseconds = firstReopenMilliseconds;
  /** Wall clock times of failures to open, oldest first; one more than the retries allowed. */
  #failures: number[] = [];
  #stopped = false;

  constructor(user: ConnectorUser, connector: Connector) {
    this.#user = user;
    this.connector = connector;
  }

  get ready(): number {
    return this.#ready.length;
  }

  /** Why nothing is opened just now, for the status. */
  get waitingSeconds(): number {
    return Math.max(this.#openNotBefore - this.#user.world.monotonicMilliseconds(), 0) / 1000;
  }

  stop(): void {
    this.#stopped = true;
    for (const handle of [this.#dueTimer, this.#openTimer])
      if (handle !== undefined) this.#user.world.clearTimer(handle);
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#stopped) return;
    this.#mayHaveMore = true;
    this.#claim();
  }

  /**
   * A place for a copy that is about to be committed: it is sent without being asked for in the store. Not where others may wait there, which
   * go first. To be admitted or cancelled.
   */
  reserve(): 'reserved' | 'none' {
    if (this.#stopped || this.#mayHaveMore || this.#ready.length + this.#reserved >= claimCount) {
      this.expectMore();
      return 'none';
    }
    this.#reserved += 1;
    return 'reserved';
  }

  /** A copy is about to be committed that has no place here: those that follow it do not overtake it. */
  expectMore(): void {
    this.#mayHaveMore = true;
  }

  /** The copy with a place has come into the store, claimed. */
  admit(copy: QueuedCopy): void {
    this.#reserved -= 1;
    if (this.#stopped) return;
    this.#insert(copy);
    this.#distribute();
  }

  /** It has not come. */
  cancel(): void {
    this.#reserved -= 1;
  }

  /** Takes out what has waited longer than it may; `expired` says which. */
  expire(expired: (copy: QueuedCopy) => boolean, arrivedBefore: number): void {
    const ours = this.#ready.filter(expired);
    this.#ready = this.#ready.filter((copy) => !expired(copy));
    if (ours.length > 0) this.#user.expired(ours);
    this.#takeStored(arrivedBefore, (copies) => {
      this.#user.expired(copies);
    });
  }

  /** An operator's wish: try now, whatever the retry intervals say. */
  retryNow(): void {
    this.#openNotBefore = 0;
    this.wake();
  }

  /** The association can send, or the peer wants the turn. */
  serve(association: MtaAssociation): void {
    if (this.#stopped) return;
    const [next] = this.#ready;
    if (association.giveTurnIfDue(next === undefined ? undefined : turnPriority(next)) === 'kept')
      this.#sendOn(association);
    this.#claim();
    this.#distribute();
  }

  /** Back in the queue, to be sent before anything else. */
  giveBack(copy: QueuedCopy): void {
    this.#ready.unshift(copy);
    this.#distribute();
  }

  /** Copies that are not to be sent from here any more (held, removed). */
  withdraw(copy: CopyId): void {
    this.#ready = this.#ready.filter(({ id }) => id !== copy);
  }

  opened(association: MtaAssociation): void {
    this.associations.add(association);
    this.#failures = [];
    this.#openNotBefore = 0;
    this.#reopenMilliseconds = firstReopenMilliseconds;
    this.lastError = '';
  }

  closed(association: MtaAssociation): void {
    this.associations.delete(association);
  }

  /** An association with something under way was lost: for a while attempts follow quickly and count for nothing. */
  lost(pauseSeconds: number): void {
    const now = this.#user.world.monotonicMilliseconds();
    this.#reopenUntil = now + (this.connector.rts.recoveryTimeoutSeconds + pauseSeconds) * 1000;
    this.#reopenMilliseconds = firstReopenMilliseconds;
    this.#openNotBefore = now + pauseSeconds * 1000;
    this.#distribute();
  }

  openFailed(association: MtaAssociation, text: string): void {
    this.associations.delete(association);
    this.lastError = text;
    this.counters.associationsRefused += 1;
    const { world } = this.#user;
    const now = world.monotonicMilliseconds();
    if (now < this.#reopenUntil) {
      this.#openNotBefore = now + this.#reopenMilliseconds;
      this.#reopenMilliseconds = Math.min(this.#reopenMilliseconds * 2, longestReopenMilliseconds);
      this.#distribute();
      return;
    }
    const { openIntervalSeconds, maxOpenRetries } = this.connector.retry;
    this.#openNotBefore = now + openIntervalSeconds * 1000;
    this.#failures.push(world.wallClockMilliseconds());
    if (this.#failures.length > maxOpenRetries) this.#giveUp(text, maxOpenRetries);
    this.#distribute();
  }

  /** Reports the copies that have waited through every failure that is allowed. */
  #giveUp(text: string, maxOpenRetries: number): void {
    const threshold = this.#failures.at(-(maxOpenRetries + 1));
    this.#failures = this.#failures.slice(-(maxOpenRetries + 1));
    if (threshold === undefined) return;
    const exhausted = (copy: QueuedCopy): boolean => copy.arrivedAt <= threshold;
    const ours = this.#ready.filter(exhausted);
    this.#ready = this.#ready.filter((copy) => !exhausted(copy));
    if (ours.length > 0) this.#user.openRetriesUsedUp(this.connector.name, ours, text);
    this.#takeStored(threshold + 1, (copies) => {
      this.#user.openRetriesUsedUp(this.connector.name, copies, text);
    });
  }

  /** Claims everything that arrived before a time, some at a time. */
  #takeStored(arrivedBefore: number, taken: (copies: readonly QueuedCopy[]) => void): void {
    const { store, world } = this.#user;
    const input = {
      connector: this.connector.name,
      count: claimCount,
      now: world.wallClockMilliseconds(),
      arrivedBefore,
    };
    store.execute('queue.claim', input, (answer) => {
      if (!answer.ok || answer.value.copies.length === 0 || this.#stopped) return;
      taken(answer.value.copies);
      this.#takeStored(arrivedBefore, taken);
    });
  }

  #claim(): void {
    if (this.#claiming || this.#stopped || !this.#mayHaveMore || this.#ready.length >= claimCount) return;
    this.#claiming = true;
    this.#mayHaveMore = false;
    const { store, world } = this.#user;
    const now = world.wallClockMilliseconds();
    store.execute('queue.claim', { connector: this.connector.name, count: claimCount, now }, (answer) => {
      this.#claiming = false;
      if (!answer.ok) {
        this.lastError = answer.failure.text;
        this.#dueTimer ??= world.setTimer(storeAgainMilliseconds, () => {
          this.#dueTimer = undefined;
          this.wake();
        });
        return;
      }
      const { copies, nextDueAt, unreadable } = answer.value;
      if (unreadable.length > 0) this.#user.unreadable(this.connector.name, unreadable);
      for (const copy of copies) this.#insert(copy);
      if (copies.length === claimCount) this.#mayHaveMore = true;
      if (nextDueAt !== undefined) this.#wakeAt(nextDueAt);
      this.#distribute();
      if (this.#mayHaveMore) this.#claim();
    });
  }

  /** Behind those of its priority and before those of lower ones (X.419 §11; P1-011): it may have come after they were claimed. */
  #insert(copy: QueuedCopy): void {
    const last = this.#ready.findLastIndex(({ priority }) => priority <= copy.priority);
    this.#ready.splice(last + 1, 0, copy);
  }

  #wakeAt(wallClock: number): void {
    if (this.#stopped) return;
    const { store, world } = this.#user;
    if (this.#dueTimer !== undefined) world.clearTimer(this.#dueTimer);
    // Nothing is deferred for longer than the interval: whatever seems to be was deferred before the wall clock stepped back.
    const longest = this.connector.retry.transferIntervalSeconds * 1000;
    const wait = Math.min(Math.max(wallClock - world.wallClockMilliseconds(), 0), longest);
    this.#dueTimer = world.setTimer(wait, () => {
      this.#dueTimer = undefined;
      const now = world.wallClockMilliseconds();
      if (now >= wallClock) this.wake();
      else {
        store.execute('queue.due', { connector: this.connector.name, now }, () => {
          this.wake();
        });
      }
    });
  }

  /** Gives what is ready to associations that can take it, asks for turns, opens associations. */
  #distribute(): void {
    if (this.#stopped) return;
    for (const association of [...this.associations]) {
      this.#sendOn(association);
      const [next] = this.#ready;
      if (next === undefined) return;
      if (association.maySend && association.turn === 'peer') association.askForTurn(turnPriority(next));
    }
    if (this.#ready.length > 0) this.#openMore();
  }

  /** Copies that turn out not to go this way are dealt with by the user; the next one is tried. */
  #sendOn(association: MtaAssociation): void {
    while (association.canSend) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      this.#user.send(association, next);
    }
  }

  #openMore(): void {
    const { connector } = this;
    const useful = Array.from(this.associations).filter((association) => association.maySend).length;
    const { thresholdMessages, maximum } = connector.association;
    const wanted = Math.min(Math.max(Math.ceil(this.queued / Math.max(thresholdMessages, 1)), 1), maximum);
    if (connector.remote.connectTo === undefined || useful >= wanted) return;
    const wait = this.#openNotBefore - this.#user.world.monotonicMilliseconds();
    if (wait > 0) {
      this.#openTimer ??= this.#user.world.setTimer(wait, () => {
        this.#openTimer = undefined;
        this.#distribute();
      });
      return;
    }
    this.associations.add(this.#user.openAssociation(connector));
    if (useful + 1 < wanted) this.#openMore();
  }
}

/** Priority of RT-TURN-PLEASE for a copy: 1 urgent, 2 normal, 3 non-urgent (X.228 §7.4; 0 is for closing). */
function turnPriority(copy: QueuedCopy): number {
  return copy.priority + 1;
}
