/**
 * The APDUs of X.227 §9 as types. Left out, and ignored where a peer sends them: invocation identifiers, the authentication functional unit,
 * application context negotiation, implementation information.
 */
import { BitString } from '../asn1/bit-string.js';
import { any, bitString, integer, objectIdentifier, octetString } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, sequence, sequenceOf, withDefault } from '../asn1/structured-types.js';
import { application, context, universal } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';

/** The bit of protocol-version that stands for version 1, and the value that offers nothing else. */
export const versionOne = 0;
export const versionOneOnly = BitString.of([versionOne]);

/** Associate-result. */
export const accepted = 0;
export const rejectedPermanent = 1;
export const rejectedTransient = 2;

/** ABRT-source. */
export const abortByUser = 0;
export const abortByProvider = 1;

/** Release-request-reason and Release-response-reason. */
export const releaseNormal = 0;

const protocolVersion = withDefault(implicit(context(0), bitString()), versionOneOnly);
const applicationContextName = explicit(context(1), objectIdentifier);
/** AP-title and AE-qualifier: any form, any content (X.227 §9). */
const title = (tagNumber: number) => optional(explicit(context(tagNumber), any));

/** EXTERNAL (X.208 §34); the object descriptor says nothing to a machine. */
const external = implicit(
  universal(8),
  sequence('EXTERNAL', {
    directReference: optional(objectIdentifier),
    indirectReference: optional(integer()),
    encoding: choice('EXTERNAL encoding', {
      singleAsn1Type: explicit(context(0), any),
      octetAligned: implicit(context(1), octetString()),
      arbitrary: implicit(context(2), bitString()),
    }),
  }),
);
export type External = ValueOf<typeof external>;

const userInformation = optional(implicit(context(30), sequenceOf(external)));

export const aarq = implicit(
  application(0),
  sequence('AARQ-apdu', {
    protocolVersion,
    applicationContextName,
    calledApTitle: title(2),
    calledAeQualifier: title(3),
    callingApTitle: title(6),
    callingAeQualifier: title(7),
    userInformation,
  }),
);
export type Aarq = ValueOf<typeof aarq>;

const diagnostic = choice('Associate-source-diagnostic', {
  user: explicit(context(1), integer()),
  provider: explicit(context(2), integer()),
});
export type Diagnostic = ValueOf<typeof diagnostic>;

export const aare = implicit(
  application(1),
  sequence('AARE-apdu', {
    protocolVersion,
    applicationContextName,
    result: explicit(context(2), integer()),
    diagnostic: explicit(context(3), diagnostic),
    respondingApTitle: title(4),
    respondingAeQualifier: title(5),
    userInformation,
  }),
);
export type Aare = ValueOf<typeof aare>;

const reason = optional(implicit(context(0), integer()));

export const rlrq = implicit(application(2), sequence('RLRQ-apdu', { reason, userInformation }));
export const rlre = implicit(application(3), sequence('RLRE-apdu', { reason, userInformation }));

export const abrt = implicit(
  application(4),
  sequence('ABRT-apdu', {
    source: implicit(context(0), integer()),
    diagnostic: optional(implicit(context(1), integer())),
    userInformation,
  }),
);
export type Abrt = ValueOf<typeof abrt>;
