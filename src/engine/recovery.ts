import { fromHex } from '../bytes/octets.js';
import type { AssociationFacts, IncomingId, Moment } from '../queue/store.js';
import type { ResumePoint } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import { millisecondsSince } from './moments.js';
import type { OutgoingTransfer } from './outgoing-transfer.js';
import type { TimerHandle, World } from './world.js';

/** First wait between two attempts to reconnect, and the longest, milliseconds; it doubles in between. */
const firstWaitMilliseconds = 200;
const longestWaitMilliseconds = 5000;

/** An association that is gone and may come back: what both ends keep until the recovery timeout. */
export interface LostAssociation {
  /** The id that it had, or a new one after a restart. */
  readonly id: string;
  readonly connector: string;
  readonly facts: AssociationFacts;
  /** Since when, as this end noticed it. */
  readonly at: Moment;
  readonly recoveryTimeoutSeconds: number;
  /** Names of the session connections that it has had, the present one and those it had recovered. */
  readonly names: readonly string[];
  readonly outgoing?: { readonly transfer: OutgoingTransfer; readonly resume: ResumePoint };
  readonly incoming?: {
    readonly id: IncomingId;
    readonly offset: number;
    /** Name of the session connection on which it began: the peer knows that one, also after its restart. */
    readonly sessionConnection: string;
  };
  /** Name of the session connection on which an activity began that is complete here, and whose sender may not have heard so. */
  readonly unheardEnd?: string;
}

export interface RecoveryUser {
  readonly world: World;
  /** Opens an association that stands in for the lost one. */
  reconnect(lost: LostAssociation): void;
  /** The recovery timeout is over, or the peer cannot recover: forget the partial transfers, start again from the beginning. */
  abandoned(lost: LostAssociation, text: string): void;
}

interface Entry {
  readonly lost: LostAssociation;
  waitMilliseconds: number;
  attempt: TimerHandle | undefined;
  expiry: TimerHandle | undefined;
}

/** The associations that wait to be recovered. */
export class Recovery {
  readonly #user: RecoveryUser;
  readonly #entries = new Map<string, Entry>();

  constructor(user: RecoveryUser) {
    this.#user = user;
  }

  get lost(): readonly LostAssociation[] {
    return Array.from(this.#entries.values(), ({ lost }) => lost);
  }

  /** It still waits: neither recovered nor given up. */
  awaits(lost: LostAssociation): boolean {
    return this.#entries.has(lost.id);
  }

  remainingSeconds(lost: LostAssociation): number {
    const elapsed = millisecondsSince(lost.at, this.#user.world) / 1000;
    return Math.max(lost.recoveryTimeoutSeconds - elapsed, 0);
  }

  /** `pauseSeconds`: the peer asked to be left alone for a while. */
  add(lost: LostAssociation, pauseSeconds = 0): void {
    const { world } = this.#user;
    const entry: Entry = { lost, waitMilliseconds: firstWaitMilliseconds, attempt: undefined, expiry: undefined };
    this.#entries.set(lost.id, entry);
    entry.expiry = world.setTimer(this.remainingSeconds(lost) * 1000, () => {
      this.#abandon(entry, 'the recovery timeout is over');
    });
    if (lost.facts.role === 'initiator') {
      entry.attempt = world.setTimer(pauseSeconds * 1000, () => {
        this.#attempt(entry);
      });
    }
  }

  /** The lost association that a recover exchange names; `name` as `recoverName` makes it. */
  find(name: string): LostAssociation | undefined {
    for (const { lost } of this.#entries.values()) {
      if (lost.names.includes(name)) return lost;
    }
    return undefined;
  }

  /** The attempt under way has failed for now. */
  failed(lost: LostAssociation): void {
    const entry = this.#entries.get(lost.id);
    if (entry === undefined) return;
    const { waitMilliseconds } = entry;
    entry.waitMilliseconds = Math.min(waitMilliseconds * 2, longestWaitMilliseconds);
    entry.attempt = this.#user.world.setTimer(waitMilliseconds, () => {
      this.#attempt(entry);
    });
  }

  /** The peer cannot recover it. */
  refused(lost: LostAssociation, text: string): void {
    const entry = this.#entries.get(lost.id);
    if (entry !== undefined) this.#abandon(entry, text);
  }

  /** It came back: its transfers go on there. */
  recovered(lost: LostAssociation): void {
    const entry = this.#entries.get(lost.id);
    if (entry !== undefined) this.#remove(entry);
  }

  /** Stops all timers; what is kept in the store is found again at the next start. */
  stop(): void {
    for (const entry of [...this.#entries.values()]) this.#remove(entry);
  }

  #attempt(entry: Entry): void {
    entry.attempt = undefined;
    this.#user.reconnect(entry.lost);
  }

  #abandon(entry: Entry, text: string): void {
    this.#remove(entry);
    this.#user.abandoned(entry.lost, text);
  }

  #remove(entry: Entry): void {
    const { world } = this.#user;
    this.#entries.delete(entry.lost.id);
    if (entry.expiry !== undefined) world.clearTimer(entry.expiry);
    if (entry.attempt !== undefined) world.clearTimer(entry.attempt);
  }
}

/** The session connection that stored facts describe. */
export function identifierOf(facts: AssociationFacts): SessionConnectionIdentifier {
  const { calling, called, common, additional } = facts.references;
  return {
    ...(calling === undefined ? {} : { calling: fromHex(calling) }),
    ...(called === undefined ? {} : { called: fromHex(called) }),
    ...(common === undefined ? {} : { common: fromHex(common) }),
    ...(additional === undefined ? {} : { additional: fromHex(additional) }),
  };
}
