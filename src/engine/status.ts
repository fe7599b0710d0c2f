import type { Connector } from '../config/site.js';
import type { EngineState } from './engine-state.js';
import type { MtaAssociation } from './mta-association.js';
import type { LostAssociation, Recovery } from './recovery.js';

/** What `mta status --json` prints; only ever added to. */
export interface StatusReport {
  readonly mta: { readonly name: string };
  readonly associations: readonly AssociationStatus[];
  readonly connectors: readonly ConnectorStatus[];
}

interface RtsStatus {
  readonly configured: { readonly checkpointSizeK: number; readonly windowSize: number };
  readonly negotiated: { readonly checkpointSizeK: number; readonly windowSize: number } | null;
  readonly recoveryTimeoutSeconds: number;
}

export interface AssociationStatus {
  readonly id: string;
  readonly connector: string | null;
  readonly direction: 'outgoing' | 'incoming';
  readonly state: 'opening' | 'idle' | 'sending' | 'receiving' | 'recovering' | 'closing';
  readonly peer: string | null;
  readonly mode: 'normal' | 'x410-1984' | null;
  readonly p1: '1988' | '1984' | null;
  readonly dialogue: 'monologue' | 'two-way-alternate' | null;
  readonly turn: 'ours' | 'peer';
  readonly rts: RtsStatus | null;
  readonly window: { readonly inUse: number; readonly size: number };
  readonly checkpoint: { readonly sent: number; readonly confirmed: number };
  readonly octets: {
    readonly total: number;
    readonly sent: number;
    readonly confirmed: number;
    readonly resent: number;
  };
  readonly mtsIdentifier: string | null;
  readonly recovery: { readonly remainingSeconds: number; readonly fromOctet: number } | null;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly state: 'idle' | 'active' | 'recovering' | 'waiting';
  readonly queued: number;
  readonly associations: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly octetsSent: number;
  readonly octetsResent: number;
  readonly mismatches: number;
  readonly nextOpenSeconds: number;
  readonly lastError: string;
}

export function statusOf(state: EngineState, associations: Iterable<MtaAssociation>, recovery: Recovery): StatusReport {
  const { lost } = recovery;
  // One that is being opened in the place of a lost one is not shown before it stands: the lost one is.
  const live = Array.from(associations).filter(
    ({ state: phase, recovers }) =>
      phase !== 'ended' && !(phase === 'opening' && recovers !== undefined && lost.includes(recovers)),
  );
  return {
    mta: { name: state.site.mta.name },
    associations: [
      ...live.map(liveStatus),
      ...lost.map((entry) => lostStatus(entry, recovery, state.queues.get(entry.connector)?.connector)),
    ],
    connectors: Array.from(state.queues.values(), (queue) => {
      const recovering = lost.some(({ connector }) => connector === queue.connector.name);
      const nextOpenSeconds = Math.ceil(queue.waitingSeconds);
      return {
        name: queue.connector.name,
        state: recovering
          ? 'recovering'
          : queue.associations.size > 0
            ? 'active'
            : nextOpenSeconds > 0 && queue.queued > 0
              ? 'waiting'
              : 'idle',
        queued: queue.queued,
        associations: queue.associations.size,
        messagesSent: queue.counters.messagesSent,
        messagesReceived: queue.counters.messagesReceived,
        octetsSent: queue.counters.octetsSent,
        octetsResent: queue.counters.octetsResent,
        mismatches: queue.counters.mismatches,
        nextOpenSeconds,
        lastError: queue.lastError,
      };
    }),
  };
}

function rtsOf(connector: Connector | undefined, negotiated: RtsStatus['negotiated']): RtsStatus | null {
  if (connector === undefined) return null;
  const { checkpointSizeK, windowSize, recoveryTimeoutSeconds } = connector.rts;
  return { configured: { checkpointSizeK, windowSize }, negotiated, recoveryTimeoutSeconds };
}

function liveStatus(association: MtaAssociation): AssociationStatus {
  const { facts, negotiated, connector, sending, receiving, state } = association;
  const outgoing = sending.transfer;
  const incoming = receiving.transfer;
  return {
    id: association.id,
    connector: connector?.name ?? null,
    direction: association.role === 'initiator' ? 'outgoing' : 'incoming',
    state: state === 'ended' ? 'closing' : state,
    peer: association.peer,
    mode: facts?.mode ?? connector?.mode ?? null,
    p1: facts?.p1 ?? connector?.p1 ?? null,
    dialogue: facts?.dialogue ?? connector?.dialogue ?? null,
    turn: association.turn,
    rts: rtsOf(connector, negotiated ?? null),
    window: { inUse: sending.windowInUse, size: negotiated?.windowSize ?? 0 },
    checkpoint:
      outgoing === undefined
        ? { sent: incoming?.serialNumber ?? 0, confirmed: incoming?.serialNumber ?? 0 }
        : { sent: outgoing.checkpointsSent, confirmed: outgoing.checkpointsConfirmed },
    octets:
      outgoing === undefined
        ? { total: 0, sent: incoming?.offset ?? 0, confirmed: incoming?.securedOffset ?? 0, resent: 0 }
        : {
            total: outgoing.apduOctets,
            sent: outgoing.sentOffset,
            confirmed: outgoing.confirmedOffset,
            resent: outgoing.octetsResent,
          },
    mtsIdentifier: outgoing?.copy.mtsIdentifier ?? null,
    recovery: null,
  };
}

function lostStatus(lost: LostAssociation, recovery: Recovery, connector: Connector | undefined): AssociationStatus {
  const { facts, outgoing, incoming } = lost;
  const { checkpointSizeK, windowSize } = facts;
  const transfer = outgoing?.transfer;
  return {
    id: lost.id,
    connector: lost.connector,
    direction: facts.role === 'initiator' ? 'outgoing' : 'incoming',
    state: 'recovering',
    peer: null,
    mode: facts.mode,
    p1: facts.p1,
    dialogue: facts.dialogue,
    turn: outgoing === undefined ? 'peer' : 'ours',
    rts: rtsOf(connector, { checkpointSizeK, windowSize }),
    window: { inUse: 0, size: windowSize },
    checkpoint: { sent: transfer?.checkpointsSent ?? 0, confirmed: transfer?.checkpointsConfirmed ?? 0 },
    octets: {
      total: transfer?.apduOctets ?? 0,
      sent: transfer?.sentOffset ?? incoming?.offset ?? 0,
      confirmed: outgoing?.resume.offset ?? incoming?.offset ?? 0,
      resent: transfer?.octetsResent ?? 0,
    },
    mtsIdentifier: transfer?.copy.mtsIdentifier ?? null,
    recovery: {
      remainingSeconds: Math.ceil(recovery.remainingSeconds(lost)),
      fromOctet: outgoing?.resume.offset ?? incoming?.offset ?? 0,
    },
  };
}
