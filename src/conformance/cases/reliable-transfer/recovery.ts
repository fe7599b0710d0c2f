/** Recovery of an association that was lost, and resumption on it, at both ends (X.228 §7.8). */
import { concatOctets, fromHex, latin1Octets, toHex } from '../../../bytes/octets.js';
import { unitOf, type HeardSpdu } from '../../listening/heard.js';
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { acceptSpdu, connectionConfirm, refusalPpdu } from '../../octets/answer.js';
import { ber, memberOf, type Ber } from '../../octets/ber.js';
import { longMessageApdu } from '../../octets/message.js';
import { connectSpdu, referenceUnits } from '../../octets/opening.js';
import { activityEnd, activityResume, minorSyncAck, refuse, units } from '../../octets/spdu.js';
import { anyOf, ended, serialSpdu, spdu, tpdu } from '../../script/patterns.js';
import {
  activityIdentifier,
  bound,
  called,
  confirmedTransfer,
  tookTransfer,
  transferred,
  transportOpen,
} from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { check, connect, expect, expectPassing, observe, reset, send, sendTpdu } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';
import { begun, contentOctets, ends, octetsFrom, pieceOctets } from './own-activity.js';
import { apduFault, lastTransfer, wholeFault } from './transfer-rules.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', modes: bothModes, clause: 'X.228 §7.8' } as const;

/** The references of our connection before this one: its calling and common reference. */
function earlierReferences(c: Conversation): readonly Uint8Array[] {
  return referenceUnits(c, c.connections - 1);
}

/** The same as connection data of an RTORQ. */
function recoverData(c: Conversation, tag: number): Uint8Array {
  const [calling, commonReference] = earlierReferences(c).map((unit) => unit.subarray(2));
  return ber(0xa1, ber(tag, calling ?? fromHex('')), ber(0x17, commonReference ?? fromHex('')));
}

const tagOfMode: Readonly<Record<Mode, number>> = { normal: 0x04, 'x410-1984': 0x14 };

const acceptOfRecovery: Pattern = spdu('AC', 'AC with an RTOAC of recovery', (heard, { peer }) => {
  const data = memberOf(reliableTransferIn(heard, peer.mode), 0xa2)?.children[0];
  return data?.identifier === 0xa1 ? undefined : 'its connection data are not those of a recovery';
});

/** We call again and recover the association that was lost. */
function recovered(tag: 'of its mode' | 'of the other mode'): readonly Step[] {
  return [
    ...transportOpen,
    send('CONNECT, recover', (c) => {
      const own = tagOfMode[c.peer.mode];
      return connectSpdu(c, {
        checkpointSizeK: 1,
        connectionData: recoverData(c, tag === 'of its mode' ? own : 0x18 - own),
      });
    }),
    expect(acceptOfRecovery),
  ];
}

const resumeOfEarlier = (serialNumber: number) =>
  send('ACTIVITY RESUME of the lost connection', (c) =>
    activityResume({
      oldIdentifier: activityIdentifier(1),
      newIdentifier: activityIdentifier(1),
      serialNumber,
      references: earlierReferences(c),
    }),
  );

/** Its own transfer, with checkpoint 1 confirmed, and lost; what stands before the checkpoint is noted. */
const lostBehindFirst: readonly Step[] = [
  ...situations.sending.preamble,
  check('what is confirmed', (c) => {
    c.noted.set('confirmed', lastTransfer(c));
    c.noted.set('reference', unitOf(c.spdu('CN'), units.callingReference) ?? latin1Octets(''));
    c.noted.set('activity', unitOf(c.spdu('AS'), units.activityIdentifier) ?? latin1Octets(''));
    return undefined;
  }),
  send('MINOR SYNC ACK 1', minorSyncAck(1)),
  expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
  reset,
];

const callsAgain: readonly Step[] = [connect, expect(tpdu('CR')), sendTpdu('CC', (c) => connectionConfirm(c))];

function recoverDataIn(heard: HeardSpdu, mode: Mode): Ber | undefined {
  const data = memberOf(reliableTransferIn(heard, mode), 0xa3)?.children[0];
  return data?.identifier === 0xa1 ? data : undefined;
}

const recovers: Pattern = spdu('CN', 'CONNECT with an RTORQ of recovery', (heard, c) => {
  const data = recoverDataIn(heard, c.peer.mode);
  if (data === undefined) return 'it is one of an opening';
  const reference = toHex(data.children[0]?.content ?? latin1Octets(''));
  const wanted = toHex(c.noted.get('reference') ?? latin1Octets(''));
  return wanted.endsWith(reference) ? undefined : `it names another association, ${reference}`;
});

const connectAgain = anyOf('CONNECT that recovers or opens', spdu('CN'));

const acceptsRecovery = send('ACCEPT, recover', (c) => {
  const data = recoverDataIn(c.spdu('CN'), c.peer.mode);
  return acceptSpdu(c, { ...(data === undefined ? {} : { connectionData: data.octets }) });
});

const resumesItsOwn: Pattern = spdu('AR', 'ACTIVITY RESUME at checkpoint 1 of the lost connection', (heard, c) => {
  const serial = new TextDecoder().decode(unitOf(heard, units.serialNumber));
  if (Number(serial) !== 1) return `it resumes at "${serial}"`;
  const old = toHex(unitOf(heard, units.activityIdentifier) ?? latin1Octets(''));
  if (old !== toHex(c.noted.get('activity') ?? latin1Octets(''))) return `it resumes activity ${old}`;
  const reference = toHex(unitOf(heard, units.callingReference) ?? latin1Octets(''));
  return reference === toHex(c.noted.get('reference') ?? latin1Octets('')) ? undefined : `it names ${reference}`;
});

const cannotRecover = 1;
const busy = 0;

const refusalsOfRecovery = [
  { what: 'permanently', reason: cannotRecover, lasting: 'permanent', next: 'opening' },
  { what: 'for now', reason: busy, lasting: 'transient', next: 'recovery' },
] as const;

/** In normal mode an RTORJ for a recovery is empty, whatever the reason. */
const refusesRecovery = (reason: number, lasting: 'permanent' | 'transient') =>
  send(`REFUSE, ${lasting}`, (c) =>
    refuse(2, refusalPpdu(c, c.peer.mode === 'normal' ? cannotRecover : reason, lasting)),
  );

export const recovery: readonly TestCase[] = [
  ...(['of its mode', 'of the other mode'] as const).map((tag, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-06${String(index)}`,
    clause: 'X.228 §7.8.3',
    role: 'responder',
    points: ['R-038', 'R-042', 'R-037'],
    needs: ['checkpoints', 'R-038', 'R-042'],
    purpose: `Recovers an association that was lost, named by a reference of the tag ${tag}, and goes on behind the confirmed checkpoint.`,
    preamble: [
      ...bound({ checkpointSizeK: 1 }),
      ...begun(1),
      send('more octets', octetsFrom(pieceOctets, 1500)),
      reset,
    ],
    steps: [...recovered(tag), resumeOfEarlier(1), ...ends(1)],
  })),
  {
    ...common,
    id: 'RTS-R-VA-062',
    clause: 'X.228 §7.8.3',
    role: 'responder',
    points: ['R-038', 'R-037'],
    needs: ['checkpoints', 'R-038'],
    purpose: 'Takes the message from its beginning on an association that was recovered.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(1), reset],
    steps: [
      ...recovered('of its mode'),
      ...transferred((c) => longMessageApdu(c, 'long', contentOctets)),
      observe('delivered', 'long'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-063',
    role: 'responder',
    points: ['R-037'],
    purpose: 'Delivers nothing of a transfer that was lost, and takes the message anew on another association.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...begun(2), reset],
    steps: [...bound(), ...transferred((c) => longMessageApdu(c, 'long', contentOctets)), observe('delivered', 'long')],
  },
  {
    ...common,
    id: 'RTS-R-VA-064',
    clause: 'X.228 §7.8.1',
    role: 'responder',
    points: ['R-033', 'R-042'],
    needs: ['checkpoints', 'R-033', 'R-042'],
    purpose: 'Confirms again a message that is resumed though it is complete, as its end confirmation was lost.',
    preamble: [
      ...bound({ checkpointSizeK: 1 }),
      ...begun(2),
      send('the rest', octetsFrom(2 * pieceOctets)),
      send('ACTIVITY END', activityEnd(3)),
      expect(serialSpdu('AEA', 3)),
      reset,
    ],
    steps: [...recovered('of its mode'), resumeOfEarlier(2), ...ends(2)],
  },
  {
    ...common,
    id: 'RTS-I-VA-060',
    clause: 'X.228 §7.8.3',
    role: 'initiator',
    points: ['R-041', 'R-037', 'R-042'],
    needs: ['checkpoints', 'R-042'],
    purpose: 'As initiator recovers the association that was lost, and resumes behind the confirmed checkpoint.',
    preamble: lostBehindFirst,
    steps: [
      ...callsAgain,
      expect(recovers),
      acceptsRecovery,
      expect(resumesItsOwn),
      tookTransfer,
      check('the octets of both connections, joined', (c) =>
        apduFault(c, concatOctets(c.noted.get('confirmed') ?? latin1Octets(''), lastTransfer(c))),
      ),
      ...confirmedTransfer,
    ],
  },
  ...refusalsOfRecovery.map(({ what, reason, lasting, next }, index): TestCase => ({
    ...common,
    id: `RTS-I-VA-06${String(1 + index)}`,
    clause: 'X.228 §7.8.3',
    role: 'initiator',
    points: ['R-057', 'R-041', 'R-003'],
    needs: ['checkpoints', 'R-042'],
    purpose: `Where its recovery is refused ${what}, tries the ${next === 'recovery' ? 'recovery again' : 'message from its beginning'}.`,
    preamble: [...lostBehindFirst, ...callsAgain, expect(recovers)],
    steps: [
      refusesRecovery(reason, lasting),
      expect(ended),
      ...callsAgain,
      ...(next === 'recovery'
        ? [expect(recovers), acceptsRecovery, expect(resumesItsOwn), tookTransfer, ...confirmedTransfer]
        : [
            expect(
              spdu('CN', 'CONNECT of an opening', (heard, { peer }) =>
                recoverDataIn(heard, peer.mode) === undefined ? undefined : 'it recovers again',
              ),
            ),
            acceptsRecovery,
            expect(spdu('AS')),
            tookTransfer,
            check('the APDU from its first octet', wholeFault),
            ...confirmedTransfer,
          ]),
    ],
  })),
  {
    ...common,
    id: 'RTS-I-VA-064',
    clause: 'X.228 §7.8',
    role: 'initiator',
    points: ['R-037', 'R-041'],
    purpose: 'Calls again after it has lost the association, and transfers the whole message.',
    preamble: [...situations.ending.preamble, reset],
    steps: [
      ...callsAgain,
      expect(connectAgain),
      acceptsRecovery,
      expect(anyOf('ACTIVITY START or RESUME', spdu('AS'), spdu('AR'))),
      tookTransfer,
      ...confirmedTransfer,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-065',
    clause: 'X.228 §7.8.2',
    role: 'initiator',
    points: ['R-037'],
    needs: ['checkpoints'],
    purpose: 'Begins anew, whole, where no checkpoint was confirmed before the loss.',
    preamble: [...situations.sending.preamble, reset],
    steps: [
      ...called('long'),
      send('ACCEPT', (c) => acceptSpdu(c)),
      expect(spdu('AS')),
      tookTransfer,
      check('the APDU from its first octet', wholeFault),
      ...confirmedTransfer,
    ],
  },
];
