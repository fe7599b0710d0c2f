import { mtsTransferContext } from '../acse/service.js';
import { associationContexts, messageContextOf } from '../association/contexts.js';
import { recoverIdentifier, sessionConnectionName, sessionConnectionOf } from '../association/session-connection.js';
import { toHex } from '../bytes/octets.js';
import type { Connector } from '../config/site.js';
import type { AssociationFacts } from '../queue/store.js';
import type { NegotiatedValues, RtseIndication, RtseRequest } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { OpenDecision, OpenPlan } from './association-owner.js';
import { identifierOf, type LostAssociation } from './recovery.js';

type OpenIndication = Extract<RtseIndication, { type: 'RT-OPEN.indication' }>;

/** How we open: as configured, or for a recovery with the values that the lost association had. */
export function openRequestOf(
  { connector, recover }: OpenPlan,
  identifier: SessionConnectionIdentifier,
  bindArgument: Uint8Array,
): Extract<RtseRequest, { type: 'RT-OPEN.request' }> {
  const { checkpointSizeK, windowSize } = recover?.facts ?? connector.rts;
  return {
    type: 'RT-OPEN.request',
    addresses: { called: connector.remote.selectors, calling: connector.remote.calling },
    identifier,
    dialogueMode: connector.dialogue,
    initialTurn: recover?.turn ?? 'initiator',
    proposal: { checkpointSizeK, windowSize },
    connectionData:
      recover === undefined
        ? { kind: 'open', userData: bindArgument }
        : { kind: 'recover', identifier: recoverIdentifier(recover.identifier) },
    contexts: connector.mode === 'normal' ? associationContexts : [],
    applicationContext: mtsTransferContext,
    applicationProtocol: connector.p1 === '1984' ? 1 : 12,
  };
}

/** The connector with what cannot change between a loss and its recovery, whatever was loaded meanwhile: the APDU under way depends on it. */
export function asOpened(connector: Connector, { mode, p1, dialogue }: AssociationFacts): Connector {
  return { ...connector, mode, p1, dialogue };
}

/** Plan of an association that stands in for a lost one. */
export function recoverPlan(lost: LostAssociation, connector: Connector): OpenPlan {
  const { facts, outgoing, incoming, unheardEnd } = lost;
  const name = incoming?.sessionConnection ?? unheardEnd;
  const began = name === undefined ? identifierOf(facts) : sessionConnectionOf(name);
  return {
    connector: asOpened(connector, facts),
    recover: {
      lost,
      facts,
      identifier: outgoing?.resume.originalSessionConnection ?? began,
      turn: outgoing === undefined ? 'responder' : 'initiator',
    },
  };
}

/** What a resumption of anything on this association will need. */
export function factsOf(
  connector: Connector,
  opened: {
    readonly role: AssociationFacts['role'];
    readonly mode: AssociationFacts['mode'];
    readonly dialogue: AssociationFacts['dialogue'];
    readonly identifier: SessionConnectionIdentifier;
    readonly contexts: OpenIndication['contexts'];
    readonly values: NegotiatedValues;
  },
): AssociationFacts {
  const { role, mode, dialogue, identifier, contexts, values } = opened;
  const hex = (name: keyof SessionConnectionIdentifier): Readonly<Record<string, string>> => {
    const octets = identifier[name];
    return octets === undefined ? {} : { [name]: toHex(octets) };
  };
  return {
    connector: connector.name,
    sessionConnection: sessionConnectionName(identifier),
    role,
    mode,
    p1: connector.p1,
    dialogue,
    checkpointSizeK: values.checkpointSizeK,
    windowSize: values.windowSize,
    contextIdentifier: messageContextOf(contexts) ?? 0,
    references: { ...hex('calling'), ...hex('called'), ...hex('common'), ...hex('additional') },
  };
}

/** Our answer to a peer's wish to open; it keeps the turn that the peer proposes. */
export function openResponseOf(
  request: OpenIndication,
  decision: OpenDecision,
): Extract<RtseRequest, { type: 'RT-OPEN.response' }> {
  const userData = decision.userData === undefined ? {} : { userData: decision.userData };
  if (decision.result === 'reject') {
    return { type: 'RT-OPEN.response', result: 'reject', reason: decision.reason, ...userData };
  }
  const { connectionData, initialTurn } = request;
  return {
    type: 'RT-OPEN.response',
    result: 'accept',
    limits: decision.limits,
    initialTurn: initialTurn === 'responder' ? 'responder' : 'initiator',
    connectionData: connectionData.kind === 'recover' ? connectionData : { kind: 'open', ...userData },
  };
}

/** What the log says of an association that has opened: configured against negotiated. */
export function openedFields(connector: Connector, facts: AssociationFacts, recovers: LostAssociation | undefined) {
  return {
    role: facts.role,
    mode: facts.mode,
    p1: facts.p1,
    dialogue: facts.dialogue,
    configuredCheckpointSizeK: connector.rts.checkpointSizeK,
    negotiatedCheckpointSizeK: facts.checkpointSizeK,
    configuredWindowSize: connector.rts.windowSize,
    negotiatedWindowSize: facts.windowSize,
    recovered: recovers !== undefined,
  };
}
