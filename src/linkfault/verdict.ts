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
  return {
    messages,
    breaks,
    violations: [
      ...messages.filter((message) => !isGood(message)).map(messageSentence),
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
