import type { Effect, Observation } from '../osi/machine.js';
import type { SessionRequest } from '../session/service.js';
import { DefinedContextSet } from './contexts.js';
import type { ContextResult } from './pdu.js';
import type { PresentationIndication, PresentationOptions, ReliableTransferMode } from './service.js';

export type PresentationEffect = Effect<PresentationIndication, SessionRequest>;

/** What a presentation protocol machine knows of its connection. */
export interface Connection {
  readonly options: PresentationOptions;
  /** Of the initiator from the start, of the responder from the CP on; until then normal. */
  mode: ReliableTransferMode;
  /** As proposed while the peer has not answered. */
  contexts: DefinedContextSet;
  /** Responder: our answer to the contexts proposed. */
  contextResults: readonly ContextResult[];
  /** Undefined until the session connection is there. */
  sessionVersion: 1 | 2 | undefined;
}

export function newConnection(options: PresentationOptions): Connection {
  return {
    options,
    mode: options.modes[0] ?? 'normal',
    contexts: DefinedContextSet.empty,
    contextResults: [],
    sessionVersion: undefined,
  };
}

export function above(primitive: PresentationIndication): PresentationEffect {
  return { to: 'above', primitive };
}

export function below(primitive: SessionRequest): PresentationEffect {
  return { to: 'below', primitive };
}

export function observe(event: string, level: Observation['level'], fields: Observation['fields']): PresentationEffect {
  return { to: 'observer', observation: { event, level, fields } };
}
