/**
 * One association opened to look at a peer, and released again: transport, session, presentation, association control, reliable transfer and
 * the bind as a connector would open them, and no message. It needs no store and no daemon, and shares nothing with a daemon that runs.
 */
import { associationLimits } from '../association/limits.js';
import { newSessionConnection } from '../association/session-connection.js';
import type { AssociationOptions } from '../association/association.js';
import type { Connector } from '../config/site.js';
import { openRequestOf } from '../engine/opening.js';
import { bindArgumentOf } from '../engine/peers.js';
import { Identifiers } from '../engine/identifiers.js';
import { Wire } from '../engine/wire.js';
import type { TimerHandle, World } from '../engine/world.js';
import type { Observation } from '../osi/machine.js';
import { bindErrors } from '../p1/codes.js';
import { decodeBindError } from '../p1/bind.js';
import { DecodeError } from '../bytes/decode-error.js';
import { printUtcTime } from '../p1/utc-time.js';
import type { RtseIndication } from '../rtse/service.js';
import { readBindAnswer } from './bind-answer.js';
import { Exercise } from './exercise.js';
import { PeerListener } from './heard.js';
import type { Exchange, PeerAnswer, PeerRefusal, ProbeReport, Reached } from './report.js';

export interface ProbeLimits {
  /** From the first step until the association stands. */
  readonly openMilliseconds: number;
  /** From our release to the end of the TCP connection. */
  readonly releaseMilliseconds: number;
  /** How long the timed transfer may take; 0 none. */
  readonly exerciseMilliseconds: number;
}

export const probeLimits: ProbeLimits = {
  openMilliseconds: 60_000,
  releaseMilliseconds: 10_000,
  exerciseMilliseconds: 0,
};

/** Exponent 11 is 2048 octets (X.224 §13.3.4). */
const sizeOffers = { preferred: 'preferred', '2048': 11, none: 'none' } as const;

/** Names of what the peer sends, by what it answers. */
const exchangeNames: Readonly<Record<string, Exchange['name']>> = {
  CC: 'transport connection (CR, CC)',
  AC: 'session, bind (CONNECT, ACCEPT)',
  ADA: 'discard (ACTIVITY DISCARD, its ACK)',
  DN: 'release (FINISH, DISCONNECT)',
};

/** Opens an association as `connector` says and releases it; `done` is called once, when nothing of it is left. */
export function probePeer(
  world: World,
  connector: Connector,
  limits: ProbeLimits,
  done: (report: ProbeReport) => void,
): void {
  new Probe(world, connector, limits, done).start();
}

class Probe {
  readonly #world: World;
  readonly #connector: Connector;
  readonly #limits: ProbeLimits;
  readonly #done: (report: ProbeReport) => void;
  readonly #wire: Wire;
  readonly #listener = new PeerListener();
  readonly #exchanges: Exchange[] = [];
  #timer: TimerHandle | undefined;
  #phase: 'opening' | 'open' | 'releasing' | 'ended' = 'opening';
  #reached: Reached = 'nothing';
  #sentAt = 0;
  #tpduOctetsMax = 0;
  #sessionVersion: 1 | 2 = 1;
  #timedOut = false;
  #disconnectCode: number | undefined;
  #answer: PeerAnswer | undefined;
  #refusal: PeerRefusal | undefined;
  #release = 'the connection broke before the release';
  #exercise: Exercise | undefined;

  constructor(world: World, connector: Connector, limits: ProbeLimits, done: (report: ProbeReport) => void) {
    this.#world = world;
    this.#connector = connector;
    this.#limits = limits;
    this.#done = done;
    this.#wire = new Wire(
      world,
      optionsOf(connector, limits, world.randomOctets(2)),
      {
        indication: (primitive) => {
          this.#indication(primitive);
        },
        disconnected: (text) => {
          this.#disconnected(text);
        },
        drained: () => undefined,
        octetsMax: () => Infinity,
        observe: (observation) => {
          this.#observed(observation);
        },
        tap: (kind, octets) => {
          if (kind === 'opened') this.#connected();
          else if (kind === 'sent') this.#sentAt = world.monotonicMilliseconds();
          else if (kind === 'received' && octets instanceof Uint8Array) this.#received(octets);
        },
      },
      connector.remote.connectTo,
    );
  }

  start(): void {
    const { mtaName } = this.#connector.local;
    const reference = new Identifiers(0, this.#world.randomOctets(8)).nextWorldwide(mtaName);
    const time = printUtcTime(this.#world.wallClockMilliseconds());
    const identifier = newSessionConnection(reference, time, this.#connector.mode);
    this.#limit(this.#limits.openMilliseconds, `no association within ${seconds(this.#limits.openMilliseconds)}`);
    const bind = bindArgumentOf(this.#connector);
    this.#wire.request(openRequestOf({ connector: this.#connector }, identifier, bind));
    this.#sentAt = this.#world.monotonicMilliseconds(); // TCP is on its way, and never answers before
  }

  #connected(): void {
    this.#reached = 'tcp';
    this.#timed('TCP connection');
  }

  #received(octets: Uint8Array): void {
    for (const { name, sessionVersion } of this.#listener.take(octets)) {
      if (name === 'CC') this.#reached = 'transport';
      if (sessionVersion !== undefined) {
        this.#reached = 'session';
        this.#sessionVersion = sessionVersion;
      }
      const exchange = exchangeNames[name];
      if (exchange !== undefined) this.#timed(exchange);
    }
  }

  #timed(name: Exchange['name']): void {
    this.#exchanges.push({ name, milliseconds: this.#world.monotonicMilliseconds() - this.#sentAt });
  }

  #observed({ event, fields }: Observation): void {
    if (event === 'transport.connected') this.#tpduOctetsMax = Number(fields['tpduOctetsMax']);
    // The session layer passes on that transport was refused, not with which reason.
    if (event === 'transport.disconnected' && typeof fields['code'] === 'number') this.#disconnectCode = fields['code'];
  }

  #indication(primitive: RtseIndication): void {
    switch (primitive.type) {
      case 'RT-OPEN.confirm':
        if (primitive.result === 'accept') this.#accepted(primitive);
        else this.#refused(primitive);
        return;
      case 'TRANSFER-STARTED.indication':
      case 'APDU-READ.indication':
      case 'CHECKPOINT-SENT.indication':
      case 'CHECKPOINT-CONFIRMED.indication':
      case 'RT-TRANSFER.confirm':
        this.#exercise?.handle(primitive);
        return;
      case 'RT-CLOSE.confirm':
        this.#release = 'released';
        return;
      case 'RT-P-ABORT.indication':
        this.#aborted(primitive.text);
        return;
      case 'RT-U-ABORT.indication':
        this.#aborted('aborted by the peer');
        return;
      default:
        return; // the peer may want the turn: it opens an association of its own when this one is gone
    }
  }

  #accepted(confirm: Extract<RtseIndication, { type: 'RT-OPEN.confirm'; result: 'accept' }>): void {
    const { negotiated, contexts, connectionData } = confirm;
    this.#answer = {
      negotiated,
      contexts,
      tpduOctetsMax: this.#tpduOctetsMax,
      sessionVersion: this.#sessionVersion,
      bind: readBindAnswer(this.#connector, connectionData),
    };
    this.#phase = 'open';
    const { exerciseMilliseconds } = this.#limits;
    if (exerciseMilliseconds === 0) {
      this.#close();
      return;
    }
    const exercise = new Exercise(negotiated, {
      request: (primitive) => {
        this.#wire.request(primitive);
      },
      monotonicMilliseconds: () => this.#world.monotonicMilliseconds(),
      done: () => {
        this.#close();
      },
    });
    this.#exercise = exercise;
    this.#replaceTimer(exerciseMilliseconds, () => {
      exercise.stop();
      this.#limit(this.#limits.releaseMilliseconds, 'no answer to the discard in time');
    });
    exercise.start(exerciseMilliseconds);
  }

  #close(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'releasing';
    const { releaseMilliseconds } = this.#limits;
    this.#limit(releaseMilliseconds, `no answer to the release within ${seconds(releaseMilliseconds)}`);
    this.#wire.request({ type: 'RT-CLOSE.request' });
  }

  #refused({
    refusal,
    reason,
    userData,
  }: Extract<RtseIndication, { type: 'RT-OPEN.confirm'; result: 'reject' }>): void {
    if (this.#phase === 'opening') this.#limit(this.#limits.releaseMilliseconds, 'the peer keeps the connection');
    const bindError = userData === undefined ? undefined : bindErrorIn(userData);
    const code = refusal.code ?? (refusal.source === 'transport' ? this.#disconnectCode : undefined);
    this.#refusal ??= {
      reached: this.#reached,
      timedOut: this.#timedOut,
      source: refusal.source,
      transient: refusal.transient,
      text: refusal.text,
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { refuseReason: reason }),
      ...(bindError === undefined ? {} : { bindError }),
    };
  }

  #aborted(text: string): void {
    if (this.#phase === 'opening') {
      this.#refusal ??= { reached: this.#reached, timedOut: this.#timedOut, source: 'abort', transient: true, text };
    } else if (this.#release !== 'released') this.#release = text;
  }

  #disconnected(text: string): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    if (this.#timer !== undefined) this.#world.clearTimer(this.#timer);
    const { host, port } = this.#connector.remote.connectTo ?? { host: '', port: 0 };
    const common = { address: { host, port }, exchanges: this.#exchanges };
    if (this.#answer === undefined) {
      const unanswered = {
        reached: this.#reached,
        timedOut: this.#timedOut,
        source: 'transport',
        transient: true,
        text,
      };
      this.#done({ result: 'refused', ...common, refusal: this.#refusal ?? (unanswered as PeerRefusal) });
      return;
    }
    const exercise = this.#exercise === undefined ? {} : { exercise: this.#exercise.figures };
    this.#done({ result: 'open', ...common, answer: this.#answer, release: this.#release, ...exercise });
  }

  #limit(milliseconds: number, text: string): void {
    this.#replaceTimer(milliseconds, () => {
      this.#timedOut = true;
      if (this.#phase !== 'opening') this.#release = text;
      this.#wire.abandon(text);
    });
  }

  #replaceTimer(milliseconds: number, fire: () => void): void {
    if (this.#timer !== undefined) this.#world.clearTimer(this.#timer);
    this.#timer = this.#world.setTimer(milliseconds, fire);
  }
}

function optionsOf(connector: Connector, { openMilliseconds }: ProbeLimits, random: Uint8Array): AssociationOptions {
  const [high = 0, low = 0] = random;
  return {
    role: 'initiator',
    modes: [connector.mode],
    transportReference: (high << 8) | low || 1,
    sizeOffer: sizeOffers[connector.tpduSizeOffer],
    accepted: {},
    limits: {
      ...associationLimits,
      connectMilliseconds: openMilliseconds,
      acknowledgementMilliseconds: openMilliseconds,
    },
  };
}

function bindErrorIn(octets: Uint8Array): string | undefined {
  try {
    return bindErrors.name(decodeBindError(octets));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function seconds(milliseconds: number): string {
  return `${String(milliseconds / 1000)} s`;
}
