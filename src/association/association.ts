import { createAcseMachine } from '../acse/machine.js';
import { mtsTransferContext } from '../acse/service.js';
import type { Observation } from '../osi/machine.js';
import { Stack, type AnyMachine } from '../osi/stack.js';
import { createPresentationMachine } from '../presentation/machine.js';
import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type ReliableTransferMode,
} from '../presentation/service.js';
import { createRtseMachine } from '../rtse/machine.js';
import type { RtseIndication, RtseRequest } from '../rtse/service.js';
import { createSessionMachine } from '../session/machine.js';
import { createTransportMachine } from '../transport/machine.js';
import type { NetworkIndication, NetworkRequest, TransportOptions } from '../transport/service.js';
import type { AssociationLimits } from './limits.js';

export interface AssociationOptions {
  readonly role: 'initiator' | 'responder';
  /** Initiator: the one mode. Responder: those it takes; the peer's first octets decide. */
  readonly modes: readonly ReliableTransferMode[];
  /** Our transport reference, 1..65535, not in use on another connection. */
  readonly transportReference: number;
  readonly sizeOffer: TransportOptions['sizeOffer'];
  /** Responder: selectors that we answer to; undefined for any. */
  readonly accepted: {
    readonly transport?: readonly Uint8Array[];
    readonly session?: readonly Uint8Array[];
    readonly presentation?: readonly Uint8Array[];
  };
  readonly limits: AssociationLimits;
}

/** What an association does to the world and tells its user. */
export interface AssociationPorts {
  network(primitive: NetworkRequest): void;
  setTimer(key: string, milliseconds: number): void;
  clearTimer(key: string): void;
  indication(primitive: RtseIndication): void;
  observe(layer: string, observation: Observation): void;
}

/** Agents of 1984 know session version 1 only, and it carries all that X.410-1984 mode says. */
const versionOf1984 = [1] as const;

const layerNames = ['transport', 'session', 'presentation', 'acse', 'rtse'] as const;

/**
 * The six layers of one TCP connection as one thing: octets in and out at the bottom, reliable transfer primitives at the top. A mistake of
 * ours inside a layer ends this association, with an abort indication like any other end, and nothing else.
 */
export class Association {
  readonly #ports: AssociationPorts;
  readonly #stack: Stack;
  #ended = false;

  constructor(options: AssociationOptions, ports: AssociationPorts) {
    this.#ports = ports;
    this.#stack = new Stack(layersOf(options), {
      above: (primitive) => {
        ports.indication(primitive as RtseIndication);
      },
      below: (primitive) => {
        ports.network(primitive as NetworkRequest);
      },
      setTimer: (layer, name, milliseconds) => {
        ports.setTimer(`${String(layer)}:${name}`, milliseconds);
      },
      clearTimer: (layer, name) => {
        ports.clearTimer(`${String(layer)}:${name}`);
      },
      observe: (layer, observation) => {
        ports.observe(layerNames[layer] ?? 'association', observation);
      },
    });
  }

  /** A request or response of reliable transfer's user. */
  request(primitive: RtseRequest): void {
    this.#guard(() => {
      this.#stack.fromAbove(primitive);
    });
  }

  /** What TCP has to say. */
  network(primitive: NetworkIndication): void {
    this.#guard(() => {
      this.#stack.fromBelow(primitive);
    });
  }

  /** A timer set by `setTimer` with this key has run out. */
  timer(key: string): void {
    const [layer = '', name = ''] = key.split(':', 2);
    this.#guard(() => {
      this.#stack.timer(Number(layer), name);
    });
  }

  #guard(step: () => void): void {
    if (this.#ended) return;
    try {
      step();
    } catch (error) {
      this.#ended = true;
      const text = error instanceof Error ? error.message : String(error);
      this.#ports.observe('association', {
        event: 'association.internal-error',
        level: 'error',
        fields: { text, stack: error instanceof Error ? error.stack : undefined },
      });
      this.#ports.network({ type: 'N-DISCONNECT.request', graceful: false });
      this.#ports.indication({
        type: 'RT-P-ABORT.indication',
        origin: 'local',
        cause: 'protocol',
        recoverable: true,
        text: `internal error: ${text}`,
      });
    }
  }
}

function layersOf(options: AssociationOptions): readonly AnyMachine[] {
  const { role, modes, accepted, limits } = options;
  const [mode] = modes;
  return [
    createTransportMachine({
      role,
      reference: options.transportReference,
      sizeOffer: options.sizeOffer,
      tsduOctetsMax: limits.tsduOctetsMax,
      connectMilliseconds: limits.connectMilliseconds,
      errorMilliseconds: limits.errorMilliseconds,
      ...(accepted.transport === undefined ? {} : { acceptedSelectors: accepted.transport }),
    }),
    createSessionMachine({
      role,
      versions: role === 'initiator' && mode === 'x410-1984' ? versionOf1984 : [1, 2],
      releaseMilliseconds: limits.releaseMilliseconds,
      acknowledgementMilliseconds: limits.acknowledgementMilliseconds,
      userDataOctetsMax: limits.userDataOctetsMax,
      ...(accepted.session === undefined ? {} : { acceptedSelectors: accepted.session }),
    }),
    createPresentationMachine({
      role,
      modes,
      abstractSyntaxes: [acseAbstractSyntax, rtseAbstractSyntax, mtseAbstractSyntax],
      ...(accepted.presentation === undefined ? {} : { acceptedSelectors: accepted.presentation }),
      ...(accepted.session === undefined ? {} : { acceptedSessionSelectors: accepted.session }),
    }),
    createAcseMachine({
      role,
      applicationContexts: [mtsTransferContext],
      ...(role === 'initiator' && mode !== undefined ? { mode } : {}),
    }),
    createRtseMachine({
      role,
      pieceOctetsMax: limits.pieceOctetsMax,
      apduOctetsMax: limits.apduOctetsMax,
      acknowledgementMilliseconds: limits.acknowledgementMilliseconds,
      retriesMax: limits.retriesMax,
      ...(role === 'initiator' && mode !== undefined ? { mode } : {}),
    }),
  ];
}
