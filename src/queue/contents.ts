import { concatOctets } from '../bytes/octets.js';
import type { OctetSource } from '../p1/octet-source.js';
import { AppendedFile } from './appended-file.js';
import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import { fileNameOf } from './file-names.js';
import { inlineReference, messageOfInline } from './inline-reference.js';
import type { IncomingApdu } from './incoming-apdu.js';
import { indexOfRecords, type RecordIndex } from './record-index.js';
import type { Room } from './room.js';
import type { StoredContent } from './sqlite/content-table.js';
import { StoreError } from './store-error.js';
import type { ContentLocation, ContentReference } from './store.js';
import { SubmittedContent } from './submitted-content.js';

/** How a message holds its content: in its own record, or by the name of a file. Empty: none. */
export interface SettledContent {
  readonly reference: ContentReference;
  readonly octets: Uint8Array | undefined;
}

const noContent: SettledContent = { reference: '', octets: undefined };

/** The contents of messages, and those on their way to become such. */
export class Contents {
  readonly #context: StoreContext;
  readonly #room: Room;
  readonly #submitted = new Map<ContentReference, SubmittedContent>();
  /** Least recently used first. */
  readonly #indexes = new Map<string, RecordIndex>();

  constructor(context: StoreContext, room: Room) {
    this.#context = context;
    this.#room = room;
  }

  append(reference: ContentReference, octets: readonly Uint8Array[]): void {
    const { disk, buffers } = this.#context;
    let content = this.#submitted.get(reference);
    if (content === undefined) {
      this.#room.require();
      content = new SubmittedContent(disk, buffers, fileNameOf('content', reference));
      this.#submitted.set(reference, content);
    }
    if (content.isSealed) throw new StoreError('internal', `${reference} is sealed`);
    try {
      content.append(octets);
    } catch (error) {
      this.discard(reference); // Octets are missing in it.
      throw error;
    }
  }

  seal(batch: Batch, reference: ContentReference): number {
    const content = this.#submittedContent(reference);
    content.seal(this.#context.limits.inlineContentOctetsMax);
    batch.beforeAnswers(content, () => {
      content.sync();
    });
    return content.octets;
  }

  discard(reference: ContentReference): void {
    const content = this.#submitted.get(reference);
    if (content === undefined) return;
    this.#submitted.delete(reference);
    content.forget();
    if (this.#context.contents.find(content.fileName) === undefined) this.#context.disk.remove(content.fileName);
  }

  read(reference: ContentReference, offset: number, length: number): Uint8Array {
    if (reference === '') return new Uint8Array(0);
    const submitted = this.#submitted.get(reference);
    if (submitted !== undefined) return submitted.read(offset, length);
    const message = messageOfInline(reference);
    const octets = message === undefined ? undefined : this.#context.messages.inlineContent(message);
    if (octets !== undefined) return octets.slice(offset, offset + length);
    const stored = this.#context.contents.find(reference);
    if (stored === undefined) throw new StoreError('not-found', `there is no content ${reference}`);
    return this.#readStored(stored, offset, length);
  }

  /** A content given with the message: of a submission or an arrival that is small enough to have come in one piece. */
  settleOctets(message: string, octets: Uint8Array): SettledContent {
    this.#room.require();
    if (octets.length <= this.#context.limits.inlineContentOctetsMax) return inline(message, octets);
    const file = this.#newFile(message);
    file.append([octets]);
    file.sync();
    return this.#hold({ file: file.name, format: 'plain', start: 0, octets: octets.length });
  }

  /** A content that was submitted and sealed before, or the content that another message has. */
  settleStored(batch: Batch, message: string, reference: ContentReference): SettledContent {
    if (messageOfInline(reference) !== undefined) return inline(message, this.read(reference, 0, Infinity));
    const stored = this.#context.contents.find(reference);
    if (stored !== undefined) return this.#hold(stored);
    const content = this.#submittedContent(reference);
    if (!content.isSealed) throw new StoreError('internal', `${reference} is not sealed`);
    batch.afterCommit(() => {
      this.#submitted.delete(reference);
      content.forget();
    });
    const { octets } = content;
    if (octets <= this.#context.limits.inlineContentOctetsMax) return inline(message, content.read(0, octets));
    content.sync();
    return this.#hold({ file: content.fileName, format: 'plain', start: 0, octets });
  }

  /** A content inside an incoming APDU, whose file becomes the content's where that is possible. */
  settleIncoming(message: string, apdu: IncomingApdu, location: ContentLocation): SettledContent {
    const [run, ...more] = location.runs;
    if (run === undefined) return noContent;
    const { offset, length } = more.at(-1) ?? run;
    if (offset + length > apdu.octets) {
      // An interruption has dropped octets since the outline was made: the peer will send them again.
      const there = `${String(apdu.octets)} octets of ${String(offset + length)}`;
      throw new StoreError('not-found', `of ${apdu.fileName} only ${there} are there`);
    }
    const isSmall = location.octets <= this.#context.limits.inlineContentOctetsMax;
    if (isSmall || more.length > 0) return this.settleCopied(message, apdu, location);
    apdu.secureWhole();
    this.#keepIndex(apdu.fileName, apdu.index);
    return this.#hold({ file: apdu.fileName, format: 'records', start: run.offset, octets: run.length });
  }

  /** A content inside an APDU that stays as it is. */
  settleCopied(message: string, apdu: OctetSource, location: ContentLocation): SettledContent {
    if (location.octets > this.#context.limits.inlineContentOctetsMax) {
      return this.#hold(this.#copyRuns(message, apdu, location));
    }
    return inline(message, concatOctets(...location.runs.map(({ offset, length }) => apdu.read(offset, length))));
  }

  /** A message that held the content is gone. */
  release(batch: Batch, reference: ContentReference): void {
    if (reference === '' || messageOfInline(reference) !== undefined) return;
    if (this.#context.contents.release(reference) !== 'last') return;
    batch.afterCommit(() => {
      this.#indexes.delete(reference);
      this.#context.disk.remove(reference);
    });
  }

  /** Removes contents that neither a message nor a submission under way refers to. */
  sweep(): void {
    const { contents, disk } = this.#context;
    const known = contents.files();
    for (const { fileName } of this.#submitted.values()) known.add(fileName);
    for (const name of disk.list('content')) {
      const file = `content/${name}`;
      if (!known.has(file)) disk.remove(file);
    }
  }

  #submittedContent(reference: ContentReference): SubmittedContent {
    const content = this.#submitted.get(reference);
    if (content === undefined) throw new StoreError('not-found', `there is no content ${reference}`);
    return content;
  }

  /** Empty, whatever an operation that failed may have left under the name. */
  #newFile(identifier: string): AppendedFile {
    const name = fileNameOf('content', identifier);
    this.#context.disk.remove(name);
    return new AppendedFile(this.#context.disk, name);
  }

  #hold(content: StoredContent): SettledContent {
    this.#context.contents.hold(content);
    return { reference: content.file, octets: undefined };
  }

  #readStored(stored: StoredContent, offset: number, length: number): Uint8Array {
    const wanted = Math.max(Math.min(length, stored.octets - offset), 0);
    const start = stored.start + offset;
    const octets =
      stored.format === 'plain'
        ? this.#context.disk.read(stored.file, start, wanted)
        : this.#indexOf(stored.file).read(this.#context.disk, stored.file, start, wanted);
    if (octets.length < wanted) throw new StoreError('input-output', `${stored.file} is shorter than it was`);
    return octets;
  }

  #indexOf(file: string): RecordIndex {
    const index = this.#indexes.get(file) ?? indexOfRecords(this.#context.disk, file);
    this.#indexes.delete(file);
    this.#keepIndex(file, index);
    return index;
  }

  #keepIndex(file: string, index: RecordIndex): void {
    this.#indexes.set(file, index);
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= this.#context.limits.recordIndexesMax) return;
      this.#indexes.delete(oldest);
    }
  }

  /** Several runs become one file. */
  #copyRuns(message: string, apdu: OctetSource, location: ContentLocation): StoredContent {
    const file = this.#newFile(message);
    const step = this.#context.limits.copyStepOctets;
    let parts: Uint8Array[] = [];
    let collected = 0;
    const write = (): void => {
      file.append(parts);
      parts = [];
      collected = 0;
    };
    for (const { offset, length } of location.runs) {
      for (let done = 0; done < length; done += step) {
        const part = apdu.read(offset + done, Math.min(step, length - done));
        parts.push(part);
        collected += part.length;
        if (collected >= step) write();
      }
    }
    if (collected > 0) write();
    file.sync();
    return { file: file.name, format: 'plain', start: 0, octets: file.octets };
  }
}

function inline(message: string, octets: Uint8Array): SettledContent {
  return { reference: inlineReference(message), octets };
}
