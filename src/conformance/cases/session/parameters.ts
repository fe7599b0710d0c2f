/** What the parameters of the SPDUs may hold, and what is made of them (X.225 §8). */
import { fromHex } from '../../../bytes/octets.js';
import { unitOf, type HeardSpdu } from '../../listening/heard.js';
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { acceptSpdu, connectionConfirm, refusalPpdu } from '../../octets/answer.js';
import { memberOf } from '../../octets/ber.js';
import { messageApdu } from '../../octets/message.js';
import { connectSpdu } from '../../octets/opening.js';
import { allTokens, connectDataOverflow, minorSyncAck, refuse, unit, units } from '../../octets/spdu.js';
import { withUnits } from '../../octets/unit-list.js';
import { anyEnd, ended, refusal, serialSpdu, spdu, tpdu } from '../../script/patterns.js';
import { called, calls, tookTransfer, transferred, transportOpen } from '../../script/preambles.js';
import { connectOctetsMax, enlarged, overflowing, overflowingPpdu, situations } from '../../script/situations.js';
import { answer, close, expect, expectPassing, observe, reset, send, sendTpdu } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const responds = { subject: 'session', role: 'responder', modes: bothModes } as const;
const initiates = { subject: 'session', role: 'initiator', modes: bothModes } as const;

const userDataForm = (heard: HeardSpdu): string | undefined => {
  const usual = unitOf(heard, units.userData);
  const extended = unitOf(heard, units.extendedUserData);
  if ((usual === undefined) === (extended === undefined)) return 'it has not one of units 193 and 194';
  if (usual !== undefined) return usual.length <= 512 ? undefined : `unit 193 has ${String(usual.length)} octets`;
  const version = heard.units.find(({ code }) => code === units.version)?.value[0] ?? 1;
  return (version & 2) === 0 ? 'it has unit 194 without version 2' : undefined;
};

export const parameters: readonly TestCase[] = [
  {
    ...responds,
    id: 'SES-R-VA-040',
    clause: 'X.225 §8.2',
    points: ['S-003'],
    purpose: 'Takes the units of a CONNECT in the opposite order.',
    preamble: transportOpen,
    steps: [
      send('CONNECT, its units reversed', (c) => withUnits(connectSpdu(c), (all) => [...all].reverse())),
      expect(spdu('AC')),
    ],
  },
  {
    ...responds,
    id: 'SES-R-VA-043',
    clause: 'X.225 §8.3.1',
    modes: ['normal'],
    points: ['S-010'],
    purpose: 'Takes a CONNECT of version 2 with 2000 octets of user data.',
    preamble: transportOpen,
    steps: [send('CONNECT with Extended User Data', (c) => connectSpdu(c, enlarged(2000))), expect(spdu('AC'))],
  },
  {
    ...initiates,
    id: 'SES-I-VA-040',
    clause: 'X.225 §8.3.1',
    points: ['S-010', 'S-003'],
    purpose:
      'Sends up to 512 octets as User Data, and more as Extended User Data of version 2, units in ascending order.',
    preamble: [...calls('short'), expect(tpdu('CR')), sendTpdu('CC', (c) => connectionConfirm(c))],
    steps: [expect(spdu('CN', 'CONNECT with user data in the right unit', userDataForm))],
  },
  {
    ...responds,
    id: 'SES-R-VA-044',
    clause: 'X.225 §7.3',
    modes: ['normal'],
    points: ['S-010', 'S-011'],
    cells: ['01D CDO'],
    needs: ['S-011'],
    purpose: 'Takes a CONNECT whose user data go on in a CONNECT DATA OVERFLOW.',
    preamble: transportOpen,
    steps: [
      ...overflowing,
      send('CONNECT DATA OVERFLOW, the end', (c) =>
        connectDataOverflow(2, overflowingPpdu(c).subarray(connectOctetsMax)),
      ),
      expect(spdu('AC')),
    ],
  },
  {
    ...initiates,
    id: 'SES-I-VA-041',
    clause: 'X.225 §7.4',
    points: ['S-015'],
    purpose: 'Bears an ACCEPT that asks for the tokens, and transfers its message.',
    preamble: called(),
    steps: [
      send('ACCEPT with a Token Item', (c) =>
        withUnits(acceptSpdu(c), (all) =>
          all.flatMap((one) =>
            one.code === units.requirements
              ? [{ code: units.tokenItem, octets: unit(units.tokenItem, allTokens) }, one]
              : [one],
          ),
        ),
      ),
      tookTransfer,
    ],
  },
  {
    ...initiates,
    id: 'SES-I-VA-042',
    clause: 'X.225 §7.5',
    points: ['S-017'],
    needs: ['checkpoints'],
    purpose: 'Reads the user data of a REFUSE: one that cannot be recovered is sent anew.',
    preamble: [
      ...situations.sending.preamble,
      send('MINOR SYNC ACK 1', minorSyncAck(1)),
      expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
      reset,
      answer,
      expect(tpdu('CR')),
      sendTpdu('CC', (c) => connectionConfirm(c)),
      expect(
        spdu('CN', 'CONNECT of a recovery', (heard, { peer }) =>
          memberOf(reliableTransferIn(heard, peer.mode), 0xa3)?.children[0]?.identifier === 0xa1
            ? undefined
            : 'it opens anew',
        ),
      ),
    ],
    steps: [
      send('REFUSE, cannot recover', (c) => refuse(2, refusalPpdu(c, 1, 'permanent'))),
      expect(ended),
      answer,
      expect(tpdu('CR')),
      sendTpdu('CC', (c) => connectionConfirm(c)),
      expect(
        spdu('CN', 'CONNECT that opens anew', (heard, { peer }) =>
          memberOf(reliableTransferIn(heard, peer.mode), 0xa3)?.children[0]?.identifier === 0xa0
            ? undefined
            : 'it recovers',
        ),
      ),
    ],
  },
  {
    ...responds,
    id: 'SES-R-VA-045',
    clause: 'X.225 §8.3.1',
    modes: ['normal'],
    points: ['S-018'],
    purpose: 'Takes a calling session selector of 16 octets, not text.',
    preamble: transportOpen,
    steps: [
      send('CONNECT with a calling selector of 16 octets', (c) =>
        withUnits(connectSpdu(c), (all) => {
          const others = all.filter(({ code }) => code !== units.callingSelector);
          const selector = unit(units.callingSelector, fromHex('00ff8001020304050607080910111213'));
          return [...others, { code: units.callingSelector, octets: selector }].sort((a, b) => a.code - b.code);
        }),
      ),
      expect(spdu('AC')),
    ],
  },
  {
    ...responds,
    id: 'SES-R-IV-040',
    clause: 'X.225 §7.3',
    modes: ['normal'],
    points: ['S-018', 'S-016'],
    needs: ['session-selector'],
    purpose: 'Refuses a called session selector that it does not have: reason 129.',
    preamble: transportOpen,
    steps: [
      send('CONNECT to another selector', (c) => connectSpdu(c, { calledSessionSelector: 'NOBODY' })),
      expect(refusal(129)),
      close,
    ],
  },
  {
    ...responds,
    id: 'SES-R-VA-053',
    clause: 'X.225 §8.3.1',
    points: ['S-039'],
    purpose: 'Selects no larger TSDU size than was proposed, and transfers without one.',
    preamble: transportOpen,
    steps: [
      send('CONNECT with TSDU Maximum Size 1024, 1024', (c) =>
        withItem(connectSpdu(c), unit(units.tsduMaximumSize, fromHex('04000400'))),
      ),
      expect(
        spdu('AC', 'AC without a TSDU size, or one of 1024 or 0', (heard) => {
          const size = unitOf(heard, units.tsduMaximumSize) ?? fromHex('00000000');
          const sizes = [0, 2].map((at) => (size[at] ?? 0) * 256 + (size[at + 1] ?? 0));
          return sizes.every((octets) => octets <= 1024) ? undefined : `its sizes are ${sizes.join(', ')}`;
        }),
      ),
      ...transferred((c) => messageApdu(c, 'one')),
      observe('delivered', 'one'),
    ],
  },
  {
    ...responds,
    id: 'SES-R-IV-043',
    clause: 'X.225 §8.3.1',
    points: ['S-042'],
    purpose: 'Does not accept a CONNECT with 513 octets in User Data.',
    preamble: transportOpen,
    steps: [
      send('CONNECT with 513 octets in unit 193', (c) =>
        withUnits(connectSpdu(c, { version: 1 }), (all) => [
          ...all.filter(({ code }) => code < units.userData),
          { code: units.userData, octets: unit(units.userData, new Uint8Array(513)) },
        ]),
      ),
      expect(anyEnd),
      close,
    ],
    octets: 'malformed',
  },
];

/** A CONNECT with a further unit in its Connect/Accept Item, behind the protocol options. */
function withItem(connect: Uint8Array, item: Uint8Array): Uint8Array {
  return withUnits(connect, (all) =>
    all.map((one) =>
      one.code === units.connectAcceptItem
        ? {
            code: one.code,
            octets: withUnits(one.octets, ([first, ...rest]) => [
              ...(first === undefined ? [] : [first]),
              { code: units.tsduMaximumSize, octets: item },
              ...rest,
            ]),
          }
        : one,
    ),
  );
}
