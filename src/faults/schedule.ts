import type { PduTrigger } from './pdu-trigger.js';
import type { PresetName } from './presets.js';
import type { SimulatedFault } from './simulated-faults.js';
import type { ToxicSettings } from './toxics.js';

/**
 * When a fault strikes: at a time after it was armed, when so many octets have crossed the network, all connections together, or as a PDU
 * passes.
 */
export type Trigger =
  | { readonly after: 'milliseconds'; readonly milliseconds: number }
  | { readonly after: 'octets'; readonly octets: number }
  /** Simulation only: packets of RFC 1006, so that the fault strikes at the end of one. */
  | { readonly after: 'packets'; readonly packets: number }
  | PduTrigger;

/** Values that a reload brings; what is left out stays. */
export interface ReloadedValues {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly recoveryTimeoutSeconds: number;
}

/** Fields of PDUs that can be changed on their way. */
export const changeableFields = ['checkpointSize', 'windowSize', 'serialNumber', 'reservedOctet'] as const;
export type ChangeableField = (typeof changeableFields)[number];

/** What happens to connections: a simulated network and a real link can both do it. */
export type ConnectionFault =
  /**
   * Every connection breaks; with a PDU the one that carries it; after a number of octets the one that carries this octet, which is the last
   * to arrive.
   */
  | { readonly kind: 'cut' }
  /** Every connection, or the one that carries the PDU, falls silent: nothing arrives any more, and nobody is told. */
  | { readonly kind: 'silence' }
  /** Every connection breaks and new ones are refused for a time. */
  | { readonly kind: 'refusal'; readonly milliseconds: number };

/** What happens to one PDU, by which these faults are always triggered. */
export type PduFault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  /** The PDU, and all that follows it in its direction, waits for a time. */
  | { readonly kind: 'hold'; readonly milliseconds: number }
  | { readonly kind: 'change'; readonly field: ChangeableField; readonly value: number };

/** What a link has for a time, or from now on where no time is given. */
export type LineFault =
  | { readonly kind: 'toxic'; readonly toxic: ToxicSettings; readonly milliseconds?: number }
  | { readonly kind: 'preset'; readonly preset: PresetName; readonly milliseconds?: number };

/** What happens to agents and to the whole simulated world. An agent is named by its place in the order of the site, from 0. */
export type WorldFault =
  | { readonly kind: 'delay'; readonly latencyMilliseconds: number; readonly octetsPerSecond: number }
  /** The process dies where it stands, and starts anew. */
  | { readonly kind: 'kill'; readonly agent: number; readonly downMilliseconds: number }
  /** The same, and what was not on stable storage is lost or torn. */
  | { readonly kind: 'power-loss'; readonly agent: number; readonly downMilliseconds: number }
  /** The agent is asked to stop, does so in order, and starts anew. */
  | { readonly kind: 'stop'; readonly agent: number; readonly downMilliseconds: number }
  | { readonly kind: 'reload'; readonly agent: number; readonly values: ReloadedValues }
  /** The wall clock of an agent's machine steps, back where it is less than 0; monotonic time goes on as ever. */
  | { readonly kind: 'clock-step'; readonly agent: number; readonly stepMilliseconds: number }
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

/** What goes wrong in the simulated world. */
export type FaultKind = ConnectionFault | WorldFault | SimulatedFault;

/** What goes wrong on a real link. */
export type LinkFaultKind = ConnectionFault | PduFault | LineFault;

export type AnyFaultKind = FaultKind | LinkFaultKind;

type Triggered<Kind> = Kind & { readonly when: Kind extends PduFault ? PduTrigger : Trigger };

export type Fault = Triggered<FaultKind>;
export type LinkFault = Triggered<LinkFaultKind>;
export type AnyFault = Triggered<AnyFaultKind>;

/** Faults in no particular order. */
export type Schedule = readonly Fault[];
