/** MTS-APDUs and interpersonal contents in clear. */
import { decode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import { octetSourceOf } from '../ipms/content-outline.js';
import { informationObject } from '../ipms/notification.js';
import { readApduHead, type ApduHead, type ContentPlace } from '../p1/apdu-head.js';
import type { ContentType } from '../p1/common-types.js';
import { octetsText, type PlainValue } from './decode-plain.js';
import { plainMessageValue } from './decode-rules.js';

/** An interpersonal message or notification. Throws DecodeError. */
export function contentPlain(octets: Uint8Array): PlainValue {
  return plainMessageValue(decode(informationObject, octets));
}

const interpersonalTypes: ReadonlySet<number> = new Set([2, 22]);

/** A content of type 2 or 22 in clear, of others their octets; also where it cannot be read. */
function placedContent(octets: Uint8Array, place: ContentPlace, type: ContentType | undefined): PlainValue {
  const content = joinOctets(place.runs.map((run) => octets.subarray(run.offset, run.offset + run.octets)));
  const described = { octets: place.octets, segments: place.runs.length };
  if (type === undefined || type.kind !== 'builtIn' || !interpersonalTypes.has(type.value)) {
    return { ...described, value: octetsText(content) };
  }
  try {
    return { ...described, value: contentPlain(content) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ...described, unreadable: error.message, value: octetsText(content) };
  }
}

function contentOf(octets: Uint8Array, head: ApduHead): { readonly [name: string]: PlainValue } {
  switch (head.kind) {
    case 'message':
      return { content: placedContent(octets, head.content, head.envelope.contentType) };
    case 'probe':
      return {};
    case 'report': {
      const { returnedContent, content } = head;
      return {
        reportContent: plainMessageValue(content),
        ...(returnedContent !== undefined && {
          returnedContent: placedContent(octets, returnedContent, content.contentType),
        }),
      };
    }
  }
}

/** A message, report or probe, with the EXTERNAL of normal mode around it or without. Throws DecodeError. */
export function apduPlain(octets: Uint8Array): PlainValue {
  const head = readApduHead(octetSourceOf(octets));
  const { presentationContextIdentifier } = head;
  return {
    ...(presentationContextIdentifier !== undefined && { presentationContextIdentifier }),
    [head.kind]: { envelope: plainMessageValue(head.envelope), ...contentOf(octets, head) },
  };
}
