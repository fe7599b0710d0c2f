import { TOKENS } from './field-values.js';
import type { Token } from './service.js';

/**
 * The variables of X.225 §7 and Annex A with the standard's names. Vtrr, Vcoll, Vdnr, Vrsp and those of data separation are constant or
 * unread in our functional units and left out.
 */
export class Variables {
  /** We accepted the transport connection. */
  vtca = false;
  /** An activity is in progress. */
  vact = false;
  /** What Vact becomes at ACTIVITY END ACK. */
  vnextact = false;
  /** We may answer minor synchronization points. */
  vsc = false;
  /** Lowest serial number whose confirmation is still to come. */
  va = 0;
  /** Next serial number. */
  vm = 0;
  /** Lowest serial number to which resynchronization could go back; kept but never used. */
  vr = 0;

  #owned: ReadonlySet<Token> = new Set();

  owns(token: Token): boolean {
    return this.#owned.has(token);
  }

  ownsAll(): boolean {
    return TOKENS.every((token) => this.#owned.has(token));
  }

  ownsNone(): boolean {
    return this.#owned.size === 0;
  }

  give(tokens: readonly Token[]): void {
    this.#owned = new Set([...this.#owned].filter((token) => !tokens.includes(token)));
  }

  take(tokens: readonly Token[]): void {
    this.#owned = new Set([...this.#owned, ...tokens]);
  }

  /** [5] At ACCEPT. With activity management there is no initial serial number. */
  reset(): void {
    this.va = this.vm = this.vr = 0;
    this.vsc = false;
    this.vact = false;
  }

  /** [22] At ACTIVITY END ACK. */
  confirmAll(): void {
    this.vr = this.va = this.vm;
  }

  /** [23] A minor synchronization point came. */
  countReceivedPoint(): void {
    this.countReceivedEnd();
    this.vsc = true;
  }

  /** [31] An activity end came: Vsc stays. */
  countReceivedEnd(): void {
    if (!this.vsc) this.va = this.vm;
    this.vm += 1;
  }

  /** [24] We send a minor synchronization point or an activity end. */
  countSentPoint(): void {
    if (this.vsc) this.va = this.vm;
    this.vsc = false;
    this.vm += 1;
  }

  /** [25] A confirmation was sent or received; it stands for all lower numbers. */
  confirm(serialNumber: number): void {
    this.va = serialNumber + 1;
  }

  /** [26] */
  startActivity(): void {
    this.va = this.vm = this.vr = 1;
  }

  /** [27] */
  resumeActivity(serialNumber: number): void {
    this.va = this.vm = serialNumber + 1;
    this.vr = 1;
  }

  /** p21: a number that may be confirmed. */
  awaitsConfirmation(serialNumber: number): boolean {
    return this.vm > serialNumber && serialNumber >= this.va;
  }
}
