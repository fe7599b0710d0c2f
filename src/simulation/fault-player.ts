import { Random } from '../faults/random.js';
import type { Fault, Schedule } from '../faults/schedule.js';
import { ArmedFaults, placeOf } from '../linkfault/armed-faults.js';
import { AgentFaults } from './agent-faults.js';
import type { VirtualAgent } from './virtual-agent.js';
import type { VirtualClock } from './virtual-clock.js';
import type { VirtualNetwork } from './virtual-network.js';

/** Independent of the numbers that the same seed gives for other uses. */
const overtakingStream = 5;

export interface StruckWorld {
  readonly clock: VirtualClock;
  readonly network: VirtualNetwork;
  readonly agents: readonly VirtualAgent[];
  /** A fault strikes. */
  struck(fault: Fault): void;
  /** The agent's process has just died. */
  died(agent: VirtualAgent): void;
  /** An operator has taken this message out of a queue. */
  removed(mtsIdentifier: string): void;
}

/** A fault that strikes when so many octets, or packets, have been delivered. */
interface CountedFault {
  readonly fault: Fault;
  readonly count: number;
}

/** Lets the faults of a schedule strike. */
export class FaultPlayer {
  readonly #world: StruckWorld;
  readonly #agentFaults: AgentFaults;
  readonly #random: Random;
  readonly #usual: { readonly latencyMilliseconds: number; readonly octetsPerSecond: number };
  /** Ascending; the next strikes first. */
  #byOctets: CountedFault[] = [];
  #byPackets: CountedFault[] = [];
  #ceased = false;

  constructor(world: StruckWorld, schedule: Schedule, seed: number) {
    this.#world = world;
    this.#agentFaults = new AgentFaults(world, seed);
    this.#random = new Random(seed, overtakingStream);
    const { latencyMilliseconds, octetsPerSecond } = world.network;
    this.#usual = { latencyMilliseconds, octetsPerSecond };
    for (const fault of schedule) this.#arm(fault);
    const atPdus = schedule.filter(({ when }) => 'on' in when);
    if (atPdus.length > 0) world.network.onPassage = this.#passages(atPdus);
    this.#byOctets.sort((a, b) => a.count - b.count);
    this.#byPackets.sort((a, b) => a.count - b.count);
    world.network.onDelivery = (octets, packets) => {
      this.#delivered(this.#byOctets, octets);
      this.#delivered(this.#byPackets, packets);
    };
  }

  /** No fault strikes any more, and what one has narrowed is wide again; agents that are down come back in their time. */
  cease(): void {
    this.#ceased = true;
    const { network } = this.#world;
    this.#byOctets = [];
    this.#byPackets = [];
    network.onDelivery = undefined;
    network.onPassage = undefined;
    network.forgetBreaks();
    network.refusing = false;
    network.connectMilliseconds = () => 0;
    Object.assign(network, this.#usual);
    this.#agentFaults.cease();
  }

  #arm(fault: Fault): void {
    const { when } = fault;
    const { clock, network } = this.#world;
    if ('on' in when) return; // It strikes as what passes is looked at.
    switch (when.after) {
      case 'milliseconds':
        clock.schedule(when.milliseconds, () => {
          if (!this.#ceased) this.#strike(fault);
        });
        return;
      case 'octets':
        if (fault.kind === 'cut') network.cutAfterOctets(when.octets);
        this.#byOctets.push({ fault, count: when.octets });
        return;
      case 'packets':
        network.countsPackets = true;
        if (fault.kind === 'cut') network.cutAfterPackets(when.packets);
        this.#byPackets.push({ fault, count: when.packets });
    }
  }

  /** The connection that carries the PDU is cut or falls silent before it, in its middle or after it; other faults strike before or after. */
  #passages(faults: Schedule): NonNullable<VirtualNetwork['onPassage']> {
    const { clock } = this.#world;
    const armed = new ArmedFaults('faults', faults, 1, 0);
    return (link, to, { octets, pdus }, hand) => {
      const stream = to === 1 ? 'upstream' : 'downstream';
      const names = pdus.map(({ name }) => name);
      const struck = armed.passing(names, stream, clock.now).map(({ fault }) => fault);
      const whole = octets.toUint8Array();
      let handed = 0;
      for (const place of ['before', 'middle', 'after'] as const) {
        const here = struck.filter(({ when }) => 'on' in when && placeOf(when) === place);
        const end = { before: 0, middle: whole.length >> 1, after: whole.length }[place];
        if (place === 'after' || here.length > 0) {
          if (end > handed) hand(whole.subarray(handed, end));
          handed = end;
        }
        for (const fault of here) {
          if (fault.kind === 'cut' || fault.kind === 'silence') {
            this.#world.struck(fault);
            if (fault.kind === 'cut') link.break('connection reset');
            else link.silence();
          } else
            clock.schedule(0, () => {
              this.#strike(fault);
            });
        }
      }
    };
  }

  #delivered(armed: CountedFault[], count: number): void {
    for (let [next] = armed; next !== undefined && next.count <= count; [next] = armed) {
      armed.shift();
      const { fault } = next;
      // The network has broken the connection itself.
      if (fault.kind === 'cut') this.#world.struck(fault);
      else {
        this.#world.clock.schedule(0, () => {
          if (!this.#ceased) this.#strike(fault);
        });
      }
    }
  }

  #strike(fault: Fault): void {
    const { clock, network, agents } = this.#world;
    if ('agent' in fault) {
      const agent = agents[fault.agent];
      if (agent !== undefined && this.#agentFaults.strike(agent, fault) === 'struck') this.#world.struck(fault);
      return;
    }
    this.#world.struck(fault);
    switch (fault.kind) {
      case 'cut':
        network.cut();
        return;
      case 'silence':
        network.silence();
        return;
      case 'refusal':
        network.refusing = true;
        network.cut();
        clock.schedule(fault.milliseconds, () => {
          network.refusing = false;
        });
        return;
      case 'reorder':
        network.connectMilliseconds = () => this.#random.between(0, fault.spreadMilliseconds);
        clock.schedule(fault.milliseconds, () => {
          network.connectMilliseconds = () => 0;
        });
        return;
      case 'delay':
        network.latencyMilliseconds = fault.latencyMilliseconds;
        network.octetsPerSecond = fault.octetsPerSecond;
    }
  }
}
