import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { packetHead } from '../../src/transport/tpkt.js';
import type { TransportEffect } from '../../src/transport/outbox.js';
import type { TransportMachine } from '../../src/transport/service.js';
import { stateTable, stateTableRows } from '../../src/transport/state-table.js';
import { calling, lines, listening, opened, packet, received } from './harness.js';

const tpduLike = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 30 }).map((data) => Uint8Array.of(2, 0xf0, 0x80, ...data)) },
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 30 }).map((data) => Uint8Array.of(2, 0xf0, 0, ...data)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('06800042000180', '06e00000000100', '067000420100', '06d00001004200').map(fromHex),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 3, maxLength: 30 }) },
);

/** Octets as a peer may send them: packets of DTs, sometimes of other TPDUs, sometimes not even packets. */
const wire = fc
  .array(
    fc.oneof(
      { weight: 15, arbitrary: tpduLike.map((tpdu) => packetHead(tpdu, 0)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => concatOctets(...parts));

const starts: Readonly<Record<string, () => TransportMachine>> = {
  'waiting for CC': () => calling().machine,
  'waiting for CR': () => listening(),
  'waiting for the user': () => {
    const machine = listening();
    received(machine, packet('06e0 0000 0001 00'));
    return machine;
  },
  open: () => opened({ tsduOctetsMax: 60 }),
};

/** All effects of the octets, cut at the given places, and of the end of TCP behind them. */
function effectsOf(machine: TransportMachine, octets: Uint8Array, cuts: readonly number[]): readonly TransportEffect[] {
  const places = [0, ...cuts.map((cut) => cut % (octets.length + 1)), octets.length].sort((a, b) => a - b);
  const chunks = places.slice(1).map((end, i) => octets.subarray(places[i], end));
  return [
    ...chunks.flatMap((userData) => machine.fromBelow({ type: 'N-DATA.indication', userData })),
    ...machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'end' }),
  ];
}

describe('the transport machine, whatever the peer sends', () => {
  for (const [state, start] of Object.entries(starts)) {
    it(`does the same however TCP cuts the octets, when ${state} (T-005)`, () => {
      fc.assert(
        fc.property(wire, fc.array(fc.nat(), { maxLength: 10 }), (octets, cuts) => {
          expect(lines(effectsOf(start(), octets, cuts))).toEqual(lines(effectsOf(start(), octets, [])));
        }),
        { numRuns: 150 },
      );
    });

    it(`never throws and comes to an end, when ${state}`, () => {
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), wire), (octets) => {
          const machine = start();
          effectsOf(machine, octets, []);
          expect(machine.fromBelow({ type: 'N-DATA.indication', userData: octets })).toEqual([]);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('asks for a close, or waits for one under TS2, on octets that are no packets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 40 }), (octets) => {
        fc.pre(octets[0] !== 3);
        for (const start of Object.values(starts)) {
          const effects = start().fromBelow({ type: 'N-DATA.indication', userData: octets });
          expect(lines(effects)).toContain('N-DISCONNECT.request graceful=false');
        }
      }),
    );
  });

  it('gives its user one T-DISCONNECT.indication at most, and nothing after it', () => {
    fc.assert(
      fc.property(wire, (octets) => {
        const said = lines(effectsOf(opened({ tsduOctetsMax: 60 }), octets, [])).filter((line) =>
          line.startsWith('T-'),
        );
        const ends = said.filter((line) => line.startsWith('T-DISCONNECT'));
        expect(ends).toEqual([said.at(-1)]);
      }),
    );
  });

  it('sends only well-formed packets', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(starts)), wire, (start, octets) => {
        for (const effect of effectsOf(start(), octets, [])) {
          if (effect.to !== 'below' || effect.primitive.type !== 'N-DATA.request') continue;
          const sent = toHex(effect.primitive.userData.toUint8Array());
          expect(sent).toBe(packet(sent.slice(8)));
        }
      }),
    );
  });
});

describe('the state table', () => {
  it('has a cell for each event at most once without a predicate, and last', () => {
    const seen = new Set<string>();
    for (const { event, states, predicate } of stateTableRows) {
      for (const state of states) {
        expect(seen.has(`${event} ${state}`), `${event} in ${state} after an unconditional row`).toBe(false);
        if (predicate === undefined) seen.add(`${event} ${state}`);
      }
    }
  });

  it('starts TS1 or TS2 whenever it enters a state that waits for the peer, and stops them when it leaves', () => {
    const timers = { WFNC: 'TS1', WFCC: 'TS1', WFCR: 'TS1', CLOSING: 'TS2' } as const;
    for (const { event, states, actions, next } of stateTableRows) {
      for (const state of states) {
        const before = (timers as Readonly<Record<string, string>>)[state];
        const after = next === '=' ? before : (timers as Readonly<Record<string, string>>)[next];
        if (next !== '=' && after !== undefined) expect(actions, `${event} in ${state}`).toContain(`start ${after}`);
        if (before !== undefined && after === undefined && event !== before) {
          expect(actions, `${event} in ${state}`).toContain(`stop ${before}`);
        }
      }
    }
  });

  it('ends every state by the end of TCP', () => {
    for (const state of ['WFNC', 'WFCC', 'WFCR', 'WFTRESP', 'OPEN', 'CLOSING'] as const) {
      expect(stateTable.transition(state, 'NDISind', () => true)?.next).toBe('RELEASED');
    }
  });
});
