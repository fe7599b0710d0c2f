import { recoverName } from '../association/session-connection.js';
import type { Connector } from '../config/site.js';
import type { AssociationFacts } from '../queue/store.js';
import type { NegotiatedValues, RtseIndication, RtseRequest } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { AssociationOwner, OpenDecision, OpenFailure, OpenPlan } from './association-owner.js';
import type { MtaAssociation } from './mta-association.js';
import { factsOf, openRequestOf, openResponseOf } from './opening.js';
import { openFailureOf } from './peers.js';
import type { LostAssociation } from './recovery.js';
import type { Turn } from './turn.js';

type OpenIndication = Extract<RtseIndication, { type: 'RT-OPEN.indication' }>;
type OpenConfirm = Extract<RtseIndication, { type: 'RT-OPEN.confirm' }>;

/** A peer that has not bound is nobody: what it may make us hold is little more than the largest bind. */
export const openingOctetsMax = 512 * 1024;

export interface HandshakeUser {
  request(primitive: RtseRequest): void;
  /** The association has neither opened nor ended. */
  isOpening(): boolean;
  /** All of it is known now. */
  opened(): void;
  /** We have refused the peer. */
  refused(text: string, cause: string): void;
  /** The peer has refused us, or answered what we do not take. */
  failed(failure: OpenFailure): void;
}

/** How an association comes to be open, on either side: who the peer is, what was agreed with it, what it stands in for. */
export class Handshake {
  connector: Connector | undefined;
  facts: AssociationFacts | undefined;
  negotiated: NegotiatedValues | undefined;
  /** The lost association that this one stands in for. */
  recovers: LostAssociation | undefined;
  identifier: SessionConnectionIdentifier | undefined;
  readonly #association: MtaAssociation;
  readonly #owner: AssociationOwner;
  readonly #turn: Turn;
  readonly #plan: OpenPlan | undefined;
  readonly #user: HandshakeUser;

  /** `plan`: of the initiator. */
  constructor(
    association: MtaAssociation,
    owner: AssociationOwner,
    turn: Turn,
    plan: OpenPlan | undefined,
    user: HandshakeUser,
  ) {
    this.#association = association;
    this.#owner = owner;
    this.#turn = turn;
    this.#plan = plan;
    this.#user = user;
    this.connector = plan?.connector;
    this.recovers = plan?.recover?.lost;
  }

  /** Only of an association that is open. */
  settledFacts(): AssociationFacts {
    if (this.facts === undefined) throw new Error('an association has no facts before it is open');
    return this.facts;
  }

  /** Initiator: the request that sets out. */
  begin(): void {
    const plan = this.#plan;
    if (plan === undefined) return;
    this.identifier = this.#owner.newSessionConnection(plan.connector);
    this.#user.request(openRequestOf(plan, this.identifier, this.#owner.bindArgument(plan.connector)));
  }

  /** Responder: the peer wants to open. */
  asked(request: OpenIndication): void {
    this.identifier = request.identifier;
    const { connectionData } = request;
    if (connectionData.kind === 'open') {
      this.#decided(request, this.#owner.openRequested(this.#association, request));
      return;
    }
    this.#owner.recoverRequested(this.#association, recoverName(connectionData.identifier), request, (decision) => {
      if (this.#user.isOpening()) this.#decided(request, decision);
    });
  }

  /** Initiator: the peer has answered. */
  answered(answer: OpenConfirm): void {
    const plan = this.#plan;
    if (plan === undefined) return;
    if (answer.result === 'reject') {
      this.#user.failed(openFailureOf(answer));
      return;
    }
    const fault =
      plan.recover === undefined ? this.#owner.checkBindResult(plan.connector, answer.connectionData) : undefined;
    if (fault !== undefined) {
      this.#user.failed({ text: fault, outlook: 'refused' });
      this.#user.request({ type: 'RT-P-ABORT.request', reason: 'local-system-problem' });
      return;
    }
    this.identifier = { ...this.identifier, ...answer.identifier };
    this.#turn.holder = answer.initialTurn === 'initiator' ? 'ours' : 'peer';
    const { mode, dialogue } = plan.connector;
    this.facts = factsOf(plan.connector, {
      role: 'initiator',
      mode,
      dialogue,
      identifier: this.identifier,
      contexts: answer.contexts,
      values: answer.negotiated,
    });
    this.completed(answer.negotiated);
  }

  /** Both sides have agreed on these values. */
  completed(negotiated: NegotiatedValues): void {
    if (this.facts === undefined || this.connector === undefined) return;
    this.negotiated = negotiated;
    this.facts = { ...this.facts, ...negotiated };
    this.#user.opened();
  }

  #decided(request: OpenIndication, decision: OpenDecision): void {
    if (decision.result === 'reject') {
      this.#user.refused(decision.text, decision.cause);
      this.#user.request(openResponseOf(request, decision));
      return;
    }
    const { connector } = decision;
    this.recovers = decision.recovers;
    this.connector = connector;
    this.#turn.holder = request.initialTurn === 'responder' ? 'ours' : 'peer';
    this.facts = factsOf(connector, {
      role: 'responder',
      mode: request.mode,
      dialogue: request.dialogueMode,
      identifier: request.identifier,
      contexts: request.contexts,
      values: decision.limits,
    });
    this.#user.request(openResponseOf(request, decision));
  }
}
