import type { Lab, Program } from './lab.js';
import type { LinkOrder } from './programs/delay-link.js';

export interface DelayLink {
  readonly port: number;
  /** Breaks every connection when so many more octets have passed towards the target. */
  cutAfter(octets: number): Promise<void>;
  /** For what comes from now on. */
  setRoundTrip(milliseconds: number): Promise<void>;
  /** Octets that have passed towards the target. */
  octetsPassed(): Promise<number>;
}

/** A line to a port of this machine with this round trip; see programs/delay-link.ts. */
export async function startDelayLink(lab: Lab, targetPort: number, roundTripMilliseconds: number): Promise<DelayLink> {
  const input = { targetPort, latencyMilliseconds: roundTripMilliseconds / 2 };
  const program: Program<{ readonly port: number }> = await lab.program('delay-link', input);
  return {
    port: program.ready.port,
    cutAfter: async (octets) => {
      await program.ask({ cutAfterOctets: octets } satisfies LinkOrder);
    },
    setRoundTrip: async (milliseconds) => {
      await program.ask({ latencyMilliseconds: milliseconds / 2 } satisfies LinkOrder);
    },
    octetsPassed: () => program.ask({} satisfies LinkOrder),
  };
}
