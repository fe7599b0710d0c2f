/** What each toxic does with what passes: an item in, items with their times out. */
import type { Random } from '../faults/random.js';
import type { ToxicType } from '../faults/toxics.js';
import type { Item, Timed } from './items.js';

export type Attributes = Readonly<Record<string, number | string>>;

/** One toxic on one direction of one connection. */
export interface Treatment {
  /** What happens by itself, from the moment when the toxic is there. */
  begin?(now: number): readonly Timed[];
  /** `passed`: octets that came before this item. */
  take(item: Item, now: number, passed: number): readonly Timed[];
  /** What happens when the toxic is taken away. */
  removed?(now: number): readonly Timed[];
  /** Above this nothing more is read from its sender. */
  readonly heldOctetsMax: number;
}

/** A line of some seconds at a high rate; a slow one has no such buffers. */
const lineOctetsMax = 4 * 1024 * 1024;
const slowLineOctetsMax = 32 * 1024;

/** What passes at a rate does so in pieces of this time: short enough for an even flow, long enough for the clock. */
const pieceMilliseconds = 20;

function at(now: number, ...items: readonly Item[]): readonly Timed[] {
  return items.map((item) => ({ item, at: now }));
}

function numberOf(attributes: Attributes, name: string): number {
  return Number(attributes[name] ?? 0);
}

const makers: Readonly<Record<ToxicType, (attributes: Attributes, random: Random) => Treatment>> = {
  latency(attributes, random) {
    const [latency, jitter] = [numberOf(attributes, 'latency'), numberOf(attributes, 'jitter')];
    const delay = (): number => Math.max(latency + jitter * deviation(random, attributes['distribution']), 0);
    return { take: (item, now) => at(now + delay(), item), heldOctetsMax: lineOctetsMax };
  },

  bandwidth(attributes) {
    const bits = numberOf(attributes, 'bits_per_second');
    const octetsPerMillisecond = bits > 0 ? bits / 8000 : numberOf(attributes, 'rate');
    let freeAt = 0;
    return {
      take(item, now) {
        if (item.kind !== 'octets') return at(Math.max(freeAt, now), item);
        if (octetsPerMillisecond === 0) return at(Infinity, item);
        const pieceOctets = Math.max(Math.floor(octetsPerMillisecond * pieceMilliseconds), 1);
        freeAt = Math.max(freeAt, now);
        return pieces(item.octets, () => pieceOctets).map((octets) => {
          freeAt += octets.length / octetsPerMillisecond;
          return { item: { kind: 'octets', octets }, at: freeAt };
        });
      },
      heldOctetsMax: slowLineOctetsMax,
    };
  },

  slow_close(attributes) {
    const delay = numberOf(attributes, 'delay');
    return {
      take: (item, now) => at(item.kind === 'end' ? now + delay : now, item),
      heldOctetsMax: lineOctetsMax,
    };
  },

  timeout(attributes) {
    const milliseconds = numberOf(attributes, 'timeout');
    return {
      begin: (now) => (milliseconds > 0 ? at(now + milliseconds, { kind: 'close' }) : []),
      take: (item, now) => (item.kind === 'octets' ? [] : at(now, item)),
      removed: (now) => at(now, { kind: 'close' }),
      heldOctetsMax: lineOctetsMax,
    };
  },

  reset_peer(attributes) {
    const milliseconds = numberOf(attributes, 'timeout');
    let begun = false;
    return {
      take(item, now) {
        if (begun) return [];
        begun = item.kind === 'octets' || item.kind === 'end';
        return at(now + milliseconds, begun ? { kind: 'reset' } : item);
      },
      heldOctetsMax: lineOctetsMax,
    };
  },

  slicer(attributes, random) {
    const size = Math.max(numberOf(attributes, 'average_size'), 1);
    const variation = Math.min(numberOf(attributes, 'size_variation'), size - 1);
    const pause = numberOf(attributes, 'delay') / 1000;
    let freeAt = 0;
    return {
      take(item, now) {
        freeAt = Math.max(freeAt, now);
        if (item.kind !== 'octets') return at(freeAt, item);
        return pieces(item.octets, () => random.between(size - variation, size + variation)).map((octets) => {
          const timed: Timed = { item: { kind: 'octets', octets }, at: freeAt };
          freeAt += pause;
          return timed;
        });
      },
      heldOctetsMax: slowLineOctetsMax,
    };
  },

  limit_data(attributes) {
    const limit = numberOf(attributes, 'bytes');
    let closed = false;
    return {
      take(item, now, passed) {
        if (closed) return [];
        const room = Math.max(limit - passed, 0);
        if (item.kind !== 'octets' || item.octets.length < room) return at(now, item);
        closed = true;
        const octets = item.octets.subarray(0, room);
        return at(now, ...(room > 0 ? [{ kind: 'octets', octets } as const] : []), { kind: 'close' });
      },
      heldOctetsMax: lineOctetsMax,
    };
  },

  half_open: () => ({
    take: (item, now) => (item.kind === 'strike' ? at(now, item) : []),
    heldOctetsMax: lineOctetsMax,
  }),

  corrupt(attributes, random) {
    const [rate, offset] = [numberOf(attributes, 'rate'), numberOf(attributes, 'offset')];
    const mask = numberOf(attributes, 'mask');
    return {
      take(item, now, passed) {
        if (item.kind !== 'octets') return at(now, item);
        const octets = item.octets.slice();
        for (const [i, octet] of item.octets.entries()) {
          if (passed + i === offset || (rate > 0 && random.chance(rate))) octets[i] = octet ^ mask;
        }
        return at(now, { kind: 'octets', octets });
      },
      heldOctetsMax: lineOctetsMax,
    };
  },

  loss(attributes, random) {
    const [rate, retransmission] = [numberOf(attributes, 'rate'), numberOf(attributes, 'retransmission')];
    return {
      take: (item, now) => at(random.chance(rate) ? now + retransmission : now, item),
      heldOctetsMax: lineOctetsMax,
    };
  },

  /** Acts before there is anything to pass. */
  refuse: () => ({ take: (item, now) => at(now, item), heldOctetsMax: lineOctetsMax }),
};

/** The first stage of every flow: lets all pass, unless it is told to hold. */
export function makeGate(): Treatment {
  let heldUntil = 0;
  return {
    take(item, now) {
      if (item.kind === 'hold') heldUntil = Math.max(heldUntil, now + item.milliseconds);
      return item.kind === 'hold' ? [] : at(Math.max(heldUntil, now), item);
    },
    heldOctetsMax: lineOctetsMax,
  };
}

export function makeTreatment(type: ToxicType, attributes: Attributes, random: Random): Treatment {
  return makers[type](attributes, random);
}

/** In units of the jitter: within -1 to 1, or 0 to a few with a long tail. */
function deviation(random: Random, distribution: number | string | undefined): number {
  switch (distribution) {
    case 'normal': {
      // The sum of twelve even numbers is close to a normal distribution; a standard deviation of a third keeps within the jitter.
      const sum = Array.from({ length: 12 }, () => random.fraction()).reduce((total, each) => total + each, 0);
      return Math.min(Math.max((sum - 6) / 3, -1), 1);
    }
    case 'pareto':
      return Math.min((1 - random.fraction()) ** (-1 / 3) - 1, 10);
    default:
      return 2 * random.fraction() - 1;
  }
}

function pieces(octets: Uint8Array, length: () => number): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let position = 0; position < octets.length;) {
    const part = octets.subarray(position, position + length());
    parts.push(part);
    position += part.length;
  }
  return parts;
}
