/** The file-transfer body part (X.420, IPMSFileTransferBodyPartType; file attributes of ISO 8571). */
import {
  any,
  generalizedTime,
  graphicString,
  integer,
  nullType,
  objectIdentifier,
  octetString,
  printableString,
} from '../asn1/simple-types.js';
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
import { context, type Tag } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import { orName } from '../p1/or-address.js';
import { external, opaque } from './external.js';
import { ipmsExtension } from './heading.js';

const graphicStrings = sequenceOf(graphicString());

/** An untagged CHOICE of two tags around the same list: the path may be complete or not. */
const pathname = choice('Pathname', {
  incomplete: implicit(context(0), graphicStrings),
  complete: implicit(context(23), graphicStrings),
});

const crossReference = sequence('CrossReference', {
  applicationCrossReference: implicit(context(0), octetString()),
  messageReference: optional(
    implicit(
      context(1),
      set('MessageReference', {
        user: optional(implicit(context(0), orName)),
        userRelativeIdentifier: implicit(context(1), printableString()),
      }),
    ),
  ),
  bodyPartReference: optional(implicit(context(2), integer({ min: 1 }))),
});

const relatedFile = sequence('RelatedFile', {
  fileIdentifier: choice('FileIdentifier', {
    pathnameAndVersion: opaque('PathnameandVersion', context(0)),
    crossReference: implicit(context(1), crossReference),
  }),
  relationship: withDefault(
    choice('Relationship', {
      explicitRelationship: explicit(context(0), integer()),
      descriptiveRelationship: explicit(context(1), graphicString()),
    }),
    { kind: 'explicitRelationship', value: 0 },
  ),
});

const contentsType = choice('ContentsTypeParameter', {
  documentType: implicit(
    context(0),
    sequence('DocumentType', {
      documentTypeName: objectIdentifier,
      parameter: optional(explicit(context(0), any)),
    }),
  ),
  other: any,
});

const applicationReference = choice('GeneralIdentifier', {
  registeredIdentifier: implicit(context(0), objectIdentifier),
  descriptiveIdentifier: implicit(context(1), graphicStrings),
});

const environment = sequence('EnvironmentParameter', {
  applicationReference: optional(explicit(context(0), applicationReference)),
  machine: optional(explicit(context(1), applicationReference)),
  operatingSystem: optional(implicit(context(2), objectIdentifier)),
  userVisibleString: optional(implicit(context(3), graphicStrings)),
});

function dateAndTime(tag: Tag) {
  return explicit(
    tag,
    choice('Date-and-Time-Attribute', {
      noValueAvailable: implicit(context(0), nullType),
      actualValues: implicit(context(1), generalizedTime),
    }),
  );
}

function numberAttribute(tag: Tag) {
  return explicit(
    tag,
    choice('Object-Size-Attribute', {
      noValueAvailable: implicit(context(0), nullType),
      actualValues: implicit(context(1), integer({ min: 0 })),
    }),
  );
}

/** Members that say who may do what with the stored file are kept as they came. */
const fileAttributes = sequence('FileAttributes', {
  pathname: optional(pathname),
  permittedActions: optional(opaque('Permitted-Actions-Attribute', context(1))),
  storageAccount: optional(opaque('Account-Attribute', context(3))),
  dateAndTimeOfCreation: optional(dateAndTime(context(4))),
  dateAndTimeOfLastModification: optional(dateAndTime(context(5))),
  dateAndTimeOfLastReadAccess: optional(dateAndTime(context(6))),
  dateAndTimeOfLastAttributeModification: optional(dateAndTime(context(7))),
  identityOfCreator: optional(opaque('User-Identity-Attribute', context(8))),
  identityOfLastModifier: optional(opaque('User-Identity-Attribute', context(9))),
  identityOfLastReader: optional(opaque('User-Identity-Attribute', context(10))),
  identityOfLastAttributeModifier: optional(opaque('User-Identity-Attribute', context(11))),
  objectAvailability: optional(opaque('Object-Availability-Attribute', context(12))),
  objectSize: optional(numberAttribute(context(13))),
  futureObjectSize: optional(numberAttribute(context(14))),
});

export const fileTransferParameters = sequence('FileTransferParameters', {
  relatedStoredFile: optional(implicit(context(0), setOf(relatedFile))),
  contentsType: optional(explicit(context(1), contentsType)),
  environment: optional(implicit(context(2), environment)),
  compression: optional(opaque('CompressionParameter', context(3))),
  fileAttributes: optional(implicit(context(4), fileAttributes)),
  extensions: optional(implicit(context(5), setOf(ipmsExtension))),
});
export type FileTransferParameters = ValueOf<typeof fileTransferParameters>;

/** One EXTERNAL is sent, several are accepted and mean their octets in order. */
export const fileTransferData = sequenceOf(external);
