/**
 * Selectors as a site file holds them. Operators write text where the octets are printable and hexadecimal digits elsewhere; the octets
 * decide, without regard to how they were written.
 */
export interface Selectors {
  readonly transport?: Uint8Array;
  readonly session?: Uint8Array;
  readonly presentation?: Uint8Array;
}

/** How a site file names them. */
export interface SelectorMembers {
  readonly transportSelector?: Uint8Array;
  readonly sessionSelector?: Uint8Array;
  readonly presentationSelector?: Uint8Array;
}

export function selectorsOf(members: SelectorMembers): Selectors {
  return {
    ...(members.transportSelector === undefined ? {} : { transport: members.transportSelector }),
    ...(members.sessionSelector === undefined ? {} : { session: members.sessionSelector }),
    ...(members.presentationSelector === undefined ? {} : { presentation: members.presentationSelector }),
  };
}

const selectorLayers = ['transport', 'session', 'presentation'] as const;
export type SelectorLayer = (typeof selectorLayers)[number];

/** Layers whose selectors have a meaning: X.410-1984 mode has neither session nor presentation selectors (X.410 §4). */
export function selectorLayersOf(mode: 'normal' | 'x410-1984'): readonly SelectorLayer[] {
  return mode === 'normal' ? selectorLayers : ['transport'];
}

export function sameSelector(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

/** The text itself where it is printable ASCII, else `hex` and the digits. */
export function selectorText(selector: Uint8Array): string {
  const text = Buffer.from(selector).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : `hex ${Buffer.from(selector).toString('hex')}`;
}

/** All selectors of one address in one line, such as `T=MTA S=hex 0001`; empty when there are none. */
export function selectorsText(selectors: Selectors): string {
  return selectorLayers
    .flatMap((layer) => {
      const selector = selectors[layer];
      return selector === undefined ? [] : [`${layer.slice(0, 1).toUpperCase()}=${selectorText(selector)}`];
    })
    .join(' ');
}
