/** The interpersonal message and its body parts (X.420 §7, IPMSInformationObjects): the whole as one value, for contents that fit memory. */
import {
  any,
  bitString,
  boolean,
  enumerated,
  ia5String,
  integer,
  octetString,
  teletexString,
  videotexString,
} from '../asn1/simple-types.js';
import { BitString } from '../asn1/bit-string.js';
import {
  choice,
  deferred,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  withDefault,
} from '../asn1/structured-types.js';
import { context, universal } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';
import { external, opaque } from './external.js';
import { messageParameters } from './forwarded.js';
import { heading, type Heading } from './heading.js';

export const ia5Repertoires = { ita2: 2, ia5: 5 } as const;

export const ia5TextParameters = set('IA5TextParameters', {
  repertoire: withDefault(implicit(context(0), enumerated()), ia5Repertoires.ia5),
});

const g3FacsimileParameters = set('G3FacsimileParameters', {
  numberOfPages: optional(implicit(context(0), integer())),
  nonBasicParameters: withDefault(implicit(context(1), bitString()), BitString.empty),
});

export const teletexParameters = set('TeletexParameters', {
  numberOfPages: optional(implicit(context(0), integer())),
  telexCompatible: withDefault(implicit(context(1), boolean), false),
  nonBasicParameters: optional(opaque('TeletexNonBasicParameters', context(2))),
});

/** 0 ids, 1 to 3 the data syntaxes; 1984 has no member. */
const videotexParameters = set('VideotexParameters', { syntax: optional(implicit(context(0), integer())) });

const encryptedParameters = set('EncryptedParameters', {
  encryptionAlgorithmIdentifier: optional(opaque('AlgorithmIdentifier', universal(16))),
  originatorCertificates: optional(opaque('ExtendedCertificates', universal(17))),
});

const extendedBodyPart = sequence('ExtendedBodyPart', {
  parameters: optional(implicit(context(0), external)),
  data: external,
});

export interface InterpersonalMessage {
  readonly heading: Heading;
  readonly body: readonly BodyPart[];
}

const interpersonalMessageTag = universal(16);

/** A message as it stands inside another one: a plain SEQUENCE. */
export const interpersonalMessage: Type<InterpersonalMessage> = deferred('IPM', [interpersonalMessageTag], () => ipm);

/** What is not interpreted, of 1984 or to come, is kept as it came: telex, voice, sfd, the ODA forms, and all unknown tags. */
export const bodyPart = choice('BodyPart', {
  ia5Text: implicit(context(0), sequence('IA5TextBodyPart', { parameters: ia5TextParameters, data: ia5String() })),
  g3Facsimile: implicit(
    context(3),
    sequence('G3FacsimileBodyPart', { parameters: g3FacsimileParameters, data: sequenceOf(bitString()) }),
  ),
  g4Class1: opaque('G4Class1BodyPart', context(4)),
  teletex: implicit(
    context(5),
    sequence('TeletexBodyPart', { parameters: teletexParameters, data: sequenceOf(teletexString()) }),
  ),
  videotex: implicit(
    context(6),
    sequence('VideotexBodyPart', { parameters: videotexParameters, data: videotexString() }),
  ),
  nationallyDefined: opaque('NationallyDefinedBodyPart', context(7)),
  encrypted: implicit(
    context(8),
    sequence('EncryptedBodyPart', { parameters: encryptedParameters, data: bitString() }),
  ),
  message: implicit(
    context(9),
    sequence('MessageBodyPart', { parameters: messageParameters, data: interpersonalMessage }),
  ),
  mixedMode: opaque('MixedModeBodyPart', context(11)),
  bilaterallyDefined: implicit(context(14), octetString()),
  extended: implicit(context(15), extendedBodyPart),
  other: any,
});
export type BodyPart = ValueOf<typeof bodyPart>;

const ipm = sequence('IPM', { heading, body: sequenceOf(bodyPart) });
