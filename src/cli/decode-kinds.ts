/** What octets can be taken for, and the attempt to do so. */
import { DecodeError } from '../bytes/decode-error.js';
import { berText, berTree, readBerNodes } from './decode-ber.js';
import { apduPlain, contentPlain } from './decode-messages.js';
import type { PlainValue } from './decode-plain.js';
import { sessionPlain } from './decode-session.js';
import { plainText } from './decode-text.js';

export type DecodedAs = 'apdu' | 'content' | 'tsdu' | 'ber';

export interface Decoded {
  readonly as: DecodedAs;
  readonly title: string;
  readonly text: string;
  readonly value: PlainValue;
}

interface Kind {
  readonly as: DecodedAs;
  readonly title: string;
  /** Throws DecodeError. */
  decode(octets: Uint8Array): Decoded;
}

function plainKind(as: DecodedAs, title: string, plain: (octets: Uint8Array) => PlainValue): Kind {
  return {
    as,
    title,
    decode(octets) {
      const value = plain(octets);
      return { as, title, value, text: plainText(value) };
    },
  };
}

const berKind: Kind = {
  as: 'ber',
  title: 'BER encoding (X.690)',
  decode(octets) {
    const nodes = readBerNodes(octets);
    return { as: this.as, title: this.title, value: nodes.map(berTree), text: berText(nodes) };
  },
};

/** From what is recognised surely to what takes nearly everything. */
const kinds: readonly Kind[] = [
  plainKind('apdu', 'MTS-APDU (X.411)', apduPlain),
  plainKind('content', 'interpersonal content (X.420)', contentPlain),
  plainKind('tsdu', 'session TSDU (X.225)', sessionPlain),
  berKind,
];

export type DecodeOutcome =
  | { readonly decoded: Decoded }
  /** A line for each kind that was tried. */
  | { readonly faults: readonly string[] };

/** The first kind that fits, or just the one that is asked for. */
export function decodeOctets(octets: Uint8Array, as: DecodedAs | undefined): DecodeOutcome {
  const faults: string[] = [];
  for (const kind of kinds.filter((candidate) => as === undefined || candidate.as === as)) {
    try {
      return { decoded: kind.decode(octets) };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      faults.push(`no ${kind.title}: ${error.message}`);
    }
  }
  return { faults };
}
