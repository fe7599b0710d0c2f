import { assert } from '../osi/machine.js';
import { as, type RtpmEvent } from './events.js';
import type { Association, Part } from './part.js';
import { Receiver } from './receiver.js';
import type { ReceivingAction, ReceivingPredicate } from './state-table/names.js';

const beginning = { serialNumber: 0, offset: 0 };

/** Transfer on the side without the turn: at most one activity. */
export class Receiving implements Part<ReceivingPredicate, ReceivingAction> {
  readonly #association: Association;
  #receiver: Receiver;
  /** Of the resumed activity that the user is asked about. */
  #resumedAt = 0;
  #deferred: RtpmEvent[] = [];
  #lastCompleted = false;

  constructor(association: Association) {
    this.#association = association;
    this.#receiver = new Receiver(association.effects, 0, beginning);
  }

  readonly predicates: Part<ReceivingPredicate, ReceivingAction>['predicates'] = {
    secured: (event) => as(event, 'RT-TRANSFER.response').request.result === 'secured',
    partial: (event) => as(event, 'ACTIVITY-LOOKUP.response').request.result === 'partial',
    completed: (event) => as(event, 'ACTIVITY-LOOKUP.response').request.result === 'completed',
    'APDU too large': (event) =>
      this.#receiver.apduOctets + as(event, 'RTTR').octets.length > this.#association.options.apduOctetsMax,
    deleted: () => this.#receiver.isDeleted,
    'last completed': () => this.#lastCompleted,
  };

  readonly actions: Part<ReceivingPredicate, ReceivingAction>['actions'] = {
    'ACTIVITY-START.ind': (event) => {
      const { activityIdentifier } = as(event, 'AS');
      this.#lastCompleted = false;
      this.#receive(beginning);
      this.#association.effects.above({ type: 'ACTIVITY-START.indication', activityIdentifier });
    },
    'ACTIVITY-LOOKUP.ind': (event) => {
      this.#lookUp(as(event, 'AR'));
    },
    'continue activity': (event) => {
      const { offset } = as(event, 'ACTIVITY-LOOKUP.response').request;
      assert(offset >= 0, `offset ${String(offset)}`);
      this.#receive({ serialNumber: this.#resumedAt, offset });
    },
    defer: (event) => {
      this.#deferred.push(event);
    },
    'replay deferred': () => {
      this.#association.pending.push(...this.#deferred);
      this.#deferred = [];
    },
    'APDU-WRITE.ind': (event) => {
      this.#receiver.write(as(event, 'RTTR').octets);
    },
    'APDU-SECURE.ind': (event) => {
      this.#receiver.checkpoint(as(event, 'MIP').serialNumber);
    },
    MIA: (event) => {
      this.#receiver.answer(as(event, 'APDU-SECURE.response').request.serialNumber);
    },
    'MIA at once': (event) => {
      const { serialNumber } = as(event, 'MIP');
      this.#association.effects.below({ type: 'S-SYNC-MINOR.response', serialNumber });
    },
    'RT-TRANSFER.ind': () => {
      this.#association.effects.above({ type: 'RT-TRANSFER.indication', apduOctets: this.#receiver.apduOctets });
    },
    AEA: () => {
      this.#lastCompleted = true;
      this.#association.effects.below({ type: 'S-ACTIVITY-END.response' });
    },
    ED: (event) => {
      const reason = reasonIn(event);
      this.#report(reason);
      this.#association.effects.observe('rts.exception-report', 'debug', { direction: 'sent', reason });
    },
    'ED 0': () => {
      const { apduOctetsMax } = this.#association.options;
      this.#report(0); // no further attempt is wanted
      const text = `an APDU of more than ${String(apduOctetsMax)} octets`;
      this.#association.effects.observe('rts.apdu-too-large', 'warn', { text });
    },
    AIA: () => {
      this.#association.effects.below({ type: 'S-ACTIVITY-INTERRUPT.response' });
    },
    ADA: () => {
      this.#association.effects.below({ type: 'S-ACTIVITY-DISCARD.response' });
    },
    'ACTIVITY-INTERRUPT.ind': () => {
      this.#association.effects.above({ type: 'ACTIVITY-INTERRUPT.indication' });
    },
    'ACTIVITY-DISCARD.ind': () => {
      this.#receiver.isDeleted = true;
      this.#association.effects.above({ type: 'ACTIVITY-DISCARD.indication' });
    },
  };

  #receive(from: { readonly serialNumber: number; readonly offset: number }): void {
    this.#receiver = new Receiver(this.#association.effects, this.#association.negotiated.windowSize, from);
  }

  #lookUp({ activityIdentifier, link }: Extract<RtpmEvent, { name: 'AR' }>): void {
    const { oldActivityIdentifier, oldSessionConnection, serialNumber } = link;
    this.#lastCompleted = false;
    this.#resumedAt = serialNumber;
    this.#association.effects.above({
      type: 'ACTIVITY-LOOKUP.indication',
      activityIdentifier,
      oldActivityIdentifier,
      ...(oldSessionConnection === undefined ? {} : { sessionConnection: oldSessionConnection }),
      serialNumber,
    });
  }

  #report(reason: number): void {
    this.#association.effects.below({ type: 'S-U-EXCEPTION-REPORT.request', reason });
  }
}

function reasonIn(event: RtpmEvent): number {
  if (event.name === 'RECEIVE-TROUBLE.request') return event.request.reason;
  const { request } = as(event, 'RT-TRANSFER.response');
  assert(request.result === 'refused', 'an exception report about an APDU that was secured');
  return request.reason;
}
