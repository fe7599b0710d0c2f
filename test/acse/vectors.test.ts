import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeAare, decodeAarq, decodeAbrt, expectRelease, informationIn } from '../../src/acse/codec.js';
import { rlre, rlrq, type External } from '../../src/acse/pdu.js';
import { decode } from '../../src/asn1/type.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { rtseAbstractSyntax } from '../../src/presentation/service.js';

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly apdu: 'AARQ' | 'AARE' | 'RLRQ' | 'RLRE' | 'ABRT';
  readonly octets: string;
  readonly decoded: Readonly<Record<string, unknown>>;
}

const file = new URL('../../conformance/vectors/acse.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

function informationOf(externals: readonly External[] | undefined): object {
  if (externals === undefined) return {};
  const userInformation = externals.map(({ indirectReference = null, directReference = null, encoding }) => {
    expect(encoding.kind).toBe('singleAsn1Type');
    const contexts = [{ identifier: indirectReference ?? 0, abstractSyntax: rtseAbstractSyntax }];
    return [indirectReference, directReference, toHex(informationIn(contexts, externals) ?? fromHex(''))];
  });
  return { userInformation };
}

function read({ apdu, octets: text }: Vector): unknown {
  const octets = fromHex(text);
  switch (apdu) {
    case 'AARQ': {
      const { applicationContextName: applicationContext, userInformation } = decodeAarq(octets);
      return { applicationContext, ...informationOf(userInformation) };
    }
    case 'AARE': {
      const aare = decodeAare(octets);
      const { applicationContextName: applicationContext, result, diagnostic } = aare;
      const information = informationOf(aare.userInformation);
      return { applicationContext, result, diagnostic: [diagnostic.kind, diagnostic.value], ...information };
    }
    case 'ABRT': {
      const { source: abortSource, userInformation } = decodeAbrt(octets);
      return { abortSource, ...informationOf(userInformation) };
    }
    case 'RLRQ':
    case 'RLRE':
      expectRelease(apdu, octets);
      return { reason: decode(apdu === 'RLRQ' ? rlrq : rlre, octets).reason };
  }
}

describe('APDUs as they are on the wire', () => {
  it.each(vectors)('$source: $apdu, $name', (vector) => {
    expect(read(vector)).toEqual(vector.decoded);
  });
});
