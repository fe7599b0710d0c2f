export type LogLine = Readonly<Record<string, unknown>>;

interface TransferStory {
  begun: number;
  resumed: number;
}

/** A transfer that has come to its end after at least one interruption. */
export interface InterruptedTransfer {
  readonly name: string;
  readonly begun: number;
  readonly resumed: number;
  readonly octets: number;
  readonly octetsResent: number;
}

/** What the log of one agent tells of interruptions, over all lives of its process. */
export class Observations {
  readonly interrupted: InterruptedTransfer[] = [];
  /** From the loss, or the death of the process, to the resumption, milliseconds, time down included. */
  readonly resumeMilliseconds: number[] = [];
  readonly errors: string[] = [];
  completed = 0;
  duplicates = 0;
  readonly #stories = new Map<string, TransferStory>();
  readonly #lostAt = new Map<string, number>();
  readonly #lostByAssociation = new Map<string, string>();
  #diedAt = 0;

  died(milliseconds: number): void {
    this.#diedAt = milliseconds;
    this.#lostAt.clear();
    this.#lostByAssociation.clear();
  }

  heard(line: LogLine): void {
    const { event, level, time, association, lost, direction } = line;
    const milliseconds = Number(time);
    if (level === 'error' || level === 'fatal') this.errors.push(JSON.stringify(line));
    switch (event) {
      case 'association.lost':
        this.#lostAt.set(String(association), milliseconds);
        return;
      case 'association.recovered':
        this.#lostByAssociation.set(String(association), String(lost));
        return;
      case 'message.duplicate':
        this.duplicates += 1;
        return;
      default:
        if (direction !== 'incoming') this.#transfer(line, milliseconds);
    }
  }

  #transfer({ event, association, connector, mts, octets, octetsResent }: LogLine, milliseconds: number): void {
    const name = `${String(mts)} to ${String(connector)}`;
    const story = this.#stories.get(name) ?? { begun: 0, resumed: 0 };
    switch (event) {
      case 'transfer.started':
        story.begun += 1;
        this.#stories.set(name, story);
        return;
      case 'transfer.resumed': {
        story.resumed += 1;
        this.#stories.set(name, story);
        const lost = this.#lostByAssociation.get(String(association)) ?? String(association);
        this.resumeMilliseconds.push(milliseconds - (this.#lostAt.get(lost) ?? this.#diedAt));
        return;
      }
      case 'transfer.completed':
        this.completed += 1;
        this.#stories.delete(name);
        if (story.begun + story.resumed < 2) return;
        this.interrupted.push({ name, ...story, octets: Number(octets), octetsResent: Number(octetsResent) });
    }
  }
}
