import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeAbort, decodeCp, decodeCpa, decodeCpr } from '../../src/presentation/codec.js';
import { DefinedContextSet } from '../../src/presentation/contexts.js';
import type { ContextResult, UserData } from '../../src/presentation/pdu.js';
import { unwrapValues } from '../../src/presentation/user-data.js';

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly ppdu: 'CP' | 'CPA' | 'CPR' | 'abort' | 'user data';
  readonly octets: string;
  readonly decoded: Readonly<Record<string, unknown>>;
}

const file = new URL('../../conformance/vectors/presentation.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

/** Numbers below 10 stand for themselves, whatever the abstract syntax. */
const anyContexts = new DefinedContextSet(
  [1, 3, 5].map((identifier) => ({ identifier, abstractSyntax: String(identifier) })),
);

const hex = (octets: Uint8Array | undefined) => (octets === undefined ? {} : toHex(octets));

function only(userData: UserData | undefined): unknown {
  if (userData?.kind !== 'fullyEncoded') return undefined;
  const [pdv, surplus] = userData.value;
  expect(surplus).toBeUndefined();
  return pdv?.values.kind === 'singleAsn1Type' ? [pdv.contextIdentifier, toHex(pdv.values.value)] : undefined;
}

const resultsOf = (results: readonly ContextResult[]) =>
  results.map(({ result, transferSyntax, providerReason }) =>
    [result, transferSyntax, providerReason].filter((value) => value !== undefined),
  );

/** Leaves out what is undefined. */
function said(members: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(members));
}

function read({ ppdu, octets: text }: Vector): unknown {
  const octets = fromHex(text);
  switch (ppdu) {
    case 'CP': {
      const { cp, copies } = decodeCp(octets);
      expect(copies).toHaveLength(0);
      const { x410Parameters, normalParameters } = cp;
      return said({
        mode: cp.modeSelector.modeValue,
        ...(x410Parameters && { members: toHex(x410Parameters) }),
        ...(normalParameters && {
          callingSelector: normalParameters.callingSelector && toHex(normalParameters.callingSelector),
          calledSelector: normalParameters.calledSelector && toHex(normalParameters.calledSelector),
          contexts: normalParameters.contextDefinitions.map((context) => [
            context.identifier,
            context.abstractSyntax,
            context.transferSyntaxes,
          ]),
          userData: only(normalParameters.userData),
        }),
      });
    }
    case 'CPA': {
      const { modeSelector, x410Parameters, normalParameters } = decodeCpa(octets);
      return said({
        mode: modeSelector.modeValue,
        ...(x410Parameters && { members: toHex(x410Parameters) }),
        ...(normalParameters && {
          respondingSelector: normalParameters.respondingSelector && toHex(normalParameters.respondingSelector),
          results: resultsOf(normalParameters.contextResults),
          userData: only(normalParameters.userData),
        }),
      });
    }
    case 'CPR': {
      const cpr = decodeCpr(octets);
      if (cpr.kind === 'x410Mode') return { members: hex(cpr.value) };
      const { respondingSelector, contextResults, providerReason, userData } = cpr.value;
      return said({
        respondingSelector: respondingSelector && toHex(respondingSelector),
        results: resultsOf(contextResults),
        providerReason,
        userData: only(userData),
      });
    }
    case 'abort': {
      const abort = decodeAbort(octets);
      if (abort.kind === 'aruX410Mode') return { members: hex(abort.value) };
      if (abort.kind === 'arp') return said({ ...abort.value });
      const { contextIdentifiers, userData } = abort.value;
      return said({
        contextIdentifiers: contextIdentifiers?.map(({ identifier, transferSyntax }) => [identifier, transferSyntax]),
        userData: only(userData),
      });
    }
    case 'user data':
      return {
        values: unwrapValues(anyContexts, ByteList.of(octets)).map((value) => [
          Number(value.abstractSyntax),
          toHex(value.octets.toUint8Array()),
        ]),
      };
  }
}

describe('PPDUs as they are on the wire', () => {
  it.each(vectors)('$source: $ppdu, $name', (vector) => {
    expect(read(vector)).toEqual(vector.decoded);
  });
});
