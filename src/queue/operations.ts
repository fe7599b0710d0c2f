import { Acceptance } from './acceptance.js';
import type { Batch } from './batch.js';
import { Claims } from './claims.js';
import { Commitment } from './commitment.js';
import { Contents } from './contents.js';
import type { StoreContext } from './context.js';
import { Counters } from './counters.js';
import { IncomingApdus } from './incoming.js';
import { OutgoingActivities } from './outgoing.js';
import { Quarantine } from './quarantine.js';
import { Room } from './room.js';
import { QuarantineIntake } from './quarantine-intake.js';
import { Queue } from './queue.js';
import type { OctetSource } from '../p1/octet-source.js';
import type { ApduOutline, InterruptedOutgoing, StoreInput, StoreOperationName, StoreOutput } from './store.js';

export type StoreHandlers = {
  readonly [Name in StoreOperationName]: (input: StoreInput<Name>, batch: Batch) => StoreOutput<Name>;
};

/** Every operation of the store by its name. `closed` gives back what the store holds. */
export function createStoreHandlers(
  context: StoreContext,
  outlineOf: (source: OctetSource) => ApduOutline,
  closed: () => void,
): StoreHandlers {
  const claims = new Claims();
  const counters = new Counters();
  const quarantine = new Quarantine(context, counters);
  const room = new Room(context, counters);
  const contents = new Contents(context, room);
  const incoming = new IncomingApdus({ context, quarantine, room, outlineOf });
  const outgoing = new OutgoingActivities(context);
  const queue = new Queue(context, claims, counters);
  const acceptance = new Acceptance({ context, contents, incoming, quarantine, claims, counters });
  const intake = new QuarantineIntake({ context, contents, incoming, quarantine });
  const commitment = new Commitment({ context, acceptance, contents, outgoing, intake, claims, counters });

  const restoreOutgoing = (batch: Batch, incarnation: number): readonly InterruptedOutgoing[] => {
    const isWanted = (copy: string): boolean => (context.copies.find(copy)?.state ?? 'held') !== 'held';
    batch.afterCommit(() => {
      outgoing.restored();
    });
    return outgoing.restore(incarnation, isWanted).flatMap(({ activity, position, lostAt }) => {
      const queued = queue.claimCopy(batch, activity.copy);
      const found = { ...activity, ...position, ...(lostAt === undefined ? {} : { lostAt }) };
      return queued === undefined ? [] : [{ ...found, queued }];
    });
  };

  return {
    open({ duplicateRetentionSeconds }, batch) {
      const incarnation = context.memory.nextIncarnation();
      acceptance.open(duplicateRetentionSeconds);
      counters.recount(context);
      const interrupted = incoming.restore(batch);
      contents.sweep();
      quarantine.sweep();
      return {
        incarnation,
        incoming: interrupted,
        outgoing: restoreOutgoing(batch, incarnation),
        counts: counters.present(),
      };
    },
    close(_input, batch) {
      batch.afterCommit(closed);
      return null;
    },
    'incoming.start': does((facts) => {
      incoming.start(facts);
    }),
    'incoming.append': does(({ id, octets }) => {
      incoming.append(id, octets);
    }),
    'incoming.secure': does((input, batch) => {
      incoming.secure(batch, input);
    }),
    'incoming.outline': ({ id }) => incoming.outline(id),
    'incoming.interrupted': does(({ id, at }, batch) => {
      incoming.interrupted(batch, id, at);
    }),
    'incoming.resume': ({ activity, serialNumber }) => incoming.resume(activity, serialNumber),
    'incoming.completed': ({ connectors, sessionConnection }) => incoming.completedOn(connectors, sessionConnection),
    'incoming.discard': does(({ id }) => {
      incoming.discard(id);
    }),
    'content.append': does(({ reference, octets }) => {
      contents.append(reference, octets);
    }),
    'content.seal': ({ reference }, batch) => ({ octets: contents.seal(batch, reference) }),
    'content.discard': does(({ reference }) => {
      contents.discard(reference);
    }),
    'content.read': ({ reference, offset, length }) => contents.read(reference, offset, length),
    commit: ({ changes }, batch) => commitment.commit(batch, changes),
    'queue.claim': (input, batch) => queue.claim(batch, input),
    'queue.unclaim': does(({ copies }, batch) => {
      queue.unclaim(batch, copies);
    }),
    'queue.due': ({ connector }, batch) => ({ copies: queue.due(batch, connector) }),
    'queue.list': (input) => queue.list(input),
    'queue.show': ({ identifier }) => queue.show(identifier),
    'outgoing.start': does((activity, batch) => {
      outgoing.start(batch, activity);
    }),
    'outgoing.progress': ({ copy, ...position }, batch) => ({ key: outgoing.progress(batch, copy, position) }),
    'outgoing.interrupted': does(({ copy, at }, batch) => {
      outgoing.interrupted(batch, copy, at);
    }),
    'outgoing.forget': does(({ copy }, batch) => {
      outgoing.forget(batch, copy);
    }),
    'mailbox.list': ({ mailbox }) => context.deliveries.list(mailbox),
    'mailbox.get': ({ mailbox, id }) => context.deliveries.find(mailbox, id),
    'quarantine.list': () => context.quarantined.list(),
    'quarantine.read': ({ id, offset, length }) => quarantine.source(id).read(offset, length),
    'quarantine.outline': ({ id }) => outlineOf(quarantine.source(id)),
    counts: () => counters.present(),
    sweep({ now, completedBefore }) {
      context.memory.forget(acceptance.seenBefore(now), completedBefore, context.limits.sweptRowsMax);
      incoming.sweep();
      contents.sweep();
      quarantine.sweep();
      return null;
    },
  };
}

/** An operation that has nothing to tell but that it is done. */
function does<Input>(act: (input: Input, batch: Batch) => void): (input: Input, batch: Batch) => null {
  return (input, batch) => {
    act(input, batch);
    return null;
  };
}
