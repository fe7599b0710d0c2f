import type { ByteList } from '../bytes/byte-list.js';
import { assert } from '../osi/machine.js';
import type { Effects } from './effects.js';
import type { Checkpoint } from './sender.js';

/** One APDU on its way in (X.228 §7.3): positions of its octets and of the checkpoints that wait until they are durable. */
export class Receiver {
  readonly #effects: Effects;
  readonly #windowSize: number;
  #offset: number;
  /** In the order in which they came. */
  #unanswered: Checkpoint[] = [];
  #lastSerialNumber: number;
  #windowExceeded = false;
  /** The user was told to delete what it has. */
  isDeleted = false;

  /** `from`: where a resumed activity goes on, the beginning for a new one. */
  constructor(effects: Effects, windowSize: number, from: Checkpoint) {
    this.#effects = effects;
    this.#windowSize = windowSize;
    this.#offset = from.offset;
    this.#lastSerialNumber = from.serialNumber;
  }

  get apduOctets(): number {
    return this.#offset;
  }

  write(octets: ByteList): void {
    if (octets.length === 0) return;
    this.#effects.above({ type: 'APDU-WRITE.indication', offset: this.#offset, octets });
    this.#offset += octets.length;
  }

  /** MIP: confirmed when the user has secured what is before it. More of them than the window allows are borne with. */
  checkpoint(serialNumber: number): void {
    this.#unanswered.push({ serialNumber, offset: this.#offset });
    this.#lastSerialNumber = serialNumber;
    if (this.#unanswered.length > this.#windowSize && !this.#windowExceeded) {
      this.#windowExceeded = true;
      this.#effects.observe('rts.window-exceeded', 'info', {
        outstanding: this.#unanswered.length,
        windowSize: this.#windowSize,
      });
    }
    this.#effects.above({ type: 'APDU-SECURE.indication', serialNumber, offset: this.#offset });
  }

  /** MIA, which confirms all lower checkpoints too; one of those that is answered later needs none. */
  answer(serialNumber: number): void {
    assert(serialNumber <= this.#lastSerialNumber, () => `checkpoint ${String(serialNumber)} has not come`);
    const answered = this.#unanswered.find((checkpoint) => checkpoint.serialNumber === serialNumber);
    if (answered === undefined) return;
    this.#unanswered = this.#unanswered.filter((checkpoint) => checkpoint.serialNumber > serialNumber);
    this.#effects.below({ type: 'S-SYNC-MINOR.response', serialNumber });
    this.#effects.above({ type: 'CHECKPOINT-ANSWERED.indication', ...answered });
  }
}
