/** Encodings changed in one place, or written in another legal form: what cases damage, and what they vary without changing a value. */
import { concatOctets } from '../../bytes/octets.js';
import { ber, indefiniteBer, memberOf, readWholeBer, type Ber } from './ber.js';

/** What stands in the place of a member: any number of encodings. */
type Edit = (member: Ber) => readonly Uint8Array[];

const constructedBit = 0x20;
const setIdentifier = 0x31;

/** The encoding with the first member down a path of identifiers changed; lengths around it are made anew. */
export function edited(octets: Uint8Array, path: readonly number[], edit: Edit): Uint8Array {
  const root = readWholeBer(octets);
  if (memberOf(root, ...path) === undefined) throw new RangeError(`there is no member ${path.join(' ')} to edit`);
  return concatOctets(...editedNode(root, path, edit));
}

function editedNode(node: Ber, path: readonly number[], edit: Edit): readonly Uint8Array[] {
  const [identifier, ...rest] = path;
  if (identifier === undefined) return edit(node);
  const place = node.children.findIndex((child) => child.identifier === identifier);
  const content = node.children.flatMap((child, i) => (i === place ? editedNode(child, rest, edit) : [child.octets]));
  return [ber(node.identifier, ...content)];
}

/** Further members behind those of a constructed encoding. */
export function withMembers(...members: readonly Uint8Array[]): Edit {
  return (node) => [ber(node.identifier, node.content, ...members)];
}

/** Another content in place of the one that is there. */
export function withContent(...content: readonly Uint8Array[]): Edit {
  return (node) => [ber(node.identifier, ...content)];
}

/** Every constructed encoding in the indefinite form, and an OCTET STRING at this place in segments. */
export function inIndefiniteForm(octets: Uint8Array): Uint8Array {
  const write = (node: Ber): Uint8Array =>
    (node.identifier & constructedBit) === 0
      ? node.octets
      : indefiniteBer(node.identifier, ...node.children.map(write));
  return write(readWholeBer(octets));
}

/** Every SET, and every structure with one of these identifiers, with its members in the opposite order. */
export function withSetsReversed(octets: Uint8Array, ...others: readonly number[]): Uint8Array {
  const write = (node: Ber): Uint8Array => {
    if ((node.identifier & constructedBit) === 0) return node.octets;
    const members = node.children.map(write);
    const isSet = node.identifier === setIdentifier || others.includes(node.identifier);
    return ber(node.identifier, ...(isSet ? members.reverse() : members));
  };
  return write(readWholeBer(octets));
}

/** An OCTET STRING in segments of this many octets (X.690 §8.7.3). */
export function segmented(octetsMax: number): Edit {
  return ({ content }) => {
    const segments = Array.from({ length: Math.ceil(content.length / octetsMax) }, (_, i) =>
      ber(0x04, content.subarray(i * octetsMax, (i + 1) * octetsMax)),
    );
    return [ber(0x24, ...segments)];
  };
}
