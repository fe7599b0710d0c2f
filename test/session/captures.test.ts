import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeTsdu, encodeTsdu } from '../../src/session/concatenation.js';
import type { Spdu } from '../../src/session/pdu.js';
import { tokensOf } from '../../src/session/field-values.js';
import type { SessionRequest } from '../../src/session/service.js';
import { CONNECT_REQUEST, End } from './support/end.js';

interface Vector {
  readonly source: string;
  readonly octets: string;
  /** In the order of processing; octets in hexadecimal. */
  readonly spdus: readonly Record<string, unknown>[];
  /** Whether the octets are what we would send ourselves. */
  readonly reencodes: boolean;
}

interface Conversation {
  readonly source: string;
  readonly tsdus: readonly { readonly from: 'initiator' | 'responder'; readonly octets: string }[];
}

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../conformance/vectors/${name}.json`, import.meta.url), 'utf8'));
}

/** As the vectors write it. */
function plain(value: unknown): unknown {
  if (value instanceof ByteList) return toHex(value.toUint8Array());
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

const spdusOf = (hex: string): ReturnType<typeof decodeTsdu> => decodeTsdu(ByteList.of(fromHex(hex)));

describe('TSDUs of the examples and of other implementations', () => {
  const all = vectors('session') as readonly Vector[];

  it.each(all)('$source: $octets', ({ octets, spdus, reencodes }) => {
    const decoded = spdusOf(octets);
    expect(decoded.map(plain)).toEqual(spdus);
    const [first] = decoded;
    if (first === undefined || 'continues' in first) return;
    const encoded = toHex(encodeTsdu(first).toUint8Array());
    if (reencodes) expect(encoded).toBe(octets);
    else expect(spdusOf(encoded).map(plain)).toEqual(spdus);
  });

  it('are of nearly all kinds', () => {
    const kinds = new Set(all.flatMap(({ spdus }) => spdus.map(({ spdu }) => spdu)));
    expect(kinds.size).toBeGreaterThanOrEqual(21);
  });
});

/** What the user must have said for an SPDU to be sent. */
function requestFor(spdu: Spdu): SessionRequest | undefined {
  switch (spdu.spdu) {
    case 'AC':
      return { type: 'S-CONNECT.response', result: 'accept', initialTokens: 'initiator', userData: new Uint8Array(0) };
    case 'RF':
      return {
        type: 'S-CONNECT.response',
        result: 'reject',
        reason: 2,
        userData: (spdu.reasonCode ?? new Uint8Array(0)).slice(1),
      };
    case 'DT':
      return { type: 'S-DATA.request', userData: spdu.userInformation };
    case 'PT':
      return spdu.tokenItem === undefined
        ? undefined
        : {
            type: 'S-TOKEN-PLEASE.request',
            tokens: tokensOf(spdu.tokenItem),
            userData: spdu.userData ?? new Uint8Array(0),
          };
    case 'MIP':
      return { type: 'S-SYNC-MINOR.request' };
    case 'MIA':
      return { type: 'S-SYNC-MINOR.response', serialNumber: spdu.serialNumber };
    case 'AS':
      return { type: 'S-ACTIVITY-START.request', activityIdentifier: spdu.activityIdentifier };
    case 'AR': {
      const { oldActivityIdentifier, serialNumber } = spdu.linkingInformation;
      return {
        type: 'S-ACTIVITY-RESUME.request',
        activityIdentifier: spdu.activityIdentifier,
        link: { oldActivityIdentifier, serialNumber },
      };
    }
    case 'AI':
      return { type: 'S-ACTIVITY-INTERRUPT.request', reason: spdu.reason ?? 0 };
    case 'AD':
      return { type: 'S-ACTIVITY-DISCARD.request', reason: spdu.reason ?? 0 };
    case 'AIA':
      return { type: 'S-ACTIVITY-INTERRUPT.response' };
    case 'ADA':
      return { type: 'S-ACTIVITY-DISCARD.response' };
    case 'AE':
      return { type: 'S-ACTIVITY-END.request' };
    case 'AEA':
      return { type: 'S-ACTIVITY-END.response' };
    case 'GTC':
      return { type: 'S-CONTROL-GIVE.request' };
    case 'ED':
      return { type: 'S-U-EXCEPTION-REPORT.request', reason: spdu.reason };
    case 'FN':
      return { type: 'S-RELEASE.request', userData: spdu.userData ?? new Uint8Array(0) };
    case 'DN':
      return { type: 'S-RELEASE.response', userData: spdu.userData ?? new Uint8Array(0) };
    case 'AB':
      return { type: 'S-U-ABORT.request', userData: spdu.userData ?? new Uint8Array(0) };
    default:
      return undefined;
  }
}

/** SPDUs whose parameters each implementation fills in its own way; all others must come out octet for octet. */
const OWN_WAY: ReadonlySet<string> = new Set(['CN', 'AC', 'RF']);

describe.each(vectors('session-conversations') as readonly Conversation[])(
  'the conversation of $source',
  ({ tsdus }) => {
    it.each(['initiator', 'responder'] as const)('is carried on by our %s', (role) => {
      const end = new End(role);
      if (role === 'initiator')
        end.request({ ...CONNECT_REQUEST, initialTokens: initialTokens(tsdus[0]?.octets ?? '') });
      end.transport(role === 'initiator' ? { type: 'T-CONNECT.confirm' } : { type: 'T-CONNECT.indication' });
      end.asked();
      for (const { from, octets } of tsdus) {
        if (from !== role) {
          end.receive(octets);
          continue;
        }
        const [spdu] = spdusOf(octets);
        if (spdu === undefined || 'continues' in spdu) throw new Error('a segment in a capture');
        const request = requestFor(spdu);
        if (request !== undefined) end.request(request);
        const sent = end.sent();
        if (!OWN_WAY.has(spdu.spdu)) expect(sent.at(-1)).toBe(octets);
      }
      expect(end.observations).toEqual([]);
      expect(end.said().filter(({ type }) => type === 'S-P-ABORT.indication')).toEqual([]);
      expect(end.timers.size).toBeLessThanOrEqual(1);
    });
  },
);

function initialTokens(connect: string): 'initiator' | 'responder' {
  return connect.includes('1a0115') ? 'responder' : 'initiator';
}
