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
