/** Types that several APDUs share (X.411, MTSAbstractService and MTAAbstractService), under their standard names. */
import {
  any,
  bitString,
  enumerated,
  ia5String,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  teletexString,
  utcTime,
} from '../asn1/simple-types.js';
import { BitString } from '../asn1/bit-string.js';
import { sharing } from '../asn1/shared-values.js';
import {
  choice,
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  setOf,
  withDefault,
} from '../asn1/structured-types.js';
import { application, context, universal } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import { administrationDomainChoice, administrationDomainName, countryName, privateDomainName } from './or-address.js';

/** Largest number of trace elements, of bilateral informations and of redirections (X.411 ub-transfers, ub-redirections). */
export const transfersMax = 512;
export const recipientsMax = 32767;
export const localIdentifierMax = 32;
const mtaNameMax = 32;
export const supplementaryInformationMax = 256;
const bitOptionsMax = 16;

export const globalDomainIdentifier = implicit(
  application(3),
  sharing(
    sequence('GlobalDomainIdentifier', {
      countryName,
      administrationDomainName,
      privateDomainIdentifier: optional(privateDomainName),
    }),
  ),
);
export type GlobalDomainIdentifier = ValueOf<typeof globalDomainIdentifier>;

export const mtsIdentifier = implicit(
  application(4),
  sequence('MTSIdentifier', {
    globalDomainIdentifier,
    localIdentifier: ia5String({ min: 1, max: localIdentifierMax }),
  }),
);
export type MTSIdentifier = ValueOf<typeof mtsIdentifier>;

export const mtaName = ia5String({ min: 1, max: mtaNameMax });

const teletexNonBasicParameters = set('TeletexNonBasicParameters', {
  graphicCharacterSets: optional(implicit(context(0), teletexString())),
  controlCharacterSets: optional(implicit(context(1), teletexString())),
  pageFormats: optional(implicit(context(2), octetString())),
  miscTerminalCapabilities: optional(implicit(context(3), teletexString())),
  privateUse: optional(implicit(context(4), octetString({ max: 128 }))),
});

/** Members that nobody reads any more, kept as they come. */
const presentationCapabilities1984 = sequence('PresentationCapabilities', {});

export const encodedInformationTypes = implicit(
  application(5),
  set('EncodedInformationTypes', {
    /** X.411 demands it; some 1984 systems omit it. */
    builtIn: optional(implicit(context(0), bitString({ max: 32 }))),
    g3Facsimile: optional(implicit(context(1), bitString())),
    teletex: optional(implicit(context(2), teletexNonBasicParameters)),
    presentationCapabilities: optional(implicit(context(3), presentationCapabilities1984)),
    extended: optional(implicit(context(4), setOf(objectIdentifier, { min: 1, max: 1024 }))),
    /** Where some 1984 systems put builtIn. */
    universalBuiltIn: optional(bitString()),
  }),
);
export type EncodedInformationTypes = ValueOf<typeof encodedInformationTypes>;

export const contentType = choice('ContentType', {
  builtIn: implicit(application(6), integer({ min: 0, max: 32767 })),
  extended: objectIdentifier,
  /** RELATIVE-OID of later texts, never sent by us: relayed, unknown for delivery (P1-066). */
  relative: implicit(universal(13), octetString()),
});
export type ContentType = ValueOf<typeof contentType>;

export const contentIdentifier = implicit(application(10), printableString({ min: 1, max: 16 }));

/** Numbers of codes.ts; any other is kept. */
export const priority = implicit(application(7), enumerated());

export const perMessageIndicators = implicit(application(8), bitString({ max: bitOptionsMax }));

export const perRecipientIndicators = bitString({ min: 8, max: bitOptionsMax });

const perDomainBilateralInformationItem = sequence('PerDomainBilateralInformation', {
  countryName,
  domain: choice('Domain', {
    administrationDomainName,
    privateDomain: sequence('PrivateDomain', {
      administrationDomainName: explicit(context(0), administrationDomainChoice),
      privateDomainIdentifier: explicit(context(1), privateDomainName),
    }),
  }),
  bilateralInformation: any,
});
export const perDomainBilateralInformation = sequenceOf(perDomainBilateralInformationItem, {
  min: 1,
  max: transfersMax,
});
export type PerDomainBilateralInformation = ValueOf<typeof perDomainBilateralInformation>;

const traceMembers = {
  arrivalTime: implicit(context(0), utcTime),
  /** 0 relayed, 1 rerouted. */
  routingAction: implicit(context(2), enumerated()),
};
const traceAdditions = {
  deferredTime: optional(implicit(context(1), utcTime)),
  convertedEncodedInformationTypes: optional(encodedInformationTypes),
  /** Bit 0 redirected, bit 1 dl-operation. */
  otherActions: withDefault(implicit(context(3), bitString({ max: bitOptionsMax })), BitString.empty),
};

const domainSuppliedInformation = set('DomainSuppliedInformation', {
  ...traceMembers,
  attemptedDomain: optional(globalDomainIdentifier),
  ...traceAdditions,
});
export type DomainSuppliedInformation = ValueOf<typeof domainSuppliedInformation>;

export const traceInformationElement = sequence('TraceInformationElement', {
  globalDomainIdentifier,
  domainSuppliedInformation,
});
export type TraceInformationElement = ValueOf<typeof traceInformationElement>;

/** Oldest element first. */
export const traceInformation = implicit(
  application(9),
  sequenceOf(traceInformationElement, { min: 1, max: transfersMax }),
);
export type TraceInformation = ValueOf<typeof traceInformation>;

const mtaSuppliedInformation = set('MTASuppliedInformation', {
  ...traceMembers,
  attempted: optional(choice('Attempted', { mta: mtaName, domain: globalDomainIdentifier })),
  ...traceAdditions,
});

export const internalTraceInformationElement = sequence('InternalTraceInformationElement', {
  globalDomainIdentifier,
  mtaName,
  mtaSuppliedInformation,
});
export const internalTraceInformation = sequenceOf(internalTraceInformationElement, { min: 1, max: transfersMax });
export type InternalTraceInformation = ValueOf<typeof internalTraceInformation>;
export type InternalTraceInformationElement = InternalTraceInformation[number];
