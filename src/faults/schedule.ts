/** When a fault strikes: at a time after the start, or when so many octets have crossed the network, all connections together. */
export type Trigger =
  | { readonly after: 'milliseconds'; readonly milliseconds: number }
  | { readonly after: 'octets'; readonly octets: number };

/** Values that a reload brings; what is left out stays. */
export interface ReloadedValues {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly recoveryTimeoutSeconds: number;
}

/** What goes wrong. An agent is named by its place in the order of the site, from 0. */
export type FaultKind =
  /** Every connection breaks; after a number of octets: the one that carries this octet, which is the last to arrive. */
  | { readonly kind: 'cut' }
  /** Every connection falls silent: nothing arrives any more, and nobody is told. */
  | { readonly kind: 'silence' }
  /** Every connection breaks and new ones are refused for a time. */
  | { readonly kind: 'refusal'; readonly milliseconds: number }
  | { readonly kind: 'delay'; readonly latencyMilliseconds: number; readonly octetsPerSecond: number }
  /** The process dies where it stands, and starts anew. */
  | { readonly kind: 'kill'; readonly agent: number; readonly downMilliseconds: number }
  /** The same, and what was not on stable storage is lost or torn. */
  | { readonly kind: 'power-loss'; readonly agent: number; readonly downMilliseconds: number }
  /** The agent is asked to stop, does so in order, and starts anew. */
  | { readonly kind: 'stop'; readonly agent: number; readonly downMilliseconds: number }
  | { readonly kind: 'reload'; readonly agent: number; readonly values: ReloadedValues }
  /** Each batch of the store takes so long. */
  | {
      readonly kind: 'slow-disk';
      readonly agent: number;
      readonly milliseconds: number;
      readonly batchMilliseconds: number;
    }
  /** Nothing more fits on the disk for a time: `reserve` lets what is under way go on. */
  | {
      readonly kind: 'full-disk';
      readonly agent: number;
      readonly milliseconds: number;
      readonly space: 'reserve' | 'none';
    };

export type Fault = FaultKind & { readonly when: Trigger };

/** Faults in no particular order. */
export type Schedule = readonly Fault[];
