/** The local admin API: HTTP over the admin socket. Paths and shapes that both ends share. */

export interface SubmissionRequest {
  readonly from: string;
  readonly to: readonly string[];
  /** Integer or dotted object identifier. */
  readonly contentType: string;
  readonly contentOctets: number;
  readonly priority: 'urgent' | 'normal' | 'non-urgent';
  /** Reports that the originator wants. */
  readonly reports: 'none' | 'non-delivery' | 'all';
  readonly subject: string;
  /** Built-in bits and object identifiers of the original encoded information types. */
  readonly encodedInformationTypes: { readonly builtIn: readonly number[]; readonly extended: readonly string[] };
  /** At most 16 characters of PrintableString. */
  readonly contentIdentifier?: string;
}

export interface SubmissionAnswer {
  readonly mtsIdentifier: string;
}

/**
 * Many submissions on one connection: GET of `submissionPath` with `Connection: Upgrade` and this name in `Upgrade`. After the answer 101 the connection
 * carries, towards the daemon, each submission as the body of a POST has it, one directly after the other; towards the submitter, one line of
 * JSON for each, in the same order. A submission is taken when the one before it has been answered. The submitter ends the stream by closing its
 * direction, or all of it.
 */
export const submissionStreamName = 'mta-submissions';

/** Accepted, which is durable; not accepted, and the stream goes on; or the last line: what came is no submission, and what follows is not read. */
export type SubmissionStreamAnswer = SubmissionAnswer | AdminError | { readonly streamError: string };

export interface AdminError {
  readonly error: string;
}

/**
 * POST body of a submission: the request as one line of JSON, then the content octets as they are.
 * Answer of `?wait=1`: the outcome, when the message has left this agent for every recipient.
 */
export const submissionPath = '/submissions';
export const statusPath = '/status';
export const queuePath = '/queue';
export const quarantinePath = '/quarantine';
export const mailboxesPath = '/mailboxes';
export const reloadPath = '/reload';
export const tracePath = '/trace';
export const metricsPath = '/metrics';

export interface SubmissionOutcome extends SubmissionAnswer {
  readonly outcome: 'left' | 'reported';
  readonly text: string;
}

/** Longest first line of a submission, octets. */
export const submissionLineOctetsMax = 16 * 1024 * 1024;
