import { expect } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import { anna, bob, makePair, testOctets, type PairOptions } from './pair.js';

export type Pair = ReturnType<typeof makePair>;

export const long = testOctets(1_000_000);
export const checkpointOctets = 30 * 1024;

/** What one cut may cost: the window, and the piece in flight. */
export const costOfCutOctetsMax = 6 * checkpointOctets;

/** A pair with a long message under way, which `strike` hits when 600,000 octets have crossed. */
export function struckPair(options: PairOptions, strike: (pair: Pair) => void): Pair {
  const pair = makePair(options);
  pair.alpha.start();
  pair.beta.start();
  strikeAt(pair, 600_000, strike);
  pair.alpha.submit({ from: anna, to: [bob] }, long);
  return pair;
}

/** Strikes once, when so many octets have crossed since the start. */
export function strikeAt(pair: Pair, octetsDelivered: number, strike: (pair: Pair) => void): void {
  pair.network.onDelivery = (octets) => {
    if (octets < octetsDelivered) return;
    pair.network.onDelivery = undefined;
    pair.clock.schedule(0, () => {
      strike(pair);
    });
  };
}

export function eventsText({ alpha, beta }: Pick<Pair, 'alpha' | 'beta'>): string {
  const lines = (log: typeof alpha.log) =>
    log
      .filter(({ level }) => level !== 'debug')
      .map(({ event, fields }) => `${event} ${String(fields['text'] ?? '')}`)
      .join('\n');
  return `alpha:\n${lines(alpha.log)}\n\nbeta:\n${lines(beta.log)}`;
}

/** The long message arrives whole and once, and nothing is left of it at its sender. */
export function arrivedOnce({ clock, alpha, beta }: Pair, milliseconds = 300_000): void {
  clock.run(milliseconds, () => beta.engine !== undefined && beta.events('message.delivered').length > 0);
  clock.run(10_000);
  const entries = beta.mailbox('bob');
  expect(entries.length, eventsText({ alpha, beta })).toBe(1);
  expect(equalOctets(beta.content('bob', entries[0]?.id ?? ''), long)).toBe(true);
  expect(alpha.engine?.status().connectors[0]?.queued, eventsText({ alpha, beta })).toBe(0);
}
