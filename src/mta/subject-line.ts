import { readBerHeader } from '../asn1/ber-header.js';
import { readBerNode } from '../asn1/ber-node.js';
import { context } from '../asn1/tag.js';
import { decodeWith } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { latin1Octets } from '../bytes/octets.js';
import { heading } from '../ipms/heading.js';
import { onOneLine, teletexText } from '../ipms/text.js';

const interpersonalMessageTag = context(0);

/** The subject of an interpersonal message whose heading lies within these first octets of the content; else nothing. */
export function subjectOf(contentHead: Uint8Array): string {
  try {
    const outer = readBerHeader(contentHead, 0);
    if (outer?.tag !== interpersonalMessageTag) return '';
    const { subject } = decodeWith(heading, readBerNode(contentHead, outer.headerOctets));
    return subject === undefined ? '' : onOneLine(teletexText(latin1Octets(subject), 't61'));
  } catch (error) {
    if (error instanceof DecodeError) return '';
    throw error;
  }
}
