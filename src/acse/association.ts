import type { Effect, Observation } from '../osi/machine.js';
import type {
  PresentationContext,
  PresentationData,
  PresentationRequest,
  ReliableTransferMode,
} from '../presentation/service.js';
import { acseAbstractSyntax, rtseAbstractSyntax } from '../presentation/service.js';
import type { AcseIndication, AcseOptions } from './service.js';

export type AcseEffect = Effect<AcseIndication, PresentationRequest>;

/** What an association control protocol machine knows of its association. */
export interface Association {
  readonly options: AcseOptions;
  /** Undefined for a responder before P-CONNECT.indication. */
  mode: ReliableTransferMode | undefined;
  /** As proposed while the peer has not answered; empty in X.410-1984 mode. */
  contexts: readonly PresentationContext[];
  /** As proposed; undefined in X.410-1984 mode. */
  applicationContext: string | undefined;
  /** Undefined until the session connection is there. */
  sessionVersion: 1 | 2 | undefined;
}

export function newAssociation(options: AcseOptions): Association {
  return {
    options,
    mode: options.mode,
    contexts: [],
    applicationContext: undefined,
    sessionVersion: undefined,
  };
}

/** An APDU of ours for the presentation service. */
export function acseData(octets: Uint8Array): PresentationData {
  return { abstractSyntax: acseAbstractSyntax, octets };
}

/** An APDU of reliable transfer that goes to the presentation service without one of ours around it. */
export function reliableTransferData(octets: Uint8Array): PresentationData {
  return { abstractSyntax: rtseAbstractSyntax, octets };
}

export function above(primitive: AcseIndication): AcseEffect {
  return { to: 'above', primitive };
}

export function below(primitive: PresentationRequest): AcseEffect {
  return { to: 'below', primitive };
}

export function observe(event: string, level: Observation['level'], fields: Observation['fields']): AcseEffect {
  return { to: 'observer', observation: { event, level, fields } };
}
