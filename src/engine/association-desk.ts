import type { AssociationOptions } from '../association/association.js';
import { associationLimits } from '../association/limits.js';
import { apduLimits } from '../p1/apdu-head.js';
import { newSessionConnection } from '../association/session-connection.js';
import type { Selectors } from '../config/selectors.js';
import type { Connector } from '../config/site.js';
import { printUtcTime } from '../p1/utc-time.js';
import type { IncomingId, MessageStore, Moment } from '../queue/store.js';
import type { RtseIndication } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { Acceptance } from './acceptance.js';
import type {
  AssociationDeparture,
  AssociationOwner,
  OpenDecision,
  OpenFailure,
  OpenPlan,
} from './association-owner.js';
import type { ConnectorQueue } from './connector-queue.js';
import type { EngineState } from './engine-state.js';
import type { Identifiers } from './identifiers.js';
import type { IdleTimes } from './idle-timers.js';
import type { IncomingTransfer } from './incoming-transfer.js';
import { KeptIncoming } from './kept-incoming.js';
import { lossOf } from './loss.js';
import { momentNow } from './moments.js';
import { MtaAssociation } from './mta-association.js';
import type { OutgoingTransfer } from './outgoing-transfer.js';
import { bindArgumentOf, bindResultFault, decideOpen, mismatchesOf, reject } from './peers.js';
import { asOpened } from './opening.js';
import type { Recovery } from './recovery.js';
import type { TransferConfirm } from './sending.js';
import type { Transfers } from './transfers.js';
import type { Connection, ConnectionHandlers, World } from './world.js';

type OpenIndication = Extract<RtseIndication, { type: 'RT-OPEN.indication' }>;

/** A caller that has not bound keeps its connection for so long even if all are in use; an honest one has bound long before. */
const unboundMilliseconds = 2000;

const transportReferenceMax = 65535;

/** Exponent 11 is 2048 octets (X.224 §13.3.4). */
const sizeOffers = { preferred: 'preferred', '2048': 11, none: 'none' } as const;

/** Every association of the agent: who may open one, what runs on it, what a lost one leaves. */
export class AssociationDesk implements AssociationOwner {
  readonly associations = new Set<MtaAssociation>();
  readonly #state: EngineState;
  readonly #recovery: Recovery;
  readonly #acceptance: Acceptance;
  readonly #transfers: Transfers;
  readonly #kept: KeptIncoming;
  #transportReference = 0;
  #connections = 0;

  constructor(state: EngineState, recovery: Recovery, acceptance: Acceptance, transfers: Transfers) {
    this.#state = state;
    this.#recovery = recovery;
    this.#acceptance = acceptance;
    this.#transfers = transfers;
    this.#kept = new KeptIncoming(state.world, (id) => {
      this.store.execute('incoming.discard', { id }, () => undefined);
      for (const association of this.associations) association.forgetIncoming(id);
      this.#observe('transfer.forgotten', { incoming: id, text: 'the recovery timeout is over' });
    });
  }

  get world(): World {
    return this.#state.world;
  }

  get store(): MessageStore {
    return this.#state.store;
  }

  get identifiers(): Identifiers {
    return this.#state.identifiers;
  }

  now(): Moment {
    return momentNow(this.#state.world);
  }

  /** A peer has connected to a listener with these selectors. */
  accept(connection: Connection, selectors: Selectors): ConnectionHandlers {
    const { connectionsMax } = this.#state.site.limits;
    if (this.#connections >= connectionsMax) this.#makeRoom();
    if (this.#connections >= connectionsMax || this.#state.stopping) {
      const text = this.#state.stopping ? 'shutting down' : `${String(connectionsMax)} connections are open`;
      this.world.observe({
        event: 'association.refused',
        level: 'warn',
        fields: { cause: 'busy', text, peer: connection.peer, role: 'responder' },
      });
      connection.close('abrupt');
      return silentHandlers;
    }
    const association = new MtaAssociation(this, this.#options(undefined, selectors));
    this.#enter(association);
    return association.accepted(connection);
  }

  open(plan: OpenPlan): MtaAssociation {
    const association = new MtaAssociation(this, this.#options(plan, {}), plan);
    this.#enter(association);
    // The association is entered in its connector's list before anything can come of it.
    this.world.setTimer(0, () => {
      association.open();
    });
    return association;
  }

  newSessionConnection(connector: Connector): SessionConnectionIdentifier {
    const time = printUtcTime(this.world.wallClockMilliseconds());
    const reference = this.identifiers.nextWorldwide(connector.local.mtaName);
    return newSessionConnection(reference, time, connector.mode);
  }

  bindArgument(connector: Connector): Uint8Array {
    return bindArgumentOf(connector);
  }

  checkBindResult(
    connector: Connector,
    answer: Parameters<AssociationOwner['checkBindResult']>[1],
  ): string | undefined {
    return bindResultFault(connector, answer);
  }

  idleTimes(association: MtaAssociation): IdleTimes {
    const { limits, siteDefaults } = this.#state.site;
    const values = association.connector ?? siteDefaults.values;
    return {
      stallSeconds: values.rts.stallTimeoutSeconds,
      disconnectSeconds: values.association.disconnectSeconds,
      lifetimeSeconds: values.association.lifetimeSeconds,
      bindSeconds: limits.bindTimeoutSeconds,
      idleSeconds: limits.idleTimeoutSeconds,
    };
  }

  openRequested(association: MtaAssociation, request: OpenIndication): OpenDecision {
    const { site } = this.#state;
    const decision = decideOpen(site.connectors, request);
    if (decision.result === 'reject') return decision;
    const { connector } = decision;
    const queue = this.#state.queues.get(connector.name);
    if (this.#state.stopping || (queue?.associations.size ?? 0) >= site.limits.connectionsPerPeerMax) {
      const text = this.#state.stopping
        ? 'shutting down'
        : `connector ${connector.name} has as many associations as it may`;
      return reject(request.mode, 'busy', 'busy', text);
    }
    const refusal = this.#compare(association, connector, request.proposal, 'proposal');
    return refusal === undefined ? decision : reject(request.mode, 'validation-failure', 'rts-mismatch', refusal);
  }

  recoverRequested(
    association: MtaAssociation,
    name: string,
    request: OpenIndication,
    decided: (decision: OpenDecision) => void,
  ): void {
    // The peer came back before we noticed that it had gone: its old association is dead.
    for (const other of [...this.associations]) {
      if (other !== association && other.role === 'responder' && other.namesOf().includes(name)) {
        other.drop('replaced by its recovery');
      }
    }
    const lost = this.#recovery.find(name);
    const connector = lost === undefined ? undefined : this.#state.queues.get(lost.connector)?.connector;
    if (lost === undefined || connector === undefined || lost.facts.role !== 'responder') {
      this.#recoverCompleted(name, request, decided);
      return;
    }
    const { checkpointSizeK, windowSize, mode } = lost.facts;
    const limits = { checkpointSizeK, windowSize };
    decided(
      mode === request.mode
        ? { result: 'accept', connector: asOpened(connector, lost.facts), limits, recovers: lost }
        : cannotRecover(request, 'wrong-mode', `the association to be recovered had mode ${mode}`),
    );
  }

  /** Where only the end confirmation was lost, nothing is left to recover but the memory of it: the peer resumes, and is told that all is here. */
  #recoverCompleted(name: string, request: OpenIndication, decided: (decision: OpenDecision) => void): void {
    const { store, queues } = this.#state;
    const input = { connectors: [...queues.keys()], sessionConnection: name };
    store.execute('incoming.completed', input, (answer) => {
      const connector = answer.ok && answer.value !== undefined ? queues.get(answer.value)?.connector : undefined;
      decided(
        connector === undefined
          ? cannotRecover(request, 'unknown-association', 'a recovery of an association that is not known')
          : { result: 'accept', connector, limits: request.proposal },
      );
    });
  }

  opened(association: MtaAssociation): void {
    const { connector, negotiated, recovers } = association;
    if (connector === undefined || negotiated === undefined) return;
    const queue = this.#state.queues.get(connector.name);
    if (queue !== undefined) queue.counters.associationsOpened += 1;
    queue?.opened(association);
    if (recovers !== undefined) {
      if (!this.#recovery.awaits(recovers)) {
        association.recoversNothing(); // Given up while this one was opening: its transfer starts again from the queue.
        return;
      }
      association.pendingOutgoing = recovers.outgoing;
      association.pendingIncoming = recovers.incoming;
      this.#recovery.recovered(recovers);
      this.#observe('association.recovered', {
        association: association.id,
        connector: connector.name,
        lost: recovers.id,
      });
      return;
    }
    if (association.role !== 'initiator') return;
    const refusal = this.#compare(association, connector, negotiated, 'answer');
    if (refusal !== undefined) association.abort('local-system-problem', refusal);
  }

  openFailed(association: MtaAssociation, failure: OpenFailure): void {
    const lost = association.recovers;
    const queue = this.#queueOf(association);
    if (lost === undefined) queue?.openFailed(association, failure.text);
    else {
      queue?.closed(association);
      if (failure.outlook === 'unreachable' && failure.reason !== 'cannot-recover') this.#recovery.failed(lost);
      else this.#recovery.refused(lost, failure.text);
      if (!this.#recovery.awaits(lost)) queue?.wake();
    }
  }

  ready(association: MtaAssociation): void {
    const { pendingOutgoing } = association;
    if (pendingOutgoing === undefined || pendingOutgoing.transfer.withdrawn !== undefined) {
      this.#queueOf(association)?.serve(association);
      return;
    }
    const { transfer, resume } = pendingOutgoing;
    if (!association.canSend) {
      association.askForTurn(transfer.copy.priority + 1);
      return;
    }
    association.pendingOutgoing = undefined;
    association.send(transfer, this.#transfers.transferMilliseconds(association, transfer.copy), resume);
  }

  refusesTransfers(): string | undefined {
    return this.#acceptance.refusesTransfers();
  }

  transferEnded(association: MtaAssociation, transfer: OutgoingTransfer, confirm: TransferConfirm): void {
    this.#transfers.ended(association, transfer, confirm);
  }

  complete(
    association: MtaAssociation,
    transfer: IncomingTransfer,
    answer: Parameters<AssociationOwner['complete']>[2],
  ): void {
    this.#acceptance.complete(association, transfer, answer);
  }

  incomingKept(association: MtaAssociation, transfer: IncomingTransfer): void {
    this.keepIncoming(transfer.activity.id, association.connector?.rts.recoveryTimeoutSeconds ?? 0);
  }

  keepIncoming(id: IncomingId, seconds: number): void {
    if (!this.#state.stopping) this.#kept.keep(id, seconds);
  }

  incomingResumed(id: IncomingId): void {
    this.#kept.resumed(id);
  }

  ended(association: MtaAssociation, departure: AssociationDeparture): void {
    const { lostTransfer, pendingOutgoing } = association;
    const queue = this.#queueOf(association);
    queue?.closed(association);
    this.gone(association);
    if (this.#state.stopping) {
      if (lostTransfer !== undefined) this.#transfers.interrupted(lostTransfer);
      return;
    }
    const lost = lossOf(association, departure, this.now());
    const outgoing = lost?.outgoing?.transfer;
    if (lostTransfer !== undefined && lostTransfer === outgoing) {
      this.store.execute('outgoing.interrupted', { copy: lostTransfer.copy.id, at: this.now() }, () => undefined);
    } else if (lostTransfer !== undefined) this.#transfers.lost(lostTransfer, departure);
    if (pendingOutgoing !== undefined && pendingOutgoing.transfer !== outgoing) {
      this.#transfers.restart(pendingOutgoing.transfer, departure.text);
    }
    if (lost !== undefined) this.#recovery.add(lost, departure.pauseSeconds);
    if (lost === undefined && lostTransfer !== undefined) queue?.lost(departure.pauseSeconds ?? 0);
    else queue?.wake();
  }

  gone(association: MtaAssociation): void {
    if (this.associations.delete(association)) this.#connections -= 1;
  }

  stop(): void {
    this.#kept.stop();
    for (const association of [...this.associations]) association.stop();
  }

  /** Callers that say nothing do not keep others out: the one that has been silent longest gives way. */
  #makeRoom(): void {
    const latest = this.now().monotonicMilliseconds - unboundMilliseconds;
    for (const association of this.associations) {
      const isUnbound = association.role === 'responder' && association.state === 'opening';
      if (!isUnbound || association.openedAt.monotonicMilliseconds > latest) continue;
      association.drop('no bind, and its connection was needed for another caller');
      return;
    }
  }

  #enter(association: MtaAssociation): void {
    this.associations.add(association);
    this.#connections += 1;
  }

  #queueOf(association: MtaAssociation): ConnectorQueue | undefined {
    return association.connector === undefined ? undefined : this.#state.queues.get(association.connector.name);
  }

  /** Raises the alarm where the peer's values differ from ours; a sentence where that refuses the association. */
  #compare(
    association: MtaAssociation,
    connector: Connector,
    theirs: OpenIndication['proposal'],
    said: 'proposal' | 'answer',
  ): string | undefined {
    const mismatches = mismatchesOf(connector, theirs, said);
    for (const { field, ours, theirs: value } of mismatches) {
      const queue = this.#state.queues.get(connector.name);
      if (queue !== undefined) queue.counters.mismatches += 1;
      this.world.observe({
        event: 'rts.mismatch',
        level: 'warn',
        fields: { association: association.id, connector: connector.name, field, ours, theirs: value, said },
      });
    }
    const [first] = mismatches;
    if (first === undefined || connector.rts.onMismatch === 'alarm') return undefined;
    return `connector ${connector.name}: ${first.field} is ${String(first.ours)} here, the peer's ${said} is ${String(first.theirs)}`;
  }

  #options(plan: OpenPlan | undefined, accepted: Selectors): AssociationOptions {
    const { limits } = this.#state.site;
    this.#transportReference = (this.#transportReference % transportReferenceMax) + 1;
    return {
      role: plan === undefined ? 'responder' : 'initiator',
      modes: plan === undefined ? ['normal', 'x410-1984'] : [plan.connector.mode],
      transportReference: this.#transportReference,
      sizeOffer: plan === undefined ? 'preferred' : sizeOffers[plan.connector.tpduSizeOffer],
      accepted: {
        ...(accepted.transport === undefined ? {} : { transport: [accepted.transport] }),
        ...(accepted.session === undefined ? {} : { session: [accepted.session] }),
        ...(accepted.presentation === undefined ? {} : { presentation: [accepted.presentation] }),
      },
      limits: {
        ...associationLimits,
        tsduOctetsMax: limits.tsduOctetsMax,
        // What is too long beyond doubt is refused while it comes; what may just be too long is taken, and reported (X.411 §14.3.1).
        apduOctetsMax: limits.messageOctetsMax + apduLimits.envelopeOctetsMax,
        acknowledgementMilliseconds: limits.acknowledgementTimeoutSeconds * 1000,
      },
    };
  }

  #observe(event: string, fields: Readonly<Record<string, string | number | boolean | undefined>>): void {
    this.world.observe({ event, level: 'info', fields });
  }
}

function cannotRecover({ mode }: OpenIndication, cause: string, text: string): OpenDecision {
  return reject(mode, 'cannot-recover', cause, text);
}

const silentHandlers: ConnectionHandlers = {
  connected: () => undefined,
  data: () => undefined,
  drained: () => undefined,
  closed: () => undefined,
};
