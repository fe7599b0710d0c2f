import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RtseIndication } from '../../src/rtse/service.js';
import type { TokenSide } from '../../src/session/service.js';
import { FakeProvider } from './fake-provider.js';
import { initiatorOptions, modes, responderOptions } from './harness.js';
import type { LinkHandlers } from './link.js';
import { apduOf, Conversation, countEqual, Memory, type ConversationOptions } from './users.js';

function converse(options: ConversationOptions): { talk: Conversation; provider: FakeProvider } {
  let provider: FakeProvider | undefined;
  const machines = { initiator: { ...initiatorOptions, mode: options.mode }, responder: responderOptions };
  const talk = new Conversation(options, (handlers: LinkHandlers) => (provider = new FakeProvider(machines, handlers)));
  if (provider === undefined) throw new Error('no provider');
  return { talk, provider };
}

const memories = (): Record<TokenSide, Memory> => ({ initiator: new Memory(), responder: new Memory() });

const sizeK = fc.integer({ min: 0, max: 3 });
const values = fc.record({ checkpointSizeK: sizeK, windowSize: fc.integer({ min: 1, max: 5 }) });
/** Sizes at and around multiples of the checkpoint size, and others. */
const length = fc.oneof(
  fc.integer({ min: 1, max: 9000 }),
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -1, max: 1 })).map(([k, by]) => 1024 * k + by),
);
const side = fc.constantFrom<TokenSide>('initiator', 'responder');
const mode = fc.constantFrom(...modes);
const secures = fc.constantFrom('at once' as const, 'later' as const);

function chooser(bits: readonly boolean[]): () => TokenSide {
  let i = 0;
  return () => ((bits[i++ % bits.length] ?? true) ? 'initiator' : 'responder');
}

function chunker(parts: readonly number[]): (octetsMax: number) => number {
  let i = 0;
  return (octetsMax) => Math.max(1, Math.min(octetsMax, parts[i++ % parts.length] ?? octetsMax));
}

describe('whole transfers', () => {
  it('bring every octet once and in order, within the window, in both directions (R-013 to R-016, R-024)', () => {
    fc.assert(
      fc.property(
        mode,
        values,
        values,
        side,
        fc.array(fc.tuple(side, length), { minLength: 1, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
        secures,
        (mode, proposal, limits, turn, apdus, bits, parts, secures) => {
          const ends = memories();
          const habits = { readOctets: chunker(parts), secures };
          const { talk } = converse({
            mode,
            proposal,
            limits,
            turn,
            memories: ends,
            name: 'A1',
            choose: chooser(bits),
            habits,
          });
          apdus.forEach(([from, octets], i) => {
            talk.turnTo(from);
            const apdu = apduOf(octets, i);
            const sender = talk.users[from];
            const { negotiated = proposal } = sender;
            sender.checkpointsSent = 0;
            sender.send(apdu);
            talk.run();
            expect(sender.confirm?.result).toBe('transferred');
            const received = ends[from === 'initiator' ? 'responder' : 'initiator'].received;
            expect(countEqual(received.slice(-1), apdu)).toBe(1);
            const pieces =
              negotiated.checkpointSizeK === 0 ? 1 : Math.ceil(octets / (1024 * negotiated.checkpointSizeK));
            expect(sender.checkpointsSent).toBe(pieces - 1);
            expect(sender.outstandingMax).toBeLessThanOrEqual(negotiated.windowSize);
          });
          expect(ends.initiator.received.length + ends.responder.received.length).toBe(apdus.length);
          talk.turnTo('initiator');
          talk.link.request('initiator', { type: 'RT-CLOSE.request' });
          talk.run();
          expect(talk.users.initiator.told.at(-1)).toEqual({ type: 'RT-CLOSE.confirm' });
          expect([...talk.link.timers('initiator'), ...talk.link.timers('responder')]).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('send pieces of just the checkpoint size, the last one apart (R-013)', () => {
    const ends = memories();
    const both = { checkpointSizeK: 2, windowSize: 2 };
    const { talk, provider } = converse({
      mode: 'x410-1984',
      proposal: both,
      limits: both,
      memories: ends,
      name: 'A1',
    });
    talk.users.initiator.send(apduOf(5000, 1));
    talk.run();
    const pieces = provider.requests.flatMap(({ request }) =>
      request.type === 'P-DATA.request' ? [request.userData.length] : [],
    );
    expect(pieces).toEqual([2048, 2048, 904]);
  });
});

type Trouble = 'interrupt' | 'exception 0' | 'exception 5' | 'exception 6' | 'exception 3' | 'cut' | 'transfer timer';
const troubles: readonly Trouble[] = [
  'interrupt',
  'exception 0',
  'exception 5',
  'exception 6',
  'exception 3',
  'cut',
  'transfer timer',
];

describe('transfers in trouble', () => {
  /** Sends one APDU to its end, over as many associations and attempts as the troubles make necessary. */
  function transferDespite(
    options: Omit<ConversationOptions, 'memories' | 'name'>,
    apdu: Uint8Array,
    plan: readonly (readonly [Trouble, number])[],
  ): { received: number; associations: number; blindRestarts: number; others: number } {
    const ends = memories();
    let associations = 1;
    let blindRestarts = 0;
    let endSent = false;
    const open = (name: string): { talk: Conversation; provider: FakeProvider } =>
      converse({ ...options, memories: ends, name });
    let { talk, provider } = open('A1');
    const left = [...plan];
    talk.users.initiator.send(apdu);
    for (let guard = 0; talk.users.initiator.confirm?.result !== 'transferred'; guard++) {
      if (guard > 40) throw new Error('the transfer does not end');
      const [trouble, steps] = left.shift() ?? [undefined, 0];
      for (let i = 0; i < steps && talk.step(); i++);
      if (trouble !== undefined && talk.users.initiator.confirm === undefined) cause(talk, trouble);
      if (trouble === undefined || talk.users.initiator.confirm !== undefined) talk.run();
      endSent = endSent || provider.requests.some(({ request }) => request.type === 'S-ACTIVITY-END.request');
      const { confirm } = talk.users.initiator;
      if (confirm === undefined) {
        if (left.length === 0) talk.run();
        continue;
      }
      if (confirm.result === 'transferred') break;
      if (confirm.resume === undefined && endSent) blindRestarts += 1;
      const resume =
        confirm.resume && (confirm.result === 'lost' ? talk.users.initiator.elsewhere(confirm.resume) : confirm.resume);
      if (!talk.users.initiator.isOpen) {
        associations += 1;
        ({ talk, provider } = open(`A${String(associations)}`));
      }
      talk.users.initiator.send(apdu, resume);
    }
    return {
      received: countEqual(ends.responder.received, apdu),
      others: ends.responder.received.length - countEqual(ends.responder.received, apdu),
      associations,
      blindRestarts,
    };
  }

  function cause(talk: Conversation, trouble: Trouble): void {
    switch (trouble) {
      case 'interrupt':
        talk.link.request('initiator', { type: 'TRANSFER-INTERRUPT.request' });
        return;
      case 'cut':
        talk.link.cut();
        return;
      case 'transfer timer':
        if (talk.link.timers('initiator').includes('transfer')) talk.link.expire('initiator', 'transfer');
        return;
      default:
        if (isReceiving(talk.users.responder.told)) {
          talk.link.request('responder', { type: 'RECEIVE-TROUBLE.request', reason: Number(trouble.slice(-1)) });
        }
    }
  }

  /** An activity is under way, and its APDU not complete. */
  function isReceiving(told: readonly RtseIndication[]): boolean {
    const begun = [
      'ACTIVITY-START.indication',
      'APDU-WRITE.indication',
      'APDU-SECURE.indication',
      'CHECKPOINT-ANSWERED.indication',
    ];
    return begun.includes(told.at(-1)?.type ?? '');
  }

  it('arrive whole in the end, and once only unless they had to be started anew blindly (R-026 to R-034, R-037, R-042, R-058)', () => {
    fc.assert(
      fc.property(
        mode,
        fc.record({ checkpointSizeK: fc.constantFrom(0, 1, 1, 1, 2), windowSize: fc.integer({ min: 1, max: 4 }) }),
        length,
        fc.array(fc.tuple(fc.constantFrom(...troubles), fc.nat(12)), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        secures,
        (mode, both, octets, plan, bits, secures) => {
          const habits = { readOctets: chunker([700, 5000, 1]), secures };
          const apdu = apduOf(octets, 7);
          const options = { mode, proposal: both, limits: both, choose: chooser(bits), habits };
          const { received, others, blindRestarts } = transferDespite(options, apdu, plan);
          expect(others).toBe(0);
          expect(received).toBeGreaterThanOrEqual(1);
          expect(received).toBeLessThanOrEqual(1 + blindRestarts);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are resumed on another association behind the last confirmed checkpoint (R-042)', () => {
    const both = { checkpointSizeK: 1, windowSize: 2 };
    const apdu = apduOf(9000, 3);
    const outcome = transferDespite({ mode: 'normal', proposal: both, limits: both }, apdu, [['cut', 12]]);
    expect(outcome).toEqual({ received: 1, others: 0, associations: 2, blindRestarts: 0 });
  });
});
