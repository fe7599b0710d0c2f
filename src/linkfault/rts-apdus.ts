/** RTORQ and RTOAC within the user data of CONNECT and ACCEPT, in both modes: where they stand, what they say, and with another value in them. */
import { berOctets, nodeContent, nodeOctets, readBerNode, type BerNode } from '../asn1/ber-node.js';
import { integer } from '../asn1/simple-types.js';
import { implicit } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import { encode } from '../asn1/type.js';
import { recoverName } from '../association/session-connection.js';
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import { rtoacTag, rtorqTag } from '../presentation/codec.js';
import { fullyEncodedTag } from '../presentation/pdu.js';
import { decodeRtoac, decodeRtorq } from '../rtse/codec.js';
import type { ConnectionData, NegotiatedValues } from '../rtse/service.js';
import type { Facts } from './pdus.js';

/** Members of an X.410-1984 mode PPDU: those of the APDU, without its tag (X.226 §8.2). */
const x410ParametersTag = context(1);
/** OCTET STRING of EXTERNAL and of a PDV-list, in which another encoding may stand. */
const octetAlignedTag = context(1);

const shapes = {
  RTORQ: { tag: rtorqTag, connectionDataTag: context(3) },
  RTOAC: { tag: rtoacTag, connectionDataTag: context(2) },
} as const;

export type OpenApdu = keyof typeof shapes;

const valueTags = { checkpointSize: context(0), windowSize: context(1) } as const;

/** From the outermost encoding to the one that holds the members of the APDU. */
type Path = readonly [BerNode, ...BerNode[]];

export function openRequestFacts(userData: Uint8Array | undefined): Facts {
  const apdu = decodeRtorq(apduIn(userData, 'RTORQ'));
  return {
    ...valueFacts(apdu.proposal),
    dialogue: apdu.dialogueMode ?? 'unknown',
    ...connectionFacts(apdu.connectionData),
  };
}

export function openAnswerFacts(userData: Uint8Array | undefined): Facts {
  const apdu = decodeRtoac(apduIn(userData, 'RTOAC'));
  return { ...valueFacts(apdu.answer), ...connectionFacts(apdu.connectionData) };
}

function valueFacts({ checkpointSizeK, windowSize }: NegotiatedValues): Facts {
  return { checkpointSizeK, windowSize };
}

function connectionFacts(data: ConnectionData): Facts {
  if (data.kind === 'open') return { association: 'new' };
  return { association: 'recovered', lost: recoverName(data.identifier) };
}

/** The APDU with its tag. Throws DecodeError. */
function apduIn(userData: Uint8Array | undefined, name: OpenApdu): Uint8Array {
  if (userData === undefined) throw new DecodeError('no user data', 'X.225 §8.3.1', 0);
  const path = pathTo(userData, name);
  return berOctets(shapes[name].tag, 'constructed', nodeContent(path.at(-1) ?? path[0]));
}

/** The user data with another checkpoint size or window in them. Throws DecodeError where they hold no such APDU. */
export function withOpenValue(
  userData: Uint8Array,
  name: OpenApdu,
  field: keyof typeof valueTags,
  value: number,
): Uint8Array {
  const path = pathTo(userData, name);
  const members = path.at(-1) ?? path[0];
  const tag = valueTags[field];
  const others = members.children.filter((child) => child.tag !== tag).map(nodeOctets);
  const content = joinOctets([encode(implicit(tag, integer()), value), ...others]);
  return joinOctets([replaced(path, content), userData.subarray(path[0].end)]);
}

/** The outermost encoding, with other content in the innermost; lengths around it are made to fit. */
function replaced(path: Path, content: Uint8Array): Uint8Array {
  const [first, ...rest] = [...path].reverse();
  if (first === undefined) return content;
  let octets = reheaded(first, content);
  let child = first;
  for (const parent of rest) {
    const { source } = parent;
    const before = source.subarray(parent.contentStart, child.start);
    const behind = source.subarray(child.end, parent.contentEnd);
    octets = reheaded(parent, joinOctets([before, octets, behind]));
    child = parent;
  }
  return octets;
}

function reheaded({ tag, constructed }: BerNode, content: Uint8Array): Uint8Array {
  return berOctets(tag, constructed ? 'constructed' : 'primitive', content);
}

function pathTo(userData: Uint8Array, name: OpenApdu): Path {
  const root = readBerNode(userData);
  const isApdu = ({ children }: BerNode): boolean => children.some(({ tag }) => tag === shapes[name].connectionDataTag);
  const x410 = root.children.find((child) => child.tag === x410ParametersTag && isApdu(child));
  if (x410 !== undefined) return [root, x410];
  const wanted = (node: BerNode): boolean => node.tag === shapes[name].tag && isApdu(node);
  const path = descend(root, (node) => node.tag === fullyEncodedTag) ?? [];
  const inner = path.at(-1) && descend(path.at(-1) ?? root, wanted);
  if (inner === undefined) throw new DecodeError(`no ${name} in the user data`, 'X.228 §7.1', 0);
  return [root, ...path.slice(1), ...inner.slice(1)];
}

/** The way to the outermost encoding that is wanted; also through octets that hold one encoding or more. */
function descend(node: BerNode, wanted: (node: BerNode) => boolean): readonly BerNode[] | undefined {
  if (wanted(node)) return [node];
  const children = node.tag === octetAlignedTag && !node.constructed ? embedded(node) : node.children;
  for (const child of children) {
    const way = descend(child, wanted);
    if (way !== undefined) return [node, ...way];
  }
  return undefined;
}

function embedded({ source, contentStart, contentEnd }: BerNode): readonly BerNode[] {
  const nodes: BerNode[] = [];
  try {
    for (let position = contentStart; position < contentEnd; position = nodes.at(-1)?.end ?? contentEnd) {
      nodes.push(readBerNode(source, position, undefined, contentEnd));
    }
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
  return nodes;
}
