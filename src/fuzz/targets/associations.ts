/** Six layers as one, called and calling, with a peer that says anything at any time. */
import type { ReliableTransferMode } from '../../presentation/service.js';
import { AssociationEnd } from '../association-end.js';
import { packetsOf } from '../packet-mutator.js';
import { decodeScript, encodeScript, mutateScript, type Step } from '../script.js';
import { scripts } from '../seeds.js';
import { must, targetDefaults, type Target } from '../target.js';

type Role = 'initiator' | 'responder';

/** Octets that we may send for each that came, and for each transfer of our own, and without any reason. */
const sentPerReceivedMax = 16;
const sentPerTransferMax = 8192;
const sentFree = 4096;

/** Wishes of the two users, one after the other: transfers both ways, the turn, an interruption and a resumption, the end. */
const conversations: readonly (readonly (readonly [Role, number])[])[] = [
  [
    ['initiator', 2],
    ['initiator', 4],
  ],
  [
    ['initiator', 2],
    ['responder', 0],
    ['initiator', 1],
    ['responder', 2],
    ['initiator', 0],
    ['responder', 1],
    ['initiator', 4],
  ],
  [
    ['responder', 10],
    ['initiator', 2],
    ['responder', 12],
    ['initiator', 7],
    ['responder', 10],
    ['initiator', 3],
    ['initiator', 4],
  ],
  [
    ['responder', 10],
    ['initiator', 2],
    ['responder', 9],
    ['responder', 12],
    ['initiator', 8],
    ['initiator', 5],
  ],
  [
    ['responder', 11],
    ['initiator', 2],
  ],
  [
    ['initiator', 2],
    ['initiator', 2],
    ['responder', 6],
  ],
  [
    ['responder', 10],
    ['initiator', 2],
    ['responder', 12],
    ['initiator', 6],
  ],
];

/** What one end sees when two of ours talk to each other, as a script. */
function recorded(mode: ReliableTransferMode, wishes: readonly (readonly [Role, number])[], seenBy: Role): Uint8Array {
  const ends = { initiator: new AssociationEnd('initiator', mode), responder: new AssociationEnd('responder', mode) };
  const steps: Step[] = [];
  const underWay: { readonly to: Role; readonly octets: Uint8Array }[] = [];
  for (const from of ['initiator', 'responder'] as const) {
    const to = from === 'initiator' ? 'responder' : 'initiator';
    ends[from].onSent = (octets) => underWay.push({ to, octets });
  }
  const deliver = (): void => {
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
      const { to, octets } = next;
      if (to === seenBy) steps.push(...packetsOf(octets).map((packet): Step => ({ kind: 'data', octets: packet })));
      ends[to].data(octets);
    }
  };
  ends.responder.start(mode);
  ends.initiator.start(mode);
  deliver();
  for (const [who, what] of wishes) {
    if (who === seenBy) steps.push({ kind: 'want', what });
    ends[who].want(what);
    deliver();
  }
  return encodeScript(steps);
}

const malformedPackets = 'transport transport.protocol-error';

/** How a script is played: as it is, or with what the peer sends cut into pieces. */
type Manner = 'whole' | 'in pieces';

function pieces(octets: Uint8Array): readonly Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let start = 0; start < octets.length;) {
    const end = Math.min(start + 1 + (((octets[start] ?? 0) * 13 + start) % 37), octets.length);
    cut.push(octets.subarray(start, end));
    start = end;
  }
  return cut;
}

function played(role: Role, mode: ReliableTransferMode, steps: readonly Step[], manner: Manner): AssociationEnd {
  const end = new AssociationEnd(role, mode);
  end.start(mode);
  let received = 0;
  for (const step of steps) {
    if (end.isDisconnected) break;
    switch (step.kind) {
      case 'data':
        received += step.octets.length;
        for (const octets of manner === 'whole' ? [step.octets] : pieces(step.octets)) end.data(octets);
        break;
      case 'wait':
        end.wait(step.milliseconds);
        break;
      case 'want':
        end.want(step.what);
        break;
      case 'close':
        end.end();
    }
  }
  const sentMax = received * sentPerReceivedMax + end.transfersStarted * sentPerTransferMax + sentFree;
  must(end.sentOctets <= sentMax, 'much more is sent than was asked for');
  end.end();
  return end;
}

function associationTarget(name: string, role: Role, mode: ReliableTransferMode): Target {
  return {
    ...targetDefaults,
    name,
    octetsMax: 16 * 1024,
    corpusMax: 150,
    weight: 3,
    mutators: [mutateScript],
    seeds: (material) => [
      ...(role === 'responder' ? scripts(material, 'initiator') : []),
      ...conversations.flatMap((wishes) =>
        (role === 'responder' ? (['normal', 'x410-1984'] as const) : [mode]).map((spoken) =>
          recorded(spoken, wishes, role),
        ),
      ),
    ],
    run(input) {
      const steps = decodeScript(input);
      const end = played(role, mode, steps, 'whole');
      const inPieces = played(role, mode, steps, 'in pieces');
      // What came whole before octets that are no packet may be answered before these are seen, or not.
      const isComparable = !end.events.includes(malformedPackets);
      must(!isComparable || end.record() === inPieces.record(), 'what happens depends on how the stream is cut');
      const told = end.told.map((line) => line.slice(0, line.indexOf(' ')));
      return [...end.events, ...told.map((line, i) => `${told[i - 1] ?? ''} ${line}`)];
    },
  };
}

export const associationTargets: readonly Target[] = [
  associationTarget('responder', 'responder', 'normal'),
  associationTarget('initiator', 'initiator', 'normal'),
  associationTarget('initiator-1984', 'initiator', 'x410-1984'),
];
