/**
 * Envelopes into octets and back, for what passes from one part of the agent to another as octets: what was encoded or read here a moment ago is
 * not decoded again, as long as it is the same array. Such octets are never written over.
 */
import { decode, encode, type Type } from '../asn1/type.js';
import { messageTransferEnvelope, probeTransferEnvelope } from './message-pdu.js';

interface EnvelopeOctets<Envelope> {
  /** Throws DecodeError. */
  decode(octets: Uint8Array): Envelope;
  encode(envelope: Envelope): Uint8Array;
}

function envelopeOctets<Envelope extends object>(type: Type<Envelope>): EnvelopeOctets<Envelope> {
  const encoded = new WeakMap<Uint8Array, Envelope>();
  return {
    decode: (octets) => encoded.get(octets) ?? decode(type, octets),
    encode(envelope) {
      const octets = encode(type, envelope);
      encoded.set(octets, envelope);
      return octets;
    },
  };
}

export const messageEnvelopeOctets = envelopeOctets(messageTransferEnvelope);
export const probeEnvelopeOctets = envelopeOctets(probeTransferEnvelope);
