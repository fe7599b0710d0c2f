/** Actions and predicates of the state table. */
import {
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  acseAbstractSyntax,
  type PresentationContext,
  type PresentationData,
} from '../presentation/service.js';
import { assert } from '../osi/machine.js';
import {
  above,
  acseData,
  below,
  observe,
  reliableTransferData,
  type AcseEffect,
  type Association,
} from './association.js';
import { encodeAare, encodeAarq, encodeAbrt, encodeRlre, encodeRlrq, informationOf } from './codec.js';
import {
  applicationContextNotSupported,
  diagnosticText,
  noCommonVersion,
  noDiagnostic,
  noReasonGiven,
} from './diagnostics.js';
import { as, type AcseEvent } from './events.js';
import {
  abortByProvider,
  abortByUser,
  accepted,
  rejectedPermanent,
  rejectedTransient,
  versionOneOnly,
  type Aare,
  type Diagnostic,
} from './pdu.js';
import type { Action, Predicate } from './state-table.js';

/** Abstract syntaxes without which an association is of no use to mts-transfer (X.419). */
const neededAbstractSyntaxes: readonly string[] = [rtseAbstractSyntax, mtseAbstractSyntax];

function lacks(contexts: readonly PresentationContext[], abstractSyntaxes: readonly string[]): boolean {
  return abstractSyntaxes.some((needed) => !contexts.some(({ abstractSyntax }) => abstractSyntax === needed));
}

export const predicates: Readonly<Record<Predicate, (association: Association, event: AcseEvent) => boolean>> = {
  'no common version': (_, event) => !as(event, 'AARQ').offer.hasCommonVersion,
  'application context not supported': ({ options }, event) => {
    const { applicationContext } = as(event, 'AARQ').offer;
    return applicationContext !== undefined && !options.applicationContexts.includes(applicationContext);
  },
  'presentation contexts missing'(association, event) {
    if (event.name === 'AARE+') {
      return lacks(
        event.confirm.contexts,
        association.contexts.map(({ abstractSyntax }) => abstractSyntax),
      );
    }
    const { indication } = as(event, 'AARQ');
    return indication.mode === 'normal' && lacks(indication.contexts, neededAbstractSyntaxes);
  },
  'user information missing': (_, event) => as(event, 'AARQ').offer.userInformation === undefined,
};

type Perform = (association: Association, event: AcseEvent) => readonly AcseEffect[];

export const actions: Readonly<Record<Action, Perform>> = {
  AARQ(association, event) {
    const { request } = as(event, 'A-ASCreq');
    const { addresses, identifier, initialTokens, contexts, applicationContext, userInformation } = request;
    association.contexts = contexts;
    const isNormal = association.mode === 'normal';
    if (isNormal) association.applicationContext = applicationContext;
    const { calledTitle, callingTitle } = request;
    const userData = isNormal
      ? acseData(
          encodeAarq({
            protocolVersion: versionOneOnly,
            applicationContextName: applicationContext,
            ...(calledTitle?.apTitle && { calledApTitle: calledTitle.apTitle }),
            ...(calledTitle?.aeQualifier && { calledAeQualifier: calledTitle.aeQualifier }),
            ...(callingTitle?.apTitle && { callingApTitle: callingTitle.apTitle }),
            ...(callingTitle?.aeQualifier && { callingAeQualifier: callingTitle.aeQualifier }),
            userInformation: informationOf(contexts, userInformation),
          }),
        )
      : reliableTransferData(userInformation);
    return [below({ type: 'P-CONNECT.request', addresses, identifier, initialTokens, contexts, userData })];
  },

  'A-ASCind'(association, event) {
    const { indication, offer } = as(event, 'AARQ');
    const { mode, called, calling, identifier, initialTokens, contexts } = indication;
    const { applicationContext, callingTitle, userInformation } = offer;
    assert(userInformation !== undefined, 'user information missing');
    association.applicationContext = applicationContext;
    return [
      above({
        type: 'A-ASSOCIATE.indication',
        mode,
        called,
        calling,
        identifier,
        initialTokens,
        contexts,
        ...(applicationContext !== undefined && { applicationContext }),
        ...(callingTitle && { callingTitle }),
        userInformation,
      }),
    ];
  },

  'AARE+'(association, event) {
    const { initialTokens, userInformation } = as(event, 'A-ASCrsp+').response;
    const { applicationContext, contexts, options } = association;
    const userData =
      applicationContext === undefined
        ? reliableTransferData(userInformation)
        : acseData(
            encodeAare({
              ...answer(applicationContext, accepted, noDiagnostic),
              ...(options.respondingTitle?.apTitle && { respondingApTitle: options.respondingTitle.apTitle }),
              ...(options.respondingTitle?.aeQualifier && {
                respondingAeQualifier: options.respondingTitle.aeQualifier,
              }),
              userInformation: informationOf(contexts, userInformation),
            }),
          );
    return [below({ type: 'P-CONNECT.response', result: 'accept', initialTokens, userData })];
  },

  'AARE-'(association, event) {
    const { transient, userInformation } = as(event, 'A-ASCrsp-').response;
    const { applicationContext, contexts } = association;
    if (applicationContext === undefined) {
      return [reject(transient, userInformation && reliableTransferData(userInformation))];
    }
    const aare = {
      ...answer(applicationContext, transient ? rejectedTransient : rejectedPermanent, noReasonGiven),
      ...(userInformation && { userInformation: informationOf(contexts, userInformation) }),
    };
    return [reject(transient, acseData(encodeAare(aare)))];
  },

  'AARE- no common version': (_, event) => rejectAarq(event, noCommonVersion),
  'AARE- application context not supported': (_, event) => rejectAarq(event, applicationContextNotSupported),
  'AARE- no reason': (_, event) => rejectAarq(event, noReasonGiven),

  'A-ASCcnf+'(association, event) {
    const { confirm, answer: aare } = as(event, 'AARE+');
    const { identifier, initialTokens, contexts } = confirm;
    association.contexts = contexts;
    return [above({ type: 'A-ASSOCIATE.confirm', result: 'accept', identifier, initialTokens, contexts, ...aare })];
  },

  'A-ASCcnf-'(_, event) {
    const { refusal, userInformation } = as(event, 'P-CONcnf-');
    return [
      above({ type: 'A-ASSOCIATE.confirm', result: 'reject', refusal, ...(userInformation && { userInformation }) }),
    ];
  },

  'A-ASCcnf- contexts missing': () => [
    above({
      type: 'A-ASSOCIATE.confirm',
      result: 'reject',
      refusal: {
        source: 'presentation',
        transient: false,
        text: 'the called side does not support all presentation contexts that are needed',
      },
    }),
  ],

  'A-ASCcnf- invalid'(_, event) {
    const { text } = as(event, 'invalid APDU');
    return [
      above({
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-provider', transient: false, text },
      }),
    ];
  },

  RLRQ: ({ mode }) => [
    below({ type: 'P-RELEASE.request', ...(mode === 'normal' && { userData: acseData(encodeRlrq()) }) }),
  ],

  RLRE: ({ mode }) => [
    below({ type: 'P-RELEASE.response', ...(mode === 'normal' && { userData: acseData(encodeRlre()) }) }),
  ],

  'A-RLSind': () => [above({ type: 'A-RELEASE.indication' })],
  'A-RLScnf+': () => [above({ type: 'A-RELEASE.confirm' })],

  ABRT: (association, event) => [abort(association, abortByUser, as(event, 'A-ABRreq').userInformation)],
  'ABRT user': (association) => [abort(association, abortByUser, undefined)],

  'ABRT provider'(association, event) {
    const { text } = as(event, 'invalid AARQ', 'invalid APDU');
    return [
      observe('acse.protocol-error', 'warn', { event: event.name, text }),
      abort(association, abortByProvider, undefined),
    ];
  },

  'A-ABRind'(_, event) {
    const { source, userInformation } = as(event, 'ABRT');
    return [above({ type: 'A-ABORT.indication', source, ...(userInformation && { userInformation }) })];
  },

  'A-ABRind provider': () => [above({ type: 'A-ABORT.indication', source: 'provider' })],

  'A-PABind'(_, event) {
    const { cause, origin, text } = as(event, 'P-PABind').indication;
    return [above({ type: 'A-P-ABORT.indication', cause, origin, text })];
  },

  'P-req': (_, event) => [below(as(event, 'P-req').request)],
  'P-ind': (_, event) => [above(as(event, 'P-ind').indication)],
};

function answer(
  applicationContextName: string,
  result: number,
  diagnostic: Diagnostic,
): Pick<Aare, 'protocolVersion' | 'applicationContextName' | 'result' | 'diagnostic'> {
  return { protocolVersion: versionOneOnly, applicationContextName, result, diagnostic };
}

function reject(transient: boolean, userData: PresentationData | undefined): AcseEffect {
  return below({ type: 'P-CONNECT.response', result: 'reject', transient, ...(userData && { userData }) });
}

/** An AARQ that is refused here, before its user sees it. */
function rejectAarq(event: AcseEvent, diagnostic: Diagnostic): readonly AcseEffect[] {
  const { applicationContext = '' } = as(event, 'AARQ').offer;
  const aare = encodeAare(answer(applicationContext, rejectedPermanent, diagnostic));
  return [
    observe('acse.refused', 'info', { applicationContext, text: diagnosticText(diagnostic) }),
    reject(false, acseData(aare)),
  ];
}

/** Session version 1 has no room for an ABRT: there the APDU of reliable transfer goes alone (X.227 §7.3). */
function abort(association: Association, source: number, userInformation: Uint8Array | undefined): AcseEffect {
  const { mode, sessionVersion, contexts } = association;
  const type = 'P-U-ABORT.request';
  if (mode !== 'normal' || sessionVersion === 1) {
    if (userInformation === undefined) return below({ type, abstractSyntaxes: [] });
    return below({ type, userData: reliableTransferData(userInformation), abstractSyntaxes: [rtseAbstractSyntax] });
  }
  const abrt = {
    source,
    ...(userInformation && { userInformation: informationOf(contexts, userInformation) }),
  };
  const abstractSyntaxes = userInformation ? [acseAbstractSyntax, rtseAbstractSyntax] : [acseAbstractSyntax];
  return below({ type, userData: acseData(encodeAbrt(abrt)), abstractSyntaxes });
}
