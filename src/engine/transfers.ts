import type { Connector } from '../config/site.js';
import { copyHead } from '../mta/copy-head.js';
import { failures, failureText, type Failure } from '../mta/failure.js';
import { isPastLatest } from '../mta/latest-delivery.js';
import { nonDeliveryOf } from '../mta/non-delivery.js';
import type { Processed } from '../mta/processing.js';
import type { AssociationFacts, Change, CopyId, QueuedCopy } from '../queue/store.js';
import type { Arrivals } from './arrivals.js';
import type { AssociationDeparture } from './association-owner.js';
import type { EngineState } from './engine-state.js';
import { commitLasting } from './lasting-commit.js';
import { momentNow } from './moments.js';
import type { MtaAssociation } from './mta-association.js';
import type { Poison } from './poison.js';
import { OutgoingTransfer, type EarlierAttempts } from './outgoing-transfer.js';
import type { TransferConfirm } from './sending.js';

const kilo = 1024;

/** Least time that a transfer is given, milliseconds: a small message on a slow link needs more than its size tells. */
const transferMillisecondsMin = 60_000;

/** Copies of messages on their way out: how each is put on the wire, and what becomes of it afterwards. */
export class Transfers {
  readonly #state: EngineState;
  readonly #arrivals: Arrivals;
  readonly #poison: Poison;
  /** Of copies that are still to be sent. */
  readonly #earlier = new Map<CopyId, EarlierAttempts>();
  /** Copies that are not counted as queued any more, while the store is being told so. */
  readonly #leaving = new Set<CopyId>();

  constructor(state: EngineState, arrivals: Arrivals, poison: Poison) {
    this.#state = state;
    this.#arrivals = arrivals;
    this.#poison = poison;
  }

  /** Encodes the copy for this association and starts its transfer; one that cannot go there is reported, one that is poison put aside. */
  send(association: MtaAssociation, copy: QueuedCopy): void {
    const { connector, facts } = association;
    if (connector === undefined || facts === undefined) return;
    if (this.isExpired(copy)) {
      this.fail(copy, failures.expired);
      return;
    }
    const head = this.#headOf(copy, facts, connector);
    if (head === undefined) return;
    const transfer = new OutgoingTransfer(this.#state.store, copy, head, undefined, this.#earlier.get(copy.id));
    this.#earlier.delete(copy.id);
    association.send(transfer, this.transferMilliseconds(association, copy));
  }

  /** A message may wait so long, by its priority; a report has no limit but the retries. */
  isExpired(copy: QueuedCopy): boolean {
    const { urgentExpirySeconds, normalExpirySeconds, nonUrgentExpirySeconds } = this.#state.site.limits;
    const seconds =
      [urgentExpirySeconds, normalExpirySeconds, nonUrgentExpirySeconds][copy.priority] ?? normalExpirySeconds;
    return copy.kind !== 'report' && copy.arrivedAt + seconds * 1000 < this.#state.world.wallClockMilliseconds();
  }

  /** It has waited too long, or longer than its originator wanted. */
  isOverdue(copy: QueuedCopy): boolean {
    return this.isExpired(copy) || isPastLatest(copy, this.#state.world.wallClockMilliseconds());
  }

  expired(copies: readonly QueuedCopy[]): void {
    for (const copy of copies) this.fail(copy, failures.expired);
  }

  #headOf(copy: QueuedCopy, facts: AssociationFacts, connector: Connector): Uint8Array | undefined {
    const context = facts.mode === 'normal' ? { contextIdentifier: facts.contextIdentifier } : {};
    try {
      const { extensionTagging } = connector;
      const now = this.#state.world.wallClockMilliseconds();
      const result = copyHead(copy, { p1: facts.p1, extensionTagging, now, ...context });
      if (result.kind === 'head') return result.head;
      this.fail(copy, result.failure);
    } catch (error) {
      this.#poison.copy(copy, error); // It must block neither the queue nor the next start.
    }
    return undefined;
  }

  /** The transfer time of X.218: seconds for each 1024 octets, by priority. */
  transferMilliseconds(association: MtaAssociation, copy: QueuedCopy): number {
    const values = association.connector ?? this.#state.site.siteDefaults.values;
    const { urgentSecondsPerK, normalSecondsPerK, nonUrgentSecondsPerK } = values.transferTimeout;
    const secondsPerK =
      [urgentSecondsPerK, normalSecondsPerK, nonUrgentSecondsPerK][copy.priority] ?? normalSecondsPerK;
    return Math.max(Math.ceil(copy.contentOctets / kilo) * secondsPerK * 1000, transferMillisecondsMin);
  }

  /** The copy was transferred or given up, and the store does not know yet. */
  isLeaving(copy: CopyId): boolean {
    return this.#leaving.has(copy);
  }

  /** The copy will not be sent from here any more. */
  forget(copy: CopyId): void {
    this.#earlier.delete(copy);
  }

  ended(association: MtaAssociation, transfer: OutgoingTransfer, confirm: TransferConfirm): void {
    const { copy } = transfer;
    const queue = this.#state.queues.get(copy.connector);
    if (queue !== undefined) queue.counters.octetsResent += transfer.takeOctetsResent();
    switch (confirm.result) {
      case 'transferred':
        if (queue !== undefined) {
          queue.counters.messagesSent += 1;
          queue.counters.octetsSent += transfer.apduOctets;
          if (transfer.withdrawn !== 'gone') queue.queued -= 1;
        }
        this.#leaving.add(copy.id);
        this.#commit([{ type: 'copy.transferred', copy: copy.id }], () => {
          this.#leaving.delete(copy.id);
        });
        this.#observe('transfer.completed', association, transfer, {
          direction: 'outgoing',
          octets: transfer.apduOctets,
        });
        this.#state.waiters.transferred(copy.id);
        return;
      case 'interrupted':
        this.interrupted(transfer);
        return;
      case 'failed':
      case 'lost':
        this.#observe('transfer.failed', association, transfer, { text: confirm.text });
        this.#refused(transfer, confirm.text);
    }
  }

  /** Kept for the next start of the daemon. */
  interrupted(transfer: OutgoingTransfer): void {
    const { store, world } = this.#state;
    const { copy, resume } = transfer;
    if (resume !== undefined)
      store.execute('outgoing.interrupted', { copy: copy.id, at: momentNow(world) }, () => undefined);
    else {
      store.execute('outgoing.forget', { copy: copy.id }, () => undefined);
      store.execute('queue.unclaim', { copies: [copy.id] }, () => undefined);
    }
  }

  /** The association went, and this transfer cannot be resumed: it starts again from the beginning. */
  lost(transfer: OutgoingTransfer, departure: AssociationDeparture): void {
    const { copy } = transfer;
    const queue = this.#state.queues.get(copy.connector);
    if (queue !== undefined) queue.counters.octetsResent += transfer.takeOctetsResent();
    // A link that breaks may break as often as it likes; a peer that ends the association over this message may not. One that only cannot
    // resume gets it from the beginning at once.
    const resumption = transfer.fromOffset > 0 && transfer.confirmedOffset === transfer.fromOffset;
    if (departure.cause === 'transport' || resumption || !transfer.hasBegun) this.restart(transfer, departure.text);
    else this.#refused(transfer, departure.text);
  }

  /** Cannot be resumed: begins anew at once. */
  restart(transfer: OutgoingTransfer, text: string): void {
    const { copy } = transfer;
    this.#state.store.execute('outgoing.forget', { copy: copy.id }, () => undefined);
    if (transfer.withdrawn !== undefined) {
      this.#leave(transfer);
      return;
    }
    this.#earlier.set(copy.id, transfer.attempts);
    this.#state.world.observe({
      event: 'transfer.restarted',
      level: 'info',
      fields: { connector: copy.connector, mts: copy.mtsIdentifier, text },
    });
    this.#state.queues.get(copy.connector)?.giveBack(copy);
  }

  /** An operator has taken the copy away meanwhile: whether it is sent again is for the store to say. */
  #leave({ copy, withdrawn }: OutgoingTransfer): void {
    if (withdrawn === 'gone') return;
    const { store, queues } = this.#state;
    store.execute('queue.unclaim', { copies: [copy.id] }, () => {
      queues.get(copy.connector)?.wake();
    });
  }

  /** Gives the copy up and reports it. */
  fail(copy: QueuedCopy, failure: Failure): void {
    const { world, queues, waiters } = this.#state;
    let report: Processed;
    try {
      report = nonDeliveryOf(copy, failure, this.#arrivals.context());
    } catch (error) {
      this.#poison.copy(copy, error);
      return;
    }
    const queue = queues.get(copy.connector);
    if (queue !== undefined) queue.queued -= 1;
    this.forget(copy.id);
    this.#leaving.add(copy.id);
    world.observe({
      event: 'transfer.given-up',
      level: 'warn',
      fields: { connector: copy.connector, mts: copy.mtsIdentifier, text: failureText(failure) },
    });
    this.#arrivals.commitOwn(report, [{ type: 'copy.failed', copy: copy.id }], () => {
      this.#leaving.delete(copy.id);
      waiters.failed(copy.id, failureText(failure));
    });
  }

  openRetriesUsedUp(copies: readonly QueuedCopy[], text: string): void {
    for (const copy of copies)
      this.fail(copy, { ...failures.openAttemptsUsedUp, text: `${failures.openAttemptsUsedUp.text}: ${text}` });
  }

  /** A negative confirm: again after the transfer interval, while retries are left. */
  #refused(transfer: OutgoingTransfer, text: string): void {
    const { world, queues } = this.#state;
    const { copy } = transfer;
    const connector: Connector | undefined = queues.get(copy.connector)?.connector;
    const attempts = (transfer.progressed ? 0 : copy.transferAttempts) + 1;
    const retry = connector?.retry ?? this.#state.site.siteDefaults.values.retry;
    this.#state.store.execute('outgoing.forget', { copy: copy.id }, () => undefined);
    if (transfer.withdrawn !== undefined) {
      this.#leave(transfer);
      return;
    }
    if (attempts > retry.maxTransferRetries) {
      this.fail(copy, { ...failures.transferAttemptsUsedUp, text: `${failures.transferAttemptsUsedUp.text}: ${text}` });
      return;
    }
    this.#earlier.set(copy.id, transfer.attempts);
    const notBefore = world.wallClockMilliseconds() + retry.transferIntervalSeconds * 1000;
    world.observe({
      event: 'message.deferred',
      level: 'info',
      fields: {
        connector: copy.connector,
        mts: copy.mtsIdentifier,
        attempts,
        seconds: retry.transferIntervalSeconds,
        text,
      },
    });
    const { id, openAttempts } = copy;
    this.#commit(
      [{ type: 'copy.deferred', copy: id, notBefore, openAttempts, transferAttempts: attempts, lastError: text }],
      () => {
        queues.get(copy.connector)?.wake();
      },
    );
  }

  #commit(changes: readonly Change[], done: () => void): void {
    commitLasting(
      this.#state,
      (answered) => {
        this.#state.store.execute('commit', { changes }, (answer) => {
          answered(answer.ok ? undefined : answer.failure);
        });
      },
      done,
    );
  }

  #observe(
    event: string,
    association: MtaAssociation,
    transfer: OutgoingTransfer,
    fields: Readonly<Record<string, string | number>>,
  ): void {
    this.#state.world.observe({
      event,
      level: 'info',
      fields: {
        association: association.id,
        connector: transfer.copy.connector,
        mts: transfer.copy.mtsIdentifier,
        fromOctet: transfer.fromOffset,
        octetsResent: transfer.octetsResent,
        ...fields,
      },
    });
  }
}
