/** Association control (X.227). */
import { fromHex } from '../../../bytes/octets.js';
import { integerIn, memberOf } from '../../octets/ber.js';
import { acseIn } from '../../listening/upper-layers.js';
import type { HeardSpdu } from '../../listening/heard.js';
import { connectSpdu, type Opening } from '../../octets/opening.js';
import { finish } from '../../octets/spdu.js';
import { presentationData, ownContexts } from '../../octets/upper-layers.js';
import { spdu } from '../../script/patterns.js';
import { bound, transportOpen } from '../../script/preambles.js';
import { close, expect, send } from '../../script/steps.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const common = { subject: 'association', role: 'responder', modes: ['normal'], preamble: transportOpen } as const;

const opens = (what: string, opening: Opening, pattern: Pattern): readonly Step[] => [
  send(what, (c) => connectSpdu(c, opening)),
  expect(pattern),
];

/** Result and diagnostic of an AARE: `1 user 2`. */
function outcomeIn(heard: HeardSpdu): string {
  const aare = acseIn(heard);
  if (aare?.identifier !== 0x61) return 'no AARE';
  const diagnostic = memberOf(aare, 0xa3)?.children[0];
  const source = diagnostic?.identifier === 0xa2 ? 'provider' : 'user';
  return `${String(integerIn(memberOf(aare, 0xa2, 0x02)))} ${source} ${String(integerIn(memberOf(diagnostic, 0x02)))}`;
}

function answered(name: 'AC' | 'RF', outcome: string): Pattern {
  return spdu(name, `${name} with an AARE of ${outcome}`, (heard) => {
    const found = outcomeIn(heard);
    return found === outcome ? undefined : `its AARE is ${found}`;
  });
}

export const opening: readonly TestCase[] = [
  {
    ...common,
    id: 'ACS-R-VA-001',
    clause: 'X.227 §7.1',
    points: ['A-001', 'A-005'],
    purpose: 'Accepts an AARQ of nothing but application context and user information.',
    steps: opens('CONNECT', {}, answered('AC', '0 user 0')),
  },
  {
    ...common,
    id: 'ACS-R-VA-002',
    clause: 'X.227 §7.1',
    points: ['A-002'],
    purpose: 'Accepts titles of form 2 and invocation identifiers, whatever they are.',
    steps: opens(
      'CONNECT, AARQ with titles',
      {
        aarqMembers: ['a206060456000106', 'a303020107', 'a603060129', 'a703020101', 'a803020105', 'a903020106'].map(
          fromHex,
        ),
      },
      answered('AC', '0 user 0'),
    ),
  },
  {
    ...common,
    id: 'ACS-R-VA-003',
    clause: 'X.227 §7.1',
    points: ['A-008'],
    purpose: 'Ignores a member of the AARQ that nobody knows.',
    steps: opens('CONNECT, AARQ with member [25]', { aarqMembers: [fromHex('990101')] }, answered('AC', '0 user 0')),
  },
  {
    ...common,
    id: 'ACS-R-IV-001',
    clause: 'X.227 §7.1',
    points: ['A-003'],
    purpose: 'Rejects an application context that is not supported: permanent, diagnostic 2 of the user.',
    steps: [
      ...opens(
        'CONNECT, application context 2.6.0.1.0',
        { applicationContextName: '56000100' },
        answered('RF', '1 user 2'),
      ),
      close,
    ],
  },
  {
    ...common,
    id: 'ACS-R-IV-002',
    clause: 'X.227 §7.1',
    points: ['A-004'],
    purpose: 'Rejects an AARQ of another version only: permanent, diagnostic 2 of the provider.',
    steps: [
      ...opens('CONNECT, AARQ of version 2', { aarqLeading: [fromHex('80020640')] }, answered('RF', '1 provider 2')),
      close,
    ],
  },
  ...['6200', '6203800100', '6203800101', '620380011e'].map((rlrq, index): TestCase => ({
    ...common,
    id: `ACS-R-VA-01${String(index)}`,
    clause: 'X.227 §7.2',
    points: ['A-009'],
    purpose: `Answers a release with RLRQ ${rlrq}.`,
    preamble: bound(),
    steps: [
      send('FINISH', finish(presentationData(ownContexts.acse, fromHex(rlrq)))),
      expect(
        spdu('DN', 'DISCONNECT with an RLRE', (heard) =>
          acseIn(heard)?.identifier === 0x63 ? undefined : 'it has no RLRE',
        ),
      ),
      close,
    ],
  })),
];
