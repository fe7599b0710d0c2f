import type { Selectors } from '../config/selectors.js';
import type { Site } from '../config/site.js';
import { RoutingTable } from '../mta/routing.js';
import { submissionOf, type SubmissionFault, type SubmissionOrder } from '../mta/submission.js';
import { fromHex } from '../bytes/octets.js';
import type {
  InterruptedIncoming,
  InterruptedOutgoing,
  MessageStore,
  NewContent,
  StoreOutput,
} from '../queue/store.js';
import { Acceptance } from './acceptance.js';
import { Arrivals, type ArrivalOutcome } from './arrivals.js';
import { AssociationDesk } from './association-desk.js';
import { ConnectorQueue } from './connector-queue.js';
import type { EngineState } from './engine-state.js';
import { Identifiers } from './identifiers.js';
import { millisecondsSince, momentNow } from './moments.js';
import { recoverPlan } from './opening.js';
import { OutgoingTransfer } from './outgoing-transfer.js';
import { Poison, type ReleaseAnswer } from './poison.js';
import { identifierOf, Recovery, type LostAssociation } from './recovery.js';
import { statusOf, type StatusReport } from './status.js';
import { Transfers } from './transfers.js';
import { Waiters, type SubmissionOutcome } from './waiters.js';
import type { Connection, ConnectionHandlers, TimerHandle, World } from './world.js';

const birthmarkOctets = 5;

/** How long running activities may take to be interrupted at a shutdown, milliseconds. */
const stopMilliseconds = 8000;

/** How often the store is swept, milliseconds. */
const sweepMilliseconds = 60_000;

export type SubmissionAnswer =
  | { readonly result: 'accepted'; readonly mtsIdentifier: string }
  | { readonly result: 'refused'; readonly text: string };

/** A whole message transfer agent without the world: the daemon runs it over sockets and disks, a simulator over virtual ones. */
export class Engine {
  readonly #state: EngineState;
  readonly #recovery: Recovery;
  readonly #desk: AssociationDesk;
  readonly #arrivals: Arrivals;
  readonly #poison: Poison;
  readonly #transfers: Transfers;
  readonly #opened: StoreOutput<'open'>;
  #sweepTimer: TimerHandle | undefined;

  /** `opened`: what the store said when it was opened for this start. */
  constructor(site: Site, world: World, store: MessageStore, opened: StoreOutput<'open'>) {
    this.#opened = opened;
    this.#state = {
      world,
      store,
      identifiers: new Identifiers(opened.incarnation, world.randomOctets(birthmarkOctets)),
      queues: new Map(),
      waiters: new Waiters(),
      site,
      routing: new RoutingTable(site),
      stopping: false,
    };
    this.#arrivals = new Arrivals(this.#state);
    this.#poison = new Poison(this.#state, this.#arrivals);
    this.#transfers = new Transfers(this.#state, this.#arrivals, this.#poison);
    this.#recovery = new Recovery({
      world,
      reconnect: (lost) => {
        this.#reconnect(lost);
      },
      abandoned: (lost, text) => {
        this.#abandoned(lost, text);
      },
    });
    const acceptance = new Acceptance(this.#state, this.#arrivals, this.#poison);
    this.#desk = new AssociationDesk(this.#state, this.#recovery, acceptance, this.#transfers);
  }

  /** Takes up what was interrupted when the last run ended, then everything else. */
  start(): void {
    this.#makeQueues(this.#state.site);
    for (const outgoing of this.#opened.outgoing) this.#takeUpOutgoing(outgoing);
    for (const incoming of this.#opened.incoming) this.#takeUpIncoming(incoming);
    for (const queue of this.#state.queues.values()) queue.wake();
    this.#sweep();
  }

  /** A peer has connected to the listener with these selectors. */
  accept(connection: Connection, selectors: Selectors): ConnectionHandlers {
    return this.#desk.accept(connection, selectors);
  }

  /** Interrupts what is under way so that it can be resumed; `stopped` when nothing is open any more. */
  stop(stopped: () => void): void {
    const { world, queues } = this.#state;
    this.#state.stopping = true;
    if (this.#sweepTimer !== undefined) world.clearTimer(this.#sweepTimer);
    this.#recovery.stop();
    for (const queue of queues.values()) queue.stop();
    this.#desk.stop();
    const deadline = world.monotonicMilliseconds() + stopMilliseconds;
    const look = (): void => {
      if (this.#desk.associations.size === 0) {
        stopped();
        return;
      }
      if (world.monotonicMilliseconds() >= deadline) {
        for (const association of [...this.#desk.associations]) association.drop('shutdown');
      }
      world.setTimer(20, look);
    };
    look();
  }

  /** Applies a site from the next association on; running ones keep what they negotiated. */
  reload(site: Site): void {
    this.#state.site = site;
    this.#state.routing = new RoutingTable(site);
    this.#makeQueues(site);
    for (const queue of this.#state.queues.values()) queue.wake();
  }

  get site(): Site {
    return this.#state.site;
  }

  get store(): MessageStore {
    return this.#state.store;
  }

  nextId(): string {
    return this.#state.identifiers.next();
  }

  /**
   * A user of ours submits. `accepted` is answered when the message is durable, `left`, if asked for, when it has left this agent for
   * every recipient. Throws nothing: a fault in the order is an answer.
   */
  submit(
    order: SubmissionOrder,
    content: NewContent,
    accepted: (answer: SubmissionAnswer) => void,
    left?: (outcome: SubmissionOutcome) => void,
  ): void {
    const { world, site } = this.#state;
    const submission = submissionOf(order, this.#arrivals.context());
    if ('fault' in submission) {
      accepted({ result: 'refused', text: (submission satisfies SubmissionFault).fault });
      return;
    }
    if (order.contentOctets > site.limits.messageOctetsMax) {
      accepted({
        result: 'refused',
        text: `${String(order.contentOctets)} octets of content are more than limits.messageOctetsMax`,
      });
      return;
    }
    this.#arrivals.take(
      { ...submission, content, contentOctets: order.contentOctets, arrivedAt: world.wallClockMilliseconds() },
      [],
      (outcome) => {
        if (outcome.result !== 'committed') {
          accepted({ result: 'refused', text: refusalText(outcome) });
          return;
        }
        const { messages, failed } = outcome.processed;
        const [message] = messages;
        if (left !== undefined && message !== undefined) {
          const copies = message.copies.map(({ id }) => id);
          this.#state.waiters.wait(message.id, copies, failed, left);
        }
        accepted({ result: 'accepted', mtsIdentifier: outcome.processed.mtsIdentifier });
      },
    );
  }

  status(): StatusReport {
    return statusOf(this.#state, this.#desk.associations, this.#recovery);
  }

  /** An operator's wish to send now what is due on a connector, whatever its interval between attempts to open. */
  retryNow(connector: string): void {
    this.#state.queues.get(connector)?.retryNow();
  }

  /** An operator's wish to have a quarantined message processed again. */
  releaseQuarantined(id: string, answered: (answer: ReleaseAnswer) => void): void {
    this.#poison.release(id, answered);
  }

  /** An operator has held or removed the copy in the store: no attempt to send it follows, and one under way is the last. */
  withdraw(connector: string, copy: string, how: 'held' | 'removed'): void {
    const { queues, waiters, store } = this.#state;
    const queue = queues.get(connector);
    queue?.withdraw(copy);
    let isSent = false;
    for (const { sending } of this.#desk.associations) {
      if (sending.transfer?.copy.id !== copy) continue;
      isSent = true;
      sending.transfer.withdrawn = how === 'held' ? 'held' : 'gone';
    }
    const pending = Array.from(this.#desk.associations, ({ pendingOutgoing }) => pendingOutgoing);
    for (const outgoing of [...pending, ...this.#recovery.lost.map((lost) => lost.outgoing)]) {
      if (outgoing?.transfer.copy.id !== copy) continue;
      outgoing.transfer.withdrawn = 'gone';
      store.execute('outgoing.forget', { copy }, () => undefined);
    }
    if (how === 'held') {
      // An attempt under way keeps its claim, so that no other begins beside it when the copy is released.
      if (!isSent) store.execute('queue.unclaim', { copies: [copy] }, () => undefined);
      return;
    }
    this.#transfers.forget(copy);
    if (queue !== undefined && !this.#transfers.isLeaving(copy)) queue.queued -= 1;
    waiters.failed(copy, 'removed by an operator');
  }

  #makeQueues(site: Site): void {
    const { world, store, queues } = this.#state;
    for (const connector of site.connectors) {
      const queue = queues.get(connector.name);
      if (queue !== undefined) {
        queue.connector = connector;
        continue;
      }
      const made = new ConnectorQueue(
        {
          world,
          store,
          openAssociation: (which) => this.#desk.open({ connector: which }),
          send: (association, copy) => {
            this.#transfers.send(association, copy);
          },
          expired: (copies) => {
            this.#transfers.expired(copies);
          },
          unreadable: (name, copies) => {
            this.#poison.unreadable(name, copies);
          },
          openRetriesUsedUp: (_name, copies, text) => {
            this.#transfers.openRetriesUsedUp(copies, text);
          },
        },
        connector,
      );
      const counts = this.#opened.counts.connectors[connector.name];
      made.queued = counts === undefined ? 0 : Object.values(counts).reduce((sum, count) => sum + count, 0);
      queues.set(connector.name, made);
    }
  }

  #reconnect(lost: LostAssociation): void {
    const queue = this.#state.queues.get(lost.connector);
    if (queue === undefined || queue.connector.remote.connectTo === undefined) return;
    queue.associations.add(this.#desk.open(recoverPlan(lost, queue.connector)));
  }

  #abandoned(lost: LostAssociation, text: string): void {
    this.#state.world.observe({
      event: 'association.abandoned',
      level: 'info',
      fields: { association: lost.id, connector: lost.connector, text },
    });
    if (lost.outgoing !== undefined) this.#transfers.restart(lost.outgoing.transfer, text);
    this.#state.queues.get(lost.connector)?.wake();
  }

  #takeUpOutgoing(interrupted: InterruptedOutgoing): void {
    const { store, world, queues } = this.#state;
    const { copy, association: facts, queued, head, serialNumber, offset, sentOffset } = interrupted;
    const queue = queues.get(facts.connector);
    if (queue === undefined || serialNumber === 0) {
      store.execute('outgoing.forget', { copy }, () => undefined);
      if (queue === undefined) store.execute('queue.unclaim', { copies: [copy] }, () => undefined);
      else queue.giveBack(queued);
      return;
    }
    const at = interrupted.lostAt ?? momentNow(world);
    if (interrupted.lostAt === undefined) store.execute('outgoing.interrupted', { copy, at }, () => undefined);
    this.#recovery.add({
      id: `a${this.#state.identifiers.next()}`,
      connector: facts.connector,
      facts,
      at,
      recoveryTimeoutSeconds: queue.connector.rts.recoveryTimeoutSeconds,
      names: [facts.sessionConnection],
      outgoing: {
        transfer: new OutgoingTransfer(store, queued, head, { confirmedOffset: offset, sentOffset }),
        resume: {
          originalActivityIdentifier: fromHex(interrupted.activity.activityIdentifier),
          originalSessionConnection: identifierOf(facts),
          serialNumber,
          offset,
        },
      },
    });
  }

  #takeUpIncoming({ id, association: facts, offset, lostAt }: InterruptedIncoming): void {
    const { store, world, queues } = this.#state;
    const queue = queues.get(facts.connector);
    if (queue === undefined) {
      store.execute('incoming.discard', { id }, () => undefined);
      return;
    }
    const at = lostAt ?? momentNow(world);
    if (lostAt === undefined) store.execute('incoming.interrupted', { id, at }, () => undefined);
    const { recoveryTimeoutSeconds } = queue.connector.rts;
    this.#desk.keepIncoming(id, Math.max(recoveryTimeoutSeconds - millisecondsSince(at, world) / 1000, 0));
    this.#recovery.add({
      id: `a${this.#state.identifiers.next()}`,
      connector: facts.connector,
      facts,
      at,
      recoveryTimeoutSeconds,
      names: [facts.sessionConnection],
      incoming: { id, offset, sessionConnection: facts.sessionConnection },
    });
  }

  #sweep(): void {
    const { store, world, site, queues, stopping } = this.#state;
    if (stopping) return;
    const now = world.wallClockMilliseconds();
    const { urgentExpirySeconds, normalExpirySeconds, nonUrgentExpirySeconds } = site.limits;
    const longest = Math.max(urgentExpirySeconds, normalExpirySeconds, nonUrgentExpirySeconds);
    for (const queue of queues.values()) {
      queue.expire((copy) => this.#transfers.isOverdue(copy), now - longest * 1000);
    }
    const recoveryTimeouts = site.connectors.map(({ rts }) => rts.recoveryTimeoutSeconds);
    const completedBefore = now - (Math.max(0, ...recoveryTimeouts) + 60) * 1000;
    store.execute('sweep', { now, completedBefore }, () => {
      if (this.#state.stopping) return;
      this.#sweepTimer = world.setTimer(sweepMilliseconds, () => {
        this.#sweep();
      });
    });
  }
}

function refusalText(outcome: Exclude<ArrivalOutcome, { result: 'committed' }>): string {
  switch (outcome.result) {
    case 'failed':
      return outcome.failure.text;
    case 'duplicate':
      return 'submitted before';
    case 'unprocessable':
      return `cannot be processed: ${outcome.error instanceof Error ? outcome.error.message : String(outcome.error)}`;
  }
}
