import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalOctets, joinOctets } from '../../src/bytes/octets.js';
import type { LinkFault } from '../../src/faults/schedule.js';
import type { ToxicSettings } from '../../src/faults/toxics.js';
import { VirtualLink } from './links.js';
import { acknowledgement, checkpoint, cutAt, data, packets, transfer } from './octets.js';

const octets = (length: number) => new Uint8Array(length).map((_, i) => i);

function withToxic(toxic: ToxicSettings): { readonly line: VirtualLink; readonly id: number } {
  const line = new VirtualLink({ toxics: [{ stream: 'upstream', ...toxic }] });
  return { line, id: line.open() };
}

describe('a link without faults', () => {
  it('carries octets both ways as they come, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 })), fc.array(fc.nat()), (down, places) => {
        const line = new VirtualLink();
        const id = line.open();
        line.send(id, 'upstream', ...cutAt(transfer, places));
        line.send(id, 'downstream', ...down);
        line.end(id, 'upstream');
        line.end(id, 'downstream');
        expect(equalOctets(line.arrived('upstream'), transfer)).toBe(true);
        expect(equalOctets(line.arrived('downstream'), joinOctets(down))).toBe(true);
        expect(line.ends.map(({ what }) => what)).toEqual(['end upstream', 'end downstream']);
      }),
    );
  });

  it('passes on a packet that stays incomplete after ten seconds', () => {
    const line = new VirtualLink();
    const id = line.open();
    line.send(id, 'upstream', Uint8Array.of(3, 0, 0xff));
    line.pass(9000);
    expect(line.arrived('upstream').length).toBe(0);
    line.pass(2000);
    expect(line.arrived('upstream')).toEqual(Uint8Array.of(3, 0, 0xff));
    expect(line.named('unrecognised').length).toBe(1);
  });
});

describe('a toxic', () => {
  it('of latency delays by its jitter at most, and nothing overtakes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('uniform', 'normal'),
        fc.array(fc.nat({ max: 50 }), { minLength: 1 }),
        (distribution, gaps) => {
          const { line, id } = withToxic({ type: 'latency', attributes: { latency: 100, jitter: 40, distribution } });
          const sent = gaps.map((gap, i) => {
            line.pass(gap);
            line.send(id, 'upstream', Uint8Array.of(255, i));
            return line.now;
          });
          line.pass(1000);
          expect(line.arrived('upstream')).toEqual(joinOctets(gaps.map((_, i) => Uint8Array.of(255, i))));
          line.arrivals.forEach(({ at }, i) => {
            expect(at - (sent[i] ?? 0)).toBeGreaterThanOrEqual(60);
            expect(at - (sent[i] ?? 0)).toBeLessThanOrEqual(140);
          });
        },
      ),
    );
  });

  it('of bandwidth lets octets pass at its rate: a kilobyte takes 109 s at 75 bit/s', () => {
    const { line, id } = withToxic({ type: 'bandwidth', attributes: { bits_per_second: 75 } });
    line.send(id, 'upstream', octets(1024));
    line.pass(109_000);
    expect(line.arrived('upstream').length).toBeLessThan(1024);
    line.pass(300);
    expect(line.arrived('upstream')).toEqual(octets(1024));
  });

  it('of bandwidth 0 lets nothing pass', () => {
    const { line, id } = withToxic({ type: 'bandwidth' });
    line.send(id, 'upstream', octets(10));
    line.pass(1e9);
    expect(line.arrivals).toEqual([]);
  });

  it('that slices lets the same octets pass in small pieces', () => {
    const { line, id } = withToxic({ type: 'slicer', attributes: { average_size: 10, size_variation: 4, delay: 500 } });
    line.send(id, 'upstream', octets(1000));
    line.pass(1000);
    expect(line.arrived('upstream')).toEqual(octets(1000));
    expect(Math.max(...line.arrivals.map((arrival) => arrival.octets.length))).toBeLessThanOrEqual(14);
    expect(line.arrivals.length).toBeGreaterThan(70);
  });

  it('of slow close passes the end on late, octets at once', () => {
    const { line, id } = withToxic({ type: 'slow_close', attributes: { delay: 300 } });
    line.send(id, 'upstream', octets(3));
    line.end(id, 'upstream');
    expect(line.arrived('upstream').length).toBe(3);
    line.pass(299);
    expect(line.ends).toEqual([]);
    line.pass(1);
    expect(line.ends).toEqual([{ at: 300, what: 'end upstream' }]);
  });

  it('of timeout lets nothing pass and closes after its time, or never', () => {
    const { line, id } = withToxic({ type: 'timeout', attributes: { timeout: 200 } });
    line.send(id, 'upstream', octets(3));
    line.pass(250);
    expect([line.arrivals, line.ends]).toEqual([[], [{ at: 200, what: 'close' }]]);
    const stalled = withToxic({ type: 'timeout', attributes: { timeout: 0 } });
    stalled.line.send(stalled.id, 'upstream', octets(3));
    stalled.line.pass(1e6);
    expect([stalled.line.arrivals, stalled.line.ends]).toEqual([[], []]);
  });

  it('that resets does so some time after the first octets', () => {
    const { line, id } = withToxic({ type: 'reset_peer', attributes: { timeout: 50 } });
    line.pass(1000);
    line.send(id, 'upstream', octets(3));
    line.pass(100);
    expect([line.arrivals, line.ends]).toEqual([[], [{ at: 1050, what: 'reset' }]]);
  });

  it('that limits data lets just so many octets pass', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.array(fc.nat()), (bytes, places) => {
        const { line, id } = withToxic({ type: 'limit_data', attributes: { bytes } });
        line.send(id, 'upstream', ...cutAt(octets(301), places));
        expect(line.arrived('upstream')).toEqual(octets(301).subarray(0, bytes));
        expect(line.ends.map(({ what }) => what)).toEqual(['close']);
      }),
    );
  });

  it('of a half-open connection loses one direction without a word', () => {
    const { line, id } = withToxic({ type: 'half_open' });
    line.send(id, 'upstream', octets(5));
    line.send(id, 'downstream', octets(6));
    line.end(id, 'upstream');
    line.pass(1e6);
    expect([line.arrived('upstream').length, line.arrived('downstream').length, line.ends]).toEqual([0, 6, []]);
  });

  it('of a half-open connection lets it end when both its ends are gone, of which neither was told of the other', () => {
    const { line, id } = withToxic({ type: 'half_open' });
    line.end(id, 'upstream');
    expect(line.ends).toEqual([]);
    line.end(id, 'downstream');
    expect(line.ends.map(({ what }) => what)).toEqual(['end downstream', 'close']);
  });

  it('of a half-open connection does not keep a fault from striking', () => {
    const line = new VirtualLink({
      toxics: [{ type: 'half_open', stream: 'upstream' }],
      faults: [{ kind: 'cut', when: { on: 'MINOR SYNC POINT', place: 'after' } }],
    });
    line.send(line.open(), 'upstream', packets(checkpoint(1)));
    expect(line.ends.map(({ what }) => what)).toEqual(['reset behind upstream']);
  });

  it('that delays ends a connection whose two ends are gone no earlier', () => {
    const { line, id } = withToxic({ type: 'latency', attributes: { latency: 300 } });
    line.end(id, 'downstream');
    line.send(id, 'upstream', octets(5));
    line.end(id, 'upstream');
    expect(line.ends.map(({ what }) => what)).toEqual(['end downstream']);
    line.pass(400);
    expect(line.arrived('upstream').length).toBe(5);
    expect(line.ends.map(({ what }) => what)).toEqual(['end downstream', 'end upstream']);
  });

  it('that corrupts changes the octet at its place, or some at its rate', () => {
    const { line, id } = withToxic({ type: 'corrupt', attributes: { offset: 7, mask: 1 } });
    line.send(id, 'upstream', octets(5), octets(5));
    expect(line.arrived('upstream')).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 0, 1, 3, 3, 4));
    const some = withToxic({ type: 'corrupt', attributes: { rate: 0.1 } });
    some.line.send(some.id, 'upstream', new Uint8Array(10_000).fill(200));
    const changed = some.line.arrived('upstream').filter((octet) => octet !== 200).length;
    expect(changed).toBeGreaterThan(800);
    expect(changed).toBeLessThan(1200);
  });

  it('of loss delays what was lost and all behind it', () => {
    const { line, id } = withToxic({ type: 'loss', attributes: { rate: 1, retransmission: 200 } });
    line.send(id, 'upstream', octets(3));
    line.pass(300);
    expect(line.arrivals.map(({ at }) => at)).toEqual([200]);
  });

  it('that refuses resets new connections', () => {
    const { line } = withToxic({ type: 'refuse' });
    expect(line.named('refused').length).toBe(1);
    expect(line.ends.map(({ what }) => what)).toEqual(['reset']);
  });

  it('strikes as many connections as its toxicity says, the same for the same seed', () => {
    const struck = (seed: number): readonly number[] => {
      const line = new VirtualLink({ seed, toxics: [{ type: 'half_open', stream: 'upstream', toxicity: 0.3 }] });
      const ids = Array.from({ length: 300 }, () => line.open());
      return ids.filter((id) => {
        const before = line.arrivals.length;
        line.send(id, 'upstream', Uint8Array.of(1));
        return line.arrivals.length === before;
      });
    };
    expect(struck(7)).toEqual(struck(7));
    expect(struck(7)).not.toEqual(struck(8));
    expect(struck(7).length).toBeGreaterThan(60);
    expect(struck(7).length).toBeLessThan(120);
  });

  it('goes away by itself after its duration, and lets go what waited', () => {
    const { line, id } = withToxic({ type: 'latency', attributes: { latency: 10_000 }, duration: 500 });
    line.send(id, 'upstream', octets(4));
    line.pass(600);
    expect(line.arrivals.map(({ at }) => at)).toEqual([500]);
    expect(line.named('toxic.expired').length).toBe(1);
    line.send(id, 'upstream', octets(4));
    expect(line.arrivals.length).toBe(2);
  });
});

describe('a fault at a PDU', () => {
  const when = { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } as const;
  const [one, two, three] = [1, 2, 3].map((serial) => packets(checkpoint(serial)));

  function sent(fault: LinkFault): VirtualLink {
    const line = new VirtualLink({ faults: [fault] });
    line.send(line.open(), 'upstream', joinOctets([one, two, three].flatMap((each) => each ?? [])));
    return line;
  }

  const parts = { before: 0, middle: (two?.length ?? 0) >> 1, after: two?.length ?? 0 } as const;
  for (const place of ['before', 'middle', 'after'] as const) {
    it(`cuts ${place} it, to the octet`, () => {
      const line = sent({ kind: 'cut', when: { ...when, place } });
      const expected = joinOctets([one ?? octets(0), (two ?? octets(0)).subarray(0, parts[place])]);
      expect(line.arrived('upstream')).toEqual(expected);
      expect(line.ends.map(({ what }) => what)).toEqual(['reset behind upstream']);
    });
  }

  it('cuts behind what latency still holds back', () => {
    const line = new VirtualLink({
      toxics: [{ type: 'latency', stream: 'upstream', attributes: { latency: 80 } }],
      faults: [{ kind: 'cut', when: { ...when, nth: 1, place: 'after' } }],
    });
    line.send(line.open(), 'upstream', one ?? octets(0), two ?? octets(0));
    line.pass(200);
    expect(line.arrived('upstream')).toEqual(one);
    expect(line.ends).toEqual([{ at: 80, what: 'reset behind upstream' }]);
  });

  it('drops it, or lets it come twice', () => {
    const [a, b, c] = [one ?? octets(0), two ?? octets(0), three ?? octets(0)];
    expect(sent({ kind: 'drop', when }).arrived('upstream')).toEqual(joinOctets([a, c]));
    expect(sent({ kind: 'duplicate', when }).arrived('upstream')).toEqual(joinOctets([a, b, b, c]));
  });

  it('holds it and all behind it', () => {
    const line = sent({ kind: 'hold', milliseconds: 400, when });
    expect(line.arrived('upstream')).toEqual(one);
    line.pass(400);
    expect(line.arrivals.map(({ at }) => at)).toEqual([0, 400, 400]);
  });

  it('acts on a DATA TRANSFER of several packets as a whole', () => {
    const [long, behind] = [packets(data(5000)), packets(acknowledgement(1))];
    const with2 = (fault: LinkFault): Uint8Array => {
      const line = new VirtualLink({ faults: [fault] });
      line.send(line.open(), 'upstream', joinOctets([long, behind]));
      return line.arrived('upstream');
    };
    const on = { on: 'DATA TRANSFER' } as const;
    expect(with2({ kind: 'drop', when: on })).toEqual(behind);
    expect(with2({ kind: 'duplicate', when: on })).toEqual(joinOctets([long, long, behind]));
    expect(with2({ kind: 'cut', when: { ...on, place: 'after' } })).toEqual(long);
  });

  it('strikes in as many rounds as are wanted, counted anew from each', () => {
    const line = new VirtualLink({ repeat: 3, faults: [{ kind: 'drop', when: { on: 'MINOR SYNC POINT', nth: 2 } }] });
    const id = line.open();
    for (let serial = 1; serial <= 9; serial++) line.send(id, 'upstream', packets(checkpoint(serial)));
    const kept = [1, 3, 5, 7, 8, 9].map((serial) => packets(checkpoint(serial)));
    expect(line.arrived('upstream')).toEqual(joinOctets(kept));
    expect(line.named('finished')).toEqual([{ type: 'finished', rounds: 3 }]);
  });
});

describe('a fault of a timeline', () => {
  it('strikes at its time, once, whatever the rounds of the others', () => {
    const line = new VirtualLink({
      repeat: 2,
      timeline: [{ kind: 'refusal', milliseconds: 100, when: { after: 'milliseconds', milliseconds: 50 } }],
      faults: [{ kind: 'silence', when: { after: 'milliseconds', milliseconds: 500 } }],
    });
    line.open();
    line.pass(60);
    expect(line.ends).toEqual([{ at: 50, what: 'reset' }]);
    line.open();
    expect(line.named('refused').length).toBe(1);
    line.pass(100);
    line.open();
    expect(line.named('refused').length).toBe(1);
    line.pass(2000);
    expect(line.named('struck').length).toBe(3);
  });

  it('cuts when so many octets have crossed, the last of which arrives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: transfer.length - 1 }), fc.array(fc.nat()), (limit, places) => {
        const line = new VirtualLink({ faults: [{ kind: 'cut', when: { after: 'octets', octets: limit } }] });
        line.send(line.open(), 'upstream', ...cutAt(transfer, places));
        expect(equalOctets(line.arrived('upstream'), transfer.subarray(0, limit))).toBe(true);
      }),
    );
  });

  it('brings a preset for its time', () => {
    const line = new VirtualLink({
      timeline: [
        { kind: 'preset', preset: 'satellite', milliseconds: 1000, when: { after: 'milliseconds', milliseconds: 10 } },
      ],
    });
    line.pass(20);
    expect(line.link.toxics.all.map(({ name }) => name)).toEqual([
      'satellite_bandwidth_upstream',
      'satellite_latency_upstream',
      'satellite_bandwidth_downstream',
      'satellite_latency_downstream',
    ]);
    line.pass(1000);
    expect(line.link.toxics.all).toEqual([]);
  });
});
