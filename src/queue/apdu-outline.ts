import { encodeReportHead, readApduHead, type ApduHead, type ContentPlace } from '../p1/apdu-head.js';
import { messageEnvelopeOctets, probeEnvelopeOctets } from '../p1/envelope-octets.js';
import type { OctetSource } from '../p1/octet-source.js';
import { failureOf } from './store-error.js';
import type { ApduOutline, ContentLocation, StoreAnswer } from './store.js';

/** Octets at the start of a content by which a listing names the message. */
const contentHeadOctetsMax = 16 * 1024;

/**
 * The outside of a stored APDU. `envelope` is the envelope SET of a message or probe, or the whole report without the content it returns, which
 * then is the content. Throws DecodeError.
 */
export function outlineOf(source: OctetSource): ApduOutline {
  const head = readApduHead(source);
  const place = contentOf(head);
  return {
    kind: head.kind,
    envelope: envelopeOf(head),
    ...(place === undefined ? {} : { content: locationOf(place), contentHead: headOf(source, place) }),
  };
}

/** The same as an answer of the store, `malformed` where the octets are no MTS-APDU, `internal` where reading them finds a mistake of ours. */
export function outlineAnswer(source: OctetSource): StoreAnswer<'incoming.outline'> {
  try {
    return { ok: true, value: outlineOf(source) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function contentOf(head: ApduHead): ContentPlace | undefined {
  if (head.kind === 'message') return head.content;
  return head.kind === 'report' ? head.returnedContent : undefined;
}

function envelopeOf(head: ApduHead): Uint8Array {
  switch (head.kind) {
    case 'message':
      return messageEnvelopeOctets.encode(head.envelope);
    case 'probe':
      return probeEnvelopeOctets.encode(head.envelope);
    case 'report':
      return encodeReportHead(head.envelope, head.content);
  }
}

function locationOf(place: ContentPlace): ContentLocation {
  return { octets: place.octets, runs: place.runs.map(({ offset, octets }) => ({ offset, length: octets })) };
}

function headOf(source: OctetSource, place: ContentPlace): Uint8Array {
  const head = new Uint8Array(Math.min(place.octets, contentHeadOctetsMax));
  let position = 0;
  for (const { offset, octets } of place.runs) {
    const length = Math.min(octets, head.length - position);
    if (length === 0) break;
    head.set(source.read(offset, length), position);
    position += length;
  }
  return head;
}
