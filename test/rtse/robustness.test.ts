import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcseIndication } from '../../src/acse/service.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { acseAbstractSyntax, rtseAbstractSyntax } from '../../src/presentation/service.js';
import type { RtseEffect } from '../../src/rtse/effects.js';
import type { RtseIndication, RtseRequest } from '../../src/rtse/service.js';
import {
  Driver,
  identifier,
  initiatorOptions,
  modes,
  openedInitiator,
  openedResponder,
  openRequest,
  receiving,
  responderOptions,
  sending,
  sentAll,
  type OpenValues,
} from './harness.js';

const octets = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }).map((content) => Uint8Array.of(4, content.length, ...content)),
  fc
    .uint8Array({ maxLength: 20 })
    .chain((content) =>
      fc.constantFrom(0xb0, 0xb1, 0xb2, 0xb6, 0x36).map((tag) => Uint8Array.of(tag, content.length, ...content)),
    ),
  fc.nat(9).map((reason) => Uint8Array.of(0xb6, 3, 0x80, 1, reason)),
  fc.constant(Uint8Array.of(0xb0, 6, 0xa3, 4, 0xa0, 2, 5, 0)),
  fc.constant(Uint8Array.of(0xb1, 6, 0xa2, 4, 0xa0, 2, 5, 0)),
);
const abstractSyntax = fc.constantFrom(rtseAbstractSyntax, rtseAbstractSyntax, acseAbstractSyntax);
const serialNumber = fc.nat(4);
const activityIdentifier = fc.uint8Array({ maxLength: 6 });
const reason = fc.constantFrom(0, 1, 3, 5, 6, 128, 77);
const turn = fc.constantFrom('initiator' as const, 'responder' as const);
const tokens = fc.subarray(['data', 'synchronize-minor', 'major-activity'] as const);
const activityInProgress = fc.boolean();
const of = <T extends AcseIndication['type']>(type: T) => fc.constant(type);

/** Whatever the layers below could say, in any order. */
const fromBelow: fc.Arbitrary<AcseIndication> = fc.oneof(
  fc.record({ type: of('P-DATA.indication'), abstractSyntax, userData: octets.map((data) => ByteList.of(data)) }),
  fc.record(
    { type: of('P-TOKEN-PLEASE.indication'), tokens, userData: fc.record({ abstractSyntax, octets }) },
    { requiredKeys: ['type', 'tokens'] },
  ),
  fc.record({ type: of('S-TOKEN-GIVE.indication'), tokens }),
  fc.constantFrom<AcseIndication>(
    { type: 'S-CONTROL-GIVE.indication' },
    { type: 'S-CONTROL-GIVE.confirm' },
    { type: 'S-P-EXCEPTION-REPORT.indication' },
    { type: 'S-ACTIVITY-INTERRUPT.confirm' },
    { type: 'S-ACTIVITY-DISCARD.confirm' },
    { type: 'S-ACTIVITY-END.confirm' },
    { type: 'A-RELEASE.indication' },
    { type: 'A-RELEASE.confirm' },
  ),
  fc.record({ type: of('S-SYNC-MINOR.indication'), serialNumber, explicitConfirmation: fc.boolean() }),
  fc.record({ type: of('S-SYNC-MINOR.confirm'), serialNumber }),
  fc.record({ type: of('S-U-EXCEPTION-REPORT.indication'), reason }),
  fc.record({ type: of('S-ACTIVITY-START.indication'), activityIdentifier }),
  fc.record({
    type: of('S-ACTIVITY-RESUME.indication'),
    activityIdentifier,
    link: fc.record({ oldActivityIdentifier: activityIdentifier, serialNumber }),
  }),
  fc.record({ type: of('S-ACTIVITY-INTERRUPT.indication'), reason, activityInProgress }),
  fc.record({ type: of('S-ACTIVITY-DISCARD.indication'), reason, activityInProgress }),
  fc.record({ type: of('S-ACTIVITY-END.indication'), serialNumber }),
  fc.record({
    type: of('A-ABORT.indication'),
    source: fc.constantFrom('user' as const, 'provider' as const),
    userInformation: octets,
  }),
  fc.record({
    type: of('A-P-ABORT.indication'),
    cause: fc.constantFrom('presentation' as const, 'session' as const, 'transport' as const),
    origin: fc.constantFrom('peer' as const, 'local' as const),
    text: fc.constant('gone'),
  }),
  fc.record({
    type: of('A-ASSOCIATE.indication'),
    mode: fc.constantFrom(...modes),
    called: fc.constant({}),
    calling: fc.constant({}),
    identifier: fc.constant(identifier),
    initialTokens: turn,
    contexts: fc.constant([]),
    userInformation: octets,
  }),
  fc.record({
    type: of('A-ASSOCIATE.confirm'),
    result: fc.constant('accept' as const),
    identifier: fc.constant(identifier),
    initialTokens: turn,
    contexts: fc.constant([]),
    userInformation: octets,
  }),
  fc.record({
    type: of('A-ASSOCIATE.confirm'),
    result: fc.constant('reject' as const),
    refusal: fc.constant({ source: 'acse-user' as const, transient: false, text: '' }),
    userInformation: octets,
  }),
);

/** Places to start from; a machine in the middle of something is the harder case. */
const situations: Readonly<Record<string, (opening: OpenValues) => Driver>> = {
  'not yet asked': () => new Driver(responderOptions),
  asking: (opening) => {
    const driver = new Driver({ ...initiatorOptions, mode: opening.mode ?? 'normal' });
    driver.above(openRequest(opening));
    return driver;
  },
  'with the turn': openedInitiator,
  'without the turn': openedResponder,
  sending: (opening) => sending(1, opening),
  'behind ACTIVITY END': (opening) => sentAll(0, opening),
  receiving,
  releasing: (opening) => {
    const driver = openedInitiator(opening);
    driver.above({ type: 'RT-CLOSE.request' });
    return driver;
  },
};

/** What a plain user says to an indication. */
function answerTo(indication: RtseIndication): RtseRequest | undefined {
  switch (indication.type) {
    case 'APDU-READ.indication': {
      const octets = ByteList.of(new Uint8Array(indication.octetsMax));
      return { type: 'APDU-READ.response', offset: indication.offset, octets };
    }
    case 'APDU-SECURE.indication':
      return { type: 'APDU-SECURE.response', serialNumber: indication.serialNumber };
    case 'RT-TRANSFER.indication':
      return { type: 'RT-TRANSFER.response', result: 'secured' };
    case 'ACTIVITY-LOOKUP.indication':
      return { type: 'ACTIVITY-LOOKUP.response', result: 'partial', offset: 0 };
    case 'RT-CLOSE.indication':
      return { type: 'RT-CLOSE.response' };
    default:
      return undefined;
  }
}

/** The effects of an event and of all the user answers to it. */
function withAnswers({ machine }: Driver, effects: readonly RtseEffect[]): RtseEffect[] {
  const done: RtseEffect[] = [];
  const queue = [...effects];
  for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
    done.push(effect);
    const answer = effect.to === 'above' ? answerTo(effect.primitive) : undefined;
    if (answer !== undefined) queue.push(...machine.fromAbove(answer));
  }
  return done;
}

function isEnd(effect: RtseEffect): boolean {
  if (effect.to === 'above') {
    const { type } = effect.primitive;
    if (type === 'RT-OPEN.confirm') return effect.primitive.result === 'reject';
    return type === 'RT-P-ABORT.indication' || type === 'RT-U-ABORT.indication' || type === 'RT-CLOSE.confirm';
  }
  return effect.to === 'below' && ['A-ABORT.request', 'A-RELEASE.response'].includes(effect.primitive.type);
}

describe.each(Object.keys(situations))('a machine %s', (situation) => {
  it('bears whatever comes from below: it goes on, or ends once, telling the user in order and leaving no timer (R-046, R-047)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...modes),
        fc.array(fromBelow, { maxLength: 12 }),
        fc.boolean(),
        (mode, primitives, late) => {
          const driver = situations[situation]?.({ mode });
          if (driver === undefined) throw new Error('no such situation');
          let ended = false;
          for (const primitive of primitives) {
            const effects = driver.note(withAnswers(driver, driver.machine.fromBelow(primitive)));
            if (ended) expect(effects).toEqual([]);
            ended ||= effects.some(isEnd);
            const told = effects.flatMap((effect) => (effect.to === 'above' ? [effect.primitive.type] : []));
            const confirm = told.indexOf('RT-TRANSFER.confirm');
            const abort = told.indexOf('RT-P-ABORT.indication');
            expect(abort === -1 || confirm < abort).toBe(true);
            expect(told.filter((type) => type === 'RT-P-ABORT.indication').length).toBeLessThanOrEqual(1);
          }
          if (ended) expect([...driver.timers]).toEqual([]);
          if (late) {
            for (const name of ['transfer', 'acknowledgement', 'close']) driver.machine.timer(name);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
