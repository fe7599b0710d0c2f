/**
 * MTS-APDUs (X.411, X.419) in storage and on their way out: everything but the content as a value, the content as a place. An APDU that we
 * make is its head, then the content as it is.
 */
import { DecodeError } from '../bytes/decode-error.js';
import { concatOctets } from '../bytes/octets.js';
import { writeBerHeader } from '../asn1/ber-header.js';
import { berOctets } from '../asn1/ber-node.js';
import { integer } from '../asn1/simple-types.js';
import { implicit } from '../asn1/structured-types.js';
import { context, universal, type Tag } from '../asn1/tag.js';
import { decode, encode } from '../asn1/type.js';
import { ApduWalker, type OctetRun } from './apdu-walker.js';
import {
  messageTransferEnvelope,
  probeTransferEnvelope,
  type MessageTransferEnvelope,
  type ProbeTransferEnvelope,
} from './message-pdu.js';
import type { OctetSource } from './octet-source.js';
import {
  reportTransferContent,
  reportTransferEnvelope,
  type ReportTransferContent,
  type ReportTransferEnvelope,
} from './report-pdu.js';

export interface ApduLimits {
  /** Of an envelope, of a probe, and of a report without the content it returns. 32767 recipients of common length take about 4 MiB. */
  readonly envelopeOctetsMax: number;
  /** Runs of octets that make up a content. */
  readonly segmentsMax: number;
}

export const apduLimits: ApduLimits = { envelopeOctetsMax: 8 * 1024 * 1024, segmentsMax: 262_144 };

/** Where a content lies in the source: its octets are those of the runs, in order. */
export interface ContentPlace {
  readonly octets: number;
  readonly runs: readonly OctetRun[];
}

export type ApduHead = (
  | { readonly kind: 'message'; readonly envelope: MessageTransferEnvelope; readonly content: ContentPlace }
  | { readonly kind: 'probe'; readonly envelope: ProbeTransferEnvelope }
  | {
      readonly kind: 'report';
      readonly envelope: ReportTransferEnvelope;
      /** Without returnedContent. */
      readonly content: ReportTransferContent;
      readonly returnedContent?: ContentPlace;
    }
) & {
  /** The presentation context that the EXTERNAL around the APDU names; undefined where there is none around it. */
  readonly presentationContextIdentifier?: number;
};

const messageTag = context(0);
const reportTag = context(1);
const probeTag = context(2);
const returnedContentTag = context(1);
const externalTag = universal(8);
const singleAsn1TypeTag = context(0);
const setTag = universal(17);

/** EXTERNALs around an APDU: one in normal mode, none in X.410 mode, and two by mistake of some peers. */
const externalsMax = 2;
const externalMemberOctetsMax = 1024;

const probeApdu = implicit(probeTag, probeTransferEnvelope);
const integerType = integer();

/** Reads all of an APDU but its content. Throws DecodeError: also for anything behind the content that does not belong there. */
export function readApduHead(source: OctetSource, limits: ApduLimits = apduLimits): ApduHead {
  const walker = new ApduWalker(source);
  const identifier = enterExternals(walker);
  const head = readApdu(walker, limits);
  walker.leaveAll();
  return identifier === undefined ? head : { ...head, presentationContextIdentifier: identifier };
}

function readApdu(walker: ApduWalker, limits: ApduLimits): ApduHead {
  const header = walker.peek();
  if (header.tag === probeTag) {
    return { kind: 'probe', envelope: decode(probeApdu, walker.take(limits.envelopeOctetsMax)) };
  }
  if (header.tag !== messageTag && header.tag !== reportTag) {
    throw new DecodeError('no MTS-APDU', 'X.411 MTS-APDU', walker.position);
  }
  walker.enter(header);
  if (header.tag === reportTag) return readReport(walker, limits);
  const envelope = decode(messageTransferEnvelope, walker.take(limits.envelopeOctetsMax));
  if (walker.peek().tag !== universal(4)) throw new DecodeError('message without content', 'X.411', walker.position);
  return { kind: 'message', envelope, content: locateContent(walker, limits) };
}

function readReport(walker: ApduWalker, limits: ApduLimits): ApduHead {
  const envelope = decode(reportTransferEnvelope, walker.take(limits.envelopeOctetsMax));
  const set = walker.peek();
  if (set.tag !== setTag) throw new DecodeError('report without content', 'X.411', walker.position);
  walker.enter(set);
  const members: Uint8Array[] = [];
  let octets = 0;
  let returnedContent: ContentPlace | undefined;
  while (!walker.atEnd()) {
    if (returnedContent === undefined && walker.peek().tag === returnedContentTag) {
      returnedContent = locateContent(walker, limits);
      continue;
    }
    const member = walker.take(limits.envelopeOctetsMax - octets);
    octets += member.length;
    members.push(member);
  }
  walker.leave();
  const content = decode(reportTransferContent, berOctets(setTag, 'constructed', ...members));
  return { kind: 'report', envelope, content, ...(returnedContent === undefined ? {} : { returnedContent }) };
}

function locateContent(walker: ApduWalker, limits: ApduLimits): ContentPlace {
  const runs = walker.locateString(limits.segmentsMax);
  return { octets: runs.reduce((sum, run) => sum + run.octets, 0), runs };
}

/** Into the EXTERNALs that normal mode puts around; the context identifier is that of the innermost. */
function enterExternals(walker: ApduWalker): number | undefined {
  let identifier: number | undefined;
  for (let depth = 0; depth < externalsMax && walker.peek().tag === externalTag; depth++) {
    walker.enter(walker.peek());
    for (let member = walker.peek(); member.tag !== singleAsn1TypeTag; member = walker.peek()) {
      const octets = walker.take(externalMemberOctetsMax);
      if (member.tag === universal(2)) identifier = decode(integerType, octets);
      else if (member.tag !== universal(6) && member.tag !== universal(7)) {
        throw new DecodeError('EXTERNAL holds no single ASN.1 type', 'X.690 §8.18', member.start);
      }
    }
    walker.enter(walker.peek());
  }
  return identifier;
}

/** Headers around octets, outermost last: `known` stand at the front, `following` more come behind them from elsewhere. */
function within(known: Uint8Array, following: number, tag: Tag): Uint8Array {
  return concatOctets(writeBerHeader(tag, 'constructed', known.length + following), known);
}

function external(known: Uint8Array, following: number, presentationContextIdentifier: number | undefined): Uint8Array {
  if (presentationContextIdentifier === undefined) return known;
  const inner = within(known, following, singleAsn1TypeTag);
  const indirectReference = encode(integerType, presentationContextIdentifier);
  return within(concatOctets(indirectReference, inner), following, externalTag);
}

/** What stands before the content of a message: the APDU is these octets and then the content, all lengths definite. */
export function encodeMessageHead(
  envelope: MessageTransferEnvelope,
  contentOctets: number,
  presentationContextIdentifier?: number,
): Uint8Array {
  const encoded = encode(messageTransferEnvelope, envelope);
  return messageHeadAround(encoded, contentOctets, presentationContextIdentifier);
}

/** The same around an envelope that is encoded already. */
export function messageHeadAround(
  envelope: Uint8Array,
  contentOctets: number,
  presentationContextIdentifier?: number,
): Uint8Array {
  const contentHeader = writeBerHeader(universal(4), 'primitive', contentOctets);
  const known = concatOctets(envelope, contentHeader);
  return external(within(known, contentOctets, messageTag), contentOctets, presentationContextIdentifier);
}

/**
 * The same around an envelope as it is stored, whatever it holds: what cannot be read can still be put aside as an APDU. The envelope of a
 * report is the whole of it.
 */
export function headAround(
  kind: 'message' | 'probe' | 'report',
  envelope: Uint8Array,
  contentOctets: number,
): Uint8Array {
  switch (kind) {
    case 'message':
      return messageHeadAround(envelope, contentOctets);
    case 'probe':
      return concatOctets(writeBerHeader(probeTag, 'constructed', 0).subarray(0, 1), envelope.subarray(1));
    case 'report':
      return envelope;
  }
}

export function encodeProbe(envelope: ProbeTransferEnvelope, presentationContextIdentifier?: number): Uint8Array {
  return external(encode(probeApdu, envelope), 0, presentationContextIdentifier);
}

/**
 * The whole report, or what stands before the content that it returns, which comes last. `content` holds no returnedContent of its own.
 */
export function encodeReportHead(
  envelope: ReportTransferEnvelope,
  content: ReportTransferContent,
  returnedContentOctets?: number,
  presentationContextIdentifier?: number,
): Uint8Array {
  const following = returnedContentOctets ?? 0;
  const members = reportTransferContent.encodeValue(content).content;
  const returned =
    returnedContentOctets === undefined
      ? new Uint8Array(0)
      : writeBerHeader(returnedContentTag, 'primitive', returnedContentOctets);
  const set = within(concatOctets(members, returned), following, setTag);
  const known = within(concatOctets(encode(reportTransferEnvelope, envelope), set), following, reportTag);
  return external(known, following, presentationContextIdentifier);
}
