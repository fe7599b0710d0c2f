import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenSide } from '../../src/session/service.js';
import { FakeProvider } from './fake-provider.js';
import { initiatorOptions, modes, responderOptions } from './harness.js';
import type { LinkHandlers } from './link.js';
import { transferDespite, troubles } from './scenarios.js';
import { apduOf, Conversation, countEqual, Memory, type ConversationOptions } from './users.js';

const machines = (mode: ConversationOptions['mode']) => ({
  initiator: { ...initiatorOptions, mode },
  responder: responderOptions,
});

function converse(options: ConversationOptions): { talk: Conversation; provider: FakeProvider } {
  let provider: FakeProvider | undefined;
  const connect = (handlers: LinkHandlers) => (provider = new FakeProvider(machines(options.mode), handlers));
  const talk = new Conversation(options, connect);
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
      { numRuns: 100 },
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

describe('transfers in trouble', () => {
  it('arrive whole in the end, and once only unless they had to be started anew blindly (R-026, R-027, R-029 to R-031, R-033, R-034, R-037, R-042, R-058)', () => {
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
          const { received, others, blindRestarts } = transferDespite(
            (handlers) => new FakeProvider(machines(mode), handlers),
            { mode, proposal: both, limits: both, choose: chooser(bits), habits },
            apduOf(octets, 7),
            plan,
          );
          expect(others).toBe(0);
          expect(received).toBeGreaterThanOrEqual(1);
          expect(received).toBeLessThanOrEqual(1 + blindRestarts);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are resumed on another association behind the last confirmed checkpoint (R-042)', () => {
    const both = { checkpointSizeK: 1, windowSize: 2 };
    const outcome = transferDespite(
      (handlers) => new FakeProvider(machines('normal'), handlers),
      { mode: 'normal', proposal: both, limits: both },
      apduOf(9000, 3),
      [['cut', 12]],
    );
    expect(outcome).toEqual({ received: 1, others: 0, associations: 2, blindRestarts: 0 });
  });
});
