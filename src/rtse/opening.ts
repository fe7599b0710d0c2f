import type { AssociationRefusal } from '../acse/service.js';
import { assert } from '../osi/machine.js';
import { encodeRtoac, encodeRtorj, encodeRtorq, type OpenRefusal, type OpenRequest } from './codec.js';
import { as, type RtpmEvent } from './events.js';
import { answerTo, legalAnswer, legalProposal, type Outcome } from './negotiation.js';
import type { Association, Part } from './part.js';
import type { RefuseReason, RtseIndication, RtseRequest } from './service.js';
import type { OpeningAction, OpeningPredicate } from './state-table/names.js';

type RequestOf<T extends RtseRequest['type']> = Extract<RtseRequest, { type: T }>;

/** What the responder was asked. */
interface Asked {
  readonly initialTokens: 'initiator' | 'responder' | 'called-user';
  readonly apdu: OpenRequest;
}

/** Association establishment and release (X.228 §7.1, §7.2). */
export class Opening implements Part<OpeningPredicate, OpeningAction> {
  readonly #association: Association;
  #requested: RequestOf<'RT-OPEN.request'> | undefined;
  #asked: Asked | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  readonly predicates: Part<OpeningPredicate, OpeningAction>['predicates'] = {
    p11: () => this.#association.options.role === 'initiator',
    'normal mode': () => this.#association.mode === 'normal',
    'protocol unknown': (event) => {
      const { indication, apdu } = as(event, 'RTORQ');
      return indication.mode === 'x410-1984' && apdu.applicationProtocol === 'unknown';
    },
    'dialogue mode unknown': (event) => as(event, 'RTORQ').apdu.dialogueMode === undefined,
    'same connection data': (event) =>
      as(event, 'RTOAC').apdu.connectionData.kind === this.#requested?.connectionData.kind,
    accepted: (event) => as(event, 'RT-OPEN.response').request.result === 'accept',
    'initial turn ours': (event) => this.#initialTurn(event) === this.#association.options.role,
  };

  readonly actions: Part<OpeningPredicate, OpeningAction>['actions'] = {
    RTORQ: (event) => {
      this.#request(as(event, 'RT-OPEN.request').request);
    },
    'RT-OPEN.ind': (event) => {
      this.#indicate(as(event, 'RTORQ'));
    },
    RTOAC: (event) => {
      const { request } = as(event, 'RT-OPEN.response');
      assert(request.result === 'accept', 'RTOAC for a refusal');
      this.#accept(request);
    },
    RTORJ: (event) => {
      const { request } = as(event, 'RT-OPEN.response');
      assert(request.result === 'reject', 'RTORJ for an acceptance');
      this.#reject(request);
    },
    'RTORJ 2': (event) => {
      this.#refuse(as(event, 'RTORQ'), 'validation-failure', 'application protocol');
    },
    'RTORJ 3': (event) => {
      this.#refuse(as(event, 'RTORQ'), 'unacceptable-dialogue-mode', 'dialogue mode');
    },
    'RT-OPEN.cnf+': (event) => {
      this.#confirm(as(event, 'RTOAC'));
    },
    'RT-OPEN.cnf-': (event) => {
      this.#confirmRefusal(as(event, 'refusal'));
    },
    RLRQ: () => {
      this.#association.effects.below({ type: 'A-RELEASE.request' });
    },
    RLRE: () => {
      this.#association.effects.below({ type: 'A-RELEASE.response' });
    },
    'RT-CLOSE.ind': () => {
      this.#association.effects.above({ type: 'RT-CLOSE.indication' });
    },
    'RT-CLOSE.cnf': () => {
      this.#association.effects.above({ type: 'RT-CLOSE.confirm' });
    },
  };

  #initialTurn(event: RtpmEvent): 'initiator' | 'responder' | undefined {
    if (event.name === 'RTOAC') return event.confirm.initialTokens;
    const { request } = as(event, 'RT-OPEN.response');
    if (request.result === 'reject') return undefined;
    const asked = this.#asked?.initialTokens;
    return asked === 'called-user' ? request.initialTurn : asked; // the caller's setting rules where it made one
  }

  #request(request: RequestOf<'RT-OPEN.request'>): void {
    const { mode } = this.#association;
    assert(mode !== undefined, 'the initiator must know its mode');
    this.#requested = request;
    this.#association.effects.below({
      type: 'A-ASSOCIATE.request',
      addresses: request.addresses,
      identifier: request.identifier,
      initialTokens: request.initialTurn,
      contexts: request.contexts,
      applicationContext: request.applicationContext,
      ...(request.calledTitle === undefined ? {} : { calledTitle: request.calledTitle }),
      ...(request.callingTitle === undefined ? {} : { callingTitle: request.callingTitle }),
      userInformation: encodeRtorq({ mode, ...request }),
    });
  }

  #indicate({ indication, apdu }: Extract<RtpmEvent, { name: 'RTORQ' }>): void {
    const { mode, called, calling, identifier, initialTokens, contexts, applicationContext } = indication;
    const { dialogueMode = 'monologue', connectionData, applicationProtocol } = apdu;
    const { values: proposal, outOfRange } = legalProposal(apdu.proposal);
    this.#association.mode = mode;
    this.#asked = { initialTokens, apdu: { ...apdu, proposal } };
    this.#observeRange('rts.proposal-out-of-range', outOfRange);
    this.#association.effects.above({
      type: 'RT-OPEN.indication',
      mode,
      called,
      calling,
      identifier,
      dialogueMode,
      initialTurn: initialTokens,
      proposal,
      connectionData,
      contexts,
      ...(applicationContext === undefined ? {} : { applicationContext }),
      ...(mode === 'normal' || applicationProtocol === 'unknown' ? {} : { applicationProtocol }),
    });
  }

  #accept(response: Extract<RequestOf<'RT-OPEN.response'>, { result: 'accept' }>): void {
    const { mode, effects } = this.#association;
    const asked = this.#asked;
    assert(asked !== undefined && mode !== undefined, 'nothing was asked');
    assert(
      response.connectionData.kind === asked.apdu.connectionData.kind,
      'open answers open, recover answers recover',
    );
    const negotiated = answerTo(asked.apdu.proposal, response.limits);
    this.#association.negotiated = negotiated;
    effects.below({
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: asked.initialTokens === 'called-user' ? response.initialTurn : asked.initialTokens,
      userInformation: encodeRtoac(negotiated, response.connectionData, mode),
    });
    effects.above({ type: 'RT-OPEN.completed', negotiated });
  }

  /** The bind error of normal mode is not for a recovery (X.228 §7.8.3.2.3). */
  #reject({ reason, userData }: Extract<RequestOf<'RT-OPEN.response'>, { result: 'reject' }>): void {
    const isRecovery = this.#asked?.apdu.connectionData.kind === 'recover';
    assert(isRecovery || reason !== 'cannot-recover', 'cannot-recover answers recover only'); // X.228 §7.8.3.6.1
    const bindError = isRecovery || userData === undefined ? {} : { userData };
    this.#sendRefusal(reason, this.#association.mode === 'normal' ? bindError : { reason });
  }

  /** Without asking the user. */
  #refuse({ indication }: Extract<RtpmEvent, { name: 'RTORQ' }>, reason: RefuseReason, what: string): void {
    this.#association.effects.observe('rts.refused', 'warn', { reason, text: `unknown ${what}` });
    this.#sendRefusal(reason, indication.mode === 'normal' ? {} : { reason });
  }

  #sendRefusal(reason: RefuseReason, apdu: OpenRefusal): void {
    this.#association.effects.below({
      type: 'A-ASSOCIATE.response',
      result: 'reject',
      transient: reason === 'busy',
      userInformation: encodeRtorj(apdu),
    });
  }

  #confirm({ confirm, apdu }: Extract<RtpmEvent, { name: 'RTOAC' }>): void {
    assert(this.#requested !== undefined, 'nothing was requested');
    const { values: negotiated, outOfRange } = legalAnswer(apdu.answer, this.#requested.proposal);
    this.#association.negotiated = negotiated;
    this.#observeRange('rts.answer-out-of-range', outOfRange);
    this.#association.effects.above({
      type: 'RT-OPEN.confirm',
      result: 'accept',
      negotiated,
      initialTurn: confirm.initialTokens,
      identifier: confirm.identifier,
      contexts: confirm.contexts,
      connectionData: apdu.connectionData,
    });
  }

  #confirmRefusal({ confirm, apdu }: Extract<RtpmEvent, { name: 'refusal' }>): void {
    const reason = this.#reasonOf(confirm.refusal, apdu);
    const confirmed: Extract<RtseIndication, { type: 'RT-OPEN.confirm'; result: 'reject' }> = {
      type: 'RT-OPEN.confirm',
      result: 'reject',
      refusal: {
        ...confirm.refusal,
        ...(apdu?.reason === undefined ? {} : { transient: apdu.reason === 'busy' }), // REFUSE itself always says 2, for good
      },
      ...(reason === undefined ? {} : { reason }),
      ...(apdu?.userData === undefined ? {} : { userData: apdu.userData }),
    };
    this.#association.effects.above(confirmed);
  }

  /** In normal mode only the result of AARE tells a recovery refused for good from one refused for now (X.228 §7.8.3.2.3). */
  #reasonOf(refusal: AssociationRefusal, apdu: OpenRefusal | undefined): RefuseReason | undefined {
    if (apdu?.reason !== undefined) return apdu.reason;
    const isRecovery = this.#requested?.connectionData.kind === 'recover';
    if (!isRecovery || refusal.source !== 'acse-user') return undefined;
    return refusal.transient ? 'busy' : 'cannot-recover';
  }

  #observeRange(event: string, outOfRange: Outcome['outOfRange']): void {
    if (outOfRange.length > 0) this.#association.effects.observe(event, 'warn', { fields: outOfRange.join(' ') });
  }
}
