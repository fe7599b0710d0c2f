import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { integer } from '../../src/asn1/simple-types.js';
import { decode } from '../../src/asn1/type.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeRtab, decodeRtoac, decodeRtorj, decodeRtorq, decodeRttp } from '../../src/rtse/codec.js';
import type { ConnectionData } from '../../src/rtse/service.js';
import { decodeRttr } from '../../src/rtse/rttr.js';

interface Vectors {
  readonly apdus: readonly {
    readonly name: string;
    readonly mode: string;
    readonly apdu: 'RTORQ' | 'RTOAC' | 'RTORJ' | 'RTAB';
    readonly octets: string;
    readonly decoded: Readonly<Record<string, unknown>>;
  }[];
  readonly rttr: readonly { readonly name: string; readonly encoding: string; readonly contents: string }[];
  readonly rttp: readonly { readonly name: string; readonly octets: string; readonly priority: number }[];
  readonly activityIdentifiers: readonly { readonly name: string; readonly octets: string; readonly number: number }[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../conformance/vectors/rtse.json', import.meta.url), 'utf8'),
) as Vectors;

function userDataOf(data: ConnectionData): string | undefined {
  return data.kind === 'open' && data.userData !== undefined ? toHex(data.userData) : undefined;
}

function decoded(apdu: string, octets: Uint8Array): Readonly<Record<string, unknown>> {
  switch (apdu) {
    case 'RTORQ': {
      const { proposal, connectionData, ...rest } = decodeRtorq(octets);
      return { ...proposal, ...rest, userData: userDataOf(connectionData) };
    }
    case 'RTOAC': {
      const { answer, connectionData } = decodeRtoac(octets);
      return { ...answer, userData: userDataOf(connectionData) };
    }
    case 'RTORJ': {
      const { userData, ...rest } = decodeRtorj(octets);
      return { ...rest, ...(userData === undefined ? {} : { userData: toHex(userData) }) };
    }
    default:
      return { ...decodeRtab(octets) };
  }
}

describe('octets of other implementations', () => {
  it.each(vectors.apdus)('are read: $name', ({ apdu, octets, decoded: expected }) => {
    expect(decoded(apdu, fromHex(octets))).toMatchObject(expected);
  });

  it.each(vectors.rttr)('are read: $name', ({ encoding, contents }) => {
    expect(toHex(decodeRttr(ByteList.of(fromHex(encoding))).toUint8Array())).toBe(contents);
  });

  it.each(vectors.rttp)('are read: $name', ({ octets, priority }) => {
    expect(decodeRttp(fromHex(octets))).toBe(priority);
  });

  it.each(vectors.activityIdentifiers)('are identifiers of the form that we give: $name', ({ octets, number }) => {
    expect(decode(integer(), fromHex(octets))).toBe(number);
  });
});
