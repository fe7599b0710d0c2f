/**
 * Octets that are no SPDU of X.225 §8.3: each SPDU of the table below with each fault that its form allows. What is answered is that of
 * Annex A.4.1.2; before a CONNECT the connection ends in whatever way.
 */
import { fromHex, latin1Octets } from '../../../bytes/octets.js';
import { behindGive, behindPlease, unit, units } from '../../octets/spdu.js';
import { overrun, truncated, twice, withValue, without, type SpduForm } from '../../octets/spdu-form.js';
import { anyEnd, anyOf, sessionProtocolError, spdu } from '../../script/patterns.js';
import { situations, type Situation } from '../../script/situations.js';
import { close, expectPassing, send } from '../../script/steps.js';
import type { Pattern, TestCase } from '../../script/test-case.js';
import type { SpduAbbreviation } from '../../listening/heard.js';

interface Row {
  readonly name: string;
  readonly situation: keyof typeof situations;
  readonly form: SpduForm;
  /** Units that must be there. */
  readonly mandatory: readonly number[];
  /** Values that a unit may not have. */
  readonly wrong: readonly (readonly [what: string, code: number, value: Uint8Array])[];
  /** What an implementation answers that takes the last of two equal units. */
  readonly lenient?: SpduAbbreviation;
}

const serial = (text: string): readonly [number, Uint8Array] => [units.serialNumber, latin1Octets(text)];
const wrongSerials = [
  ['of seven digits', units.serialNumber, latin1Octets('1000001')],
  ['that is no number', units.serialNumber, latin1Octets('x')],
] as const;

const identifier = [units.activityIdentifier, fromHex('020101')] as const;
const wrongIdentifiers = [['of seven octets', units.activityIdentifier, fromHex('01020304050607')]] as const;
const reason = [units.reason, Uint8Array.of(0)] as const;
const longReason = [['of two octets', units.reason, fromHex('0000')]] as const;

const rows: readonly Row[] = [
  {
    name: 'MINOR SYNC POINT',
    situation: 'receiving',
    form: { behind: 'GT', code: 49, units: [serial('1')] },
    mandatory: [units.serialNumber],
    wrong: wrongSerials,
    lenient: 'MIA',
  },
  {
    name: 'ACTIVITY END',
    situation: 'receiving',
    form: { behind: 'GT', code: 41, units: [serial('1')] },
    mandatory: [units.serialNumber],
    wrong: wrongSerials,
    lenient: 'AEA',
  },
  {
    name: 'ACTIVITY INTERRUPT',
    situation: 'receiving',
    form: { behind: 'GT', code: 25, units: [reason] },
    mandatory: [],
    wrong: longReason,
    lenient: 'AIA',
  },
  {
    name: 'ACTIVITY DISCARD',
    situation: 'receiving',
    form: { behind: 'GT', code: 57, units: [reason] },
    mandatory: [],
    wrong: longReason,
    lenient: 'ADA',
  },
  {
    name: 'ACTIVITY START',
    situation: 'idle',
    form: { behind: 'GT', code: 45, units: [identifier] },
    mandatory: [units.activityIdentifier],
    wrong: wrongIdentifiers,
  },
  {
    name: 'ACTIVITY RESUME',
    situation: 'idle',
    form: {
      behind: 'GT',
      code: 29,
      units: [[units.linkingInformation, fromHex('29030201012a0131')], identifier],
    },
    mandatory: [units.linkingInformation, units.activityIdentifier],
    wrong: [
      ...wrongIdentifiers,
      ['without a serial number', units.linkingInformation, fromHex('2903020101')],
      ['without the old identifier', units.linkingInformation, fromHex('2a0131')],
    ],
  },
  {
    name: 'FINISH',
    situation: 'idle',
    form: { code: 9, units: [[units.transportDisconnect, Uint8Array.of(1)]] },
    mandatory: [],
    wrong: [['of two octets', units.transportDisconnect, fromHex('0101')]],
    lenient: 'DN',
  },
  {
    name: 'MINOR SYNC ACK',
    situation: 'sending',
    form: { behind: 'PT', code: 50, units: [serial('1')] },
    mandatory: [units.serialNumber],
    wrong: wrongSerials,
    lenient: 'MIP',
  },
  {
    name: 'EXCEPTION DATA',
    situation: 'sending',
    form: { behind: 'PT', code: 48, units: [reason] },
    mandatory: [units.reason],
    wrong: longReason,
    lenient: 'AD',
  },
  {
    name: 'ACTIVITY END ACK',
    situation: 'ending',
    form: { behind: 'PT', code: 42, units: [serial('1')] },
    mandatory: [units.serialNumber],
    wrong: wrongSerials,
    lenient: 'FN',
  },
];

interface Fault {
  readonly what: string;
  readonly octets: Uint8Array;
  readonly lenient?: SpduAbbreviation;
}

function faultsOf({ name, form, mandatory, wrong, lenient }: Row): readonly Fault[] {
  return [
    { what: `${name} without its last octet`, octets: truncated(form) },
    { what: `${name} whose last unit goes beyond it`, octets: overrun(form) },
    ...mandatory.map((code): Fault => ({ what: `${name} without unit ${String(code)}`, octets: without(form, code) })),
    ...wrong.map(([what, code, value]): Fault => ({
      what: `${name} with a unit ${String(code)} ${what}`,
      octets: withValue(form, code, value),
    })),
    ...form.units.slice(0, lenient === undefined ? 0 : 1).map(([code]): Fault => ({
      what: `${name} with unit ${String(code)} twice`,
      octets: twice(form, code),
      ...(lenient === undefined ? {} : { lenient }),
    })),
  ];
}

function caseOf(name: keyof typeof situations, { what, octets, lenient }: Fault, index: number): TestCase {
  const situation: Situation = situations[name];
  const answer: Pattern =
    lenient === undefined
      ? sessionProtocolError
      : anyOf(`${lenient}, ABORT by the provider or EXCEPTION REPORT`, spdu(lenient), sessionProtocolError);
  return {
    id: `SES-${situation.role === 'responder' ? 'R' : 'I'}-IV-${String(100 + index)}`,
    subject: 'session',
    clause: 'X.225 §8.3',
    points: ['S-045', 'S-046'],
    role: situation.role,
    modes: ['normal'],
    purpose: `${lenient === undefined ? 'Takes for a protocol error' : 'Takes for one, or for a protocol error,'} ${what}.`,
    preamble: situation.preamble,
    steps: [send(what, octets), expectPassing(situation.passing === undefined ? [] : [spdu('DT')], answer), close],
    octets: 'malformed',
  };
}

/** Codes that no SPDU has where they stand. */
const unknown: readonly (Fault & { readonly situation: keyof typeof situations })[] = [
  { situation: 'idle', what: 'an SPDU of code 99', octets: unit(99) },
  { situation: 'idle', what: 'code 99 behind GIVE TOKENS', octets: behindGive(unit(99)) },
  { situation: 'receiving', what: 'code 99 behind PLEASE TOKENS', octets: behindPlease(unit(99)) },
  { situation: 'idle', what: 'a CONNECT behind GIVE TOKENS', octets: behindGive(unit(13)) },
  { situation: 'idle', what: 'an SPDU without a length', octets: fromHex('09') },
  { situation: 'idle', what: 'octets behind a FINISH', octets: fromHex('090311010100') },
  { situation: 'sending', what: 'an SPDU of code 99', octets: unit(99) },
  { situation: 'ending', what: 'code 99 behind PLEASE TOKENS', octets: behindPlease(unit(99)) },
];

const tabled = rows
  .flatMap((row) => faultsOf(row).map((fault) => ({ situation: row.situation, fault })))
  .map(({ situation, fault }, index) => caseOf(situation, fault, index));

const wrongConnects: readonly Fault[] = [
  { what: 'a CONNECT of no octets', octets: unit(13) },
  { what: 'a CONNECT without a length', octets: fromHex('0d') },
  { what: 'a CONNECT with a long length cut off', octets: fromHex('0dff01') },
  { what: 'a CONNECT with requirements of one octet', octets: unit(13, unit(units.requirements, 2)) },
  { what: 'a CONNECT with a version of two octets', octets: unit(13, unit(5, unit(units.version, 0, 3))) },
  {
    what: 'a CONNECT with a calling selector of 17 octets',
    octets: unit(13, unit(units.callingSelector, new Uint8Array(17))),
  },
  {
    what: 'a CONNECT with a reference of 65 octets',
    octets: unit(13, unit(1, unit(units.callingReference, new Uint8Array(65)))),
  },
  {
    what: 'a CONNECT whose group is longer than it',
    octets: unit(13, Uint8Array.of(5, 9), unit(units.protocolOptions, 0)),
  },
];

const connects = wrongConnects.map(({ what, octets }, index): TestCase => ({
  id: `SES-R-IV-${String(180 + index)}`,
  subject: 'session',
  clause: 'X.225 §8.3.1',
  points: ['S-045'],
  role: 'responder',
  modes: ['normal'],
  purpose: `Does not accept ${what}.`,
  preamble: situations.connected.preamble,
  steps: [send(what, octets), expectPassing([], anyEnd), close],
  octets: 'malformed',
}));

const wrongAnswers: readonly Fault[] = [
  { what: 'an ACCEPT of no octets', octets: unit(14) },
  { what: 'an ACCEPT without its last octet', octets: fromHex('0e0b0506130100160102140202') },
  {
    what: 'an ACCEPT of both versions',
    octets: unit(14, unit(5, unit(units.protocolOptions, 0), unit(units.version, 3))),
  },
  { what: 'an ACCEPT with requirements of one octet', octets: unit(14, unit(units.requirements, 2)) },
  { what: 'a REFUSE whose reason goes beyond it', octets: fromHex('0c0332050201') },
];

const answers = wrongAnswers.map(({ what, octets }, index): TestCase => ({
  id: `SES-I-IV-${String(190 + index)}`,
  subject: 'session',
  clause: 'X.225 §8.3.4',
  points: ['S-045', 'S-009'],
  role: 'initiator',
  modes: ['normal'],
  purpose: `Gives up on ${what}.`,
  preamble: situations.calling.preamble,
  steps: [send(what, octets), expectPassing([], anyEnd), close],
  octets: 'malformed',
}));

export const malformed: readonly TestCase[] = [
  ...tabled,
  ...unknown.map((fault, index) => caseOf(fault.situation, fault, 60 + index)),
  ...connects,
  ...answers,
];
