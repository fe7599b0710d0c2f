/** Two reliable transfer users joined by some provider: what the tests of whole transfers need of it. */
import type { RtseIndication, RtseRequest } from '../../src/rtse/service.js';
import type { TokenSide } from '../../src/session/service.js';

export interface LinkHandlers {
  indication(side: TokenSide, indication: RtseIndication): void;
}

export interface Link {
  request(side: TokenSide, request: RtseRequest): void;
  /** Carries one unit across, from the side that `choose` names where both have one. False when nothing is under way. */
  step(choose: () => TokenSide): boolean;
  /** The connection is gone, with everything that is under way. */
  cut(): void;
  /** Timers of reliable transfer that run. */
  timers(side: TokenSide): readonly string[];
  expire(side: TokenSide, name: string): void;
}

export function otherSide(side: TokenSide): TokenSide {
  return side === 'initiator' ? 'responder' : 'initiator';
}
