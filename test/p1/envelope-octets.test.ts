import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/asn1/type.js';
import { messageEnvelopeOctets } from '../../src/p1/envelope-octets.js';
import { messageTransferEnvelope } from '../../src/p1/message-pdu.js';
import { messageEnvelopes } from './envelope-generators.js';

describe('the octets of an envelope', () => {
  it('stand for the value that they were encoded from, which says the same as what is decoded from them', () => {
    fc.assert(
      fc.property(messageEnvelopes, (envelope) => {
        const octets = messageEnvelopeOctets.encode(envelope);
        expect(octets).toEqual(encode(messageTransferEnvelope, envelope));
        expect(messageEnvelopeOctets.decode(octets)).toBe(envelope);
        const decoded = decode(messageTransferEnvelope, octets);
        expect(messageEnvelopeOctets.decode(octets.slice())).toEqual(decoded);
        expect(encode(messageTransferEnvelope, decoded)).toEqual(octets);
      }),
      { numRuns: 50 },
    );
  });
});
