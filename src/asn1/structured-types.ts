import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import { readBerHeader } from './ber-header.js';
import { nodeContent, nodeOctets, type BerNode } from './ber-node.js';
import { BitString } from './bit-string.js';
import { OnObject } from './on-object.js';
import type { Bounds } from './simple-types.js';
import { tagText, universal, type Tag } from './tag.js';
import { decodeWith, encode, matches, type Type } from './type.js';

/**
 * SEQUENCE, SET, SEQUENCE OF, SET OF, CHOICE, tags and presence, named as the ASN.1 modules name them.
 *
 * What must be relayed unchanged is relayed unchanged: a decoded structure remembers the octets it came from, and while nobody has made a
 * changed copy of it, those octets are what is written. Values are therefore never altered in place; a change is a new object
 * (`{ ...envelope, priority: 2 }`), whose untouched members still go out as they came. Members that the type does not know are kept under
 * the `unrecognized` symbol, which a spread carries along.
 */
class Origin extends OnObject {
  readonly #type: object;
  readonly #node: BerNode;

  constructor(value: object, type: object, node: BerNode) {
    super(value);
    this.#type = type;
    this.#node = node;
  }

  /** The content from which this type has decoded the value, if it has. */
  static contentOf(value: object, type: object): Uint8Array | undefined {
    return #node in value && value.#type === type ? nodeContent(value.#node) : undefined;
  }
}

/** Encodings of members that the type does not know, in the order in which they came. */
export const unrecognized: unique symbol = Symbol('unrecognized');

interface Unrecognized {
  readonly [unrecognized]?: readonly Uint8Array[];
}

function remember<Value extends object>(value: Value, type: object, node: BerNode): Value {
  new Origin(value, type, node);
  return value;
}

/** A member that may be left out. */
export interface Optional<Value> {
  readonly presence: 'optional';
  readonly type: Type<Value>;
}

/** A member that is left out when it has its default value, and has it when left out. */
export interface Defaulted<Value> {
  readonly presence: 'default';
  readonly type: Type<Value>;
  readonly value: Value;
}

export function optional<Value>(type: Type<Value>): Optional<Value> {
  return { presence: 'optional', type };
}

export function withDefault<Value>(type: Type<Value>, value: Value): Defaulted<Value> {
  return { presence: 'default', type, value };
}

type Member = Type<unknown> | Optional<unknown> | Defaulted<unknown>;
type Members = Readonly<Record<string, Member>>;

type OptionalKey<M extends Members> = { [K in keyof M]: M[K] extends Optional<unknown> ? K : never }[keyof M];

type MemberValue<T> =
  T extends Optional<infer V> ? V : T extends Defaulted<infer V> ? V : T extends Type<infer V> ? V : never;

export type StructureValue<M extends Members> = {
  readonly [K in Exclude<keyof M, OptionalKey<M>>]: MemberValue<M[K]>;
} & { readonly [K in OptionalKey<M>]?: MemberValue<M[K]> } & Unrecognized;

interface MemberRow {
  readonly key: string;
  readonly type: Type<unknown>;
  readonly presence: 'required' | 'optional' | 'default';
  readonly defaultValue: unknown;
}

function rowsOf(members: Members): readonly MemberRow[] {
  return Object.entries(members).map(([key, member]) =>
    'presence' in member
      ? {
          key,
          type: member.type,
          presence: member.presence,
          defaultValue: 'value' in member ? member.value : undefined,
        }
      : { key, type: member, presence: 'required', defaultValue: undefined },
  );
}

function isDefault(value: unknown, defaultValue: unknown): boolean {
  if (value instanceof BitString && defaultValue instanceof BitString) return value.equals(defaultValue);
  if (Array.isArray(value) && Array.isArray(defaultValue)) return value.length === 0 && defaultValue.length === 0;
  return value === defaultValue;
}

/** Members that the type of one structure may have: the bits of a small integer. */
const membersMax = 30;

/** Which member a node is: in a SEQUENCE one behind the last, in a SET any that was not seen. */
function placeSequence(rows: readonly MemberRow[], node: BerNode, from: number): number {
  for (let i = from; i < rows.length; i++) if (matches(rows[i]?.type as Type<unknown>, node.tag)) return i;
  return -1;
}

function startsAs(type: Type<unknown>, encoding: Uint8Array): boolean {
  const header = readBerHeader(encoding, 0);
  return header !== undefined && matches(type, header.tag);
}

function structure<M extends Members>(
  name: string,
  tag: Tag,
  order: 'sequence' | 'set',
  members: M,
): Type<StructureValue<M>> {
  const rows = rowsOf(members);
  if (rows.length > membersMax) throw new RangeError(`${name} has more than ${String(membersMax)} members`);
  const allPresent = 2 ** rows.length - 1;
  const type: Type<StructureValue<M>> = {
    name,
    tags: [tag],
    decodeNode(node) {
      if (!node.constructed) throw new DecodeError(`${name} must be constructed`, 'X.690 §8.9', node.start);
      const value: Record<string | symbol, unknown> = {};
      let unknown: Uint8Array[] | undefined;
      let next = 0;
      /** A bit for each row. */
      let present = 0;
      for (const child of node.children) {
        const place = placeSequence(rows, child, next);
        const row = rows[place];
        if (row === undefined || (present & (1 << place)) !== 0) {
          (unknown ??= []).push(nodeOctets(child));
          continue;
        }
        value[row.key] = row.type.decodeNode(child);
        present |= 1 << place;
        if (order === 'sequence') next = place + 1;
      }
      if (present !== allPresent) {
        rows.forEach((row, place) => {
          if ((present & (1 << place)) !== 0) return;
          if (row.presence === 'required') throw new DecodeError(`${name} lacks ${row.key}`, 'X.680', node.start);
          if (row.presence === 'default') value[row.key] = row.defaultValue;
        });
      }
      if (unknown !== undefined) value[unrecognized] = unknown;
      return remember(value as StructureValue<M>, type, node);
    },
    encodeValue(value) {
      const kept = Origin.contentOf(value, type);
      if (kept !== undefined) return { tag, form: 'constructed', content: kept };
      const parts: Uint8Array[] = [];
      const unknown = (value as Unrecognized)[unrecognized] ?? [];
      // Left out, a default would leave its place to what came a second time under its tag.
      const mayLeaveOut = ({ type: member }: MemberRow): boolean => !unknown.some((octets) => startsAs(member, octets));
      for (const row of rows) {
        const member = (value as Readonly<Record<string, unknown>>)[row.key];
        if (member === undefined) continue;
        if (row.presence === 'default' && isDefault(member, row.defaultValue) && mayLeaveOut(row)) continue;
        parts.push(encode(row.type, member));
      }
      return { tag, form: 'constructed', content: joinOctets([...parts, ...unknown]) };
    },
    check(value, path, faults) {
      for (const row of rows) {
        const member = (value as Readonly<Record<string, unknown>>)[row.key];
        if (member !== undefined) row.type.check(member, `${path}.${row.key}`, faults);
        else if (row.presence === 'required') faults.push({ path: `${path}.${row.key}`, text: 'is missing' });
      }
    },
  };
  return type;
}

/** SEQUENCE: members in the order of the declaration; unknown ones in between are kept. */
export function sequence<M extends Members>(name: string, members: M): Type<StructureValue<M>> {
  return structure(name, universal(16), 'sequence', members);
}

/** SET: members in any order. */
export function set<M extends Members>(name: string, members: M): Type<StructureValue<M>> {
  return structure(name, universal(17), 'set', members);
}

function listOf<Value>(name: string, tag: Tag, element: Type<Value>, bounds: Bounds): Type<readonly Value[]> {
  const type: Type<readonly Value[]> = {
    name,
    tags: [tag],
    decodeNode(node) {
      if (!node.constructed) throw new DecodeError(`${name} must be constructed`, 'X.690 §8.10', node.start);
      return remember(
        node.children.map((child) => decodeWith(element, child)),
        type,
        node,
      );
    },
    encodeValue(value) {
      const content = Origin.contentOf(value, type) ?? joinOctets(value.map((item) => encode(element, item)));
      return { tag, form: 'constructed', content };
    },
    check(value, path, faults) {
      const { min = 0, max = Infinity } = bounds;
      if (value.length < min || value.length > max) {
        faults.push({ path, text: `${String(value.length)} elements are not in ${String(min)}..${String(max)}` });
      }
      value.forEach((item, i) => {
        element.check(item, `${path}[${String(i)}]`, faults);
      });
    },
  };
  return type;
}

export function sequenceOf<Value>(element: Type<Value>, bounds: Bounds = {}): Type<readonly Value[]> {
  return listOf(`SEQUENCE OF ${element.name}`, universal(16), element, bounds);
}

export function setOf<Value>(element: Type<Value>, bounds: Bounds = {}): Type<readonly Value[]> {
  return listOf(`SET OF ${element.name}`, universal(17), element, bounds);
}

type Alternatives = Readonly<Record<string, Type<unknown>>>;

/** The alternative's name and its value. */
export type ChoiceValue<A extends Alternatives> = {
  readonly [K in keyof A]: { readonly kind: K; readonly value: MemberValue<A[K]> };
}[keyof A];

/** CHOICE: the first alternative whose tag fits; an ANY alternative takes what is left and must be the last. */
export function choice<A extends Alternatives>(name: string, alternatives: A): Type<ChoiceValue<A>> {
  const rows = Object.entries(alternatives);
  const tags = rows.some(([, type]) => type.tags.length === 0) ? [] : rows.flatMap(([, type]) => type.tags);
  return {
    name,
    tags,
    decodeNode(node) {
      for (const [kind, type] of rows) {
        if (matches(type, node.tag)) return { kind, value: type.decodeNode(node) } as ChoiceValue<A>;
      }
      throw new DecodeError(`${name} has no alternative ${tagText(node.tag)}`, 'X.680', node.start);
    },
    encodeValue(value) {
      return (alternatives[value.kind] as Type<unknown>).encodeValue(value.value);
    },
    check(value, path, faults) {
      (alternatives[value.kind] as Type<unknown>).check(value.value, `${path}.${String(value.kind)}`, faults);
    },
  };
}

/** `[tag] IMPLICIT`: replaces the tag. Not for a CHOICE or ANY, which have none of their own (X.680 §31.2.7). */
export function implicit<Value>(tag: Tag, type: Type<Value>): Type<Value> {
  if (type.tags.length !== 1) throw new RangeError(`${type.name} has no single tag to replace: use explicit`);
  return {
    name: type.name,
    tags: [tag],
    decodeNode: (node) => type.decodeNode(node),
    encodeValue(value) {
      const { form, content } = type.encodeValue(value);
      return { tag, form, content };
    },
    check(value, path, faults) {
      type.check(value, path, faults);
    },
  };
}

/** `[tag] EXPLICIT`: puts a tag of its own around. */
export function explicit<Value>(tag: Tag, type: Type<Value>): Type<Value> {
  return {
    name: type.name,
    tags: [tag],
    decodeNode(node) {
      const [inner] = node.children;
      if (inner === undefined || node.children.length !== 1) {
        throw new DecodeError(`${tagText(tag)} must hold one ${type.name}`, 'X.690 §8.14', node.start);
      }
      return decodeWith(type, inner);
    },
    encodeValue: (value) => ({ tag, form: 'constructed', content: encode(type, value) }),
    check(value, path, faults) {
      type.check(value, path, faults);
    },
  };
}

/** A type that is declared later (recursive types). `tags` are those of the type. */
export function deferred<Value>(name: string, tags: readonly Tag[], resolve: () => Type<Value>): Type<Value> {
  return {
    name,
    tags,
    decodeNode: (node) => resolve().decodeNode(node),
    encodeValue: (value) => resolve().encodeValue(value),
    check(value, path, faults) {
      resolve().check(value, path, faults);
    },
  };
}
