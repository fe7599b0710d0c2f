/** What the implementation under test has said, one unit at a time: a TPDU of connection or error, an SPDU, or the end of TCP. */

/** A parameter as it came: of a TPDU, or a PI or PGI unit of an SPDU. */
export interface HeardUnit {
  readonly code: number;
  readonly value: Uint8Array;
}

export interface HeardTpdu {
  readonly kind: 'tpdu';
  readonly name: 'CR' | 'CC' | 'DR' | 'ER' | 'other';
  readonly octets: Uint8Array;
  readonly parameters: readonly HeardUnit[];
}

export interface HeardSpdu {
  readonly kind: 'spdu';
  readonly name: SpduAbbreviation;
  readonly units: readonly HeardUnit[];
  /** Behind the parameters of a DATA TRANSFER. */
  readonly userInformation: Uint8Array;
}

export interface HeardEnd {
  readonly kind: 'end';
  readonly how: 'closed' | 'reset';
}

/** Octets that break a Recommendation, whatever the case is about. */
export interface HeardFault {
  readonly kind: 'fault';
  readonly clause: string;
  readonly text: string;
  readonly octets: Uint8Array;
}

export type Heard = HeardTpdu | HeardSpdu | HeardEnd | HeardFault;

/** Abbreviations of X.225 Annex A. A prefix without a Token Item is not heard. */
export type SpduAbbreviation = (typeof spduNames)[number]['name'];

/** `stands`: first in its TSDU, or behind a prefix of category 0, where the same codes mean other SPDUs. X.225 §6.3.7 */
export const spduNames = [
  { name: 'GT', code: 1, stands: 'first' },
  { name: 'PT', code: 2, stands: 'first' },
  { name: 'FN', code: 9, stands: 'first' },
  { name: 'DN', code: 10, stands: 'first' },
  { name: 'RF', code: 12, stands: 'first' },
  { name: 'CN', code: 13, stands: 'first' },
  { name: 'AC', code: 14, stands: 'first' },
  { name: 'CDO', code: 15, stands: 'first' },
  { name: 'OA', code: 16, stands: 'first' },
  { name: 'GTC', code: 21, stands: 'first' },
  { name: 'GTA', code: 22, stands: 'first' },
  { name: 'AB', code: 25, stands: 'first' },
  { name: 'AA', code: 26, stands: 'first' },
  { name: 'DT', code: 1, stands: 'GT' },
  { name: 'AI', code: 25, stands: 'GT' },
  { name: 'AR', code: 29, stands: 'GT' },
  { name: 'AE', code: 41, stands: 'GT' },
  { name: 'AS', code: 45, stands: 'GT' },
  { name: 'MIP', code: 49, stands: 'GT' },
  { name: 'AD', code: 57, stands: 'GT' },
  { name: 'ER', code: 0, stands: 'PT' },
  { name: 'AIA', code: 26, stands: 'PT' },
  { name: 'AEA', code: 42, stands: 'PT' },
  { name: 'ED', code: 48, stands: 'PT' },
  { name: 'MIA', code: 50, stands: 'PT' },
  { name: 'ADA', code: 58, stands: 'PT' },
] as const;

export function unitOf(heard: { readonly units: readonly HeardUnit[] }, code: number): Uint8Array | undefined {
  return heard.units.find((unit) => unit.code === code)?.value;
}

export function parameterOf(tpdu: HeardTpdu, code: number): Uint8Array | undefined {
  return tpdu.parameters.find((parameter) => parameter.code === code)?.value;
}

/** In one phrase, for reports. */
export function heardText(heard: Heard): string {
  switch (heard.kind) {
    case 'tpdu':
      return heard.name === 'other' ? `TPDU of code ${(heard.octets[1] ?? 0).toString(16)}` : tpduText(heard);
    case 'spdu':
      return spduText(heard);
    case 'end':
      return heard.how === 'closed' ? 'end of the TCP connection' : 'reset of the TCP connection';
    case 'fault':
      return `octets that break ${heard.clause}: ${heard.text}`;
  }
}

function tpduText({ name, octets }: HeardTpdu): string {
  if (name === 'DR') return `DR with reason ${String(octets[6] ?? 'none')}`;
  if (name === 'ER') return `ER with cause ${String(octets[4] ?? 'none')}`;
  return name;
}

function spduText(spdu: HeardSpdu): string {
  const number = (code: number): string => String(unitOf(spdu, code)?.[0] ?? 'none');
  switch (spdu.name) {
    case 'AB':
      return `ABORT with Transport Disconnect ${number(17)}`;
    case 'RF':
      return `REFUSE with reason ${number(50)}`;
    case 'MIP':
    case 'MIA':
    case 'AE':
    case 'AEA':
      return `${spdu.name} ${new TextDecoder().decode(unitOf(spdu, 42))}`;
    default:
      return spdu.name;
  }
}
