/** The body parts of a message of ours as segments of its content (X.420 §7.3). */
import { context, universal } from '../asn1/tag.js';
import { encode } from '../asn1/type.js';
import { latin1Octets, latin1Text } from '../bytes/octets.js';
import { integer, objectIdentifier } from '../asn1/simple-types.js';
import { setOf } from '../asn1/structured-types.js';
import { constructed, octets, primitive, type Segments } from './content-plan.js';
import { encodedInformationTypesOfPart, type EncodedInformationTypeList } from './encoded-information-types.js';
import { extendedBodyPartNumbers } from './body-part-types.js';
import { externalTag } from './external.js';
import { fileTransferParameters, type FileTransferParameters } from './file-transfer.js';
import { messageParameters, type MessageParameters } from './forwarded.js';
import { ia5Repertoires, ia5TextParameters, teletexParameters } from './interpersonal-message.js';
import { bodyPartRoot, fileIdentifiers, parametersRoot } from './object-identifiers.js';
import { generalTextOctets, graphicOctets, isAscii, teletexOctets, withNetworkLineEnds } from './text.js';
import { printGeneralizedTime } from './times.js';

/** Octets that the caller has and streams: a file, or a stored content. */
export interface FileReference {
  /** The caller's index. */
  readonly file: number;
  readonly octets: number;
}

export type NewBodyPart =
  | { readonly kind: 'text'; readonly text: string }
  /** A file-transfer body part. Only the name's last component is sent. */
  | {
      readonly kind: 'file';
      readonly content: FileReference;
      readonly fileName: string;
      /** Since 1970. */
      readonly modifiedMilliseconds?: number;
    }
  | { readonly kind: 'bilaterally-defined'; readonly content: FileReference }
  /** A message passed on: `content` is the content of an interpersonal message (first octet A0), as it was received. */
  | {
      readonly kind: 'message';
      readonly content: FileReference;
      readonly contentType: 2 | 22;
      readonly encodedInformationTypes: EncodedInformationTypeList;
      readonly parameters: MessageParameters;
    };

/** The version of X.420 that a part may use, or uses. */
export type BodyPartVersion = '1984' | '1988';

export interface PlannedPart {
  readonly segments: Segments;
  readonly version: BodyPartVersion;
  readonly encodedInformationTypes: EncodedInformationTypeList;
  readonly charactersLost: number;
}

const sequenceTag = universal(16);

function fileOctets(content: FileReference): Segments {
  return [{ kind: 'file', file: content.file, offset: 0, octets: content.octets }];
}

/** EXTERNAL by its contents: the type's identifier and the value as single-ASN1-type (IPM-014). */
function externalContents(identifier: string, value: Segments): Segments {
  return [...octets(encode(objectIdentifier, identifier)), ...constructed(context(0), value)];
}

function extended(number: number, parameters: Uint8Array, data: Segments): Segments {
  return constructed(
    context(15),
    constructed(context(0), externalContents(`${parametersRoot}.${String(number)}`, octets(parameters))),
    constructed(externalTag, externalContents(`${bodyPartRoot}.${String(number)}`, data)),
  );
}

function ia5Text(text: string): PlannedPart {
  const parameters = encode(ia5TextParameters, { repertoire: ia5Repertoires.ia5 });
  const data = primitive(universal(22), octets(latin1Octets(withNetworkLineEnds(text))));
  return {
    segments: constructed(context(0), octets(parameters), data),
    version: '1984',
    encodedInformationTypes: encodedInformationTypesOfPart('ia5-text'),
    charactersLost: 0,
  };
}

function teletex(text: string): PlannedPart {
  const page = teletexOctets(withNetworkLineEnds(text));
  const parameters = encode(teletexParameters, { numberOfPages: 1, telexCompatible: false });
  return {
    segments: constructed(
      context(5),
      octets(parameters),
      constructed(sequenceTag, primitive(universal(20), octets(page.octets))),
    ),
    version: '1984',
    encodedInformationTypes: encodedInformationTypesOfPart('teletex'),
    charactersLost: page.charactersLost,
  };
}

const registrationNumbers = setOf(integer());

function generalText(text: string): PlannedPart {
  const written = generalTextOctets(text);
  return {
    segments: extended(
      extendedBodyPartNumbers.generalText,
      encode(registrationNumbers, written.registrations),
      primitive(universal(27), octets(written.octets)),
    ),
    version: '1988',
    encodedInformationTypes: encodedInformationTypesOfPart('general-text', written.registrations),
    charactersLost: written.charactersLost,
  };
}

function lastComponent(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function fileTransfer(part: NewBodyPart & { kind: 'file' }): PlannedPart {
  const name = graphicOctets(lastComponent(part.fileName));
  const { modifiedMilliseconds } = part;
  const parameters: FileTransferParameters = {
    environment: {
      applicationReference: { kind: 'registeredIdentifier', value: fileIdentifiers.unknownAttachment },
    },
    fileAttributes: {
      pathname: { kind: 'incomplete', value: [latin1Text(name.octets)] },
      ...(modifiedMilliseconds !== undefined && {
        dateAndTimeOfLastModification: { kind: 'actualValues', value: printGeneralizedTime(modifiedMilliseconds) },
      }),
      objectSize: { kind: 'actualValues', value: part.content.octets },
    },
  };
  const file = constructed(
    externalTag,
    octets(encode(objectIdentifier, fileIdentifiers.unstructuredBinarySyntax)),
    primitive(context(1), fileOctets(part.content)),
  );
  return {
    segments: extended(
      extendedBodyPartNumbers.fileTransfer,
      encode(fileTransferParameters, parameters),
      constructed(sequenceTag, file),
    ),
    version: '1988',
    encodedInformationTypes: encodedInformationTypesOfPart('file-transfer'),
    charactersLost: name.charactersLost,
  };
}

function bilaterallyDefined(content: FileReference): PlannedPart {
  return {
    segments: primitive(context(14), fileOctets(content)),
    version: '1988',
    encodedInformationTypes: encodedInformationTypesOfPart('bilaterally-defined'),
    charactersLost: 0,
  };
}

const sequenceIdentifier = Uint8Array.of(0x30);

/** The content as it was, but for its first octet: in a body part the IPM is a plain SEQUENCE. */
function forwardedMessage(part: NewBodyPart & { kind: 'message' }): PlannedPart {
  const { file, octets: contentOctets } = part.content;
  const message: Segments = [
    ...octets(sequenceIdentifier),
    { kind: 'file', file, offset: 1, octets: contentOctets - 1 },
  ];
  return {
    segments: constructed(context(9), octets(encode(messageParameters, part.parameters)), message),
    version: part.contentType === 22 ? '1988' : '1984',
    encodedInformationTypes: part.encodedInformationTypes,
    charactersLost: 0,
  };
}

/** One body part, in what the version has for it. */
export function planBodyPart(part: NewBodyPart, version: BodyPartVersion): PlannedPart {
  switch (part.kind) {
    case 'text':
      if (isAscii(part.text)) return ia5Text(part.text);
      return version === '1984' ? teletex(part.text) : generalText(part.text);
    case 'file':
      return version === '1984' ? bilaterallyDefined(part.content) : fileTransfer(part);
    case 'bilaterally-defined':
      return bilaterallyDefined(part.content);
    case 'message':
      return forwardedMessage(part);
  }
}
