/** CONNECT and what it is answered with (X.225 §7.1 to §7.5). */
import { fromHex } from '../../../bytes/octets.js';
import { connectSpdu, type Opening } from '../../octets/opening.js';
import { longUnit, unit, units } from '../../octets/spdu.js';
import { anyEnd, ended, refusal, spdu, unitIs } from '../../script/patterns.js';
import { bound, transportOpen } from '../../script/preambles.js';
import { close, expect, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'session', role: 'responder', modes: bothModes, preamble: transportOpen } as const;

const answers = (what: string, opening: Opening, pattern: Pattern): readonly Step[] => [
  send(what, (c) => connectSpdu(c, opening)),
  expect(pattern),
];

const refused = (what: string, opening: Opening, ...reasons: readonly number[]): readonly Step[] => [
  ...answers(what, opening, refusal(...reasons)),
  close,
];

export const establishment: readonly TestCase[] = [
  {
    ...common,
    id: 'SES-R-VA-001',
    clause: 'X.225 §7.2',
    points: ['S-009', 'S-012'],
    cells: ['01C CN'],
    purpose:
      'Accepts version 1 and 2 offered with exactly one version, and with the functional units of reliable transfer.',
    steps: answers(
      'CONNECT, versions 1 and 2',
      { version: 3 },
      spdu('AC', 'AC with one version and requirements 0249', unitIs(units.requirements, '0249'), (heard) => {
        const version = heard.units.find(({ code }) => code === units.version)?.value[0];
        return version === 1 || version === 2 ? undefined : `its version is ${String(version)}`;
      }),
    ),
  },
  {
    ...common,
    id: 'SES-R-VA-002',
    clause: 'X.225 §7.2',
    points: ['S-009'],
    cells: ['01C CN'],
    purpose: 'Accepts version 2 alone.',
    steps: answers('CONNECT, version 2', { version: 2 }, spdu('AC', 'AC of version 2', unitIs(units.version, '02'))),
  },
  {
    ...common,
    id: 'SES-R-IV-001',
    clause: 'X.225 §7.2',
    points: ['S-009', 'S-016'],
    cells: ['01C CN'],
    purpose: 'Refuses a CONNECT that offers no version it knows: reason 132.',
    steps: refused('CONNECT, version bit 3 only', { version: 4 }, 132),
  },
  {
    ...common,
    id: 'SES-R-VA-003',
    clause: 'X.225 §8.3.1',
    points: ['S-013'],
    purpose: 'Takes absent requirements for 0349, and answers 0249.',
    steps: answers(
      'CONNECT without requirements',
      { requirements: 'absent' },
      spdu('AC', 'AC with requirements 0249', unitIs(units.requirements, '0249')),
    ),
  },
  {
    ...common,
    id: 'SES-R-IV-002',
    clause: 'X.225 §7.2',
    points: ['S-012'],
    purpose: 'Refuses a CONNECT without activity management, as one whose requirements are not ours.',
    steps: refused('CONNECT, requirements 0209', { requirements: 0x0209 }, 134, 0, 1, 2),
  },
  {
    ...common,
    id: 'SES-R-VA-004',
    clause: 'X.225 §8.2',
    points: ['S-002'],
    purpose: 'Skips units that nobody knows.',
    steps: answers('CONNECT with unit 200', { units: [unit(100, 1, 2)] }, spdu('AC')),
  },
  {
    ...common,
    id: 'SES-R-VA-005',
    clause: 'X.225 §8.2',
    points: ['S-004'],
    purpose: 'Takes a unit of length 0 for absent: an empty session selector.',
    steps: answers('CONNECT with an empty calling selector', { units: [fromHex('3700')] }, spdu('AC')),
  },
  {
    ...common,
    id: 'SES-R-VA-006',
    clause: 'X.225 §8.2',
    points: ['S-001'],
    purpose: 'Takes a short length in three octets.',
    steps: answers('CONNECT with a long length', { units: [longUnit(100, 1)] }, spdu('AC')),
  },
  {
    ...common,
    id: 'SES-R-VA-007',
    clause: 'X.225 §8.3.1',
    points: ['S-014'],
    purpose: 'Settles the tokens where the CONNECT lets the called user choose.',
    steps: answers(
      'CONNECT, called user chooses all tokens',
      { tokenSetting: 0x2a },
      spdu('AC', 'AC with settled tokens', (heard) => {
        const setting = heard.units.find(({ code }) => code === units.tokenSetting)?.value[0] ?? 0;
        return [0x00, 0x15].includes(setting & 0x3f) ? undefined : `its token setting is ${setting.toString(16)}`;
      }),
    ),
  },
  {
    ...common,
    id: 'SES-R-IV-003',
    clause: 'X.225 §8.3.1',
    points: ['S-045'],
    purpose: 'Does not accept a CONNECT whose last unit goes beyond the SPDU.',
    steps: [send('CONNECT cut short', (c) => connectSpdu(c).subarray(0, 40)), expect(anyEnd)],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'SES-R-IV-004',
    clause: 'X.225 §8.3',
    points: ['S-045'],
    purpose: 'Ends the connection on a first SPDU that nobody knows.',
    steps: [send('an SPDU of code 99', unit(99)), expect(ended)],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'SES-R-VA-008',
    clause: 'X.225 §7.9',
    points: ['S-037', 'S-038'],
    cells: ['713 AB-nr'],
    preamble: bound(),
    purpose: 'Ends the connection on an ABORT by the provider.',
    steps: [send('ABORT', unit(25, unit(units.transportDisconnect, 0x09))), expect(ended)],
  },
];
