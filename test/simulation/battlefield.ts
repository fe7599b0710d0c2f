import { expect } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import type { Observation } from '../../src/osi/machine.js';
import type { VirtualAgent } from '../../src/simulation/virtual-agent.js';
import type { Move } from './attacks.js';
import { anna, bob, makePair, testOctets, type PairOptions } from './pair.js';
import { RawPeer } from './raw-peer.js';

/** The address that the hostile peer is seen at. */
export const hostile = '198.51.100.7:4711';
/** Between two things that a hostile peer does, milliseconds. */
const pauseMilliseconds = 20;

/** An agent and a peer of its that are busy with a long message, and a place for somebody hostile. */
export class Battlefield {
  readonly pair: ReturnType<typeof makePair>;
  readonly message = testOctets(200_000);
  readonly #timersBefore: number;

  constructor(options: PairOptions = {}) {
    this.pair = makePair({ limits: { idleTimeoutSeconds: 400 }, ...options });
    const { clock, network, alpha, beta } = this.pair;
    alpha.start();
    beta.start();
    clock.run(10);
    this.#timersBefore = beta.liveTimers;
    network.octetsPerSecond = 40_000;
    alpha.submit({ from: anna, to: [bob] }, this.message);
    clock.run(100);
  }

  get victim(): VirtualAgent {
    return this.pair.beta;
  }

  call(): RawPeer {
    return RawPeer.calling(this.pair.clock, this.victim, hostile);
  }

  wage(peer: RawPeer, moves: readonly Move[]): void {
    for (const move of moves) {
      if (move === 'close') peer.close();
      else peer.send(move);
      this.pair.clock.run(pauseMilliseconds);
    }
  }

  /** All that is said of associations of the hostile peer at level info or above, but for what is good of them. */
  lines(): readonly Observation[] {
    const heard = this.victim.log.filter(({ fields }) => fields['peer'] === hostile);
    const associations = new Set(heard.map(({ fields }) => fields['association']));
    return this.victim.log.filter(
      ({ event, level, fields }) =>
        level !== 'debug' &&
        associations.has(fields['association']) &&
        !['association.opened', 'transfer.started'].includes(event),
    );
  }

  /** Nobody else was harmed, and nothing is left of it. */
  isOver(): void {
    const { clock, network, alpha, beta } = this.pair;
    clock.run(1_000_000);
    const arrived = beta.mailbox('bob').filter(({ sizeOctets }) => sizeOctets === this.message.length);
    expect(arrived.length).toBe(1);
    expect(equalOctets(beta.content('bob', arrived[0]?.id ?? ''), this.message)).toBe(true);
    expect(alpha.events('association.lost')).toEqual([]);
    expect(beta.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(beta.engine?.status().associations).toEqual([]);
    expect(beta.liveTimers).toBe(this.#timersBefore);
    expect(network.openLinks).toBe(0);
  }
}
