/** Reads a content of type 2 or 22 (X.420): where everything is, and what is small as values. */
import { context, type Tag } from '../asn1/tag.js';
import { berOctets } from '../asn1/ber-node.js';
import { decode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { decodeSmall, readPart, type PartContext } from './body-part-reader.js';
import type { OctetSource } from '../p1/octet-source.js';
import { ContentOutline, type OutlineNode } from './content-outline.js';
import { heading } from './heading.js';
import { interpersonalNotification } from './notification.js';
import { requireTag, tags } from './part-data.js';
import {
  readLimits,
  type ReadBodyPart,
  type ReadContent,
  type ReadMessage,
  type ReadNotification,
} from './read-content.js';
import type { TeletexRepertoire } from './text.js';

export interface ReadOptions {
  /** What this sender puts into TeletexString. */
  readonly teletex: TeletexRepertoire;
}

const messageTag = context(0);
const notificationTag = context(1);
/** choice, non-receipt, returned-ipm. */
const returnedMessagePath: readonly Tag[] = [context(0), context(0), context(3)];

class ContentReader {
  readonly #outline: ContentOutline;
  readonly #options: ReadOptions;
  #partsLeft = readLimits.bodyPartsMax;

  constructor(source: OctetSource, options: ReadOptions) {
    this.#outline = new ContentOutline(source);
    this.#options = options;
  }

  content(): ReadContent {
    const whole = this.#outline.node(0);
    if (whole.end !== this.#outline.source.octets) {
      throw new DecodeError('octets behind the content', 'X.420', whole.end);
    }
    if (whole.tag === messageTag)
      return { kind: 'message', message: this.#message(whole, readLimits.forwardedDepthMax) };
    requireTag(whole, notificationTag, 'interpersonal message or notification', 0);
    return { kind: 'notification', notification: this.#notification(whole, readLimits.forwardedDepthMax) };
  }

  /** `node` has the tag of an IPM or one that replaces it. */
  #message(node: OutlineNode, depth: number): ReadMessage {
    if (depth < 0) throw new DecodeError('forwarded too deep', 'X.420', node.start);
    const [first, second] = this.#outline.children(node);
    const headingNode = requireTag(first, tags.set, 'heading', node.contentStart);
    const body = requireTag(second, tags.sequence, 'body', node.contentStart);
    const parts: ReadBodyPart[] = [];
    const partContext = this.#contextAt(depth);
    for (const child of this.#outline.children(body)) {
      if (--this.#partsLeft < 0) throw new DecodeError('too many body parts', 'X.420', child.start);
      parts.push(readPart(partContext, child));
    }
    return { heading: decodeSmall(this.#outline, heading, headingNode), parts };
  }

  #contextAt(depth: number): PartContext {
    return {
      outline: this.#outline,
      teletex: this.#options.teletex,
      message: (node) => this.#message(node, depth - 1),
      notification: (node) => this.#notification(node, depth - 1),
    };
  }

  /** The message that a non-receipt returns may be of any size: it is read apart, the rest as a value. */
  #notification(node: OutlineNode, depth: number): ReadNotification {
    let returned: ReadMessage | undefined;
    const members = this.#membersWithout(node, returnedMessagePath, (message) => {
      returned = this.#message(message, depth - 1);
    });
    const octets = berOctets(tags.set, 'constructed', ...members);
    return { notification: decode(interpersonalNotification, octets), ...(returned !== undefined && { returned }) };
  }

  /** The encodings inside `node` without those at the end of `path`, which are given to `take`. */
  #membersWithout(node: OutlineNode, path: readonly Tag[], take: (node: OutlineNode) => void): readonly Uint8Array[] {
    const [next, ...rest] = path;
    const members: Uint8Array[] = [];
    let octetsLeft = readLimits.parametersOctetsMax;
    for (const member of this.#outline.childrenUpTo(readLimits.membersMax, node)) {
      if (member.tag === next && rest.length === 0) take(member);
      else {
        const octets =
          member.tag === next
            ? berOctets(member.tag, 'constructed', ...this.#membersWithout(member, rest, take))
            : this.#outline.octets(member, octetsLeft);
        octetsLeft -= octets.length;
        members.push(octets);
      }
    }
    return members;
  }
}

/** Throws DecodeError. */
export function readContent(source: OctetSource, options: ReadOptions = { teletex: 't61' }): ReadContent {
  return new ContentReader(source, options).content();
}
