import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeOctets, readWholeBerNode, type BerNode } from '../../src/asn1/ber-node.js';
import { context } from '../../src/asn1/tag.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import {
  decodeBindArgument,
  decodeBindError,
  decodeBindResult,
  encodeBindArgument,
  encodeBindError,
  encodeBindResult,
  passwordOf,
  refuseReasonOf,
  type BindMode,
  type MtaBind,
  type PasswordType,
} from '../../src/p1/bind.js';
import { vector } from './vectors.js';

function authenticated(mtaName: string, password: string, type: PasswordType): MtaBind {
  return { kind: 'authenticated', mtaName, credentials: { kind: 'password', octets: latin1Octets(password), type } };
}

/** The bind inside captured session user data: what stands in `[tag] { [0] { … } }` of the RTORQ or RTOAC. */
function bindOf(id: string, tag: number): Uint8Array {
  const value = innermost(readWholeBerNode(vector(id)), tag)?.children[0]?.children[0];
  if (value === undefined) throw new Error(`no bind in ${id}`);
  return nodeOctets(value);
}

function innermost(node: BerNode, tag: number): BerNode | undefined {
  const deeper = node.children.map((child) => innermost(child, tag)).findLast((found) => found !== undefined);
  return deeper ?? (isOpen(node, tag) ? node : undefined);
}

function isOpen(node: BerNode, tag: number): boolean {
  return node.tag === context(tag) && node.children[0]?.tag === context(0) && node.children.length === 1;
}

describe('MTA-bind', () => {
  const secret = authenticated('mta1', 'secret', 'ia5');
  const octets = 'a110' + '80046d746131' + 'a108' + '1606736563726574';

  it('encodes name and IA5 password the same for 1984 and 1988 in X.410 mode, with [16] in normal mode (P1-005)', () => {
    expect(toHex(encodeBindArgument(secret, 'x410-1984'))).toBe(octets);
    expect(toHex(encodeBindArgument(secret, 'normal'))).toBe(`b012${octets}`);
    expect(toHex(encodeBindResult(secret, 'normal'))).toBe(`b112${octets}`);
    expect(toHex(encodeBindResult(secret, 'x410-1984'))).toBe(octets);
  });

  it('sends the password as OCTET STRING where that is asked for', () => {
    expect(toHex(encodeBindArgument(authenticated('mta1', 'secret', 'octets'), 'x410-1984'))).toBe(
      octets.replace('1606', '0406'),
    );
  });

  it.each([
    ['B1', 3, 'MTA-A', 'secretA', 'ia5'],
    ['B2', 3, 'MTA-A', 'secretA', 'octets'],
    ['B3', 3, 'MTA-A', 'secretA', 'octets'],
  ] as const)('decodes the captured argument %s (P1-006, P1-069)', (id, tag, name, password, type) => {
    expect(decodeBindArgument(bindOf(id, tag))).toEqual(authenticated(name, password, type));
  });

  it.each([
    ['B1r', 2, 'ia5'],
    ['B2r', 2, 'octets'],
    ['B3r', 2, 'octets'],
  ] as const)('decodes the captured result %s (P1-007, P1-069)', (id, tag, type) => {
    expect(decodeBindResult(bindOf(id, tag))).toEqual(authenticated('MTA-B', 'secretB', type));
  });

  it('takes NULL, tagged or not, and nothing at all as unauthenticated (P1-006)', () => {
    for (const hex of ['0500', 'b0020500'])
      expect(decodeBindArgument(fromHex(hex))).toEqual({ kind: 'unauthenticated' });
    expect(decodeBindArgument(undefined)).toEqual({ kind: 'unauthenticated' });
    expect(decodeBindResult(undefined)).toEqual({ kind: 'unauthenticated' });
    expect(toHex(encodeBindArgument({ kind: 'unauthenticated' }, 'normal'))).toBe('b0020500');
    expect(toHex(encodeBindResult({ kind: 'unauthenticated' }, 'x410-1984'))).toBe('0500');
  });

  it('recognises strong and unknown credentials as no password (P1-063)', () => {
    for (const credentials of ['a000', 'a100', '0101ff']) {
      const bind = decodeBindArgument(fromHex(prefix(credentials) + credentials));
      expect(bind).toMatchObject({ kind: 'authenticated', credentials: { kind: 'unsupported' } });
      expect(passwordOf(bind)).toBeUndefined();
    }
  });

  it('accepts members in any order, indefinite lengths and constructed passwords (P1-012, P1-013)', () => {
    const shuffled = fromHex(
      'a180' + 'a180' + '2480' + '0403736563' + '0403726574' + '0000' + '0000' + '80046d746131' + '0000',
    );
    expect(decodeBindArgument(shuffled)).toEqual(authenticated('mta1', 'secret', 'octets'));
  });

  it('keeps a password of one space as it is (P1-006)', () => {
    const bind = decodeBindArgument(encodeBindArgument(authenticated('A', ' ', 'octets'), 'normal'));
    expect(passwordOf(bind)).toEqual(Uint8Array.of(0x20));
  });

  it('writes bind errors with [18] and accepts them without (P1-008)', () => {
    expect(toHex(encodeBindError(2))).toBe('b203020102');
    expect(decodeBindError(fromHex('b203020102'))).toBe(2);
    expect(decodeBindError(fromHex('020102'))).toBe(2);
  });

  it('maps bind errors to refuse reasons of X.410 mode', () => {
    expect([0, 2, 3, 4, 5].map(refuseReasonOf)).toEqual([
      'busy',
      'validation-failure',
      'unacceptable-dialogue-mode',
      'validation-failure',
      'validation-failure',
    ]);
  });

  it('reads back every bind it writes, and of any octets a bind or a DecodeError', () => {
    const binds = fc.record({
      mtaName: fc.string({ unit: fc.constantFrom('A', 'z', '-', '.', ' ', '9'), minLength: 1, maxLength: 32 }),
      octets: fc.uint8Array({ maxLength: 62 }),
      type: fc.constantFrom<PasswordType>('ia5', 'octets'),
      mode: fc.constantFrom<BindMode>('normal', 'x410-1984'),
    });
    fc.assert(
      fc.property(binds, ({ mtaName, octets: password, type, mode }) => {
        const bind: MtaBind = {
          kind: 'authenticated',
          mtaName,
          credentials: { kind: 'password', octets: password, type },
        };
        expect(decodeBindArgument(encodeBindArgument(bind, mode))).toEqual(bind);
        expect(decodeBindResult(encodeBindResult(bind, mode))).toEqual(bind);
      }),
    );
    const mutated = fc
      .tuple(fc.nat(19), fc.nat(255))
      .map(([at, octet]) => encodeBindArgument(secret, 'normal').with(at, octet));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), (input) => {
        for (const read of [decodeBindArgument, decodeBindResult, decodeBindError]) {
          try {
            read(input);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** `[1] { [0] "A", [1] {` for credentials of so many digits. */
function prefix(credentials: string): string {
  const length = credentials.length / 2;
  return `a1${(length + 5).toString(16).padStart(2, '0')}800141a1${length.toString(16).padStart(2, '0')}`;
}
