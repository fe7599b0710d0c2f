import { Random } from "../faults/random.js";
import type { Fault, FaultKind, Schedule } from "../faults/schedule.js";
import type { ConnectorValues } from "../config/values.js";
import type { Site } from "../config/site.js";
import type { VirtualAgent } from "./virtual-agent.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualNetwork } from "./virtual-network.js";

/** Independent of the numbers that the same seed gives for other uses. */
const tearingStream = 3;

/** A daemon that has not stopped by itself after this time is killed. */
const stopMillisecondsMax = 10_000;

const usualBatchMilliseconds = 0.3;

export interface StruckWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly agents: readonly VirtualAgent[];
  /** A fault strikes. */
  struck(fault: Fault): void;
  /** The agent's process has just died. */
  died(agent: VirtualAgent): void;
}

/** Lets the faults of a schedule strike. */
export class FaultPlayer {
  readonly #world: StruckWorld;
  readonly #random: Random;
  /** By octets, ascending; the next strikes first. */
  #byOctets: (Fault & { readonly octets: number })[] = [];
  readonly #stopping = new Set<VirtualAgent>();
  #ceased = false;

  constructor(world: StruckWorld, schedule: Schedule, seed: number) {
    this.#world = world;
    this.#random = new Random(seed, tearingStream);
    const { clock, network } = world;
    for (const fault of schedule) {
      const { when } = fault;
      if ("on" in when) continue;
      if (when.after === "milliseconds") {
        clock.schedule(when.milliseconds, () => {
          if (!this.#ceased) this.#strike(fault);
        });
        continue;
      }
      if (fault.kind === "cut") network.cutAfter(when.octets);
      this.#byOctets.push({ ...fault, octets: when.octets });
    }
    this.#byOctets.sort((a, b) => a.octets - b.octets);
    network.onDelivery = (octets) => {
      this.#delivered(octets);
    };
  }

  /** No fault strikes any more, and what one has narrowed is wide again; agents that are down come back in their time. */
  cease(): void {
    this.#ceased = true;
    const { network, agents } = this.#world;
    this.#byOctets = [];
    network.onDelivery = undefined;
    network.forgetBreaks();
    network.refusing = false;
    for (const agent of agents) {
      agent.disk.space = "plenty";
      agent.storeMilliseconds = usualBatchMilliseconds;
    }
  }

  #delivered(octets: number): void {
    for (
      let [next] = this.#byOctets;
      next !== undefined && next.octets <= octets;
      [next] = this.#byOctets
    ) {
      this.#byOctets.shift();
      const fault: Fault = next;
      // The network has broken the connection itself.
      if (fault.kind === "cut") this.#world.struck(fault);
      else {
        this.#world.clock.schedule(0, () => {
          this.#strike(fault);
        });
      }
    }
  }

  #strike(fault: Fault): void {
    const { clock, network } = this.#world;
    this.#world.struck(fault);
    switch (fault.kind) {
      case "cut":
        network.cut();
        return;
      case "silence":
        network.silence();
        return;
      case "refusal":
        network.refusing = true;
        network.cut();
        clock.schedule(fault.milliseconds, () => {
          network.refusing = false;
        });
        return;
      case "delay":
        network.latencyMilliseconds = fault.latencyMilliseconds;
        network.octetsPerSecond = fault.octetsPerSecond;
        return;
      default:
        this.#strikeAgent(fault);
    }
  }

  #strikeAgent(fault: Extract<FaultKind, { agent: number }>): void {
    const agent = this.#world.agents[fault.agent];
    if (agent?.engine === undefined || this.#stopping.has(agent)) return;
    const { clock } = this.#world;
    switch (fault.kind) {
      case "kill":
        this.#die(agent, "process", fault.downMilliseconds);
        return;
      case "power-loss":
        this.#die(agent, "power", fault.downMilliseconds);
        return;
      case "stop":
        this.#stop(agent, fault.downMilliseconds);
        return;
      case "reload":
        agent.reload(withRts(agent.site, fault.values));
        return;
      case "slow-disk":
        agent.storeMilliseconds = fault.batchMilliseconds;
        clock.schedule(fault.milliseconds, () => {
          agent.storeMilliseconds = usualBatchMilliseconds;
        });
        return;
      case "full-disk":
        agent.disk.space = fault.space;
        clock.schedule(fault.milliseconds, () => {
          agent.disk.space = "plenty";
        });
    }
  }

  #stop(agent: VirtualAgent, downMilliseconds: number): void {
    this.#stopping.add(agent);
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#stopping.delete(agent);
      this.#die(agent, "process", downMilliseconds);
    };
    agent.engine?.stop(() => {
      // The daemon closes the store behind what the engine has asked of it.
      this.#world.clock.schedule(2 * agent.storeMilliseconds, end);
    });
    this.#world.clock.schedule(stopMillisecondsMax, end);
  }

  #die(
    agent: VirtualAgent,
    how: "process" | "power",
    downMilliseconds: number,
  ): void {
    const { clock, network } = this.#world;
    agent.kill(how, this.#random);
    network.leave(agent.port, how === "process" ? "reset" : "silence");
    this.#world.died(agent);
    clock.schedule(downMilliseconds, () => {
      agent.disk.space = "plenty"; // Whoever starts it has made room.
      agent.start();
    });
  }
}

/** The site as it is after its file was changed: other values for every connector. */
function withRts(site: Site, values: Partial<ConnectorValues["rts"]>): Site {
  return {
    ...site,
    connectors: site.connectors.map((connector) => ({
      ...connector,
      rts: { ...connector.rts, ...values },
    })),
  };
}
