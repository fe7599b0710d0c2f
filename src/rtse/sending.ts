import { integer } from '../asn1/simple-types.js';
import { encode } from '../asn1/type.js';
import { assert } from '../osi/machine.js';
import type { End } from './ending.js';
import { as, type RtpmEvent } from './events.js';
import type { Association, Part } from './part.js';
import { Sender } from './sender.js';
import type { RtseIndication } from './service.js';
import type { SendingAction, SendingPredicate } from './state-table/names.js';
import { Transfer } from './transfer.js';

type TransferConfirm = Extract<RtseIndication, { type: 'RT-TRANSFER.confirm' }>;

const activityIdentifier = integer({ min: 1 });

/** Transfer on the side with the turn: at most one APDU, from RT-TRANSFER.request to its confirm. */
export class Sending implements Part<SendingPredicate, SendingAction> {
  readonly #association: Association;
  /** How the association ended, once it has. */
  readonly #end: () => End;
  #transfer: Transfer | undefined;
  #activities = 0;
  /** The peer has lost step on this association once: it is asked for no resumption again. */
  #resumptionForbidden = false;

  constructor(association: Association, end: () => End) {
    this.#association = association;
    this.#end = end;
  }

  readonly predicates: Part<SendingPredicate, SendingAction>['predicates'] = {
    resumption: (event) => as(event, 'RT-TRANSFER.request').request.resume !== undefined && !this.#resumptionForbidden,
    'checkpoint outstanding': (event) => this.#sender.isOutstanding(as(event, 'MIA').serialNumber),
    p35: () => this.#sender.resumePoint !== undefined,
    'resumption promising': () => !this.#resumptionForbidden && this.#current.isResumptionPromising,
    'retry left': (event) => this.#current.isRetryLeft(event),
    'p36-1': (event) => as(event, 'ED').reason === 1,
    'p36-3 or 6': (event) => [3, 6].includes(as(event, 'ED').reason),
    'p36-5': (event) => as(event, 'ED').reason === 5,
    'to stop': () => this.#transfer?.intention === 'stop',
    'to give up': () => this.#transfer?.intention === 'give up' || this.#transfer?.intention === 'give up and abort',
    'to give up and abort': () => this.#transfer?.intention === 'give up and abort',
    'end sent': () => this.#transfer?.sender.endSent === true,
  };

  readonly actions: Part<SendingPredicate, SendingAction>['actions'] = {
    'start transfer timer': (event) => {
      this.#begin(event);
    },
    AS: () => {
      this.#sender.start();
      this.#current.activityStarted();
      this.#sendWhatMay();
    },
    AR: () => {
      this.#sender.resume();
      this.#current.activityResumed();
      if (this.#current.intention === 'again') this.#sendWhatMay();
    },
    AE: () => {
      this.#sender.end();
    },
    'AI 0': () => {
      this.#association.effects.below({ type: 'S-ACTIVITY-INTERRUPT.request', reason: 0 });
    },
    'AI 5': () => {
      this.#association.effects.below({ type: 'S-ACTIVITY-INTERRUPT.request', reason: 5 });
    },
    'AD 0': () => {
      this.#discard(0);
    },
    'AD 5': () => {
      this.#discard(5);
    },
    'restart acknowledgement timer': () => {
      this.#association.effects.setTimer('acknowledgement', this.#association.options.acknowledgementMilliseconds);
    },
    'take octets': (event) => {
      const { offset, octets } = as(event, 'APDU-READ.response').request;
      this.#sender.take(offset, octets);
      this.#sendWhatMay();
    },
    'drop octets': () => {
      this.#sender.drop();
    },
    'advance window': (event) => {
      this.#sender.confirm(as(event, 'MIA').serialNumber);
      this.#sendWhatMay();
    },
    'count retry': (event) => {
      const retries = this.#current.countRetry(event);
      this.#association.effects.observe('rts.retry', 'warn', { retries, text: troubleText(event) });
    },
    'forbid resumption': () => {
      this.#resumptionForbidden = true;
    },
    stop: () => {
      this.#current.intend('stop', 'interrupted at our request');
    },
    'give up': (event) => {
      this.#current.intend('give up', troubleText(event));
    },
    'give up and abort': (event) => {
      this.#current.intend('give up and abort', troubleText(event));
    },
    'RT-TRANSFER.cnf transferred': () => {
      this.#confirm({ type: 'RT-TRANSFER.confirm', result: 'transferred', text: '', resumable: false });
    },
    'RT-TRANSFER.cnf failed': () => {
      const { text } = this.#current;
      this.#confirm({ type: 'RT-TRANSFER.confirm', result: 'failed', text, resumable: false });
    },
    'RT-TRANSFER.cnf interrupted': () => {
      const { text } = this.#current;
      this.#confirm({ type: 'RT-TRANSFER.confirm', result: 'interrupted', text, ...this.#resumption() });
    },
    'RT-TRANSFER.cnf lost': () => {
      this.#lose(this.#end());
    },
  };

  get #current(): Transfer {
    assert(this.#transfer !== undefined, 'no transfer outstanding');
    return this.#transfer;
  }

  get #sender(): Sender {
    return this.#current.sender;
  }

  #begin(event: RtpmEvent): void {
    const { options, effects, mode, negotiated } = this.#association;
    assert(mode !== undefined, 'a transfer before the association');
    const { apduOctets, transferMilliseconds, resume } = as(event, 'RT-TRANSFER.request').request;
    const sender = new Sender(
      {
        mode,
        negotiated,
        pieceOctetsMax: options.pieceOctetsMax,
        apduOctets,
        ...(resume === undefined ? {} : { resume }),
        nextActivityIdentifier: () => encode(activityIdentifier, ++this.#activities),
      },
      effects,
    );
    this.#transfer = new Transfer(sender, options.retriesMax);
    effects.setTimer('transfer', transferMilliseconds);
  }

  #sendWhatMay(): void {
    const { isComplete } = this.#sender;
    this.#sender.sendWhatMay();
    if (this.#sender.isComplete && !isComplete) this.#association.pending.push({ name: 'last piece sent' });
  }

  /** What is kept for a later resumption, here or on another association. */
  #resumption(): Pick<TransferConfirm, 'resumable' | 'resume'> {
    const resume = this.#current.isActivityDiscarded ? undefined : this.#sender.resumePoint;
    return resume === undefined ? { resumable: false } : { resumable: true, resume };
  }

  #discard(reason: number): void {
    this.#current.activityDiscarded();
    this.#association.effects.below({ type: 'S-ACTIVITY-DISCARD.request', reason });
  }

  #lose({ text, isTransferForgotten, pauseSeconds }: End): void {
    if (this.#transfer === undefined) return;
    const { intention, text: trouble } = this.#transfer;
    const gaveUp = intention === 'give up' || intention === 'give up and abort';
    this.#confirm({
      type: 'RT-TRANSFER.confirm',
      result: 'lost',
      text: trouble === '' ? text : `${trouble}; ${text}`,
      ...(gaveUp || isTransferForgotten ? { resumable: false } : this.#resumption()),
      ...(pauseSeconds === undefined ? {} : { pauseSeconds }),
    });
  }

  #confirm(confirm: TransferConfirm): void {
    this.#transfer = undefined;
    this.#association.effects.clearTimer('transfer');
    this.#association.effects.above(confirm);
  }
}

function troubleText(event: RtpmEvent): string {
  switch (event.name) {
    case 'ED':
      return `exception report of the receiver, reason ${String(event.reason)}`;
    case 'ER':
      return 'exception report of the session provider';
    case 'transfer timer':
      return 'not transferred in time';
    default:
      return 'discarded at our request';
  }
}
