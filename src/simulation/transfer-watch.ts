import type { Fault } from '../faults/schedule.js';
import type { Observation } from '../osi/machine.js';
import type { Scenario } from './scenario.js';

const kibi = 1024;

/** Faults of the network alone, and the recovery timeout from which on they cannot outlast it, seconds. */
const briefFaults: ReadonlySet<Fault['kind']> = new Set(['cut', 'reset', 'reorder', 'slow-disk']);
const ampleRecoverySeconds = 60;

/** One message's transfer to one peer. */
interface Story {
  /** Octets that may have been sent again so far. */
  allowance: number;
  /** What a loss of the present association may cost: the window, and the piece in flight. */
  cost: number;
  confirmedOctet: number;
  /** Confirmed whole; it may be sent again, whole, by an agent that died before it had stored that. */
  isOver?: true;
}

/**
 * Follows every outgoing transfer: a resumption sends again what was under way and no more, and what was confirmed is never sent again while
 * nothing has happened but brief breaks of the network.
 */
export class TransferWatch {
  readonly #stories = new Map<string, Story>();
  /** What a cut may cost on each association, octets; undefined without checkpoints. */
  readonly #costs = new Map<string, number>();
  readonly #always: string[] = [];
  readonly #afterBriefFaults: string[] = [];

  observed(agent: string, { event, fields }: Observation): void {
    const { mts, connector, direction } = fields;
    const association = `${agent} ${String(fields['association'])}`;
    if (event === 'association.opened') {
      const checkpointOctets = Number(fields['negotiatedCheckpointSizeK']) * kibi;
      this.#costs.set(association, (Number(fields['negotiatedWindowSize']) + 1) * checkpointOctets);
    }
    if (mts === undefined || connector === undefined || direction === 'incoming') return;
    const key = `${agent}: ${String(mts)} to ${String(connector)}`;
    switch (event) {
      case 'transfer.started':
      case 'transfer.resumed':
        this.#begun(key, event, fields, this.#costs.get(association) ?? 0);
        return;
      case 'checkpoint.confirmed': {
        const story = this.#stories.get(key);
        if (story !== undefined) story.confirmedOctet = Number(fields['octet']);
        return;
      }
      case 'transfer.completed':
        this.#completed(key, Number(fields['octetsResent']));
    }
  }

  violations({ struck, scenario }: { struck: ReadonlySet<Fault['kind']>; scenario: Scenario }): readonly string[] {
    const isBrief =
      [...struck].every((kind) => briefFaults.has(kind)) &&
      scenario.agents.every(({ recoveryTimeoutSecondsMin }) => recoveryTimeoutSecondsMin >= ampleRecoverySeconds);
    return isBrief ? [...this.#always, ...this.#afterBriefFaults] : this.#always;
  }

  #begun(
    key: string,
    event: 'transfer.started' | 'transfer.resumed',
    fields: Observation['fields'],
    cost: number,
  ): void {
    const story = this.#stories.get(key);
    const fromOctet = event === 'transfer.resumed' ? Number(fields['fromOctet']) : 0;
    const confirmedOctet = story?.confirmedOctet ?? 0;
    if (fromOctet < confirmedOctet) {
      this.#afterBriefFaults.push(
        `${key} goes on from octet ${String(fromOctet)}, though ${String(confirmedOctet)} were confirmed`,
      );
    }
    // Before a first checkpoint is confirmed no more can have been sent than a loss may cost.
    const isWhole =
      story?.isOver === true || (event === 'transfer.started' && (confirmedOctet > 0 || story?.cost === 0));
    const again = story === undefined ? 0 : isWhole ? Number(fields['octets']) : story.cost;
    this.#stories.set(key, { allowance: (story?.allowance ?? 0) + again, cost, confirmedOctet: fromOctet });
  }

  #completed(key: string, octetsResent: number): void {
    const allowance = this.#stories.get(key)?.allowance ?? 0;
    if (octetsResent > allowance) {
      this.#always.push(`${key} sent ${String(octetsResent)} octets again, at most ${String(allowance)} are allowed`);
    }
    this.#stories.set(key, { allowance, cost: 0, confirmedOctet: 0, isOver: true });
  }
}
