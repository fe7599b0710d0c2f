/**
 * What the message transfer agent asks of its store. Every operation is answered once, later, in any order between operations that have
 * nothing to do with one another; operations on one incoming APDU, one content or one copy keep their order. An operation whose answer is
 * `ok` and whose description says "durable" survives a loss of power from the moment of the answer.
 *
 * The interface is such that a database server can stand behind it: contents are opaque references, a claim belongs to the incarnation of
 * the process that made it and is void when that process starts anew, recovery is looked up here.
 */
import type { NewQuarantineEntry, QuarantineEntry } from './quarantine-entry.js';
import type { QueueCounts } from './queue-counts.js';

/** An opaque name of stored content octets. */
export type ContentReference = string;

/** Unique for ever within a store: `<incarnation>-<counter>`, made by the engine. */
export type MessageId = string;
export type CopyId = string;
export type IncomingId = string;

/** A moment that a restart of the process does not blur: the wall clock decides only when the machine was booted anew. */
export interface Moment {
  readonly bootId: string;
  readonly monotonicMilliseconds: number;
  readonly wallClockMilliseconds: number;
}

export type MessageKind = 'message' | 'report' | 'probe';
/** Order of transfer: 0 urgent, 1 normal, 2 non-urgent. */
export type PriorityRank = 0 | 1 | 2;

/** Names an activity for both ends: where and as what it was first started. Octets in hexadecimal. */
export interface ActivityName {
  readonly connector: string;
  /** Calling, common and additional reference of the session connection on which the association was opened. */
  readonly sessionConnection: string;
  readonly activityIdentifier: string;
}

/** How far an outgoing activity has come. */
export interface OutgoingPosition {
  readonly serialNumber: number;
  /** Confirmed by the peer up to here. */
  readonly offset: number;
  readonly sentOffset: number;
}

/** What a resumption must have again, as it was negotiated for the association of the activity. */
export interface AssociationFacts {
  readonly connector: string;
  /** Same form as in ActivityName: names the association. */
  readonly sessionConnection: string;
  readonly role: 'initiator' | 'responder';
  readonly mode: 'normal' | 'x410-1984';
  readonly p1: '1988' | '1984';
  readonly dialogue: 'monologue' | 'two-way-alternate';
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  /** Presentation context of id-as-mtse, normal mode. */
  readonly contextIdentifier: number;
  /** References of the session connection in hexadecimal, as needed for S-ACTIVITY-RESUME. */
  readonly references: {
    readonly calling?: string;
    readonly called?: string;
    readonly common?: string;
    readonly additional?: string;
  };
}

export interface IncomingActivity {
  readonly id: IncomingId;
  readonly activity: ActivityName;
  readonly association: AssociationFacts;
}

/** Where the content lies inside a stored APDU; several runs where the OCTET STRING came constructed. */
export interface ContentLocation {
  readonly runs: readonly { readonly offset: number; readonly length: number }[];
  readonly octets: number;
}

/** The outside of an APDU, found without reading its content. */
export interface ApduOutline {
  readonly kind: MessageKind;
  /** The envelope SET (message, probe), or the report as an MTS-APDU without the content that it returns. */
  readonly envelope: Uint8Array;
  /** Of a message; of a report, the content that it returns. */
  readonly content?: ContentLocation;
  /** The first octets of the content, up to 16 KiB, by which a listing names the message. */
  readonly contentHead?: Uint8Array;
}

export type NewContent =
  | { readonly kind: 'none' }
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** Sealed before by `content.seal`. */
  | { readonly kind: 'stored'; readonly reference: ContentReference }
  /** Inside an incoming APDU, which the commit takes over. */
  | { readonly kind: 'incoming'; readonly id: IncomingId; readonly location: ContentLocation }
  /** Inside a quarantined APDU, which stays as it is. */
  | { readonly kind: 'quarantined'; readonly id: string; readonly location: ContentLocation };

export interface NewCopy {
  readonly id: CopyId;
  readonly connector: string;
  /** Indexes into the envelope's per-recipient fields that this copy is responsible for. */
  readonly recipients: readonly number[];
  /** Not to be sent before, wall clock milliseconds. */
  readonly notBefore: number;
  /** Claimed by this incarnation from the start. Only for one that is due. */
  readonly claim?: 'by-commit';
}

export interface NewDelivery {
  readonly id: string;
  readonly mailbox: string;
  /** Index into the envelope's per-recipient fields; -1 for a report. */
  readonly recipient: number;
  readonly to: string;
}

export interface NewMessage {
  readonly id: MessageId;
  readonly kind: MessageKind;
  /** Text form of the MTS identifier (of the report itself for a report). */
  readonly mtsIdentifier: string;
  /** For a report: the MTS identifier of its subject. */
  readonly subjectIdentifier?: string;
  readonly priority: PriorityRank;
  /** Encoded as in ApduOutline, with our trace in it, every recipient as it arrived. */
  readonly envelope: Uint8Array;
  readonly content: NewContent;
  /** Integer or dotted object identifier; empty for a report. */
  readonly contentType: string;
  readonly contentOctets: number;
  readonly originator: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  /** Connector it came by; undefined when submitted or made here. */
  readonly from?: string;
  /** Wall clock milliseconds. */
  readonly arrivedAt: number;
  readonly copies: readonly NewCopy[];
  readonly deliveries: readonly NewDelivery[];
  /** Keys that must not have been seen within the retention; see CommitOutput. */
  readonly duplicateKeys: readonly string[];
}

/** Parts of one atomic, durable change. */
export type Change =
  | { readonly type: 'message.insert'; readonly message: NewMessage }
  /** The peer has it. The message goes when no copy or delivery is left. */
  | { readonly type: 'copy.transferred'; readonly copy: CopyId }
  /** Given up or reported, or taken out by an operator; the copy goes. What is to be taken out must still be there. */
  | { readonly type: 'copy.failed'; readonly copy: CopyId }
  | { readonly type: 'copy.removed'; readonly copy: CopyId }
  | {
      readonly type: 'copy.deferred';
      readonly copy: CopyId;
      readonly notBefore: number;
      readonly openAttempts: number;
      readonly transferAttempts: number;
      readonly lastError: string;
    }
  /** Its claim, and that of one that is released, stays with the transfer under way that has it. */
  | { readonly type: 'copy.held'; readonly copy: CopyId; readonly reason?: string }
  | { readonly type: 'copy.released'; readonly copy: CopyId; readonly notBefore: number }
  /** Remembered so that a resumption of it is answered and not delivered again. */
  | { readonly type: 'activity.completed'; readonly activity: ActivityName; readonly at: Moment }
  | { readonly type: 'delivery.removed'; readonly mailbox: string; readonly delivery: string }
  | { readonly type: 'quarantine.insert'; readonly entry: NewQuarantineEntry }
  | { readonly type: 'quarantine.removed'; readonly id: string };

export type CommitOutput =
  | { readonly result: 'committed' }
  /** Nothing was changed: these keys had been seen. An arrival that was quarantined before has its digest for a key. */
  | { readonly result: 'duplicate'; readonly keys: readonly string[] };

export interface QueuedCopy {
  readonly id: CopyId;
  readonly message: MessageId;
  readonly connector: string;
  readonly kind: MessageKind;
  readonly mtsIdentifier: string;
  readonly priority: PriorityRank;
  readonly envelope: Uint8Array;
  /** Empty where there is no content. */
  readonly content: ContentReference;
  /** All octets of a small content: saves reading it. */
  readonly contentInline?: Uint8Array;
  readonly contentType: string;
  readonly contentOctets: number;
  readonly recipients: readonly number[];
  readonly arrivedAt: number;
  readonly openAttempts: number;
  readonly transferAttempts: number;
  readonly originator: string;
}

/** An outgoing activity that can be resumed: kept from its start to its end. */
export interface OutgoingActivity {
  readonly copy: CopyId;
  readonly activity: ActivityName;
  readonly association: AssociationFacts;
  /** Octets of the APDU before the content; the APDU is these and the content. */
  readonly head: Uint8Array;
  readonly apduOctets: number;
}

export interface InterruptedOutgoing extends OutgoingActivity {
  readonly serialNumber: number;
  readonly offset: number;
  /** Highest octet ever sent, for counting what is sent again. */
  readonly sentOffset: number;
  /** When the loss was noticed; undefined: the process died while it ran. */
  readonly lostAt?: Moment;
  /** The copy itself, claimed by this incarnation from the start. */
  readonly queued: QueuedCopy;
}

export interface InterruptedIncoming extends IncomingActivity {
  readonly serialNumber: number;
  readonly offset: number;
  readonly lostAt?: Moment;
}

export interface MailboxEntry {
  readonly id: string;
  readonly kind: 'message' | 'report';
  readonly mtsIdentifier: string;
  /** Report: of its subject. */
  readonly subjectIdentifier?: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly contentType: string;
  readonly sizeOctets: number;
  /** Wall clock milliseconds. */
  readonly deliveredAt: number;
}

export type CopyState = 'queued' | 'sending' | 'deferred' | 'held';

export interface QueueEntry {
  readonly copy: CopyId;
  readonly message: MessageId;
  readonly mtsIdentifier: string;
  readonly kind: MessageKind;
  readonly connector: string;
  readonly state: CopyState;
  readonly priority: PriorityRank;
  readonly originator: string;
  readonly recipients: readonly string[];
  readonly sizeOctets: number;
  readonly arrivedAt: number;
  readonly notBefore: number;
  readonly openAttempts: number;
  readonly transferAttempts: number;
  readonly lastError: string;
}

/** Input and output of every operation. */
export interface StoreOperations {
  /** First of all. Claims of former incarnations are void from here on. */
  open: {
    input: { readonly duplicateRetentionSeconds: number };
    output: {
      /** One more at every start, never used before. */
      readonly incarnation: number;
      readonly incoming: readonly InterruptedIncoming[];
      readonly outgoing: readonly InterruptedOutgoing[];
      readonly counts: QueueCounts;
    };
  };
  /** Last of all. */
  close: { input: Record<string, never>; output: null };

  /** A new incoming APDU; nothing need be durable yet. */
  'incoming.start': { input: IncomingActivity; output: null };
  'incoming.append': { input: { readonly id: IncomingId; readonly octets: readonly Uint8Array[] }; output: null };
  /** Durable: everything appended before, `octets` behind it, and that it ends with checkpoint `serialNumber` at `offset`. */
  'incoming.secure': {
    input: {
      readonly id: IncomingId;
      readonly octets?: readonly Uint8Array[];
      readonly serialNumber: number;
      readonly offset: number;
    };
    output: null;
  };
  /** The outline of a complete APDU. Fails with code `malformed` where the octets are no MTS-APDU. */
  'incoming.outline': { input: { readonly id: IncomingId }; output: ApduOutline };
  /** Durable: the association is gone, the partial APDU is kept for recovery from this moment. */
  'incoming.interrupted': { input: { readonly id: IncomingId; readonly at: Moment }; output: null };
  /** Continues an interrupted APDU: octets behind the checkpoint are dropped. `undefined`: not kept up to that checkpoint. */
  'incoming.resume': {
    input: { readonly activity: ActivityName; readonly serialNumber: number };
    output: { readonly id: IncomingId; readonly offset: number } | { readonly completed: true } | undefined;
  };
  /** The first of these connectors on whose session connection of that name an activity began that is remembered as completed. */
  'incoming.completed': {
    input: { readonly connectors: readonly string[]; readonly sessionConnection: string };
    output: string | undefined;
  };
  'incoming.discard': { input: { readonly id: IncomingId }; output: null };

  /** Content that is submitted: appended in order, then sealed: durable no later than the commit that takes it. */
  'content.append': {
    input: { readonly reference: ContentReference; readonly octets: readonly Uint8Array[] };
    output: null;
  };
  'content.seal': { input: { readonly reference: ContentReference }; output: { readonly octets: number } };
  'content.discard': { input: { readonly reference: ContentReference }; output: null };
  /** Octets of a content, fewer than asked for only at its end. */
  'content.read': {
    input: { readonly reference: ContentReference; readonly offset: number; readonly length: number };
    output: Uint8Array;
  };

  /** All changes or none. Durable. */
  commit: { input: { readonly changes: readonly Change[] }; output: CommitOutput };

  /** Up to `count` copies that are due, urgent first, then oldest; claimed by this incarnation until committed otherwise or unclaimed. */
  'queue.claim': {
    input: {
      readonly connector: string;
      readonly count: number;
      readonly now: number;
      /** Only copies that arrived before this wall clock time, due or not: those whose retries are used up. */
      readonly arrivedBefore?: number;
    };
    output: {
      readonly copies: readonly QueuedCopy[];
      readonly nextDueAt?: number;
      /** Copies whose records do not decode: held from now on, so that they are in nobody's way. */
      readonly unreadable: readonly { readonly copy: CopyId; readonly text: string }[];
    };
  };
  /** Claimed copies go back as they were. */
  'queue.unclaim': { input: { readonly copies: readonly CopyId[] }; output: null };
  /** Every deferred copy of the connector is due now (an operator's retry, a peer that came back). */
  'queue.due': { input: { readonly connector: string; readonly now: number }; output: { readonly copies: number } };
  'queue.list': {
    input: { readonly connector?: string; readonly after?: CopyId; readonly limit: number };
    output: readonly QueueEntry[];
  };
  'queue.show': {
    input: { readonly identifier: string };
    output: readonly (QueueEntry & { readonly envelope: Uint8Array })[];
  };

  /** Kept for resumption; need not be durable when answered. The same activity again keeps its position. */
  'outgoing.start': { input: OutgoingActivity; output: null };
  /**
   * How far the activity has come: survives the death of the process, need not survive a loss of power. Told for the first checkpoint that
   * an association confirms and for the last; for those between `progress` of the store is cheaper, under the key of the answer.
   */
  'outgoing.progress': {
    input: OutgoingPosition & { readonly copy: CopyId };
    output: { readonly key: number };
  };
  /** Durable. */
  'outgoing.interrupted': { input: { readonly copy: CopyId; readonly at: Moment }; output: null };
  /** Ended, or never to be resumed. */
  'outgoing.forget': { input: { readonly copy: CopyId }; output: null };

  'mailbox.list': { input: { readonly mailbox: string }; output: readonly MailboxEntry[] };
  'mailbox.get': {
    input: { readonly mailbox: string; readonly id: string };
    output:
      | (MailboxEntry & {
          readonly envelope: Uint8Array;
          readonly content: ContentReference;
          readonly contentOctets: number;
        })
      | undefined;
  };

  'quarantine.list': { input: Record<string, never>; output: readonly QuarantineEntry[] };
  'quarantine.read': {
    input: { readonly id: string; readonly offset: number; readonly length: number };
    output: Uint8Array;
  };
  /** As `incoming.outline`. */
  'quarantine.outline': { input: { readonly id: string }; output: ApduOutline };

  counts: { input: Record<string, never>; output: QueueCounts };
  /** Removes completed activities and duplicate keys past their time; contents nobody refers to. */
  sweep: { input: { readonly now: number; readonly completedBefore: number }; output: null };
}

export type StoreOperationName = keyof StoreOperations;
export type StoreInput<Name extends StoreOperationName> = StoreOperations[Name]['input'];
export type StoreOutput<Name extends StoreOperationName> = StoreOperations[Name]['output'];

export interface StoreFailure {
  /** `internal`: a mistake of ours, such as an operation out of its order; the text says which. */
  readonly code: 'disk-full' | 'quarantine-full' | 'input-output' | 'malformed' | 'not-found' | 'in-use' | 'internal';
  readonly text: string;
}

export type StoreAnswer<Name extends StoreOperationName> =
  { readonly ok: true; readonly value: StoreOutput<Name> } | { readonly ok: false; readonly failure: StoreFailure };

/** Carries operations to wherever the store is and their answers back. Answers never come before `execute` returns. */
export interface MessageStore {
  execute<Name extends StoreOperationName>(
    name: Name,
    input: StoreInput<Name>,
    answered: (answer: StoreAnswer<Name>) => void,
  ): void;
  readonly progress: ProgressKeeper;
}

/** Keeps what was confirmed between the first and the last checkpoint of an association, without a way to the store and back. */
export interface ProgressKeeper {
  /** Survives the death of the process once the present turn of the event loop has ended. */
  note(key: number, position: OutgoingPosition): void;
  /** Nothing more will be noted under this key by this association. */
  end(key: number): void;
}
