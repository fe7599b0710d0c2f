/**
 * What goes wrong in the simulated world besides what a link can do: faults of one agent, of its disk, its site file, its operator. An agent
 * is named by its place in the order of the site, from 0; a connector by its place in the agent's site file, counted around.
 */
export type SimulatedFault =
  /** The agent's connections break at its end; the other ends hear of it only when they send. */
  | { readonly kind: 'reset'; readonly agent: number }
  /** Of what the agent sends on the connections that there are nothing arrives any more, and nobody is told. */
  | { readonly kind: 'half-open'; readonly agent: number }
  /** For a time each attempt to connect takes up to so much longer, so that later ones overtake. */
  | { readonly kind: 'reorder'; readonly milliseconds: number; readonly spreadMilliseconds: number }
  /** For a time the agent takes nothing from its connections. */
  | { readonly kind: 'slow-receiver'; readonly agent: number; readonly milliseconds: number }
  /** A reload takes the connector out of the site file, another puts it back. */
  | {
      readonly kind: 'no-connector';
      readonly agent: number;
      readonly connector: number;
      readonly milliseconds: number;
    }
  /** A reload changes the password that the agent expects, another changes it back. */
  | {
      readonly kind: 'wrong-password';
      readonly agent: number;
      readonly connector: number;
      readonly milliseconds: number;
    }
  /** An operator holds all that is queued and releases it later, removes the first copy, or wants everything tried at once. */
  | {
      readonly kind: 'operator';
      readonly agent: number;
      readonly action: 'hold' | 'remove' | 'retry';
      readonly milliseconds: number;
    }
  /** For a time no commit of the database gets to the disk; with `input-output` no file either. */
  | {
      readonly kind: 'database-failure';
      readonly agent: number;
      readonly milliseconds: number;
      readonly failure: 'full' | 'input-output';
    };
