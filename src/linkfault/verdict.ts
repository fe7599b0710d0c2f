import { breaksOf, breakViolation, type Break } from './verify-breaks.js';
import { isGood, messageOutcomes, type MessageOutcome, type TrackingLog } from './verify-messages.js';
import type { Entry } from './timeline.js';

export interface JudgedBreak extends Break {
  readonly violation?: string;
}

export interface Verdict {
  readonly messages: readonly MessageOutcome[];
  readonly breaks: readonly JudgedBreak[];
  /** Sentences; none if everything held. */
  readonly violations: readonly string[];
}

/** What the timelines of links and the tracking logs of both ends say together. */
export function judge(timelines: readonly (readonly Entry[])[], logs: readonly TrackingLog[]): Verdict {
  const messages = messageOutcomes(logs);
  const breaks = timelines.flatMap((entries) =>
    breaksOf(entries).map((each): JudgedBreak => {
      const violation = breakViolation(each);
      return violation === undefined ? each : { ...each, violation };
    }),
  );
  const boundOctets = Math.max(0, ...breaks.map((each) => each.boundOctets ?? Infinity));
  return {
    messages,
    breaks,
    violations: [
      ...messages.filter((message) => !isGood(message)).map(messageSentence),
      ...messages.flatMap((message) => resentSentence(message, boundOctets)),
      ...breaks.flatMap(({ violation, link, connection }) =>
        violation === undefined ? [] : [`connection ${String(connection)} of ${link}: the transfer ${violation}`],
      ),
    ],
  };
}

function messageSentence(message: MessageOutcome): string {
  const { mtsIdentifier, verdict, recipients, deliveries, nonDeliveries } = message;
  const counts = `${String(deliveries)} deliveries and ${String(nonDeliveries)} non-deliveries for ${String(recipients)} recipients`;
  return `${mtsIdentifier}: ${verdict} (${counts})`;
}

/** As the sender counted, with what was lost before it came to a link; `boundOctets` is what one break may cost. */
function resentSentence(message: MessageOutcome, boundOctets: number): readonly string[] {
  const { mtsIdentifier, resentOctets, resumptions, restarts } = message;
  const allowed = resumptions * boundOctets;
  if (restarts > 0 || boundOctets === 0 || resentOctets <= allowed) return [];
  return [`${mtsIdentifier}: ${String(resentOctets)} octets were sent again, at most ${String(allowed)} are allowed`];
}
