/**
 * PDUs as they pass a link, and the moment in the passage of one of them at which a fault strikes. The names are those of the
 * Recommendations: TPDUs of X.224, SPDUs of X.225, APDUs of X.228. RTTR is carried by DATA TRANSFER.
 */
export const pduNames = [
  'CR TPDU',
  'CC TPDU',
  'DR TPDU',
  'ER TPDU',
  'CONNECT',
  'OVERFLOW ACCEPT',
  'CONNECT DATA OVERFLOW',
  'ACCEPT',
  'REFUSE',
  'FINISH',
  'DISCONNECT',
  'ABORT',
  'ABORT ACCEPT',
  'GIVE TOKENS CONFIRM',
  'GIVE TOKENS ACK',
  'GIVE TOKENS',
  'PLEASE TOKENS',
  'DATA TRANSFER',
  'MINOR SYNC POINT',
  'MINOR SYNC ACK',
  'ACTIVITY START',
  'ACTIVITY RESUME',
  'ACTIVITY INTERRUPT',
  'ACTIVITY INTERRUPT ACK',
  'ACTIVITY DISCARD',
  'ACTIVITY DISCARD ACK',
  'ACTIVITY END',
  'ACTIVITY END ACK',
  'EXCEPTION REPORT',
  'EXCEPTION DATA',
  'RTORQ',
  'RTOAC',
  'RTORJ',
  'RTTP',
  'RTAB',
] as const;

export type PduName = (typeof pduNames)[number];

/** `upstream`: from the end that made the connection to the end that took it. */
export const streams = ['upstream', 'downstream'] as const;
export type Stream = (typeof streams)[number];

/** Before its first octet, after half of its octets, after its last. */
export const places = ['before', 'middle', 'after'] as const;
export type Place = (typeof places)[number];

export interface PduTrigger {
  readonly on: PduName;
  /** Either way if it is left out. */
  readonly stream?: Stream;
  /** Counted from 1 since the fault was armed, on all connections together; the first if it is left out. */
  readonly nth?: number;
  /** `before` if it is left out. */
  readonly place?: Place;
}
