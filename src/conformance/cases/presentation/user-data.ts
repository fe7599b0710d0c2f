/** User data of an association: forms of PDV-lists, aborts, and data where X.226 has none (X.226 §8.4, X.410-1984 mode). */
import { fromHex } from '../../../bytes/octets.js';
import { ppduIn } from '../../listening/upper-layers.js';
import { ber, berHex, berInteger, integerIn, memberOf } from '../../octets/ber.js';
import { messageApdu } from '../../octets/message.js';
import {
  abort,
  abortedBy,
  activityEndAck,
  activityDiscardAck,
  behindGive,
  behindPlease,
  dataToken,
  dataTransfer,
  minorSyncAck,
  pleaseTokens,
  unit,
  units,
  activityEnd,
  activityStart,
} from '../../octets/spdu.js';
import {
  abortData,
  objectIdentifiers,
  ownContexts,
  presentationData,
  transferOctets,
} from '../../octets/upper-layers.js';
import { anyOf, ended, serialSpdu, spdu } from '../../script/patterns.js';
import { activityIdentifier, activityOpen, bound, lastSerial } from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { close, expect, expectPassing, observe, repeat, send, settle } from '../../script/steps.js';
import type { Conversation } from '../../script/conversation.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = {
  subject: 'presentation',
  role: 'responder',
  modes: ['normal'],
  clause: 'X.226 §8.4',
  preamble: bound(),
} as const;

type Wrapping = (rttr: Uint8Array) => Uint8Array;

/** A PDV-list in the context of reliable transfer, whose value is this. */
const pdvList = (value: Uint8Array): Uint8Array => ber(0x30, berInteger(ownContexts.reliableTransfer), value);

const wrappings: readonly { readonly describe: string; readonly wrap: Wrapping; readonly points: readonly string[] }[] =
  [
    { describe: 'octet-aligned', wrap: (rttr) => ber(0x61, pdvList(ber(0x81, rttr))), points: ['P-016'] },
    {
      describe: 'an arbitrary bit string',
      wrap: (rttr) => ber(0x61, pdvList(ber(0x82, fromHex('00'), rttr))),
      points: ['P-016'],
    },
    {
      describe: 'in a PDV-list that names its transfer syntax',
      wrap: (rttr) =>
        ber(
          0x61,
          ber(0x30, berHex(0x06, objectIdentifiers.ber), berInteger(ownContexts.reliableTransfer), ber(0xa0, rttr)),
        ),
      points: ['P-016'],
    },
  ];

function splitMessage(c: Conversation): readonly [Uint8Array, Uint8Array] {
  const octets = transferOctets(c, messageApdu(c, 'message'));
  return [octets.subarray(0, 50), octets.subarray(50)];
}

/** A message in one DATA TRANSFER with this user information. */
function delivers(what: string, userInformation: (c: Conversation) => Uint8Array): readonly Step[] {
  return [
    send('ACTIVITY START', activityStart(activityIdentifier(1))),
    send(`DATA TRANSFER, ${what}`, (c) => dataTransfer(userInformation(c))),
    send('ACTIVITY END 1', activityEnd(1)),
    expect(serialSpdu('AEA', 1)),
    observe('delivered', 'message'),
  ];
}

const providerAbortOfPresentation: Pattern = spdu('AB', 'ABORT with an ARP of reason 6 on data', (heard) => {
  const ppdu = ppduIn(heard);
  const [reason, event] = [integerIn(memberOf(ppdu, 0x80)), integerIn(memberOf(ppdu, 0x81))];
  if (ppdu?.identifier !== 0x30) return 'it carries no ARP';
  return reason === 6 && event === 7 ? undefined : `reason ${String(reason)}, event ${String(event)}`;
});

const simplyEncoded = [
  { describe: 'simply encoded with its tag', octets: '6005040368656c' },
  { describe: 'simply encoded, the value itself', octets: '040368656c' },
  { describe: 'of no PDV-list at all', octets: '0500' },
] as const;

const releaseAbrt = (c: Conversation): Uint8Array => abortData(c, berInteger(0, 0x80));
const abrtPdv = (abrt: string): Uint8Array => presentationData(ownContexts.acse, fromHex(abrt));

const aborts: readonly {
  readonly describe: string;
  readonly data: (c: Conversation) => Uint8Array | undefined;
  readonly points: readonly string[];
  readonly modes: readonly Mode[];
}[] = [
  { describe: 'an ARU with its contexts and an RTAB', data: releaseAbrt, points: ['P-020', 'A-010'], modes: bothModes },
  { describe: 'an empty ARU', data: () => fromHex('a000'), points: ['P-020'], modes: ['normal'] },
  {
    describe: 'an ARU without contexts',
    data: () => ber(0xa0, abrtPdv('6403800100')),
    points: ['P-020', 'A-010'],
    modes: ['normal'],
  },
  { describe: 'no user data', data: () => undefined, points: ['P-020'], modes: bothModes },
  { describe: 'an ARP', data: () => fromHex('3003800101'), points: ['P-022'], modes: bothModes },
  {
    describe: 'an ABRT of the provider',
    data: () => ber(0xa0, abrtPdv('6403800101')),
    points: ['A-010'],
    modes: ['normal'],
  },
  {
    describe: 'an ABRT of the provider with a diagnostic',
    data: () => ber(0xa0, abrtPdv('6406800101810102')),
    points: ['A-010'],
    modes: ['normal'],
  },
  { describe: 'user data that are no PPDU', data: () => fromHex('1203'), points: ['P-020'], modes: bothModes },
];

const someData = unit(units.userData, fromHex('0500'));
const numbered = (serial: string): Uint8Array => unit(units.serialNumber, serial);

export const userData: readonly TestCase[] = [
  ...wrappings.map(({ describe, wrap, points }, index): TestCase => ({
    ...common,
    id: `PRE-R-VA-04${String(index)}`,
    points,
    purpose: `Takes an RTTR ${describe}.`,
    steps: delivers(describe, (c) => wrap(ber(0x04, transferOctets(c, messageApdu(c, 'message'))))),
  })),
  {
    ...common,
    id: 'PRE-R-VA-043',
    points: ['P-019'],
    purpose: 'Takes several PDV-lists in one DATA TRANSFER, one after the other.',
    steps: delivers('two PDV-lists', (c) =>
      ber(0x61, ...splitMessage(c).map((half) => pdvList(ber(0xa0, ber(0x04, half))))),
    ),
  },
  ...simplyEncoded.map(({ describe, octets }, index): TestCase => ({
    ...common,
    id: `PRE-R-IV-02${String(index)}`,
    clause: 'X.226 §6.4',
    points: ['P-017', 'P-021'],
    purpose: `Aborts with ARP 6 on data ${describe}, as three contexts are defined.`,
    preamble: [...bound(), ...activityOpen],
    steps: [
      send(`DATA TRANSFER ${describe}`, dataTransfer(fromHex(octets))),
      expect(providerAbortOfPresentation),
      close,
    ],
    octets: 'malformed',
  })),
  ...aborts.map(({ describe, data, points, modes }, index): TestCase => ({
    ...common,
    id: `PRE-R-VA-08${String(index)}`,
    clause: 'X.226 §6.3',
    modes,
    points,
    purpose: `Ends the association on an ABORT with ${describe}.`,
    steps: [send(`ABORT, ${describe}`, (c) => abort(abortedBy.user, data(c))), expect(ended)],
  })),
  {
    ...common,
    id: 'PRE-R-VA-090',
    clause: 'X.225 §8.3',
    points: ['P-028'],
    purpose: 'Takes and ignores user data of ACTIVITY START, MINOR SYNC POINT and ACTIVITY END.',
    octets: 'uncommon',
    steps: [
      send('ACTIVITY START with user data', behindGive(unit(45, unit(units.activityIdentifier, '1'), someData))),
      send('DATA TRANSFER', (c) =>
        dataTransfer(
          presentationData(ownContexts.reliableTransfer, ber(0x04, transferOctets(c, messageApdu(c, 'message')))),
        ),
      ),
      send('MINOR SYNC POINT 1 with user data', behindGive(unit(49, numbered('1'), someData))),
      expect(serialSpdu('MIA', 1)),
      send('ACTIVITY END 2 with user data', behindGive(unit(41, numbered('2'), someData))),
      expect(serialSpdu('AEA', 2)),
      observe('delivered', 'message'),
    ],
  },
  ...(['ACTIVITY INTERRUPT', 'ACTIVITY DISCARD'] as const).map((name, index): TestCase => ({
    ...common,
    id: `PRE-R-VA-09${String(1 + index)}`,
    clause: 'X.225 §8.3',
    points: ['P-028'],
    purpose: `Takes and ignores user data of ${name}.`,
    preamble: [...bound(), ...activityOpen],
    steps: [
      send(`${name} with user data`, behindGive(unit(index === 0 ? 25 : 57, unit(units.reason, 5), someData))),
      expect(spdu(index === 0 ? 'AIA' : 'ADA')),
    ],
  })),
  {
    ...common,
    id: 'PRE-I-VA-090',
    clause: 'X.225 §8.3',
    role: 'initiator',
    points: ['P-028'],
    purpose: 'Takes and ignores user data of MINOR SYNC ACK and ACTIVITY END ACK.',
    preamble: situations.sending.preamble,
    steps: [
      send('MINOR SYNC ACK 1 with user data', behindPlease(unit(50, numbered('1'), someData))),
      repeat(
        { pattern: spdu('DT'), next: 'again' },
        {
          pattern: spdu('MIP'),
          then: [send('MINOR SYNC ACK', (c) => minorSyncAck(lastSerial(c, 'MIP')))],
          next: 'again',
        },
        { pattern: spdu('AE'), next: 'leave' },
      ),
      send('ACTIVITY END ACK with user data', (c) => behindPlease(unit(42, numbered(lastSerial(c, 'AE')), someData))),
      settle,
      expect(spdu('FN')),
    ],
  },
  {
    ...common,
    id: 'PRE-I-VA-091',
    clause: 'X.225 §8.3',
    role: 'initiator',
    points: ['P-028'],
    purpose: 'Takes and ignores user data of EXCEPTION DATA and ACTIVITY DISCARD ACK.',
    preamble: situations.sending.preamble,
    steps: [
      send('EXCEPTION DATA 0 with user data', behindPlease(unit(48, unit(units.reason, 0), someData))),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expect(spdu('AS')),
    ],
  },
  ...([berInteger(1), undefined] as const).map((priority, index): TestCase => ({
    ...common,
    id: `PRE-I-VA-09${String(5 + index)}`,
    clause: 'X.410 §4',
    role: 'initiator',
    modes: ['x410-1984'],
    points: ['P-026', 'R-023'],
    purpose: `Takes PLEASE TOKENS ${priority === undefined ? 'without user data' : 'with the INTEGER of a priority'} during a transfer.`,
    preamble: situations.ending.preamble,
    steps: [
      send('PLEASE TOKENS', pleaseTokens(dataToken, priority)),
      send('ACTIVITY END ACK', (c) => activityEndAck(lastSerial(c, 'AE'))),
      settle,
      expect(anyOf('GIVE TOKENS CONFIRM or FINISH', spdu('GTC'), spdu('FN'))),
    ],
  })),
  {
    ...common,
    id: 'PRE-R-VA-095',
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['P-023', 'R-048'],
    purpose: 'Takes the octets of a message as they are, cut into DATA TRANSFERs of one octet and more.',
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      ...[0, 1, 2, 3, 40].map((start, index, starts) =>
        send('DATA TRANSFER', (c) => dataTransfer(messageApdu(c, 'message').subarray(start, starts[index + 1]))),
      ),
      send('ACTIVITY END 1', activityEnd(1)),
      expect(serialSpdu('AEA', 1)),
      observe('delivered', 'message'),
    ],
  },
];
