import type { StateTableRow } from '../../osi/state-table.js';

/** States of X.225 (1995) Annex A that our functional units can reach, and 01A, which they never enter (transport is not reused). */
export type SessionState =
  /** Idle, no transport connection. */
  | '01'
  /** Wait for ABORT ACCEPT. */
  | '01A'
  /** Wait for T-CONNECT confirm. */
  | '01B'
  /** Idle, transport connected. */
  | '01C'
  /** Wait for CONNECT DATA OVERFLOW. */
  | '01D'
  /** Wait for ACCEPT. */
  | '02A'
  /** Wait for OVERFLOW ACCEPT. */
  | '02B'
  /** Wait for DISCONNECT. */
  | '03'
  /** Wait for ACTIVITY END ACK. */
  | '04B'
  /** Wait for ACTIVITY INTERRUPT ACK. */
  | '05B'
  /** Wait for ACTIVITY DISCARD ACK. */
  | '05C'
  /** Wait for S-CONNECT response. */
  | '08'
  /** Wait for S-RELEASE response. */
  | '09'
  /** Wait for S-ACTIVITY-END response. */
  | '10B'
  /** Wait for S-ACTIVITY-INTERRUPT response. */
  | '11B'
  /** Wait for S-ACTIVITY-DISCARD response. */
  | '11C'
  /** Wait for T-DISCONNECT indication. */
  | '16'
  /** Wait for GIVE TOKENS ACK. */
  | '18'
  /** Wait for recovery after EXCEPTION DATA that we sent. */
  | '19'
  /** Wait for recovery after an exception report that we received. */
  | '20'
  /** Data transfer. */
  | '713';

/** `-nr`: the transport connection is to be released; `-r`: it may be reused. `GT` and `PT` have a Token Item; the empty prefix is no event. */
type SpduEvent =
  | 'AA'
  | 'AB-nr'
  | 'AB-r'
  | 'AC'
  | 'AD'
  | 'ADA'
  | 'AE'
  | 'AI'
  | 'AIA'
  | 'AR'
  | 'AS'
  | 'CDO'
  | 'CN'
  | 'DN'
  | 'DT'
  | 'ED'
  | 'ER'
  | 'FN-nr'
  | 'FN-r'
  | 'GT'
  | 'GTA'
  | 'GTC'
  | 'MAA/AEA'
  | 'MIA'
  | 'MIP'
  | 'OA'
  | 'PT'
  | 'RF-nr'
  | 'RF-r';

type RequestEvent =
  | 'SACTDreq'
  | 'SACTDrsp'
  | 'SACTEreq'
  | 'SACTErsp'
  | 'SACTIreq'
  | 'SACTIrsp'
  | 'SACTRreq'
  | 'SACTSreq'
  | 'SCGreq'
  | 'SCONreq'
  | 'SCONrsp+'
  | 'SCONrsp-'
  | 'SDTreq'
  | 'SGTreq'
  | 'SPTreq'
  | 'SRELreq'
  | 'SRELrsp+'
  | 'SSYNmreq'
  | 'SSYNmrsp'
  | 'SUABreq'
  | 'SUERreq';

/** Events of departures.ts. */
type OwnEvent =
  /** A cell is blank or none of its predicates holds, or the content of an SPDU breaks a rule. */
  | 'invalid'
  /** An SPDU that is malformed, unknown, or of a functional unit that is not selected. */
  | 'unselected'
  /** Something that the peer owes us has not come in time. */
  | 'overdue';

export type SessionEvent = SpduEvent | RequestEvent | OwnEvent | 'TCONcnf' | 'TCONind' | 'TDISind' | 'TIM';

export type SessionPredicate =
  | 'p01'
  | 'p02'
  | 'p03'
  | 'p04'
  | 'p05'
  | 'p10'
  | 'p11'
  | 'p14'
  | 'p15'
  | 'p16'
  | 'p17'
  | 'p18'
  | 'p19'
  | 'p20'
  | 'p21'
  | 'p34'
  | 'p38'
  | 'p39'
  | 'p40'
  | 'p44'
  | 'p45'
  | 'p48'
  | 'p50'
  | 'p51'
  | 'p52'
  | 'p53'
  | 'p54'
  | 'p55'
  | 'p57'
  | 'p58'
  | 'p59'
  | 'p60'
  | 'p61'
  | 'p62'
  | 'p63'
  | 'p64'
  | 'p65'
  | 'p66'
  | 'p68'
  | 'p69'
  | 'p70'
  | 'p71'
  | 'p72'
  | 'p75'
  | 'p76'
  | 'p202'
  | 'p204';

/** SPDUs that an action sends. */
export type SendingAction =
  | 'AA'
  | 'AB-nr'
  | 'AB-r'
  | 'AC'
  | 'AD'
  | 'ADA'
  | 'AE'
  | 'AEA'
  | 'AI'
  | 'AIA'
  | 'AR'
  | 'AS'
  | 'CDO'
  | 'CN'
  | 'DN'
  | 'DT'
  | 'ED'
  | 'FN-nr'
  | 'FN-r'
  | 'GT'
  | 'GTA'
  | 'GTC'
  | 'MIA'
  | 'MIP'
  | 'OA'
  | 'PT'
  | 'RF-nr'
  | 'RF-r';

/** Service primitives that an action issues, up to the user or down to transport. */
export type PrimitiveAction =
  | 'SACTDcnf'
  | 'SACTDind'
  | 'SACTEcnf'
  | 'SACTEind'
  | 'SACTIcnf'
  | 'SACTIind'
  | 'SACTRind'
  | 'SACTSind'
  | 'SCGcnf'
  | 'SCGind'
  | 'SCONcnf+'
  | 'SCONcnf-'
  | 'SCONind'
  | 'SDTind'
  | 'SGTind'
  | 'SPABind'
  | 'SPERind'
  | 'SPTind'
  | 'SRELcnf+'
  | 'SRELind'
  | 'SSYNmcnf'
  | 'SSYNmind'
  | 'SUERind'
  | 'SxABind'
  | 'TCONreq'
  | 'TCONrsp'
  | 'TDISreq';

/** Specific actions of Annex A, by their number. */
export type SpecificAction =
  | '[1]'
  | '[2]'
  | '[3]'
  | '[4]'
  | '[5]'
  | '[6]'
  | '[7]'
  | '[8]'
  | '[9]'
  | '[11]'
  | '[12]'
  | '[13]'
  | '[14]'
  | '[16]'
  | '[18]'
  | '[22]'
  | '[23]'
  | '[24]'
  | '[25]'
  | '[26]'
  | '[27]'
  | '[29]'
  | '[30]'
  | '[31]'
  | '[32]'
  | '[43]'
  | '[50]'
  | '[51]';

export type SessionAction = SendingAction | PrimitiveAction | SpecificAction;

export type SessionRow = StateTableRow<SessionState, SessionEvent, SessionPredicate, SessionAction>;
