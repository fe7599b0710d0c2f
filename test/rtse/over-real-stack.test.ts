import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatOctets, latin1Octets, toHex } from '../../src/bytes/octets.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import type { ConnectionData } from '../../src/rtse/service.js';
import type { TokenSide } from '../../src/session/service.js';
import { modes } from './harness.js';
import { otherSide } from './link.js';
import { transferDespite, troubles } from './scenarios.js';
import { StackLink } from './stack-link.js';
import { apduOf, Conversation, countEqual, Memory, type ConversationOptions } from './users.js';

type Opening = Partial<ConversationOptions> & { readonly mode: ReliableTransferMode };

function open(options: Opening, cut?: (octets: number) => number): { talk: Conversation; link: StackLink } {
  const both = { checkpointSizeK: 1, windowSize: 2 };
  const memories = { initiator: new Memory(), responder: new Memory() };
  let link: StackLink | undefined;
  const talk = new Conversation(
    { proposal: both, limits: both, memories, name: 'A1', ...options },
    (handlers) => (link = new StackLink(options.mode, handlers, cut)),
  );
  if (link === undefined) throw new Error('no link');
  return { talk, link };
}

/** The TSDUs in what a side has sent: one DT each, as the TPDU size allows. */
function tsdus(link: StackLink, side: TokenSide): string[] {
  const octets = concatOctets(...link.sent[side]);
  const found: string[] = [];
  for (let start = 0; start < octets.length;) {
    const length = (octets[start + 2] ?? 0) * 256 + (octets[start + 3] ?? 0);
    if (octets[start + 5] === 0xf0) found.push(toHex(octets.subarray(start + 7, start + length)));
    start += length;
  }
  return found;
}

const mode = fc.constantFrom(...modes);
const side = fc.constantFrom<TokenSide>('initiator', 'responder');
const values = fc.record({
  checkpointSizeK: fc.integer({ min: 0, max: 3 }),
  windowSize: fc.integer({ min: 1, max: 5 }),
});
const length = fc.oneof(
  fc.integer({ min: 1, max: 9000 }),
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -1, max: 1 })).map(([k, by]) => 1024 * k + by),
);
const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
const parts = fc.array(fc.integer({ min: 40, max: 3000 }), { minLength: 1, maxLength: 6 });
const secures = fc.constantFrom('at once' as const, 'later' as const);

function cycle<Value>(of: readonly Value[], otherwise: Value): () => Value {
  let i = 0;
  return () => of[i++ % of.length] ?? otherwise;
}

function chooser(of: readonly boolean[]): () => TokenSide {
  const next = cycle(of, true);
  return () => (next() ? 'initiator' : 'responder');
}

/** Whatever the responder has under way comes first. */
const answersFirst = (): TokenSide => 'responder';

function upTo(of: readonly number[]): (octets: number) => number {
  const next = cycle(of, 1);
  return (octets) => Math.min(octets, next());
}

describe('reliable transfer over the layers below', () => {
  it('brings every octet once and in order, within the window, both modes, both directions (R-013 to R-016, R-048, R-049)', () => {
    fc.assert(
      fc.property(
        mode,
        values,
        values,
        side,
        fc.array(fc.tuple(side, length), { minLength: 1, maxLength: 3 }),
        bits,
        parts,
        secures,
        (mode, proposal, limits, turn, apdus, choices, pieces, secures) => {
          const memories = { initiator: new Memory(), responder: new Memory() };
          const habits = { readOctets: upTo(pieces), secures };
          const choose = chooser(choices);
          const { talk, link } = open({ mode, proposal, limits, turn, memories, habits, choose }, upTo(pieces));
          apdus.forEach(([from, octets], i) => {
            talk.turnTo(from);
            const apdu = apduOf(octets, i);
            const sender = talk.users[from];
            sender.send(apdu);
            talk.run();
            expect(sender.confirm?.result).toBe('transferred');
            expect(countEqual(memories[otherSide(from)].received.slice(-1), apdu)).toBe(1);
            expect(sender.outstandingMax).toBeLessThanOrEqual(sender.negotiated?.windowSize ?? 0);
          });
          expect(memories.initiator.received.length + memories.responder.received.length).toBe(apdus.length);
          talk.turnTo('initiator');
          talk.link.request('initiator', { type: 'RT-CLOSE.request' });
          talk.run();
          expect(talk.users.initiator.told.at(-1)).toEqual({ type: 'RT-CLOSE.confirm' });
          expect(link.observations.filter(({ observation }) => observation.level === 'warn')).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('arrives whole despite interruptions, exceptions and cuts (R-026, R-027, R-029 to R-031, R-033, R-034, R-037, R-042, R-058)', () => {
    fc.assert(
      fc.property(
        mode,
        fc.record({ checkpointSizeK: fc.constantFrom(0, 1, 1, 1, 2), windowSize: fc.integer({ min: 1, max: 5 }) }),
        length,
        fc.array(fc.tuple(fc.constantFrom(...troubles), fc.nat(30)), { maxLength: 6 }),
        bits,
        parts,
        secures,
        (mode, both, octets, plan, choices, pieces, secures) => {
          const { received, others, blindRestarts } = transferDespite(
            (handlers) => new StackLink(mode, handlers, upTo(pieces)),
            {
              mode,
              proposal: both,
              limits: both,
              choose: chooser(choices),
              habits: { readOctets: upTo([700, 5000, 100]), secures },
            },
            apduOf(octets, 7),
            plan,
          );
          expect(others).toBe(0);
          expect(received).toBeGreaterThanOrEqual(1);
          expect(received).toBeLessThanOrEqual(1 + blindRestarts);
        },
      ),
      { numRuns: 80 },
    );
  });

  it.each(modes)(
    'resumes a lost transfer on a recovered association, behind the last confirmed checkpoint, %s mode (R-038, R-042)',
    (mode) => {
      const memories = { initiator: new Memory(), responder: new Memory() };
      const { talk } = open({ mode, memories, choose: answersFirst });
      const apdu = apduOf(5000, 1);
      const sender = talk.users.initiator;
      sender.send(apdu);
      while (!sender.told.some((told) => told.type === 'CHECKPOINT-CONFIRMED.indication' && told.serialNumber === 2)) {
        talk.step();
      }
      talk.link.cut();
      const lost = sender.confirm;
      expect(lost).toMatchObject({ result: 'lost', resumable: true, resume: { serialNumber: 2, offset: 2048 } });
      if (lost?.resume === undefined) throw new Error('nothing to resume');
      const connectionData: ConnectionData = {
        kind: 'recover',
        identifier: { callingReference: latin1Octets('A1'), commonReference: latin1Octets('261122073000Z') },
      };
      const again = open({ mode, memories, name: 'A2', connectionData });
      expect(again.talk.users.responder.told[0]).toMatchObject({ type: 'RT-OPEN.indication', connectionData });
      expect(again.talk.users.initiator.told[0]).toMatchObject({ result: 'accept', connectionData });
      again.talk.users.initiator.send(apdu, sender.elsewhere(lost.resume));
      again.talk.run();
      expect(again.talk.users.initiator.confirm?.result).toBe('transferred');
      expect(again.talk.users.responder.told).toContainEqual(
        expect.objectContaining({
          type: 'ACTIVITY-LOOKUP.indication',
          sessionConnection: { calling: latin1Octets('A1'), common: latin1Octets('261122073000Z') },
          serialNumber: 2,
        }),
      );
      expect(countEqual(memories.responder.received, apdu)).toBe(1);
      const reads = again.talk.users.initiator.told.filter((told) => told.type === 'APDU-READ.indication');
      expect(reads[0]).toMatchObject({ offset: 2048 });
    },
  );

  it.each(modes)('swallows an APDU whose last answer was lost, %s mode (R-033)', (mode) => {
    const memories = { initiator: new Memory(), responder: new Memory() };
    const { talk } = open({ mode, memories, choose: answersFirst });
    const apdu = apduOf(2500, 1);
    const sender = talk.users.initiator;
    sender.send(apdu);
    while (memories.responder.received.length === 0) talk.step();
    talk.link.cut();
    expect(sender.confirm).toMatchObject({ result: 'lost', resume: { endWasSent: true } });
    const again = open({ mode, memories, name: 'A2' });
    again.talk.users.initiator.send(apdu, sender.confirm?.resume && sender.elsewhere(sender.confirm.resume));
    again.talk.run();
    expect(again.talk.users.initiator.confirm?.result).toBe('transferred');
    expect(memories.responder.received).toHaveLength(1);
  });

  it('sends the octets of X.225 and X.228: 2500 octets, checkpoint size 1, window 2, normal mode (R-013, R-014)', () => {
    const { talk, link } = open({ mode: 'normal' });
    const before = tsdus(link, 'initiator').length;
    talk.users.initiator.send(apduOf(2500, 1));
    talk.run();
    const heads = tsdus(link, 'initiator')
      .slice(before)
      .map((tsdu) => tsdu.slice(0, 64));
    expect(heads.map((head) => head.slice(0, 18))).toEqual([
      '01002d052903020101',
      '010001006182040f30',
      '010031032a0131',
      '010001006182040f30',
      '010031032a0132',
      '01000100618201d330',
      '010029032a0133',
    ]);
    expect(heads[1]?.startsWith('010001006182040f3082040b020103a082040404820400')).toBe(true);
    expect(heads[5]?.startsWith('01000100618201d3308201cf020103a08201c8048201c4')).toBe(true);
    expect(tsdus(link, 'responder').slice(-3)).toEqual(['020032032a0131', '020032032a0132', '02002a032a0133']);
  });

  it('sends raw octets in X.410-1984 mode (R-048)', () => {
    const { talk, link } = open({ mode: 'x410-1984' });
    const apdu = apduOf(1500, 1);
    talk.users.initiator.send(apdu);
    talk.run();
    const data = tsdus(link, 'initiator').filter((tsdu) => tsdu.startsWith('01000100'));
    expect(data).toEqual([`01000100${toHex(apdu.subarray(0, 1024))}`, `01000100${toHex(apdu.subarray(1024))}`]);
  });

  it('interrupts and resumes in the octets of X.225: old identifier, serial number, new identifier (R-030, R-055)', () => {
    const { talk, link } = open({ mode: 'x410-1984', choose: answersFirst });
    const sender = talk.users.initiator;
    sender.send(apduOf(2500, 1));
    while (!sender.told.some((told) => told.type === 'CHECKPOINT-CONFIRMED.indication')) talk.step();
    talk.link.request('responder', { type: 'RECEIVE-TROUBLE.request', reason: 5 });
    talk.run();
    expect(sender.confirm?.result).toBe('transferred');
    expect(tsdus(link, 'responder')).toContain('02003003320105');
    expect(tsdus(link, 'initiator')).toContain('01001903320100');
    expect(tsdus(link, 'responder')).toContain('02001a00');
    expect(tsdus(link, 'initiator')).toContain('01001d0f210829030201012a01312903020102');
  });

  it.each([
    ['normal' as const, 'be0c280a020103a005b603800107'],
    ['x410-1984' as const, '190a110103c1053103800107'],
  ])('aborts with RTAB transferCompleted when a discard comes too late, %s mode (R-035, R-036)', (mode, octets) => {
    const memories = { initiator: new Memory(), responder: new Memory() };
    const { talk, link } = open({ mode, memories });
    const sender = talk.users.initiator;
    sender.send(apduOf(500, 1));
    while (memories.responder.received.length === 0) talk.step();
    talk.link.expire('initiator', 'transfer');
    talk.run();
    expect(tsdus(link, 'responder').at(-1)).toContain(octets);
    expect(sender.confirm?.result).toBe('transferred');
    expect(sender.told.at(-1)).toMatchObject({ type: 'RT-P-ABORT.indication', reason: 'transfer-completed' });
  });

  it.each([
    ['normal' as const, '0211100101c10c610a3008020103a003020101'],
    ['x410-1984' as const, '0208100101c103020101'],
  ])('asks for the turn and gets it, in the octets of X.225, %s mode (R-023, R-024)', (mode, please) => {
    const { talk, link } = open({ mode });
    talk.link.request('responder', { type: 'RT-TURN-PLEASE.request', priority: 1 });
    talk.run();
    expect(tsdus(link, 'responder')).toContain(please);
    expect(talk.users.initiator.told.at(-1)).toEqual({ type: 'RT-TURN-PLEASE.indication', priority: 1 });
    talk.turnTo('responder');
    expect(tsdus(link, 'initiator').at(-1)).toBe('1500');
    expect(tsdus(link, 'responder').at(-1)).toBe('1600');
    expect(talk.users.responder.hasTurn).toBe(true);
  });

  it('gives the initial turn to the responder in the token setting (R-011)', () => {
    const { talk, link } = open({ mode: 'normal', turn: 'responder' });
    expect(tsdus(link, 'initiator')[0]).toContain('1a0115');
    talk.users.responder.send(apduOf(3000, 2));
    talk.run();
    expect(talk.users.responder.confirm?.result).toBe('transferred');
  });
});
