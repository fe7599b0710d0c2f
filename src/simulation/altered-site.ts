import { Secret } from '../config/secret.js';
import type { Connector, Site } from '../config/site.js';
import type { RtsValues } from '../config/values.js';

/** What somebody has done to one connector of a site file; its place is counted around. */
export interface Alteration {
  readonly kind: 'no-connector' | 'wrong-password';
  readonly connector: number;
}

/** A site file that is changed again and again, and in the end is as it was. */
export class AlteredSite {
  readonly #original: Site;
  #alterations: Alteration[] = [];
  #values: Partial<RtsValues> = {};

  constructor(original: Site) {
    this.#original = original;
  }

  withValues(values: Partial<RtsValues>): Site {
    this.#values = { ...this.#values, ...values };
    return this.#present;
  }

  with(alteration: Alteration): Site {
    this.#alterations = [...this.#alterations, alteration];
    return this.#present;
  }

  without(alteration: Alteration): Site {
    this.#alterations = this.#alterations.filter((each) => each !== alteration);
    return this.#present;
  }

  mended(): Site {
    this.#alterations = [];
    this.#values = {};
    return this.#present;
  }

  get #present(): Site {
    const { connectors } = this.#original;
    const isAltered = (kind: Alteration['kind'], place: number): boolean =>
      this.#alterations.some((each) => each.kind === kind && each.connector % connectors.length === place);
    return {
      ...this.#original,
      connectors: connectors.flatMap((connector, place): readonly Connector[] => {
        if (isAltered('no-connector', place)) return [];
        const { remote } = connector;
        return [
          {
            ...connector,
            rts: { ...connector.rts, ...this.#values },
            remote: isAltered('wrong-password', place) ? { ...remote, password: new Secret('mistyped') } : remote,
          },
        ];
      }),
    };
  }
}
