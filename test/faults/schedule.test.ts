import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSchedule, type FaultProfile } from '../../src/faults/generate.js';
import { Random } from '../../src/faults/random.js';
import { places, pduNames, streams } from '../../src/faults/pdu-trigger.js';
import { preset, presetNames } from '../../src/faults/presets.js';
import { checkScenario } from '../../src/faults/scenario.js';
import { linkFaults, parseSchedule, printSchedule } from '../../src/faults/schedule-json.js';
import { changeableFields, type LinkFault } from '../../src/faults/schedule.js';

const profile: FaultProfile = {
  agents: 3,
  faultsMax: 10,
  horizonMilliseconds: 60_000,
  octetsExpected: 100_000,
  packetsExpected: 1000,
  weights: {
    cut: 1,
    silence: 1,
    refusal: 1,
    delay: 1,
    kill: 1,
    'power-loss': 1,
    stop: 1,
    reload: 1,
    'slow-disk': 1,
    'full-disk': 1,
  },
};

describe('a schedule of faults', () => {
  it('is the same for the same seed, and comes back from its text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
        const schedule = generateSchedule(seed, profile);
        expect(generateSchedule(seed, profile)).toEqual(schedule);
        expect(parseSchedule(printSchedule(schedule))).toEqual(schedule);
        expect(schedule.length).toBeGreaterThan(0);
        expect(schedule.length).toBeLessThanOrEqual(profile.faultsMax);
      }),
    );
  });

  it('holds every kind of fault sooner or later, and only those wanted', () => {
    const kinds = (weights: FaultProfile['weights']): string[] => {
      const schedules = Array.from({ length: 200 }, (_, seed) => generateSchedule(seed, { ...profile, weights }));
      return [...new Set(schedules.flat().map(({ kind }) => kind))].sort();
    };
    expect(kinds(profile.weights)).toEqual(Object.keys(profile.weights).sort());
    expect(kinds({ silence: 1, stop: 2 })).toEqual(['silence', 'stop']);
  });

  it('of a link comes back from its text, with any PDU, direction and place', () => {
    const pdu = fc.record(
      {
        on: fc.constantFrom(...pduNames),
        stream: fc.constantFrom(...streams),
        nth: fc.integer({ min: 1, max: 999 }),
        place: fc.constantFrom(...places),
      },
      { requiredKeys: ['on'] },
    );
    const fault: fc.Arbitrary<LinkFault> = fc.oneof(
      pdu.map((when) => ({ kind: 'cut' as const, when })),
      pdu.map((when) => ({ kind: 'drop' as const, when })),
      fc.tuple(pdu, fc.nat()).map(([when, milliseconds]) => ({ kind: 'hold' as const, milliseconds, when })),
      fc
        .tuple(pdu, fc.constantFrom(...changeableFields), fc.integer({ min: 0, max: 999_999 }))
        .map(([when, field, value]) => ({ kind: 'change' as const, field, value, when })),
      fc.constantFrom(...presetNames).map((preset) => ({
        kind: 'preset' as const,
        preset,
        when: { after: 'milliseconds' as const, milliseconds: 5 },
      })),
    );
    fc.assert(
      fc.property(fc.array(fault), (faults) => {
        expect(linkFaults(JSON.parse(printSchedule(faults)))).toEqual(faults);
      }),
    );
  });

  it('takes every preset as what it is made of', () => {
    for (const name of presetNames)
      expect(checkScenario({ toxics: preset(name).toxics }).toxics.length).toBeGreaterThan(1);
  });

  for (const [text, said] of [
    ['{}', 'a schedule is a list'],
    ['[{"kind":"flood","when":{"after":"octets","octets":1}}]', 'fault 0: kind: found "flood", expected one of "cut"'],
    ['[{"kind":"cut","when":{"after":"octets"}}]', 'fault 0: when: expected just one of the members "on", "octets"'],
    ['[{"kind":"cut","when":{"after":"octets","octets":1},"agent":0}]', 'fault 0: unknown member agent'],
    [
      '[{"kind":"stop","when":{"after":"octets","octets":1},"agent":-1,"downMilliseconds":1}]',
      'fault 0: agent: found -1, expected a whole number from 0 on',
    ],
    ['[{"kind":"cut","when":{"on":"MINOR SYNC"}}]', 'fault 0: when: on: found "MINOR SYNC", expected one of "CR TPDU"'],
    [
      '[{"kind":"cut","when":{"on":"CONNECT","nth":0}}]',
      'fault 0: when: nth: found 0, expected a whole number from 1 on',
    ],
    ['[{"kind":"drop","when":{"on":"CONNECT"}}]', 'fault 0: kind drop is for a link'],
  ] as const) {
    it(`that is wrong is refused by name: ${said}`, () => {
      expect(() => parseSchedule(text)).toThrow(said);
    });
  }
});

describe('numbers from a seed', () => {
  it('lie within the bounds asked for, evenly', () => {
    const random = new Random(1);
    const many = Array.from({ length: 4000 }, () => random.between(0, 3));
    for (const value of [0, 1, 2, 3]) {
      const share = many.filter((each) => each === value).length / many.length;
      expect(share).toBeGreaterThan(0.22);
      expect(share).toBeLessThan(0.28);
    }
    for (let i = 0; i < 1000; i++) {
      const value = random.magnitude(3, 700);
      expect(value).toBeGreaterThanOrEqual(3);
      expect(value).toBeLessThanOrEqual(700);
    }
  });

  it('differ between seeds and between streams of one seed', () => {
    const firsts = [new Random(1), new Random(2), new Random(1, 1)].map((random) => random.next());
    expect(new Set(firsts).size).toBe(3);
    expect(new Random(1).octets(7)).toEqual(new Random(1).octets(7));
  });
});
