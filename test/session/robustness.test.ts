import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { End, forget } from './support/end.js';
import { inState } from './support/states.js';

const vectors = new URL('../../conformance/vectors/session.json', import.meta.url);
const samples = (JSON.parse(readFileSync(vectors, 'utf8')) as { octets: string }[]).map(({ octets }) =>
  fromHex(octets),
);

/** Real TSDUs with some octets changed, cut off or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(60), fc.constantFrom('change', 'cut', 'insert'), fc.nat(255)), { maxLength: 3 }),
  )
  .map(([sample, mutations]) => {
    let octets = [...sample];
    for (const [place, kind, octet] of mutations) {
      const at = place % (octets.length + 1);
      if (kind === 'cut') octets = octets.slice(0, at);
      else octets.splice(at, kind === 'change' ? 1 : 0, octet);
    }
    return Uint8Array.from(octets);
  });

const tsdus = fc.array(fc.oneof({ weight: 4, arbitrary: mutated }, fc.uint8Array({ maxLength: 30 })), {
  minLength: 1,
  maxLength: 5,
});

const makers: readonly [string, () => End][] = [
  [
    '01C',
    (): End => {
      const end = new End('responder');
      end.transport({ type: 'T-CONNECT.indication' });
      return end;
    },
  ],
  ...Object.entries(inState),
];

const ENDED = /^1903110105$|^T-DISCONNECT\.request$/;

describe('whatever a peer sends', () => {
  it.each(makers)('in state %s it is taken, ignored, or ends the session connection', (_state, make) => {
    fc.assert(
      fc.property(tsdus, (received) => {
        const end = make();
        forget(end);
        for (const octets of received) {
          end.transport({ type: 'T-DATA.indication', userData: ByteList.of(octets) });
          const faults = end.observations.filter(({ event }) => event === 'session.protocol-error').length;
          const sent = end.sent();
          const said = end.said().map(({ type }) => type);
          expect(faults).toBeLessThanOrEqual(1);
          if (faults === 0) continue;
          expect(sent.at(-1)).toMatch(ENDED);
          if (sent.at(-1)?.startsWith('19') === true) {
            expect([...end.timers.keys()]).toEqual(['TIM']);
            expect(said.at(-1) ?? 'S-P-ABORT.indication').toBe('S-P-ABORT.indication');
          } else expect(end.timers.size).toBe(0);
          return;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('after an abort nothing is told or answered any more, and only the transport connection is closed', () => {
    fc.assert(
      fc.property(tsdus, (received) => {
        const end = (inState['713'] ?? ((): End => new End('initiator')))();
        end.request({ type: 'S-U-ABORT.request' });
        forget(end);
        for (const octets of received) end.transport({ type: 'T-DATA.indication', userData: ByteList.of(octets) });
        expect(end.said()).toEqual([]);
        expect(['', 'T-DISCONNECT.request']).toContain(end.sent().join());
      }),
      { numRuns: 100 },
    );
  });
});
