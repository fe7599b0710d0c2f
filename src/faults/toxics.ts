/**
 * What can be wrong with one direction of a connection for as long as it lasts. Names, attributes and units of the first seven are those of
 * Toxiproxy 2, so that its clients can be used; the others, and the attributes that are shown only where they were given, are ours.
 */
import { number, wholeNumber, type Field } from './fields.js';
import type { Stream } from './pdu-trigger.js';

export interface AttributeRow {
  readonly field: Field;
  readonly default: number | string;
  /** Ours in a toxic of Toxiproxy's: left out of answers unless it was given. */
  readonly shown: 'always' | 'when-given';
}

export interface ToxicRow {
  readonly about: string;
  readonly attributes: Readonly<Record<string, AttributeRow>>;
}

const distributions = ['uniform', 'normal', 'pareto'] as const;

const always = (field: Field, value: number): AttributeRow => ({ field, default: value, shown: 'always' });
const whenGiven = (field: Field, value: number | string): AttributeRow => ({
  field,
  default: value,
  shown: 'when-given',
});

const octetMax = 255;

export const toxicRows = {
  latency: {
    about: 'Octets arrive later, and never overtake one another.',
    attributes: {
      latency: always(wholeNumber('Delay, milliseconds.'), 0),
      jitter: always(wholeNumber('By how much the delay varies, milliseconds.'), 0),
      distribution: whenGiven(
        {
          kind: 'word',
          about: 'How it varies: evenly, around the middle, or with rare long delays.',
          words: distributions,
        },
        'uniform',
      ),
    },
  },
  bandwidth: {
    about: 'Octets pass at a rate; at rate 0 none.',
    attributes: {
      rate: always(wholeNumber('Thousand octets a second.'), 0),
      bits_per_second: whenGiven(wholeNumber('Rate in bits a second, in place of `rate`.', 1), 0),
    },
  },
  slow_close: {
    about: 'The end of the connection is passed on late.',
    attributes: { delay: always(wholeNumber('Delay, milliseconds.'), 0) },
  },
  timeout: {
    about: 'Nothing passes any more, and the connection ends after a time; with 0 it stays.',
    attributes: { timeout: always(wholeNumber('Time, milliseconds.'), 0) },
  },
  reset_peer: {
    about: 'The connection is reset some time after the first octets.',
    attributes: { timeout: always(wholeNumber('Time, milliseconds.'), 0) },
  },
  slicer: {
    about: 'Octets arrive in small pieces.',
    attributes: {
      average_size: always(wholeNumber('Octets of a piece on average.'), 0),
      size_variation: always(wholeNumber('By how many octets pieces differ.'), 0),
      delay: always(wholeNumber('Pause behind each piece, microseconds.'), 0),
    },
  },
  limit_data: {
    about: 'The connection ends when so many octets have passed.',
    attributes: { bytes: always(wholeNumber('Octets.'), 0) },
  },
  half_open: {
    about: 'This direction is silently dead: neither octets nor the end of the connection pass, and nobody is told.',
    attributes: {},
  },
  corrupt: {
    about: 'Bits of octets are changed: of one at a place, of some at a rate.',
    attributes: {
      rate: always(number('Probability for each octet.', 0, 1), 0),
      offset: always(wholeNumber('The octet that is changed once, counted from 0; -1: none.', -1), -1),
      mask: always(wholeNumber('The bits that are inverted.', 1, octetMax), octetMax),
    },
  },
  loss: {
    about: 'Segments are lost, as TCP lets one see it: what was lost, and all behind it, comes later.',
    attributes: {
      rate: always(number('Probability for each segment.', 0, 1), 0),
      retransmission: always(wholeNumber('Time until it is sent again, milliseconds.'), 200),
    },
  },
  refuse: {
    about: 'New connections are reset as soon as they are made.',
    attributes: {},
  },
} as const satisfies Readonly<Record<string, ToxicRow>>;

export type ToxicType = keyof typeof toxicRows;

export function toxicRow(type: ToxicType): ToxicRow {
  return toxicRows[type];
}

export function isToxicType(type: unknown): type is ToxicType {
  return typeof type === 'string' && Object.hasOwn(toxicRows, type);
}

/** A toxic as a file or a client of the API writes it; what is left out has its default. */
export interface ToxicSettings {
  readonly type: ToxicType;
  /** `TYPE_STREAM` if it is left out. */
  readonly name?: string;
  /** `downstream` if it is left out. */
  readonly stream?: Stream;
  /** Probability that a connection has it, 0 to 1; 1 if it is left out. */
  readonly toxicity?: number;
  readonly attributes?: Readonly<Record<string, number | string>>;
  /** It goes away by itself after so many milliseconds; 0 or left out: it stays. */
  readonly duration?: number;
}
