/**
 * A content of type 2 or 22 as people and programs want it (X.420): heading decoded, body parts described, and the data of each as places in
 * the source, so that a content of any size is read without being held.
 */
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import type { ValueOf } from '../asn1/type.js';
import type { OctetRun } from '../p1/apdu-walker.js';
import type { OctetSource } from '../p1/octet-source.js';
import {
  encodedInformationTypesOfPart,
  noEncodedInformationTypes,
  unitedEncodedInformationTypes,
  type BodyPartKind,
  type EncodedInformationTypeList,
} from './encoded-information-types.js';
import type { FileTransferParameters } from './file-transfer.js';
import type { MessageParameters, reportBodyPart } from './forwarded.js';
import type { Heading } from './heading.js';
import type { InterpersonalNotification } from './notification.js';

export const readLimits = {
  /** Of a heading, a notification, the parameters of a part: what is read as a value. Room for 32767 recipients. */
  parametersOctetsMax: 16_777_216,
  /** Of the texts that are read along with the structure. */
  textOctetsMax: 1_048_576,
  /** In one content, those of forwarded messages included. */
  bodyPartsMax: 10_000,
  /** Pages of a teletex or facsimile, pieces of a file, members of a notification. */
  membersMax: 10_000,
  /** Messages inside messages (IPM-016). */
  forwardedDepthMax: 16,
};

/** The octets of a part, in the source. `runs` may be walked as often as needed; each walk reads headers of segments anew. */
export interface PartData {
  readonly octets: number;
  readonly runs: Iterable<OctetRun>;
}

interface Part {
  readonly kind: BodyPartKind;
  /** `[9]`, or the object identifier of an extended body part. */
  readonly type: string;
  /** The complete encoding, its tag included. */
  readonly encoding: OctetRun;
}

export interface TextPart extends Part {
  readonly form: 'text';
  /** Left out when it has more than `readLimits.textOctetsMax`. Pages of a teletex are divided by form feeds. */
  readonly text?: string;
  /** Character sets of a general-text, by their numbers in the ISO register. */
  readonly registrations: readonly number[];
  readonly data: PartData;
}

/** What the sender says of the file. The name may hold anything: see fileNameFor. */
export interface FileDescription {
  readonly name?: string;
  readonly octets?: number;
  readonly createdMilliseconds?: number;
  readonly modifiedMilliseconds?: number;
  readonly description?: string;
}

export interface FilePart extends Part {
  readonly form: 'file';
  readonly file: FileDescription;
  readonly parameters: FileTransferParameters;
  readonly data: PartData;
}

export interface MessagePart extends Part {
  readonly form: 'message';
  readonly parameters: MessageParameters;
  readonly message: ReadMessage;
}

export interface NotificationPart extends Part {
  readonly form: 'notification';
  readonly parameters: MessageParameters;
  readonly notification: ReadNotification;
}

export interface ReportPart extends Part {
  readonly form: 'report';
  readonly report: ValueOf<typeof reportBodyPart>;
}

export interface PagesPart extends Part {
  readonly form: 'pages';
  /** The bit string of each page, without the count of unused bits. */
  readonly pages: readonly PartData[];
}

/** What is not interpreted, or cannot be. Data: the octets of a bilaterally-defined or voice part, else the complete encoding. */
export interface OctetsPart extends Part {
  readonly form: 'octets';
  /** Why a part of a known kind could not be read. */
  readonly fault?: string;
  readonly data: PartData;
}

export type ReadBodyPart = TextPart | FilePart | MessagePart | NotificationPart | ReportPart | PagesPart | OctetsPart;

export interface ReadMessage {
  readonly heading: Heading;
  readonly parts: readonly ReadBodyPart[];
}

export interface ReadNotification {
  /** Without the returned message. */
  readonly notification: InterpersonalNotification;
  readonly returned?: ReadMessage;
}

export type ReadContent =
  | { readonly kind: 'message'; readonly message: ReadMessage }
  | { readonly kind: 'notification'; readonly notification: ReadNotification };

function typesOf(part: ReadBodyPart): EncodedInformationTypeList {
  switch (part.form) {
    case 'message':
      return encodedInformationTypesOfMessage(part.message);
    case 'notification':
      return encodedInformationTypesOfNotification(part.notification);
    case 'text':
      return encodedInformationTypesOfPart(part.kind, part.registrations);
    case 'report':
      return noEncodedInformationTypes;
    default:
      return encodedInformationTypesOfPart(part.kind);
  }
}

function encodedInformationTypesOfMessage(message: ReadMessage): EncodedInformationTypeList {
  return unitedEncodedInformationTypes(message.parts.map(typesOf));
}

function encodedInformationTypesOfNotification(notification: ReadNotification): EncodedInformationTypeList {
  const { returned } = notification;
  return returned === undefined ? noEncodedInformationTypes : encodedInformationTypesOfMessage(returned);
}

/** What the envelope of this content lists, forwarded messages included (IPM-022). */
export function encodedInformationTypesOf(content: ReadContent): EncodedInformationTypeList {
  return content.kind === 'message'
    ? encodedInformationTypesOfMessage(content.message)
    : encodedInformationTypesOfNotification(content.notification);
}

/** All octets of a part in memory. Throws DecodeError when they are more than `octetsMax`. */
export function readPartOctets(source: OctetSource, data: PartData, octetsMax: number): Uint8Array {
  if (data.octets > octetsMax) throw new DecodeError(`more than ${String(octetsMax)} octets`, 'X.420', 0);
  const parts: Uint8Array[] = [];
  for (const run of data.runs) parts.push(source.read(run.offset, run.octets));
  return joinOctets(parts);
}
