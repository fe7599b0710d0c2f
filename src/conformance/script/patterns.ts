/** What a step may want to hear: patterns for TPDUs, the end of TCP and SPDUs, and ways to join them. */
import { toHex } from '../../bytes/octets.js';
import { parameterOf, unitOf, type HeardSpdu, type HeardTpdu, type SpduAbbreviation } from '../listening/heard.js';
import { units } from '../octets/spdu.js';
import type { Conversation } from './conversation.js';
import type { Pattern } from './test-case.js';

/** A rule for a unit of the right kind: undefined if it keeps it, else what is wrong. */
export type Rule<What> = (what: What, conversation: Conversation) => string | undefined;

/** Any of these. */
export function anyOf(describe: string, ...patterns: readonly Pattern[]): Pattern {
  return {
    describe,
    mismatch: (heard, conversation) => {
      const mismatches = patterns.map((pattern) => pattern.mismatch(heard, conversation));
      if (mismatches.includes(undefined)) return undefined;
      return mismatches.find((mismatch) => mismatch !== 'no') ?? 'no';
    },
  };
}

export function tpdu(name: HeardTpdu['name'], describe: string = name, ...rules: readonly Rule<HeardTpdu>[]): Pattern {
  return {
    describe,
    mismatch: (heard, conversation) =>
      heard.kind === 'tpdu' && heard.name === name ? firstFault(rules, heard, conversation) : 'no',
  };
}

export function spdu(name: SpduAbbreviation, describe: string = name, ...rules: readonly Rule<HeardSpdu>[]): Pattern {
  return {
    describe,
    mismatch: (heard, conversation) =>
      heard.kind === 'spdu' && heard.name === name ? firstFault(rules, heard, conversation) : 'no',
  };
}

function firstFault<What>(rules: readonly Rule<What>[], what: What, conversation: Conversation): string | undefined {
  for (const rule of rules) {
    const fault = rule(what, conversation);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A rule on the octets of one unit of an SPDU, hexadecimal; `absent` if it must not be there. */
export function unitIs(code: number, wanted: string): Rule<HeardSpdu> {
  return (heard) => valueFault(`unit ${String(code)}`, unitOf(heard, code), wanted);
}

/** The same for a parameter of a TPDU: hexadecimal octets, or `absent`. */
export function parameterIs(code: number, wanted: string): Rule<HeardTpdu> {
  return (heard) => valueFault(`parameter ${code.toString(16)}`, parameterOf(heard, code), wanted);
}

function valueFault(what: string, value: Uint8Array | undefined, wanted: string): string | undefined {
  const found = value === undefined ? 'absent' : toHex(value);
  return found === wanted ? undefined : `${what} is ${found} instead of ${wanted}`;
}

/** A MIP, MIA, AE or AEA of this number; leading zeros mean nothing. */
export function serialSpdu(name: 'MIP' | 'MIA' | 'AE' | 'AEA', number: number): Pattern {
  return spdu(name, `${name} ${String(number)}`, (heard) => {
    const text = new TextDecoder().decode(unitOf(heard, units.serialNumber));
    return /^[0-9]{1,6}$/.test(text) && Number(text) === number ? undefined : `${name} has serial number "${text}"`;
  });
}

/** The end of TCP, orderly or not; a DR before it is the habit of some. */
export const ended: Pattern = {
  describe: 'the end of the TCP connection',
  mismatch: (heard) => (heard.kind === 'end' ? undefined : 'no'),
};

export const errorTpduHeard = tpdu('ER', 'an ER TPDU');

/** A REFUSE whose reason is one of these. */
export function refusal(...reasons: readonly number[]): Pattern {
  return spdu('RF', `REFUSE with reason ${reasons.join(' or ')}`, (heard) => {
    const [reason] = unitOf(heard, units.reason) ?? [];
    return reason !== undefined && reasons.includes(reason) ? undefined : `its reason is ${String(reason ?? 'absent')}`;
  });
}

const userAbortBit = 0x02;

function transportDisconnectOf(heard: HeardSpdu): number {
  return unitOf(heard, units.transportDisconnect)?.[0] ?? 0;
}

const providerAbort = spdu('AB', 'ABORT by the session provider', (heard) =>
  (transportDisconnectOf(heard) & userAbortBit) === 0 ? undefined : 'it is an abort by the user',
);

export const userAbort = spdu('AB', 'ABORT by the session user', (heard) =>
  (transportDisconnectOf(heard) & userAbortBit) !== 0 ? undefined : 'it is an abort by the provider',
);

export const anyAbort = spdu('AB', 'ABORT');

/** What X.225 Annex A.4.1.2 allows for an SPDU that is invalid in its state: ABORT by the provider, or EXCEPTION REPORT. */
export const sessionProtocolError = anyOf(
  'ABORT by the session provider, or EXCEPTION REPORT',
  providerAbort,
  spdu('ER'),
);

/** Whatever ends the association. */
export const anyEnd = anyOf(
  'ABORT, REFUSE, DR, ER or the end of TCP',
  anyAbort,
  spdu('RF'),
  tpdu('DR'),
  errorTpduHeard,
  ended,
);
