/** The turn: asked for, given, taken and given back (X.218 §10, §11). */
import { messageApdu } from '../../octets/message.js';
import {
  activityEndAck,
  allTokens,
  dataToken,
  giveTokensAck,
  giveTokensConfirm,
  minorSyncAck,
  pleaseTokens,
} from '../../octets/spdu.js';
import { turnPleaseData } from '../../octets/upper-layers.js';
import { serialSpdu, spdu } from '../../script/patterns.js';
import { lastSerial, tookTransfer, transferred } from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { expect, expectOneOf, expectPassing, observe, send, settle, silence } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Step, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', role: 'initiator', modes: bothModes, clause: 'X.218 §10' } as const;

const asks = (priority: number, tokens: number): Step =>
  send(`PLEASE TOKENS, priority ${String(priority)}`, (c) => pleaseTokens(tokens, turnPleaseData(c, priority)));

const confirmsEnd: readonly Step[] = [send('ACTIVITY END ACK', (c) => activityEndAck(lastSerial(c, 'AE'))), settle];

/** The turn comes, something is done with it, and it goes back. */
const takesAndGives = (...between: readonly Step[]): readonly Step[] => [
  send('GIVE TOKENS ACK', giveTokensAck),
  ...between,
  send('GIVE TOKENS CONFIRM', giveTokensConfirm),
  expect(spdu('GTA')),
];

const priorities = [
  { priority: 0, tokens: dataToken, what: 'priority 0' },
  { priority: 1, tokens: allTokens, what: 'priority 1, naming all tokens' },
  { priority: 200, tokens: dataToken, what: 'priority 200' },
] as const;

export const turn: readonly TestCase[] = [
  ...priorities.map(({ priority, tokens, what }, index): TestCase => ({
    ...common,
    id: `RTS-I-VA-08${String(index)}`,
    points: ['R-023', 'R-024', 'R-005'],
    purpose: `Asked for the turn with ${what} during an activity, goes on, and gives it between activities or closes.`,
    preamble: situations.ending.preamble,
    steps: [
      asks(priority, tokens),
      silence(),
      ...confirmsEnd,
      expectOneOf({ pattern: spdu('GTC'), then: [...takesAndGives(), expect(spdu('FN'))] }, { pattern: spdu('FN') }),
    ],
  })),
  {
    ...common,
    id: 'RTS-I-VA-085',
    points: ['R-023'],
    needs: ['checkpoints'],
    purpose: 'Asked for the turn again and again in the middle of a transfer, ends it first.',
    preamble: situations.sending.preamble,
    steps: [
      asks(3, dataToken),
      asks(1, dataToken),
      send('PLEASE TOKENS without data', pleaseTokens(dataToken)),
      send('MINOR SYNC ACK 1', minorSyncAck(1)),
      expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
      send('MINOR SYNC ACK 2', minorSyncAck(2)),
      tookTransfer,
      ...confirmsEnd,
      expectOneOf({ pattern: spdu('GTC'), then: takesAndGives() }, { pattern: spdu('FN') }),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-086',
    points: ['R-024', 'R-025'],
    needs: ['two-way-alternate'],
    purpose: 'Gives the turn, takes a message, has the turn back, and closes.',
    preamble: situations.ending.preamble,
    steps: [
      asks(1, dataToken),
      ...confirmsEnd,
      expect(spdu('GTC')),
      ...takesAndGives(...transferred((c) => messageApdu(c, 'message')), observe('delivered', 'message')),
      expect(spdu('FN')),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-087',
    points: ['R-022', 'R-025'],
    needs: ['two-way-alternate'],
    purpose: 'Starts and closes nothing while the other has the turn.',
    preamble: [
      ...situations.ending.preamble,
      asks(1, dataToken),
      ...confirmsEnd,
      expect(spdu('GTC')),
      send('GIVE TOKENS ACK', giveTokensAck),
    ],
    steps: [silence(), send('GIVE TOKENS CONFIRM', giveTokensConfirm), expect(spdu('GTA')), expect(spdu('FN'))],
  },
];
