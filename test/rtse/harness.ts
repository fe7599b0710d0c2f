/** What the tests of the reliable transfer machine share: options, primitives, and one machine with its effects as text. */
import type { AcseIndication } from '../../src/acse/service.js';
import { mtsTransferContext } from '../../src/acse/service.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type ReliableTransferMode,
} from '../../src/presentation/service.js';
import { encodeRtoac, encodeRtorq } from '../../src/rtse/codec.js';
import type { RtseEffect } from '../../src/rtse/effects.js';
import { createRtseMachine } from '../../src/rtse/machine.js';
import { encodeRttr } from '../../src/rtse/rttr.js';
import type {
  ConnectionData,
  DialogueMode,
  NegotiatedValues,
  RtseMachine,
  RtseOptions,
  RtseRequest,
} from '../../src/rtse/service.js';
import type { SessionConnectionIdentifier, TokenSide } from '../../src/session/service.js';

export const modes: readonly ReliableTransferMode[] = ['normal', 'x410-1984'];

export const initiatorOptions: RtseOptions = {
  role: 'initiator',
  mode: 'normal',
  pieceOctetsMax: 5000,
  apduOctetsMax: 1_000_000,
  acknowledgementMilliseconds: 30_000,
  retriesMax: 3,
};
export const responderOptions: RtseOptions = { ...initiatorOptions, role: 'responder' };

const contexts = [
  { identifier: 1, abstractSyntax: acseAbstractSyntax },
  { identifier: 3, abstractSyntax: rtseAbstractSyntax },
  { identifier: 5, abstractSyntax: mtseAbstractSyntax },
];

export const identifier: SessionConnectionIdentifier = {
  calling: latin1Octets('MTA1'),
  common: latin1Octets('261122073000Z'),
};

export const noData: ConnectionData = { kind: 'open' };

type Extracted<Union, T> = Extract<Union, { type: T }>;

export interface OpenValues {
  readonly mode?: ReliableTransferMode;
  readonly turn?: TokenSide;
  readonly values?: NegotiatedValues;
  readonly dialogueMode?: DialogueMode;
  readonly connectionData?: ConnectionData;
  readonly options?: Partial<RtseOptions>;
}

export function openRequest(values: OpenValues = {}): Extracted<RtseRequest, 'RT-OPEN.request'> {
  return {
    type: 'RT-OPEN.request',
    addresses: { called: {}, calling: {} },
    identifier,
    dialogueMode: values.dialogueMode ?? 'monologue',
    initialTurn: values.turn ?? 'initiator',
    proposal: values.values ?? { checkpointSizeK: 1, windowSize: 2 },
    connectionData: values.connectionData ?? noData,
    contexts: values.mode === 'x410-1984' ? [] : contexts,
    applicationContext: mtsTransferContext,
    applicationProtocol: 12,
  };
}

export function associateConfirm(userInformation: Uint8Array, turn: TokenSide = 'initiator'): AcseIndication {
  const type = 'A-ASSOCIATE.confirm';
  return { type, result: 'accept', identifier, initialTokens: turn, contexts, userInformation };
}

export function associateIndication(
  userInformation: Uint8Array,
  mode: ReliableTransferMode = 'normal',
  turn: TokenSide | 'called-user' = 'initiator',
): Extracted<AcseIndication, 'A-ASSOCIATE.indication'> {
  const type = 'A-ASSOCIATE.indication';
  return { type, mode, called: {}, calling: {}, identifier, initialTokens: turn, contexts, userInformation };
}

/** One machine, and what it does as lines of text. */
export class Driver {
  readonly machine: RtseMachine;
  /** Those that run. */
  readonly timers = new Set<string>();

  constructor(options: RtseOptions) {
    this.machine = createRtseMachine(options);
  }

  above(request: RtseRequest): string[] {
    return lines(this.note(this.machine.fromAbove(request)));
  }

  below(indication: AcseIndication): string[] {
    return lines(this.note(this.machine.fromBelow(indication)));
  }

  timer(name: string): string[] {
    this.timers.delete(name);
    return lines(this.note(this.machine.timer(name)));
  }

  note(effects: readonly RtseEffect[]): readonly RtseEffect[] {
    for (const effect of effects) {
      if (effect.to === 'timer') this.timers[effect.action === 'set' ? 'add' : 'delete'](effect.name);
    }
    return effects;
  }

  /** The octets of an APDU from the next read on, all that is asked for. */
  read(offset: number, length: number): string[] {
    return this.above({ type: 'APDU-READ.response', offset, octets: ByteList.of(new Uint8Array(length)) });
  }

  /** A piece of an APDU from the peer. */
  data(octets: Uint8Array, mode: ReliableTransferMode = 'normal'): string[] {
    const userData = mode === 'normal' ? encodeRttr(ByteList.of(octets)) : ByteList.of(octets);
    return this.below({ type: 'P-DATA.indication', abstractSyntax: rtseAbstractSyntax, userData });
  }
}

/** An open association seen from its initiator. */
export function openedInitiator(opening: OpenValues = {}): Driver {
  const { mode = 'normal', turn = 'initiator', values = { checkpointSizeK: 1, windowSize: 2 } } = opening;
  const driver = new Driver({ ...initiatorOptions, mode, ...opening.options });
  driver.above(openRequest(opening));
  driver.below(associateConfirm(encodeRtoac(values, opening.connectionData ?? noData, mode), turn));
  return driver;
}

/** An open association seen from its responder. */
export function openedResponder(opening: OpenValues = {}): Driver {
  const { mode = 'normal', turn = 'initiator', values = { checkpointSizeK: 1, windowSize: 2 } } = opening;
  const { dialogueMode = 'monologue', connectionData = noData } = opening;
  const driver = new Driver({ ...responderOptions, ...opening.options });
  const rtorq = encodeRtorq({ mode, proposal: values, dialogueMode, connectionData, applicationProtocol: 12 });
  driver.below(associateIndication(rtorq, mode, turn));
  driver.above({ type: 'RT-OPEN.response', result: 'accept', limits: values, initialTurn: turn, connectionData });
  return driver;
}

export function transfer(apduOctets: number): Extracted<RtseRequest, 'RT-TRANSFER.request'> {
  return { type: 'RT-TRANSFER.request', apduOctets, transferMilliseconds: 60_000 };
}

/** In the middle of an APDU of 2500 octets with checkpoints every 1024, `confirmed` of them confirmed. */
export function sending(confirmed: 0 | 1, opening: OpenValues = {}): Driver {
  const driver = openedInitiator(opening);
  driver.above(transfer(2500));
  driver.read(0, 1024);
  if (confirmed === 1) driver.below({ type: 'S-SYNC-MINOR.confirm', serialNumber: 1 });
  return driver;
}

/** The same after ACTIVITY END. */
export function sentAll(confirmed: 0 | 1, opening: OpenValues = {}): Driver {
  const driver = sending(confirmed, opening);
  driver.read(1024, 1024);
  driver.read(2048, 452);
  return driver;
}

/** A responder inside an activity. */
export function receiving(opening: OpenValues = {}): Driver {
  const driver = openedResponder(opening);
  driver.below({ type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex('02 01 01') });
  return driver;
}

/** Effects as text, one a line: octets in hexadecimal; observations only by name. */
function lines(effects: readonly RtseEffect[]): string[] {
  return effects.map((effect) => {
    switch (effect.to) {
      case 'timer':
        return `${effect.action} ${effect.name}`;
      case 'observer':
        return `observe ${effect.observation.event}`;
      default:
        return primitiveText(effect.primitive);
    }
  });
}

function primitiveText({ type, ...members }: { type: string; [name: string]: unknown }): string {
  return [type, ...Object.entries(members).map(([name, value]) => `${name}=${valueText(value)}`)].join(' ');
}

const shownOctetsMax = 40;

function valueText(value: unknown): string {
  if (value instanceof ByteList) {
    return value.length > shownOctetsMax ? `<${String(value.length)}>` : toHex(value.toUint8Array());
  }
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}=${valueText(member)}`)
      .join(' ')}}`;
  }
  return String(value);
}
