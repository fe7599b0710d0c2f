import type { Site } from '../config/site.js';
import { Random } from '../faults/random.js';
import type { FaultKind } from '../faults/schedule.js';
import type { StruckWorld } from './fault-player.js';
import { Operator } from './operator.js';
import { AlteredSite } from './altered-site.js';
import type { VirtualAgent } from './virtual-agent.js';

/** Independent of the numbers that the same seed gives for other uses. */
const tearingStream = 3;

/** A daemon that has not stopped by itself after this time is killed. */
const stopMillisecondsMax = 10_000;

const usualBatchMilliseconds = 0.3;

export type AgentFault = Extract<FaultKind, { agent: number }>;

/** What faults have done to one agent and will be undone. */
interface Victim {
  readonly agent: VirtualAgent;
  readonly site: AlteredSite;
  readonly operator: Operator;
  /** Ends the process that is stopping in order. */
  stopping: (() => void) | undefined;
}

/** Lets the faults of single agents strike, and undoes them in their time. */
export class AgentFaults {
  readonly #world: StruckWorld;
  readonly #random: Random;
  readonly #victims = new Map<VirtualAgent, Victim>();

  constructor(world: StruckWorld, seed: number) {
    this.#world = world;
    this.#random = new Random(seed, tearingStream);
    for (const agent of world.agents) {
      const operator = new Operator(agent, world);
      this.#victims.set(agent, { agent, site: new AlteredSite(agent.site), operator, stopping: undefined });
    }
  }

  /** `spared`: the agent is down, or stops already. */
  strike(agent: VirtualAgent, fault: AgentFault): 'struck' | 'spared' {
    const victim = this.#victims.get(agent);
    if (agent.engine === undefined || victim === undefined) return 'spared';
    const { network } = this.#world;
    switch (fault.kind) {
      case 'kill':
        this.#die(victim, 'process', fault.downMilliseconds);
        break;
      case 'power-loss':
        this.#die(victim, 'power', fault.downMilliseconds);
        break;
      case 'stop':
        if (victim.stopping !== undefined) return 'spared';
        this.#stop(victim, fault.downMilliseconds);
        break;
      case 'reset':
        network.reset(agent.port);
        break;
      case 'half-open':
        network.mute(agent.port);
        break;
      case 'slow-receiver':
        network.hold(agent.port);
        this.#later(fault.milliseconds, () => {
          network.release(agent.port);
        });
        break;
      case 'clock-step':
        agent.wallClockOffsetMilliseconds += fault.stepMilliseconds;
        break;
      case 'operator':
        victim.operator.act(fault.action, fault.milliseconds);
        break;
      case 'reload':
      case 'no-connector':
      case 'wrong-password':
        return this.#alterSite(victim, fault);
      default:
        this.#strikeDisk(agent, fault);
    }
    return 'struck';
  }

  /** Everything is undone. */
  cease(): void {
    for (const { agent, site, operator, stopping } of this.#victims.values()) {
      agent.disk.space = 'plenty';
      agent.storage.batchMilliseconds = usualBatchMilliseconds;
      agent.storage.databaseFailure = undefined;
      this.#world.network.release(agent.port);
      operator.releaseAll();
      this.#apply(agent, site.mended(), stopping === undefined ? 'at once' : 'at the next start');
    }
  }

  #strikeDisk(
    agent: VirtualAgent,
    fault: Extract<AgentFault, { kind: 'slow-disk' | 'full-disk' | 'database-failure' }>,
  ) {
    const { disk, storage } = agent;
    switch (fault.kind) {
      case 'slow-disk':
        storage.batchMilliseconds = fault.batchMilliseconds;
        this.#later(fault.milliseconds, () => {
          storage.batchMilliseconds = usualBatchMilliseconds;
        });
        return;
      case 'full-disk':
        disk.space = fault.space;
        this.#later(fault.milliseconds, () => {
          disk.space = 'plenty';
        });
        return;
      case 'database-failure':
        storage.databaseFailure = fault.failure;
        this.#later(fault.milliseconds, () => {
          storage.databaseFailure = undefined;
        });
    }
  }

  #alterSite(
    { agent, site, stopping }: Victim,
    fault: Extract<AgentFault, { kind: 'reload' | 'no-connector' | 'wrong-password' }>,
  ): 'struck' | 'spared' {
    if (stopping !== undefined) return 'spared';
    switch (fault.kind) {
      case 'reload':
        this.#apply(agent, site.withValues(fault.values), 'at once');
        break;
      case 'no-connector':
      case 'wrong-password': {
        const alteration = { kind: fault.kind, connector: fault.connector };
        this.#apply(agent, site.with(alteration), 'at once');
        this.#later(fault.milliseconds, () => {
          const isStopping = this.#victims.get(agent)?.stopping !== undefined;
          this.#apply(agent, site.without(alteration), isStopping ? 'at the next start' : 'at once');
        });
      }
    }
    return 'struck';
  }

  #apply(agent: VirtualAgent, site: Site, when: 'at once' | 'at the next start'): void {
    if (when === 'at once') agent.reload(site);
    else agent.site = site;
  }

  #stop(victim: Victim, downMilliseconds: number): void {
    const { agent } = victim;
    const { clock } = this.#world;
    const end = (): void => {
      if (victim.stopping !== end) return;
      this.#die(victim, 'process', downMilliseconds);
    };
    victim.stopping = end;
    agent.stop(() => {
      // The daemon closes the store behind what the engine has asked of it.
      clock.schedule(2 * agent.storage.batchMilliseconds, end);
    });
    clock.schedule(stopMillisecondsMax, end);
  }

  #die(victim: Victim, how: 'process' | 'power', downMilliseconds: number): void {
    const { agent } = victim;
    const { clock, network } = this.#world;
    victim.stopping = undefined;
    agent.kill(how, this.#random);
    network.leave(agent.port, how === 'process' ? 'reset' : 'silence');
    this.#world.died(agent);
    clock.schedule(downMilliseconds, () => {
      agent.disk.space = 'plenty'; // Whoever starts it has made room.
      agent.storage.databaseFailure = undefined;
      agent.start();
    });
  }

  #later(milliseconds: number, undo: () => void): void {
    this.#world.clock.schedule(milliseconds, undo);
  }
}
