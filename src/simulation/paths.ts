import type { Observation } from '../osi/machine.js';

/** What must be met again and again by a simulation that is worth its time; each is told by one event of the log. */
export interface Path {
  readonly name: string;
  readonly event: string;
  readonly matches?: (fields: Observation['fields']) => boolean;
}

const withText =
  (beginning: string) =>
  ({ text }: Observation['fields']): boolean =>
    String(text).includes(beginning);

const withCause =
  (expected: string) =>
  ({ cause }: Observation['fields']): boolean =>
    cause === expected;

export const paths: readonly Path[] = [
  { name: 'association recovered', event: 'association.recovered' },
  { name: 'recovery given up by the timeout', event: 'association.abandoned', matches: withText('timeout') },
  {
    name: 'recovery refused by the peer',
    event: 'association.abandoned',
    matches: (fields) => !withText('timeout')(fields),
  },
  {
    name: 'recovery of an unknown association',
    event: 'association.refused',
    matches: withCause('unknown-association'),
  },
  { name: 'recovered before the loss was noticed', event: 'association.lost', matches: withText('replaced by its') },
  { name: 'resumption of an unknown activity', event: 'transfer.unknown' },
  { name: 'end confirmed again', event: 'transfer.completed-before' },
  { name: 'partial transfer forgotten', event: 'transfer.forgotten' },
  { name: 'transfer started anew after a loss', event: 'transfer.restarted' },
  { name: 'duplicate recognised', event: 'message.duplicate' },
  { name: 'exception report', event: 'rts.exception-report' },
  { name: 'tried again on the association', event: 'rts.retry' },
  { name: 'not transferred in time', event: 'transfer.failed', matches: withText('not transferred in time') },
  { name: 'transfer failed', event: 'transfer.failed' },
  { name: 'transfer refused: the disk, the queue', event: 'transfer.refused' },
  { name: 'transfer in trouble: the store', event: 'transfer.trouble' },
  { name: 'message deferred', event: 'message.deferred' },
  { name: 'message refused at its end', event: 'message.refused' },
  { name: 'given up: cannot be reached', event: 'transfer.given-up', matches: withText('could not be reached') },
  { name: 'given up: refused too often', event: 'transfer.given-up', matches: withText('refused the transfer') },
  { name: 'given up: expired', event: 'transfer.given-up', matches: withText('time for delivery') },
  { name: 'peer silent', event: 'association.lost', matches: withText('the peer is silent') },
  { name: 'peer silent with the turn', event: 'association.lost', matches: withText('keeps the turn') },
  { name: 'no bind in time', event: 'association.refused', matches: withText('no bind in time') },
  { name: 'no answer to the release', event: 'association.lost', matches: withText('no answer to the release') },
  { name: 'ended as idle', event: 'association.lost', matches: withText('idle for too long') },
  { name: 'acknowledgement overdue', event: 'session.acknowledgement-overdue' },
  { name: 'stopped in order', event: 'association.lost', matches: withText('shutdown') },
  { name: 'refused: wrong password', event: 'association.refused', matches: withCause('bad-password') },
  { name: 'refused: other RTS values', event: 'association.refused', matches: withCause('rts-mismatch') },
  { name: 'refused: unknown peer', event: 'association.refused', matches: withCause('unknown-peer') },
  { name: 'alarm: other RTS values', event: 'rts.mismatch' },
  { name: 'message submitted', event: 'message.submitted' },
  { name: 'message relayed or delivered', event: 'message.accepted' },
  { name: 'message delivered', event: 'message.delivered' },
  { name: 'report made', event: 'message.reported' },
  { name: 'report discarded', event: 'report.discarded' },
  { name: 'store failed', event: 'store.failed' },
];
