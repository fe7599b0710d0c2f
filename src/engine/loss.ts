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
  const unheardEnd = unheardEndOf(association, now);
  if (outgoing === undefined && incoming === undefined && unheardEnd === undefined) return undefined;
  // What was not even taken up again has waited since the first loss.
  const isNew = ownOutgoing !== undefined || keptIncoming !== undefined || unheardEnd !== undefined;
  const since = isNew ? undefined : recovers;
  return {
    id: association.id,
    connector: connector.name,
    facts,
    at: since?.at ?? now,
    recoveryTimeoutSeconds: since?.recoveryTimeoutSeconds ?? connector.rts.recoveryTimeoutSeconds,
    names: association.namesOf(),
    ...(outgoing === undefined ? {} : { outgoing }),
    ...(incoming === undefined ? {} : { incoming }),
    ...(unheardEnd === undefined ? {} : { unheardEnd }),
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

/** Only the initiator can bring the association back on which a sender waits for the end of its transfer. */
function unheardEndOf({ role, receiving, connector }: MtaAssociation, now: Moment): LostAssociation['unheardEnd'] {
  const { unheardEnd } = receiving;
  if (role !== 'initiator' || unheardEnd === undefined || connector === undefined) return undefined;
  const seconds = (now.monotonicMilliseconds - unheardEnd.at.monotonicMilliseconds) / 1000;
  return seconds <= connector.rts.stallTimeoutSeconds ? unheardEnd.sessionConnection : undefined;
}

function incomingOf({
  activity,
  securedOffset,
}: NonNullable<MtaAssociation['keptIncoming']>): LostAssociation['incoming'] {
  return { id: activity.id, offset: securedOffset, sessionConnection: activity.activity.sessionConnection };
}
