/** Connection establishment of presentation, where the implementation under test responds (X.226 §6.2, X.410-1984 mode). */
import { fromHex } from '../../../bytes/octets.js';
import { integerIn, memberOf } from '../../octets/ber.js';
import { ppduIn } from '../../listening/upper-layers.js';
import type { HeardSpdu } from '../../listening/heard.js';
import { messageApdu } from '../../octets/message.js';
import { connectSpdu, contextDefinition, type Opening } from '../../octets/opening.js';
import { activityStart, dataTransfer } from '../../octets/spdu.js';
import { objectIdentifiers as names, ownContexts, presentationData } from '../../octets/upper-layers.js';
import { anyEnd, refusal, spdu } from '../../script/patterns.js';
import { activityIdentifier, bound, transferred, transportOpen } from '../../script/preambles.js';
import { close, expect, send } from '../../script/steps.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const common = { subject: 'presentation', role: 'responder', modes: ['normal'], preamble: transportOpen } as const;

const opens = (what: string, opening: Opening, pattern: Pattern): readonly Step[] => [
  send(what, (c) => connectSpdu(c, opening)),
  expect(pattern),
];

const usual = [
  contextDefinition(ownContexts.acse, names.acse, names.ber),
  contextDefinition(ownContexts.reliableTransfer, names.reliableTransfer, names.ber),
  contextDefinition(ownContexts.messageTransfer, names.messageTransfer, names.ber),
];

/** Results of the contexts of a CPA, and their reasons: `0 0 2/1`. */
function resultsIn(heard: HeardSpdu): string {
  const results = memberOf(ppduIn(heard), 0xa2, 0xa5)?.children ?? [];
  return results
    .map((result) => {
      const reason = integerIn(memberOf(result, 0x82));
      return `${String(integerIn(memberOf(result, 0x80)))}${reason === undefined ? '' : `/${String(reason)}`}`;
    })
    .join(' ');
}

function accepts(results: string): Pattern {
  return spdu('AC', `AC with context results ${results}`, (heard) => {
    const found = resultsIn(heard);
    return found === results ? undefined : `its context results are ${found}`;
  });
}

export const opening: readonly TestCase[] = [
  {
    ...common,
    id: 'PRE-R-VA-001',
    clause: 'X.226 §6.2',
    points: ['P-001', 'P-005', 'P-015'],
    purpose: 'Accepts the three contexts of mts-transfer, one result each, in order.',
    steps: opens('CONNECT', {}, accepts('0 0 0')),
  },
  {
    ...common,
    id: 'PRE-R-VA-002',
    clause: 'X.226 §6.2',
    points: ['P-005'],
    purpose: 'Rejects a fourth context of an abstract syntax that nobody knows, and accepts the others.',
    steps: opens(
      'CONNECT with context 7 for 2.99.1',
      { contexts: [...usual, contextDefinition(7, '816301', names.ber)] },
      accepts('0 0 0 2/1'),
    ),
  },
  {
    ...common,
    id: 'PRE-R-VA-003',
    clause: 'X.226 §6.2',
    points: ['P-014'],
    purpose: 'Ignores members of a CP that it does not know.',
    steps: opens('CONNECT, CP with member [30]', { presentationMembers: [fromHex('9e0101')] }, accepts('0 0 0')),
  },
  {
    ...common,
    id: 'PRE-R-IV-001',
    clause: 'X.226 §6.2',
    points: ['P-002', 'P-011'],
    purpose: 'Refuses a CP of a mode that there is not.',
    steps: [...opens('CONNECT, mode 5', { modeSelector: fromHex('a003800105') }, refusal(2)), close],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'PRE-R-IV-002',
    clause: 'X.226 §6.2',
    points: ['P-011'],
    purpose: 'Refuses a CP that is no BER.',
    steps: [...opens('CONNECT, damaged CP', { ppdu: fromHex('31ffff') }, anyEnd), close],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'PRE-R-IV-003',
    clause: 'X.226 §6.4',
    points: ['P-018', 'P-021', 'P-022'],
    purpose: 'Aborts with ARP 6 on data in a context that was not defined.',
    octets: 'malformed',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      send('DATA TRANSFER in context 99', dataTransfer(presentationData(99, fromHex('040100')))),
      expect(
        spdu('AB', 'ABORT with an ARP of reason 6', (heard) => {
          const ppdu = ppduIn(heard);
          const reason = integerIn(memberOf(ppdu, 0x80));
          return ppdu?.identifier === 0x30 && reason === 6 ? undefined : 'it carries no ARP of reason 6';
        }),
      ),
      close,
    ],
  },
  {
    ...common,
    id: 'PRE-R-VA-004',
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['P-001', 'P-023', 'P-024'],
    purpose: 'Answers a CP of X.410-1984 mode with a CPA of that mode, and takes raw octets in DATA TRANSFER.',
    steps: [
      ...opens(
        'CONNECT',
        {},
        spdu('AC', 'AC with a CPA of X.410-1984 mode', (heard) => {
          const mode = integerIn(memberOf(ppduIn(heard), 0xa0, 0x80));
          return mode === 0 ? undefined : `its mode is ${String(mode)}`;
        }),
      ),
      ...transferred((c) => messageApdu(c, 'one')),
    ],
  },
];
