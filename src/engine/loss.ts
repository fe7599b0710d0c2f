import type { Moment } from '../queue/store.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { AssociationDeparture } from './association-owner.js';
import type { MtaAssociation } from './mta-association.js';
import type { LostAssociation } from './recovery.js';

/** What both ends keep of an association that is gone, where there is something to go on with. */
export function lossOf(
  association: MtaAssociation,
  departure: AssociationDeparture,
  now: Moment,
): LostAssociation | undefined {
  const { facts, connector, identifier, recovers, keptIncoming, pendingIncoming } = association;
  if (facts === undefined || connector === undefined || identifier === undefined) return undefined;
  const ownOutgoing = departure.recoverable ? outgoingOf(association, identifier) : undefined;
  const pendingOutgoing = departure.recoverable ? pendingOutgoingOf(association) : undefined;
  const outgoing = ownOutgoing ?? pendingOutgoing;
  const incoming = keptIncoming === undefined ? pendingIncoming : incomingOf(keptIncoming);
  if (outgoing === undefined && incoming === undefined) return undefined;
  // What was not even taken up again has waited since the first loss.
  const since = ownOutgoing === undefined && keptIncoming === undefined ? recovers : undefined;
  return {
    id: association.id,
    connector: connector.name,
    facts,
    at: since?.at ?? now,
    recoveryTimeoutSeconds: since?.recoveryTimeoutSeconds ?? connector.rts.recoveryTimeoutSeconds,
    names: association.namesOf(),
    ...(outgoing === undefined ? {} : { outgoing }),
    ...(incoming === undefined ? {} : { incoming }),
  };
}

function outgoingOf(
  { lostTransfer }: MtaAssociation,
  identifier: SessionConnectionIdentifier,
): LostAssociation['outgoing'] {
  if (lostTransfer?.resume === undefined || lostTransfer.withdrawn !== undefined) return undefined;
  return { transfer: lostTransfer, resume: { originalSessionConnection: identifier, ...lostTransfer.resume } };
}

function pendingOutgoingOf({ pendingOutgoing }: MtaAssociation): LostAssociation['outgoing'] {
  return pendingOutgoing?.transfer.withdrawn === undefined ? pendingOutgoing : undefined;
}

function incomingOf({
  activity,
  securedOffset,
}: NonNullable<MtaAssociation['keptIncoming']>): LostAssociation['incoming'] {
  return { id: activity.id, offset: securedOffset, sessionConnection: activity.activity.sessionConnection };
}
