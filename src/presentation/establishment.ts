/** Actions and predicates of the state table around CP, CPA and CPR. */
import { equalOctets } from '../bytes/octets.js';
import { assert } from '../osi/machine.js';
import type { SessionRequest } from '../session/service.js';
import { encodeCp, encodeCpa, encodeCpr, membersOf, rtoacTag, rtorjTag, rtorqTag } from './codec.js';
import { above, below, observe, type Connection, type PresentationEffect } from './connection.js';
import { DefinedContextSet } from './contexts.js';
import { as, type PresentationEvent } from './events.js';
import { normalMode, versionOneOnly, x410Mode, type Cp, type Cpa } from './pdu.js';
import { providerRefusals, refusalMeaning, type ProviderRefusal } from './reasons.js';
import { berTransferSyntax } from './service.js';
import type { Action, Predicate } from './state-table.js';
import { embed } from './user-data.js';

type Perform = (connection: Connection, event: PresentationEvent) => readonly PresentationEffect[];
type EstablishmentAction = Extract<Action, `CP${string}` | `P-CON${string}`>;

/** Members of RTORJ with refuseReason validationFailure: in X.410-1984 mode the provider has no other words. */
const validationFailure = Uint8Array.of(0x80, 1, 2);

export const predicates: Readonly<Record<Predicate, (connection: Connection, event: PresentationEvent) => boolean>> = {
  'mode not taken': ({ options }, event) => !options.modes.includes(as(event, 'CP').offer.mode),
  'no common version': (_, event) => !as(event, 'CP').offer.hasCommonVersion,
  'called selector unknown': ({ options }, event) => {
    const { indication, offer } = as(event, 'CP');
    if (offer.mode !== 'normal') return false;
    return (
      isUnknown(offer.calledSelector, options.acceptedSelectors) ||
      isUnknown(indication.calledSessionSelector, options.acceptedSessionSelectors)
    );
  },
  'user data not readable': (_, event) => as(event, 'CP').offer.userData === undefined,
};

function isUnknown(called: Uint8Array = new Uint8Array(0), accepted?: readonly Uint8Array[]): boolean {
  return accepted?.every((selector) => !equalOctets(selector, called)) ?? false;
}

export const establishmentActions: Readonly<Record<EstablishmentAction, Perform>> = {
  CP(connection, event) {
    const { request } = as(event, 'P-CONreq');
    const { called, calling } = request.addresses;
    connection.contexts = new DefinedContextSet(request.contexts);
    const cp: Cp =
      connection.mode === 'normal'
        ? {
            modeSelector: { modeValue: normalMode },
            normalParameters: {
              protocolVersion: versionOneOnly,
              ...(calling.presentation && { callingSelector: calling.presentation }),
              ...(called.presentation && { calledSelector: called.presentation }),
              contextDefinitions: request.contexts.map((context) => ({
                ...context,
                transferSyntaxes: [berTransferSyntax],
              })),
              userData: embed(connection.contexts, request.userData),
            },
          }
        : {
            modeSelector: { modeValue: x410Mode },
            x410Parameters: membersOf(request.userData.octets, rtorqTag),
          };
    return [
      below({
        type: 'S-CONNECT.request',
        identifier: request.identifier,
        ...(called.transport && { calledTransportSelector: called.transport }),
        ...(calling.transport && { callingTransportSelector: calling.transport }),
        ...(called.session && { calledSessionSelector: called.session }),
        ...(calling.session && { callingSessionSelector: calling.session }),
        initialTokens: request.initialTokens,
        userData: encodeCp(cp),
      }),
    ];
  },

  'P-CONind'(connection, event) {
    const { indication, offer } = as(event, 'CP');
    assert(offer.userData !== undefined, 'user data not readable');
    const { calledTransportSelector, callingTransportSelector } = indication;
    const { calledSessionSelector, callingSessionSelector } = indication;
    connection.mode = offer.mode;
    connection.contexts = offer.contextAnswer.accepted;
    connection.contextResults = offer.contextAnswer.results;
    connection.sessionVersion = indication.version;
    const called = {
      ...(calledTransportSelector && { transport: calledTransportSelector }),
      ...(calledSessionSelector && { session: calledSessionSelector }),
      ...(offer.calledSelector && { presentation: offer.calledSelector }),
    };
    const calling = {
      ...(callingTransportSelector && { transport: callingTransportSelector }),
      ...(callingSessionSelector && { session: callingSessionSelector }),
      ...(offer.callingSelector && { presentation: offer.callingSelector }),
    };
    return [
      above({
        type: 'P-CONNECT.indication',
        mode: offer.mode,
        called,
        calling,
        identifier: indication.identifier,
        initialTokens: indication.initialTokens,
        sessionVersion: indication.version,
        contexts: connection.contexts.members,
        userData: offer.userData,
      }),
    ];
  },

  CPA(connection, event) {
    const { response } = as(event, 'P-CONrsp+');
    const { respondingSelector } = connection.options;
    const cpa: Cpa =
      connection.mode === 'normal'
        ? {
            modeSelector: { modeValue: normalMode },
            normalParameters: {
              protocolVersion: versionOneOnly,
              ...(respondingSelector && { respondingSelector }),
              contextResults: connection.contextResults,
              userData: embed(connection.contexts, response.userData),
            },
          }
        : {
            modeSelector: { modeValue: x410Mode },
            x410Parameters: membersOf(response.userData.octets, rtoacTag),
          };
    const { initialTokens } = response;
    return [below({ type: 'S-CONNECT.response', result: 'accept', initialTokens, userData: encodeCpa(cpa) })];
  },

  CPR(connection, event) {
    const { response } = as(event, 'P-CONrsp-');
    const { userData } = response;
    if (userData === undefined) {
      return [below({ type: 'S-CONNECT.response', result: 'reject', reason: response.transient ? 1 : 0 })];
    }
    const { respondingSelector } = connection.options;
    const cpr =
      connection.mode === 'normal'
        ? encodeCpr({
            kind: 'normalMode',
            value: {
              protocolVersion: versionOneOnly,
              ...(respondingSelector && { respondingSelector }),
              contextResults: connection.contextResults,
              userData: embed(connection.contexts, userData),
            },
          })
        : encodeCpr({ kind: 'x410Mode', value: membersOf(userData.octets, rtorjTag) });
    return [refuse(cpr)];
  },

  'CPR 0': (_, event) => refuseByProvider('reason-not-specified', event),
  'CPR 3': (_, event) => refuseByProvider('called-presentation-address-unknown', event),
  'CPR 4': (_, event) => refuseByProvider('protocol-version-not-supported', event),
  'CPR 6': (_, event) => refuseByProvider('user-data-not-readable', event),

  'P-CONcnf+'(connection, event) {
    const { confirm, answer } = as(event, 'CPA');
    connection.contexts = answer.contexts;
    connection.sessionVersion = confirm.version;
    return [
      ...(answer.unrecognizedCount === 0
        ? []
        : [observe('presentation.unrecognized', 'debug', { ppdu: 'CPA', count: answer.unrecognizedCount })]),
      above({
        type: 'P-CONNECT.confirm',
        result: 'accept',
        identifier: confirm.identifier,
        initialTokens: confirm.initialTokens,
        sessionVersion: confirm.version,
        contexts: answer.contexts.members,
        userData: answer.userData,
      }),
    ];
  },

  'P-CONcnf-'(_, event) {
    const { refusal, userData } = as(event, 'CPR').refusal;
    return [above({ type: 'P-CONNECT.confirm', result: 'reject', refusal, ...(userData && { userData }) })];
  },
};

function refuse(cpr: Uint8Array): PresentationEffect {
  const request: SessionRequest = { type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: cpr };
  return below(request);
}

function refuseByProvider(refusal: ProviderRefusal, event: PresentationEvent): readonly PresentationEffect[] {
  const { name } = as(event, 'CP', 'invalid CP');
  const providerReason = providerRefusals[refusal];
  const text = event.name === 'invalid CP' ? event.text : refusalMeaning(providerReason).text;
  const cpr =
    event.name === 'CP' && event.offer.mode === 'x410-1984'
      ? encodeCpr({ kind: 'x410Mode', value: validationFailure })
      : encodeCpr({
          kind: 'normalMode',
          value: { protocolVersion: versionOneOnly, contextResults: [], providerReason },
        });
  return [observe('presentation.refused', 'info', { event: name, reason: providerReason, text }), refuse(cpr)];
}
