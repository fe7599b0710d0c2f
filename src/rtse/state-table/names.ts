/** The names that the state table is written in. Predicates and actions stand in the groups in which they are carried out. */
import type { RtseRequest } from '../service.js';

/**
 * States of the RTPM. S: the turn is ours, R: it is the peer's.
 *
 * 0 idle; 1 RTORQ sent; 2 waits for RT-OPEN.response;
 * S0 idle; S1 sending; S2 ACTIVITY END sent; S3 INTERRUPT sent; S4 DISCARD sent; S5 turn given, not yet acknowledged; S6 release requested;
 * R0 idle; R1 receiving; R2 exception reported; R3 waits for RT-CLOSE.response; R4 APDU complete, waits for RT-TRANSFER.response;
 * R5 resumed, waits for ACTIVITY-LOOKUP.response; R6 as R4, and INTERRUPT has come; R7 as R4, and DISCARD has come;
 * R8 receives once more an APDU that it has;
 * E ended: whatever comes late is ignored.
 */
export type State =
  | ('0' | '1' | '2' | 'E')
  | ('S0' | 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'S6')
  | ('R0' | 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8');

/** Requests and responses by their own names, APDUs and the SPDUs behind session primitives by their abbreviations. */
export type EventName =
  | RtseRequest['type']
  | ('RTORQ' | 'RTOAC' | 'RTTR' | 'RTTP')
  /** An association refused, with or without an RTORJ in it. */
  | 'refusal'
  /** A-ABORT, with or without an RTAB in it. */
  | 'RTAB'
  | 'A-P-ABORT'
  | ('AS' | 'AR' | 'AI' | 'AIA' | 'AD' | 'ADA' | 'AE' | 'AEA' | 'MIP' | 'MIA' | 'ED' | 'ER')
  | ('GT' | 'GTC' | 'GTA' | 'RLRQ' | 'RLRE')
  | ('transfer timer' | 'acknowledgement timer' | 'close timer')
  | 'last piece sent'
  /** An APDU that cannot be read, or an event from below without a cell. */
  | 'protocol error';

/** p numbers are those of T.433 Table B-4, the sibling of X.228 Annex A. */
export type OpeningPredicate =
  /** p11: we are the association initiator. */
  | 'p11'
  | 'normal mode'
  /** RTORQ with an application protocol, or a dialogue mode, that we do not have. */
  | 'protocol unknown'
  | 'dialogue mode unknown'
  /** RTOAC answers `open` with `open`, `recover` with `recover`. */
  | 'same connection data'
  | 'accepted'
  /** The initial turn is ours. */
  | 'initial turn ours';

export type SendingPredicate =
  /** RT-TRANSFER.request goes on with an interrupted activity. */
  | 'resumption'
  /** MIA for a checkpoint that is outstanding. */
  | 'checkpoint outstanding'
  /** p35: at least one checkpoint confirmed. */
  | 'p35'
  /** p35, and resuming has not just failed. */
  | 'resumption promising'
  /** Neither the retries of this RT-TRANSFER nor those for this reason are used up. */
  | 'retry left'
  /** p36: the reason of the exception report. */
  | ('p36-1' | 'p36-3 or 6' | 'p36-5')
  /** What we want when AI or AD is answered. */
  | ('to stop' | 'to give up' | 'to give up and abort')
  /** ACTIVITY END has been sent for this activity. */
  | 'end sent';

export type ReceivingPredicate =
  | 'secured'
  /** What the user found of a resumed activity. */
  | ('partial' | 'completed')
  | 'APDU too large'
  /** The user was told to delete the partial APDU. */
  | 'deleted'
  /** The last activity of the peer is complete here. */
  | 'last completed';

export type TurnPredicate =
  /** With the tokens of this GT all three are ours. */
  'all tokens ours';

export type EndPredicate = 'abort reason 6' | 'abort reason 7';

export type Predicate = OpeningPredicate | SendingPredicate | ReceivingPredicate | TurnPredicate | EndPredicate;

/** APDUs and SPDUs are sent, indications and confirms are given. A number is the reason sent. */
export type OpeningAction =
  | ('RTORQ' | 'RTOAC' | 'RTORJ' | 'RTORJ 2' | 'RTORJ 3')
  | ('RT-OPEN.ind' | 'RT-OPEN.cnf+' | 'RT-OPEN.cnf-')
  | ('RLRQ' | 'RLRE' | 'RT-CLOSE.ind' | 'RT-CLOSE.cnf');

export type SendingAction =
  | ('AS' | 'AR' | 'AE' | 'AI 0' | 'AI 5' | 'AD 0' | 'AD 5')
  | ('start transfer timer' | 'restart acknowledgement timer')
  | ('take octets' | 'drop octets' | 'advance window')
  | ('count retry' | 'forbid resumption')
  | ('stop' | 'give up' | 'give up and abort')
  | ('RT-TRANSFER.cnf transferred' | 'RT-TRANSFER.cnf failed' | 'RT-TRANSFER.cnf interrupted')
  /** Where a transfer is outstanding. */
  | 'RT-TRANSFER.cnf lost';

export type ReceivingAction =
  | ('MIA' | 'MIA at once' | 'AEA' | 'AIA' | 'ADA' | 'ED' | 'ED 0')
  | ('ACTIVITY-START.ind' | 'ACTIVITY-LOOKUP.ind' | 'ACTIVITY-INTERRUPT.ind' | 'ACTIVITY-DISCARD.ind')
  | ('APDU-WRITE.ind' | 'APDU-SECURE.ind' | 'RT-TRANSFER.ind')
  | ('continue activity' | 'defer' | 'replay deferred');

export type TurnAction =
  ('GTC' | 'PT' | 'keep PT' | 'send kept PT') | ('RT-TURN-PLEASE.ind' | 'RT-TURN-GIVE.ind' | 'take tokens');

export type EndAction =
  | ('RTAB 0' | 'RTAB 2' | 'RTAB 3' | 'RTAB 4' | 'RTAB 6' | 'RTAB 7')
  /** With the reason that the user gives. */
  | 'RTAB'
  /** Takes note of why the peer or the provider ended the association. */
  | 'note end'
  | ('RT-U-ABORT.ind' | 'RT-P-ABORT.ind')
  /** The RT-OPEN.request that was outstanding has come to nothing. */
  | 'RT-OPEN.cnf- aborted';

export type Action = OpeningAction | SendingAction | ReceivingAction | TurnAction | EndAction;
