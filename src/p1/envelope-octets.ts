/**
 * Envelopes into octets and back, for what passes from one part of the agent to another as octets: what was encoded or read here a moment ago is
 * not decoded again, as long as it is the same array. Such octets are never written over.
 */
import { OnObject } from '../asn1/on-object.js';
import { decode, encode, type Type } from '../asn1/type.js';
import { messageTransferEnvelope, probeTransferEnvelope } from './message-pdu.js';

interface EnvelopeOctets<Envelope> {
  /** Throws DecodeError. */
  decode(octets: Uint8Array): Envelope;
  encode(envelope: Envelope): Uint8Array;
}

/** On octets: what they were encoded from. */
class EncodedFrom extends OnObject {
  readonly #type: object;
  readonly #envelope: object;

  constructor(octets: Uint8Array, type: object, envelope: object) {
    super(octets);
    this.#type = type;
    this.#envelope = envelope;
  }

  static envelopeOf(octets: Uint8Array, type: object): object | undefined {
    return #envelope in octets && octets.#type === type ? octets.#envelope : undefined;
  }
}

function envelopeOctets<Envelope extends object>(type: Type<Envelope>): EnvelopeOctets<Envelope> {
  return {
    decode: (octets) => (EncodedFrom.envelopeOf(octets, type) as Envelope | undefined) ?? decode(type, octets),
    encode(envelope) {
      const octets = encode(type, envelope);
      new EncodedFrom(octets, type, envelope);
      return octets;
    },
  };
}

export const messageEnvelopeOctets = envelopeOctets(messageTransferEnvelope);
export const probeEnvelopeOctets = envelopeOctets(probeTransferEnvelope);
