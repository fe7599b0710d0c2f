import type { CopyId, IncomingId } from './store.js';

/** Something that cannot be decoded or processed, put aside for an operator. */
export interface NewQuarantineEntry {
  readonly id: string;
  /** An APDU as a peer sent it; a copy of ours that cannot be sent, as an APDU with the envelope that is stored; a file of the store. */
  readonly kind: 'arrival' | 'copy' | 'file';
  readonly reason: string;
  /** The peer was refused and keeps its message; the originator was told of the non-delivery; there is nobody to tell. */
  readonly answer: 'refused' | 'reported' | 'none';
  /** Wall clock milliseconds. */
  readonly quarantinedAt: number;
  /** By which an arrival came, or to which a copy was to go. */
  readonly connector?: string;
  /** Where it is known. */
  readonly mtsIdentifier?: string;
  /** Of a copy: indexes into the envelope's per-recipient fields. */
  readonly recipients?: readonly number[];
  /** The octets; an incoming APDU, or a copy, that is taken out of its place goes with the commit. */
  readonly source:
    | { readonly kind: 'octets'; readonly octets: Uint8Array }
    | { readonly kind: 'incoming'; readonly id: IncomingId }
    | { readonly kind: 'copy'; readonly copy: CopyId };
}

export interface QuarantineEntry extends Omit<NewQuarantineEntry, 'source'> {
  readonly octets: number;
}
