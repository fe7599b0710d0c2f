import { describe, expect, it } from 'vitest';
import { concatOctets, fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { Random } from '../../src/faults/random.js';
import { mutateBer } from '../../src/fuzz/ber-mutator.js';
import { Fuzzer } from '../../src/fuzz/fuzzer.js';
import { added, parseLedger } from '../../src/fuzz/ledger.js';
import { mutateOctets, mutateText, type Mutator } from '../../src/fuzz/mutator.js';
import { mutatePackets, packetsOf } from '../../src/fuzz/packet-mutator.js';
import { decodeScript, encodeScript, mutateScript } from '../../src/fuzz/script.js';
import { mutateTsdu } from '../../src/fuzz/session-mutator.js';
import { shrink } from '../../src/fuzz/shrink.js';
import { attempt, must, targetDefaults, type Target } from '../../src/fuzz/target.js';

const secret = latin1Octets('MTA');

/** How many octets at the start are those of the secret: each further one is a feature, the last one the mistake. */
const planted: Target = {
  ...targetDefaults,
  name: 'planted',
  octetsMax: 64,
  mutators: [mutateOctets],
  seeds: () => [new Uint8Array(3)],
  run(input) {
    const differs = secret.findIndex((octet, i) => octet !== input[i]);
    must(differs >= 0, 'the secret was found');
    return [`${String(differs)} right`];
  },
};

/** A clock that ticks whenever it is looked at, so that the search takes the same steps everywhere. */
function ticking(): () => number {
  let now = 0;
  return () => (now += 0.01);
}

describe('the search', () => {
  it('is led by what inputs make happen to a mistake that chance would not find, and shrinks it', () => {
    const fuzzer = new Fuzzer(planted, undefined, new Random(1), {
      now: ticking(),
      worked: () => 0,
      about: () => undefined,
    });
    fuzzer.add(planted.seeds([]));
    const [finding, ...others] = fuzzer.search(2000);
    expect(others).toEqual([]);
    expect(finding?.kind).toBe('violation');
    expect(finding?.text).toMatch(/the secret was found/);
    expect(finding?.input).toEqual(secret);
    expect(fuzzer.replay(secret)).toEqual([]);
  });

  it('keeps small inputs rather than large ones, and no more than there is room for', () => {
    const target: Target = { ...planted, corpusMax: 3, corpusOctetsMax: 30, run: ({ length }) => [String(length)] };
    const fuzzer = new Fuzzer(target, undefined, new Random(1), {
      now: () => 0,
      worked: () => 0,
      about: () => undefined,
    });
    fuzzer.add([20, 4, 16, 8].map((length) => new Uint8Array(length)));
    expect(fuzzer.minimised().map(({ length }) => length)).toEqual([4, 8, 16]);
    const narrow = new Fuzzer({ ...target, corpusOctetsMax: 27 }, undefined, new Random(1), {
      now: () => 0,
      worked: () => 0,
      about: () => undefined,
    });
    narrow.add(fuzzer.corpus);
    expect(narrow.minimised().map(({ length }) => length)).toEqual([4, 8]);
  });

  it('calls an input slow that takes too long every time, and none that did so once', () => {
    let now = 0;
    let hurdles = 0;
    const slow: Target = {
      ...planted,
      run(input) {
        now += input.length > 10 || (input.length === 3 && hurdles++ === 0) ? 5000 : 1;
        return [];
      },
    };
    const fuzzer = new Fuzzer(slow, undefined, new Random(1), {
      now: () => now,
      worked: () => now,
      about: () => undefined,
    });
    expect(fuzzer.replay(new Uint8Array(3))).toEqual([]);
    expect(fuzzer.replay(new Uint8Array(11)).map(({ kind }) => kind)).toEqual(['slow']);
  });

  it('bears DecodeError from a decoder and nothing else', () => {
    expect(
      attempt(() => {
        throw new DecodeError('length 17', 'X.690 §8.1', 4);
      }),
    ).toEqual({ fault: 'X.# §#.# length # (X.# §#.#, at octet #)' });
    expect(() =>
      attempt(() => {
        throw new RangeError('17');
      }),
    ).toThrow(RangeError);
  });
});

describe('a mutator', () => {
  const packet = fromHex('0300001902f0800d10' + '00'.repeat(16));
  const inputs = [
    packet,
    concatOctets(packet, packet.subarray(0, 9)),
    fromHex('3080a0800201050402616200000000'),
    encodeScript([
      { kind: 'data', octets: packet },
      { kind: 'wait', milliseconds: 1000 },
      { kind: 'want', what: 3 },
      { kind: 'close' },
    ]),
    new Uint8Array(0),
  ];

  it.each<readonly [string, Mutator]>([
    ['octets', mutateOctets],
    ['text', mutateText(['{', '=='])],
    ['encodings', mutateBer],
    ['SPDUs', mutateTsdu],
    ['packets', mutatePackets],
    ['scripts', mutateScript],
  ])('of %s takes whatever octets, changes them, and is the same for the same seed', (_, mutator) => {
    const run = (): readonly Uint8Array[] => {
      const random = new Random(7);
      return Array.from({ length: 400 }, () => mutator(random, random.pick(inputs), random.pick(inputs)));
    };
    expect(new Set(run().map((octets) => octets.join())).size).toBeGreaterThan(100);
    expect(run()).toEqual(run());
  });

  it('sees packets, and steps of a script, as they were put together', () => {
    expect(packetsOf(concatOctets(packet, packet, packet.subarray(0, 9)))).toEqual([
      packet,
      packet,
      packet.subarray(0, 9),
    ]);
    const steps = [{ kind: 'data', octets: packet }, { kind: 'want', what: 3 }, { kind: 'close' }] as const;
    expect(decodeScript(encodeScript(steps))).toEqual(steps);
  });
});

describe('a finding', () => {
  it('is made as small as it can be', () => {
    const input = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const fails = (octets: Uint8Array): boolean => octets.includes(7) && octets.includes(200);
    expect(shrink(input, fails)).toEqual(Uint8Array.of(7, 200));
  });
});

describe('the ledger', () => {
  it('adds up over runs', () => {
    const once = added(parseLedger(undefined), 'ber', { minutes: 1, processorMinutes: 0.5, executions: 10 });
    const twice = added(parseLedger(JSON.stringify(once)), 'ber', { minutes: 2, processorMinutes: 1, executions: 5 });
    expect(twice).toEqual({
      minutes: 3,
      processorMinutes: 1.5,
      executions: 15,
      targets: { ber: { minutes: 3, executions: 15 } },
    });
  });
});
