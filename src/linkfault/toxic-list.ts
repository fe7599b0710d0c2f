import type { Stream } from '../faults/pdu-trigger.js';
import { withAttributes } from '../faults/toxic-field.js';
import type { ToxicSettings, ToxicType } from '../faults/toxics.js';
import type { Attributes } from './treatments.js';

/** A toxic of a link, with nothing left out. */
export interface Toxic {
  readonly name: string;
  readonly type: ToxicType;
  readonly stream: Stream;
  readonly toxicity: number;
  readonly attributes: Attributes;
  /** Milliseconds; 0: it stays. */
  readonly duration: number;
  /** Counted up for each toxic of the link, for what is random about it. */
  readonly ordinal: number;
  /** Infinity: it stays. */
  readonly expiresAt: number;
}

/** The toxics of a link: first those of the upstream direction, each in the order in which they were added. */
export class ToxicList {
  #toxics: readonly Toxic[] = [];
  #ordinal = 0;

  get all(): readonly Toxic[] {
    return (['upstream', 'downstream'] as const).flatMap((stream) => this.of(stream));
  }

  get dueAt(): number {
    return Math.min(Infinity, ...this.#toxics.map(({ expiresAt }) => expiresAt));
  }

  of(stream: Stream): readonly Toxic[] {
    return this.#toxics.filter((toxic) => toxic.stream === stream);
  }

  get(name: string): Toxic | undefined {
    return this.#toxics.find((toxic) => toxic.name === name);
  }

  expired(now: number): readonly Toxic[] {
    return this.#toxics.filter(({ expiresAt }) => expiresAt <= now);
  }

  /** Throws FieldError for attributes that the type does not have. The name must be free. */
  add(settings: ToxicSettings, now: number): Toxic {
    const { type, stream = 'downstream', toxicity = 1, attributes = {}, duration = 0 } = settings;
    const toxic: Toxic = {
      name: toxicNameOf(settings),
      type,
      stream,
      toxicity,
      attributes: withAttributes(type, attributes),
      duration,
      ordinal: this.#ordinal++,
      expiresAt: duration > 0 ? now + duration : Infinity,
    };
    this.#toxics = [...this.#toxics, toxic];
    return toxic;
  }

  replace(toxic: Toxic): void {
    this.#toxics = this.#toxics.map((each) => (each.name === toxic.name ? toxic : each));
  }

  remove(name: string): void {
    this.#toxics = this.#toxics.filter((toxic) => toxic.name !== name);
  }
}

/** The name that a toxic has where none was given, as Toxiproxy makes it. */
export function toxicNameOf({ name = '', type, stream = 'downstream' }: ToxicSettings): string {
  return name === '' ? `${type}_${stream}` : name;
}
