import type { Change, NewMessage, StoreFailure } from '../queue/store.js';
import type { Arrivals } from './arrivals.js';
import type { AssociationOwner } from './association-owner.js';
import type { EngineState } from './engine-state.js';
import type { IncomingTransfer } from './incoming-transfer.js';
import { momentNow } from './moments.js';
import type { MtaAssociation } from './mta-association.js';
import type { Poison, PoisonedTransfer } from './poison.js';

/** Takes responsibility for what peers have transferred: durable first, only then the peer is told. */
export class Acceptance {
  readonly #state: EngineState;
  readonly #arrivals: Arrivals;
  readonly #poison: Poison;

  constructor(state: EngineState, arrivals: Arrivals, poison: Poison) {
    this.#state = state;
    this.#arrivals = arrivals;
    this.#poison = poison;
  }

  refusesTransfers(): string | undefined {
    const { stopping, queues, site } = this.#state;
    if (stopping) return 'shutting down';
    const { queueMessagesMax } = site.limits;
    let messages = 0;
    for (const { queued } of queues.values()) messages += queued;
    return messages >= queueMessagesMax ? `the queue holds ${String(queueMessagesMax)} messages` : undefined;
  }

  complete(
    association: MtaAssociation,
    transfer: IncomingTransfer,
    answer: Parameters<AssociationOwner['complete']>[2],
  ): void {
    const { world, queues } = this.#state;
    const connector = association.connector?.name ?? '';
    const fields = { association: association.id, connector };
    transfer.outline((outline, contentOf) => {
      if (!outline.ok) {
        this.#unreadable(transfer, fields, outline.failure, answer);
        return;
      }
      const poisoned = (error: unknown): void => {
        const arrival = { kind: outline.value.kind, envelope: outline.value.envelope, arrivedAt };
        this.#poison.arrived({ transfer, fields, error, arrival, completed }, (taken) => {
          answer({ secured: taken });
        });
      };
      const arrivedAt = world.wallClockMilliseconds();
      const { kind, envelope, content, contentHead } = outline.value;
      const completed: Change = {
        type: 'activity.completed',
        activity: transfer.activity.activity,
        at: momentNow(world),
      };
      this.#arrivals.take(
        {
          kind,
          envelope,
          content: contentOf(outline.value),
          contentOctets: content?.octets ?? 0,
          contentHead: contentHead ?? new Uint8Array(0),
          from: connector,
          arrivedAt,
        },
        [completed],
        (outcome) => {
          if (outcome.result === 'unprocessable') {
            poisoned(outcome.error);
            return;
          }
          if (outcome.result === 'failed' && isPoison(outcome.failure)) {
            poisoned(new Error(outcome.failure.text));
            return;
          }
          if (outcome.result === 'failed') {
            this.#refused(fields, outcome.failure.text);
            answer({ secured: false });
            return;
          }
          const queue = queues.get(connector);
          if (queue !== undefined) queue.counters.messagesReceived += 1;
          if (outcome.result === 'duplicate' || !outcome.processed.messages.some(holdsApdu)) transfer.discard();
          if (outcome.result === 'duplicate') {
            world.observe({ event: 'message.duplicate', level: 'info', fields });
          }
          answer({ secured: true });
          world.observe({
            event: 'transfer.completed',
            level: 'info',
            fields: {
              ...fields,
              direction: 'incoming',
              octets: transfer.offset,
              fromOctet: transfer.resumedFrom ?? 0,
              ...(outcome.result === 'committed' ? { mts: outcome.processed.mtsIdentifier } : {}),
            },
          });
        },
      );
    });
  }

  /** Octets that are no MTS-APDU are never acknowledged (X.411 §12): the peer keeps its message, the operator gets the octets. */
  #unreadable(
    transfer: IncomingTransfer,
    fields: PoisonedTransfer['fields'],
    failure: StoreFailure,
    answer: Parameters<AssociationOwner['complete']>[2],
  ): void {
    if (isPoison(failure)) {
      this.#poison.refused({ transfer, fields, error: new Error(failure.text) }, () => {
        answer({ secured: false });
      });
      return;
    }
    this.#refused(fields, failure.text);
    answer({ secured: false });
  }

  #refused(fields: Readonly<Record<string, string>>, text: string): void {
    this.#state.world.observe({ event: 'message.refused', level: 'warn', fields: { ...fields, text } });
  }
}

/** The fault lies with the message, and would be there again at the next attempt. */
function isPoison({ code }: StoreFailure): boolean {
  return code === 'malformed' || code === 'internal';
}

/** The octets of the APDU have become those of the message's content. */
function holdsApdu({ content }: NewMessage): boolean {
  return content.kind === 'incoming';
}
