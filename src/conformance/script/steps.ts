/** The small words that cases are written in. Each gives a step, or a list of steps to be spread into one. */
import { concatOctets } from '../../bytes/octets.js';
import { tpkt, tsduPackets } from '../octets/tpdu.js';
import { tpduOctetsMax } from './transport-values.js';
import type { Conversation } from './conversation.js';
import type { Alternative, DeliveryWanted, LoopAlternative, Pattern, Step, TriggerSize } from './test-case.js';

export type Octets = Uint8Array | ((conversation: Conversation) => Uint8Array);

function made(octets: Octets, conversation: Conversation): Uint8Array {
  return typeof octets === 'function' ? octets(conversation) : octets;
}

export const connect: Step = { do: 'connect' };

/** Waits until the implementation under test calls, also in an exchange. */
export const answer: Step = { do: 'connect', way: 'answer' };

/** Octets on TCP, as they are. */
export function sendRaw(what: string, octets: Octets): Step {
  return { do: 'send', what, octets: (conversation) => made(octets, conversation) };
}

/** One TPDU in a TPKT. */
export function sendTpdu(what: string, tpdu: Octets): Step {
  return sendRaw(what, (conversation) => tpkt(made(tpdu, conversation)));
}

/** TSDUs in as few DTs as the negotiated size allows, written to TCP at once. */
export function send(what: string, ...tsdus: readonly Octets[]): Step {
  return sendRaw(what, (conversation) => {
    const octetsMax = tpduOctetsMax(conversation);
    return concatOctets(...tsdus.map((tsdu) => tsduPackets(made(tsdu, conversation), octetsMax)));
  });
}

export function expect(pattern: Pattern, ...then: readonly Step[]): Step {
  return { do: 'expect', alternatives: [{ pattern, then }] };
}

export function expectOneOf(...alternatives: readonly Alternative[]): Step {
  return { do: 'expect', alternatives };
}

/** As `expect`, letting other things pass before. */
export function expectPassing(passing: readonly Pattern[], pattern: Pattern): Step {
  return { do: 'expect', alternatives: [{ pattern }], passing };
}

/** As `expect`, for something that takes longer than the usual answer. */
export function expectWithin(within: 'supervisionSeconds', pattern: Pattern): Step {
  return { do: 'expect', alternatives: [{ pattern }], within };
}

export function repeat(...alternatives: readonly LoopAlternative[]): Step {
  return { do: 'repeat', alternatives };
}

export function silence(): Step {
  return { do: 'silence' };
}

export function silenceFor(seconds: (conversation: Conversation) => number): Step {
  return { do: 'silence', seconds };
}

export const close: Step = { do: 'close', how: 'graceful' };
export const reset: Step = { do: 'close', how: 'reset' };

export function trigger(size: TriggerSize): Step {
  return { do: 'trigger', size };
}

export function until(holds: (conversation: Conversation) => boolean, ...steps: readonly Step[]): Step {
  return { do: 'until', holds, steps };
}

export const settle: Step = { do: 'settle' };

export function check(what: string, fault: (conversation: Conversation) => string | undefined): Step {
  return { do: 'check', what, fault };
}

export function observe(what: DeliveryWanted, noted: string): Step {
  return { do: 'observe', what, noted };
}
