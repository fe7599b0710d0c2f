/** Two complete stacks, from TPKT to reliable transfer, joined by octets that arrive in pieces of any size. */
import { createAcseMachine } from '../../src/acse/machine.js';
import { mtsTransferContext } from '../../src/acse/service.js';
import type { Observation } from '../../src/osi/machine.js';
import { Stack, type AnyMachine } from '../../src/osi/stack.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type ReliableTransferMode,
} from '../../src/presentation/service.js';
import { createRtseMachine } from '../../src/rtse/machine.js';
import type { RtseIndication, RtseRequest } from '../../src/rtse/service.js';
import { createSessionMachine } from '../../src/session/machine.js';
import type { TokenSide } from '../../src/session/service.js';
import { createTransportMachine } from '../../src/transport/machine.js';
import type { NetworkRequest } from '../../src/transport/service.js';
import { initiatorOptions, modes, responderOptions } from './harness.js';
import { otherSide, type Link, type LinkHandlers } from './link.js';

const rtseLayer = 4;
const octetsMax = 10_000_000;

type Unit = 'opened' | 'closed' | Uint8Array;

export class StackLink implements Link {
  readonly #stacks: Readonly<Record<TokenSide, Stack>>;
  readonly #timers: Readonly<Record<TokenSide, Set<string>>> = { initiator: new Set(), responder: new Set() };
  readonly #isOpen: Record<TokenSide, boolean> = { initiator: false, responder: false };
  #underway: Record<TokenSide, Unit[]> = { initiator: [], responder: [] };
  readonly #cut: (octets: number) => number;
  /** Octets sent by each side, joined. */
  readonly sent: Record<TokenSide, Uint8Array[]> = { initiator: [], responder: [] };
  readonly observations: { readonly side: TokenSide; readonly observation: Observation }[] = [];

  /** `cut`: how many of so many octets arrive at once. */
  constructor(
    mode: ReliableTransferMode,
    handlers: LinkHandlers,
    cut: (octets: number) => number = (octets) => octets,
  ) {
    this.#cut = cut;
    const stack = (side: TokenSide): Stack =>
      new Stack(layers(side, mode), {
        above: (primitive) => {
          handlers.indication(side, primitive as RtseIndication);
        },
        below: (primitive) => {
          this.#network(side, primitive as NetworkRequest);
        },
        setTimer: (layer, name) => this.#timers[side].add(`${String(layer)}:${name}`),
        clearTimer: (layer, name) => this.#timers[side].delete(`${String(layer)}:${name}`),
        observe: (_layer, observation) => this.observations.push({ side, observation }),
      });
    this.#stacks = { initiator: stack('initiator'), responder: stack('responder') };
  }

  request(side: TokenSide, request: RtseRequest): void {
    this.#stacks[side].fromAbove(request);
  }

  step(choose: () => TokenSide): boolean {
    const { initiator, responder } = this.#underway;
    if (initiator.length === 0 && responder.length === 0) return false;
    const from = initiator.length === 0 ? 'responder' : responder.length === 0 ? 'initiator' : choose();
    const unit = this.#underway[from].shift();
    if (unit !== undefined) this.#arrive(otherSide(from), unit, this.#underway[from]);
    return true;
  }

  cut(): void {
    this.#underway = { initiator: [], responder: [] };
    this.#close('initiator');
    this.#close('responder');
  }

  timers(side: TokenSide): readonly string[] {
    const prefix = `${String(rtseLayer)}:`;
    return [...this.#timers[side]].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  expire(side: TokenSide, name: string): void {
    this.#timers[side].delete(`${String(rtseLayer)}:${name}`);
    this.#stacks[side].timer(rtseLayer, name);
  }

  #network(side: TokenSide, request: NetworkRequest): void {
    switch (request.type) {
      case 'N-CONNECT.request':
        this.#isOpen.initiator = true;
        this.#isOpen.responder = true;
        this.#underway.initiator.push('opened');
        this.#underway.responder.push('opened');
        return;
      case 'N-DATA.request': {
        const octets = request.userData.toUint8Array();
        this.sent[side].push(octets);
        if (this.#isOpen[side]) this.#underway[side].push(octets);
        return;
      }
      case 'N-DISCONNECT.request':
        this.#isOpen[side] = false;
        this.#underway[side].push('closed');
    }
  }

  #arrive(at: TokenSide, unit: Unit, queue: Unit[]): void {
    if (!this.#isOpen[at]) return;
    if (unit === 'opened') {
      this.#stacks[at].fromBelow({ type: at === 'initiator' ? 'N-CONNECT.confirm' : 'N-CONNECT.indication' });
    } else if (unit === 'closed') {
      this.#close(at);
    } else {
      const octets = this.#cut(unit.length);
      if (octets < unit.length) queue.unshift(unit.subarray(octets));
      this.#stacks[at].fromBelow({ type: 'N-DATA.indication', userData: unit.subarray(0, octets) });
    }
  }

  #close(side: TokenSide): void {
    if (!this.#isOpen[side]) return;
    this.#isOpen[side] = false;
    this.#stacks[side].fromBelow({ type: 'N-DISCONNECT.indication', text: 'closed' });
  }
}

function layers(side: TokenSide, mode: ReliableTransferMode): readonly AnyMachine[] {
  const isInitiator = side === 'initiator';
  return [
    createTransportMachine({
      role: side,
      reference: isInitiator ? 1 : 2,
      sizeOffer: 'preferred',
      tsduOctetsMax: octetsMax,
      connectMilliseconds: 1000,
      errorMilliseconds: 1000,
    }),
    createSessionMachine({
      role: side,
      versions: [1, 2],
      releaseMilliseconds: 1000,
      acknowledgementMilliseconds: 1000,
      userDataOctetsMax: 10_000,
    }),
    createPresentationMachine({
      role: side,
      modes: isInitiator ? [mode] : modes,
      abstractSyntaxes: [acseAbstractSyntax, rtseAbstractSyntax, mtseAbstractSyntax],
    }),
    createAcseMachine({ role: side, applicationContexts: [mtsTransferContext], ...(isInitiator ? { mode } : {}) }),
    createRtseMachine(isInitiator ? { ...initiatorOptions, mode } : responderOptions),
  ];
}
