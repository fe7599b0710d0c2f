/**
 * A transfer that is begun to be timed and discarded before its end (X.228 §7.7.2): the peer makes each piece durable and confirms it as it
 * does with mail, and never has a message.
 */
import { ByteList } from '../bytes/byte-list.js';
import type { NegotiatedValues, RtseIndication, RtseRequest } from '../rtse/service.js';

/** So many windows are confirmed before it is discarded, unless its time is over before. */
const windowsWanted = 4;
/** A length that is announced to nobody and never reached. */
const apduOctets = 2 ** 40;
/** Nothing is read from the store: an answer holds no more than this at once, octets. */
const pieceOctetsMax = 64 * 1024 * 1024;

export interface ExerciseFigures {
  readonly checkpointsConfirmed: number;
  readonly octetsConfirmed: number;
  /** From the first confirmation to the last; undefined with fewer than two. */
  readonly octetsPerSecond?: number;
  /** From the first checkpoint, sent behind its piece, to its confirmation. */
  readonly firstConfirmationSeconds?: number;
  /** Why there is no figure. */
  readonly text?: string;
}

type SenderIndication = Extract<
  RtseIndication,
  {
    type:
      | 'TRANSFER-STARTED.indication'
      | 'APDU-READ.indication'
      | 'CHECKPOINT-SENT.indication'
      | 'CHECKPOINT-CONFIRMED.indication'
      | 'RT-TRANSFER.confirm';
  }
>;

export interface ExercisePorts {
  request(primitive: RtseRequest): void;
  monotonicMilliseconds(): number;
  /** The transfer is over; the association stands. */
  done(): void;
}

export class Exercise {
  readonly #ports: ExercisePorts;
  readonly #values: NegotiatedValues;
  readonly #confirmed: { readonly at: number; readonly offset: number }[] = [];
  #firstSentAt: number | undefined;
  #discarding = false;
  #text: string | undefined;

  constructor(values: NegotiatedValues, ports: ExercisePorts) {
    this.#values = values;
    this.#ports = ports;
  }

  start(limitMilliseconds: number): void {
    if (this.#values.checkpointSizeK === 0) {
      this.#text = 'no checkpoints are negotiated: nothing is confirmed before the end of a message';
      this.#ports.done();
      return;
    }
    this.#ports.request({ type: 'RT-TRANSFER.request', apduOctets, transferMilliseconds: 2 * limitMilliseconds });
  }

  /** Its time is over. */
  stop(): void {
    if (this.#discarding) return;
    this.#discarding = true;
    this.#ports.request({ type: 'TRANSFER-DISCARD.request' });
  }

  handle(primitive: SenderIndication): void {
    switch (primitive.type) {
      case 'TRANSFER-STARTED.indication':
        return;
      case 'APDU-READ.indication': {
        const { offset } = primitive;
        const octets = ByteList.of(new Uint8Array(Math.min(primitive.octetsMax, pieceOctetsMax)));
        this.#ports.request({ type: 'APDU-READ.response', offset, octets });
        return;
      }
      case 'CHECKPOINT-SENT.indication':
        this.#firstSentAt ??= this.#ports.monotonicMilliseconds();
        return;
      case 'CHECKPOINT-CONFIRMED.indication':
        this.#confirmed.push({ at: this.#ports.monotonicMilliseconds(), offset: primitive.offset });
        if (this.#confirmed.length > windowsWanted * this.#values.windowSize) this.stop();
        return;
      case 'RT-TRANSFER.confirm':
        if (!this.#discarding) this.#text = `the peer did not take the transfer: ${primitive.text}`;
        this.#ports.done();
    }
  }

  get figures(): ExerciseFigures {
    const [first] = this.#confirmed;
    const last = this.#confirmed.at(-1);
    const milliseconds = (last?.at ?? 0) - (first?.at ?? 0);
    return {
      checkpointsConfirmed: this.#confirmed.length,
      octetsConfirmed: last?.offset ?? 0,
      ...(first === undefined || last === undefined || milliseconds <= 0
        ? {}
        : { octetsPerSecond: (1000 * (last.offset - first.offset)) / milliseconds }),
      ...(first === undefined || this.#firstSentAt === undefined
        ? {}
        : { firstConfirmationSeconds: (first.at - this.#firstSentAt) / 1000 }),
      ...(this.#text === undefined ? {} : { text: this.#text }),
    };
  }
}
