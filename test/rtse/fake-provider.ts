/**
 * A provider of the ACSE, presentation and session services in miniature, strict about what its users may ask: every request is one unit
 * that the other side gets whenever the test lets it, or drops, as X.225 says. It stands in for the layers below, never for the layer under
 * test.
 */
import type { AcseIndication, AcseRequest } from '../../src/acse/service.js';
import { createRtseMachine } from '../../src/rtse/machine.js';
import type { RtseEffect } from '../../src/rtse/effects.js';
import type { RtseMachine, RtseOptions, RtseRequest } from '../../src/rtse/service.js';
import type { TokenSide } from '../../src/session/service.js';
import { otherSide, type Link, type LinkHandlers } from './link.js';

/** One side's session (X.225 §7, Annex A), as far as it decides what is legal and what is dropped. */
interface Side {
  readonly machine: RtseMachine;
  readonly timers: Set<string>;
  isConnected: boolean;
  ownsTokens: boolean;
  isActive: boolean;
  /** V(M). */
  nextSerialNumber: number;
  /** INTERRUPT or DISCARD sent: everything but its answer is dropped. */
  stopSent: boolean;
  /** GIVE TOKENS CONFIRM sent. */
  giveSent: boolean;
  /** We sent EXCEPTION DATA (STA 19). */
  reported: boolean;
  /** The peer sent EXCEPTION DATA (STA 20). */
  troubled: boolean;
  /** ACTIVITY END sent, or received and not answered. */
  ending: boolean;
  /** INTERRUPT or DISCARD received and not answered. */
  stopping: boolean;
}

type Unit = AcseRequest | { readonly type: 'GTA' };

function refuse(condition: boolean, request: string): void {
  if (condition) throw new Error(`session does not take ${request} now`);
}

export class FakeProvider implements Link {
  readonly #handlers: LinkHandlers;
  readonly #sides: Readonly<Record<TokenSide, Side>>;
  readonly #underway: Record<TokenSide, Unit[]> = { initiator: [], responder: [] };
  /** What each side has asked of the provider. */
  readonly requests: { readonly side: TokenSide; readonly request: AcseRequest }[] = [];
  #initialTokens: TokenSide = 'initiator';
  /** Requests of users that came while a machine worked: layers do not call one another. */
  readonly #waiting: (() => void)[] = [];
  #isWorking = false;

  constructor(options: Readonly<Record<TokenSide, RtseOptions>>, handlers: LinkHandlers) {
    this.#handlers = handlers;
    this.#sides = { initiator: newSide(options.initiator), responder: newSide(options.responder) };
  }

  request(side: TokenSide, request: RtseRequest): void {
    this.#work(() => this.#sides[side].machine.fromAbove(request), side);
  }

  step(choose: () => TokenSide): boolean {
    const { initiator, responder } = this.#underway;
    if (initiator.length === 0 && responder.length === 0) return false;
    const from = initiator.length === 0 ? 'responder' : responder.length === 0 ? 'initiator' : choose();
    const unit = this.#underway[from].shift();
    if (unit !== undefined) this.#receive(otherSide(from), unit);
    return true;
  }

  cut(): void {
    this.#underway.initiator = [];
    this.#underway.responder = [];
    for (const side of ['initiator', 'responder'] as const) {
      if (!this.#sides[side].isConnected) continue;
      this.#sides[side].isConnected = false;
      this.#tell(side, { type: 'A-P-ABORT.indication', cause: 'transport', origin: 'peer', text: 'cut' });
    }
  }

  timers(side: TokenSide): readonly string[] {
    return [...this.#sides[side].timers];
  }

  expire(side: TokenSide, name: string): void {
    this.#sides[side].timers.delete(name);
    this.#work(() => this.#sides[side].machine.timer(name), side);
  }

  #tell(side: TokenSide, indication: AcseIndication): void {
    this.#work(() => this.#sides[side].machine.fromBelow(indication), side);
  }

  #work(event: () => readonly RtseEffect[], side: TokenSide): void {
    this.#waiting.push(() => {
      this.#carry(side, event());
    });
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      this.#isWorking = false;
    }
  }

  #carry(side: TokenSide, effects: readonly RtseEffect[]): void {
    const { timers } = this.#sides[side];
    for (const effect of effects) {
      if (effect.to === 'timer' && effect.action === 'set') timers.add(effect.name);
      else if (effect.to === 'timer') timers.delete(effect.name);
      else if (effect.to === 'below') this.#send(side, effect.primitive);
      else if (effect.to === 'above') this.#handlers.indication(side, effect.primitive);
    }
  }

  /** The request as session would judge it; then it is under way. */
  #send(from: TokenSide, request: AcseRequest): void {
    const side = this.#sides[from];
    this.requests.push({ side: from, request });
    refuse(!side.isConnected && request.type !== 'A-ASSOCIATE.request', `${request.type} without a connection`);
    const between = !side.isActive && !side.stopSent && !side.giveSent && !side.stopping;
    const sending = side.isActive && side.ownsTokens && !side.stopSent && !side.troubled && !side.ending;
    switch (request.type) {
      case 'A-ASSOCIATE.request':
        side.isConnected = true;
        this.#sides[otherSide(from)].isConnected = true;
        this.#initialTokens = request.initialTokens;
        break;
      case 'A-ASSOCIATE.response':
        if (request.result === 'accept') side.ownsTokens = request.initialTokens === from;
        else side.isConnected = false;
        break;
      case 'S-ACTIVITY-START.request':
      case 'S-ACTIVITY-RESUME.request':
        refuse(!between || !side.ownsTokens, request.type);
        beginActivity(side, request.type === 'S-ACTIVITY-START.request' ? 0 : request.link.serialNumber);
        break;
      case 'P-DATA.request':
        refuse(!sending, request.type);
        break;
      case 'S-SYNC-MINOR.request':
        refuse(!sending, request.type);
        side.nextSerialNumber += 1;
        break;
      case 'S-ACTIVITY-END.request':
        refuse(!sending, request.type);
        side.nextSerialNumber += 1;
        side.ending = true;
        break;
      case 'S-SYNC-MINOR.response':
        refuse(!side.isActive || side.ownsTokens || side.stopping || side.reported, request.type);
        break;
      case 'S-ACTIVITY-END.response':
        refuse(!side.ending || side.stopping || side.reported, request.type);
        endActivity(side);
        break;
      case 'S-ACTIVITY-INTERRUPT.request':
      case 'S-ACTIVITY-DISCARD.request':
        refuse(!side.isActive || !side.ownsTokens || side.stopSent, request.type);
        side.stopSent = true;
        break;
      case 'S-ACTIVITY-INTERRUPT.response':
      case 'S-ACTIVITY-DISCARD.response':
        refuse(!side.stopping, request.type);
        endActivity(side);
        break;
      case 'S-U-EXCEPTION-REPORT.request':
        refuse(!side.isActive || side.ownsTokens || side.stopping || side.reported, request.type);
        side.reported = true;
        break;
      case 'P-TOKEN-PLEASE.request':
        refuse(side.giveSent || side.stopping || side.reported || side.stopSent || side.troubled, request.type);
        break;
      case 'S-CONTROL-GIVE.request':
        refuse(!between || !side.ownsTokens, request.type);
        side.ownsTokens = false;
        side.giveSent = true;
        break;
      case 'A-RELEASE.request':
        refuse(!between || !side.ownsTokens, request.type);
        break;
      case 'A-ABORT.request':
      case 'A-RELEASE.response':
        side.isConnected = false;
        break;
      case 'S-TOKEN-GIVE.request':
        refuse(true, request.type);
    }
    this.#underway[from].push(request);
  }

  #receive(at: TokenSide, unit: Unit): void {
    const side = this.#sides[at];
    if (!side.isConnected) return;
    if (this.#isDropped(side, unit)) return;
    switch (unit.type) {
      case 'A-ASSOCIATE.request':
        this.#tell(at, {
          type: 'A-ASSOCIATE.indication',
          mode: unit.contexts.length === 0 ? 'x410-1984' : 'normal',
          called: unit.addresses.called,
          calling: unit.addresses.calling,
          identifier: unit.identifier,
          initialTokens: unit.initialTokens,
          contexts: unit.contexts,
          userInformation: unit.userInformation,
        });
        return;
      case 'A-ASSOCIATE.response':
        if (unit.result === 'reject') {
          side.isConnected = false;
          this.#tell(at, {
            type: 'A-ASSOCIATE.confirm',
            result: 'reject',
            refusal: { source: 'acse-user', transient: unit.transient, text: 'refused' },
            ...(unit.userInformation === undefined ? {} : { userInformation: unit.userInformation }),
          });
          return;
        }
        side.ownsTokens = unit.initialTokens === at;
        this.#tell(at, {
          type: 'A-ASSOCIATE.confirm',
          result: 'accept',
          identifier: {},
          initialTokens: this.#initialTokens,
          contexts: [],
          userInformation: unit.userInformation,
        });
        return;
      case 'S-ACTIVITY-START.request':
        beginActivity(side, 0);
        this.#tell(at, { type: 'S-ACTIVITY-START.indication', activityIdentifier: unit.activityIdentifier });
        return;
      case 'S-ACTIVITY-RESUME.request':
        beginActivity(side, unit.link.serialNumber);
        this.#tell(at, {
          type: 'S-ACTIVITY-RESUME.indication',
          activityIdentifier: unit.activityIdentifier,
          link: unit.link,
        });
        return;
      case 'P-DATA.request':
        this.#tell(at, { type: 'P-DATA.indication', abstractSyntax: unit.abstractSyntax, userData: unit.userData });
        return;
      case 'S-SYNC-MINOR.request': {
        const serialNumber = side.nextSerialNumber++;
        this.#tell(at, { type: 'S-SYNC-MINOR.indication', serialNumber, explicitConfirmation: true });
        return;
      }
      case 'S-SYNC-MINOR.response':
        this.#tell(at, { type: 'S-SYNC-MINOR.confirm', serialNumber: unit.serialNumber });
        return;
      case 'S-ACTIVITY-END.request': {
        const serialNumber = side.nextSerialNumber++;
        side.ending = true;
        this.#tell(at, { type: 'S-ACTIVITY-END.indication', serialNumber });
        return;
      }
      case 'S-ACTIVITY-END.response':
        endActivity(side);
        this.#tell(at, { type: 'S-ACTIVITY-END.confirm' });
        return;
      case 'S-ACTIVITY-INTERRUPT.request':
      case 'S-ACTIVITY-DISCARD.request': {
        side.stopping = true;
        const type = unit.type === 'S-ACTIVITY-INTERRUPT.request' ? 'S-ACTIVITY-INTERRUPT' : 'S-ACTIVITY-DISCARD';
        this.#tell(at, {
          type: `${type}.indication`,
          reason: unit.reason,
          activityInProgress: side.isActive,
        });
        return;
      }
      case 'S-ACTIVITY-INTERRUPT.response':
        endActivity(side);
        this.#tell(at, { type: 'S-ACTIVITY-INTERRUPT.confirm' });
        return;
      case 'S-ACTIVITY-DISCARD.response':
        endActivity(side);
        this.#tell(at, { type: 'S-ACTIVITY-DISCARD.confirm' });
        return;
      case 'S-U-EXCEPTION-REPORT.request':
        side.troubled = true;
        this.#tell(at, { type: 'S-U-EXCEPTION-REPORT.indication', reason: unit.reason });
        return;
      case 'P-TOKEN-PLEASE.request':
        this.#tell(at, {
          type: 'P-TOKEN-PLEASE.indication',
          tokens: unit.tokens,
          ...(unit.userData === undefined ? {} : { userData: unit.userData }),
        });
        return;
      case 'S-CONTROL-GIVE.request':
        side.ownsTokens = true;
        this.#underway[at].push({ type: 'GTA' });
        this.#tell(at, { type: 'S-CONTROL-GIVE.indication' });
        return;
      case 'GTA':
        side.giveSent = false;
        this.#tell(at, { type: 'S-CONTROL-GIVE.confirm' });
        return;
      case 'A-RELEASE.request':
        this.#tell(at, { type: 'A-RELEASE.indication' });
        return;
      case 'A-RELEASE.response':
        side.isConnected = false;
        this.#tell(at, { type: 'A-RELEASE.confirm' });
        return;
      case 'A-ABORT.request':
        side.isConnected = false;
        this.#tell(at, {
          type: 'A-ABORT.indication',
          source: 'user',
          ...(unit.userInformation === undefined ? {} : { userInformation: unit.userInformation }),
        });
        return;
      default:
        throw new Error(`${unit.type} is not carried`);
    }
  }

  /** What X.225 Annex A discards in STA 05B, 05C, 19 and 20. */
  #isDropped(side: Side, { type }: Unit): boolean {
    const answers = ['S-ACTIVITY-INTERRUPT.response', 'S-ACTIVITY-DISCARD.response', 'A-ABORT.request'];
    if (side.stopSent) return !answers.includes(type);
    if (side.reported) {
      if (type === 'S-SYNC-MINOR.request' || type === 'S-ACTIVITY-END.request') side.nextSerialNumber += 1;
      return ['S-SYNC-MINOR.request', 'S-ACTIVITY-END.request', 'P-DATA.request', 'P-TOKEN-PLEASE.request'].includes(
        type,
      );
    }
    const answersToData = ['S-SYNC-MINOR.response', 'S-ACTIVITY-END.response', 'P-TOKEN-PLEASE.request'];
    return side.troubled && [...answersToData, 'S-U-EXCEPTION-REPORT.request'].includes(type);
  }
}

function newSide(options: RtseOptions): Side {
  return {
    machine: createRtseMachine(options),
    timers: new Set(),
    isConnected: false,
    ownsTokens: false,
    isActive: false,
    nextSerialNumber: 1,
    stopSent: false,
    giveSent: false,
    reported: false,
    troubled: false,
    ending: false,
    stopping: false,
  };
}

function beginActivity(side: Side, serialNumber: number): void {
  side.isActive = true;
  side.nextSerialNumber = serialNumber + 1;
}

function endActivity(side: Side): void {
  side.isActive = false;
  side.ending = false;
  side.stopSent = false;
  side.stopping = false;
  side.reported = false;
  side.troubled = false;
}
