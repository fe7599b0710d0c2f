import type { MtaAssociation } from './mta-association.js';
import type { TimerHandle, World } from './world.js';

/** How often an association is looked at, milliseconds: the precision of the times below. */
const lookMilliseconds = 1000;

export interface IdleTimes {
  /** Something outstanding and no octet from the peer: the link is dead. */
  readonly stallSeconds: number;
  /** From our RT-CLOSE to the end. */
  readonly disconnectSeconds: number;
  /** From the TCP connection to the end of the bind. */
  readonly bindSeconds: number;
  /** Initiator: an open association with nothing to do is released. */
  readonly lifetimeSeconds: number;
  /** Responder: an open association on which nothing happens is ended; 0 never. */
  readonly idleSeconds: number;
}

/** Watches one association for silence, for slowness to bind or to close, and for idleness. */
export class IdleTimers {
  readonly #world: World;
  readonly #association: MtaAssociation;
  readonly #times: () => IdleTimes;
  #handle: TimerHandle | undefined;
  #touchedAt = 0;

  constructor(world: World, association: MtaAssociation, times: () => IdleTimes) {
    this.#world = world;
    this.#association = association;
    this.#times = times;
  }

  /** Something happened: idleness counts from here. */
  touch(): void {
    this.#touchedAt = this.#world.monotonicMilliseconds();
    this.#handle ??= this.#world.setTimer(lookMilliseconds, () => {
      this.#look();
    });
  }

  end(): void {
    if (this.#handle !== undefined) this.#world.clearTimer(this.#handle);
    this.#handle = undefined;
  }

  #look(): void {
    this.#handle = this.#world.setTimer(lookMilliseconds, () => {
      this.#look();
    });
    const association = this.#association;
    const times = this.#times();
    const idleSeconds = (this.#world.monotonicMilliseconds() - this.#touchedAt) / 1000;
    const silentSeconds = Math.min(association.silentMilliseconds / 1000, idleSeconds);
    switch (association.state) {
      case 'opening':
        if (idleSeconds >= times.bindSeconds) association.drop('no bind in time');
        return;
      case 'closing':
        if (idleSeconds >= times.disconnectSeconds) association.drop('no answer to the release in time');
        return;
      case 'sending':
      case 'receiving':
        if (association.awaitsPeer && silentSeconds >= times.stallSeconds) association.drop('the peer is silent');
        return;
      case 'idle':
        if (association.awaitsPeer && silentSeconds >= times.stallSeconds) association.drop('the peer keeps the turn');
        else if (association.role === 'initiator' && idleSeconds >= times.lifetimeSeconds) association.close();
        else if (association.role === 'responder' && times.idleSeconds > 0 && idleSeconds >= times.idleSeconds) {
          association.abort('temporary-problem', 'idle for too long');
        }
        return;
      case 'ended':
        this.end();
    }
  }
}
