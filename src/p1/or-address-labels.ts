/** How the attributes of an O/R address are called when they are written (F.401 Annex F, RFC 1685, RFC 2156 §4.1), one row an attribute. */

export interface AttributeLabel {
  /** In the labelled form, and the key of the attribute everywhere else. */
  readonly label: string;
  /** In the slash form, where that differs. */
  readonly slashLabel?: string;
  readonly otherSpellings?: readonly string[];
  readonly repertoire: 'printable' | 'numeric' | 'presentation-address' | 'hexadecimal';
  /** Characters; X.411's upper bound. */
  readonly charactersMax: number;
  /** Whether a teletex text may stand beside or instead of the printable one, as `printable*teletex`. */
  readonly teletex: 'possible' | 'none';
  /** The number of the extension attribute that holds it, where its value is a PDSParameter. */
  readonly parameter?: number;
}

function printable(label: string, charactersMax: number, more: Partial<AttributeLabel> = {}): AttributeLabel {
  return { label, repertoire: 'printable', charactersMax, teletex: 'none', ...more };
}

function numeric(label: string, charactersMax: number, otherSpellings: readonly string[]): AttributeLabel {
  return { label, repertoire: 'numeric', charactersMax, teletex: 'none', otherSpellings };
}

function parameter(label: string, number: number, spelling: string): AttributeLabel {
  return printable(label, 30, { teletex: 'possible', parameter: number, otherSpellings: [spelling] });
}

export const organizationalUnitLabels: readonly string[] = ['OU1', 'OU2', 'OU3', 'OU4'];
/** Surname, given name, initials, generation qualifier. */
export const personalNameLabels: readonly string[] = ['S', 'G', 'I', 'Q'];

/** In the order in which they are written: most significant first. */
export const attributeLabels: readonly AttributeLabel[] = [
  printable('C', 3),
  printable('ADMD', 16, { otherSpellings: ['A'] }),
  printable('PRMD', 16, { otherSpellings: ['P'] }),
  printable('O', 64, { teletex: 'possible' }),
  ...organizationalUnitLabels.map((label) => printable(label, 32, { slashLabel: 'OU', teletex: 'possible' })),
  printable('S', 40, { teletex: 'possible' }),
  printable('G', 16, { teletex: 'possible' }),
  printable('I', 5, { teletex: 'possible' }),
  printable('Q', 3, { slashLabel: 'GQ', teletex: 'possible' }),
  printable('CN', 64, { teletex: 'possible' }),
  numeric('X121', 16, ['X.121']),
  printable('T-ID', 24),
  numeric('UA-ID', 32, ['N-ID']),
  printable('T-TY', 6),
  numeric('NET-NUM', 15, ['E.164', 'E164', 'ISDN']),
  numeric('NET-SUB', 40, []),
  {
    label: 'NET-PSAP',
    repertoire: 'presentation-address',
    charactersMax: 1024,
    teletex: 'none',
    otherSpellings: ['PSAP'],
  },
  printable('PD-SERVICE', 16, { otherSpellings: ['PD-SN'] }),
  printable('PD-C', 3),
  printable('PD-CODE', 16, { otherSpellings: ['PD-PC'] }),
  parameter('PD-OFFICE', 10, 'PD-OF'),
  parameter('PD-OFFICE-NUM', 11, 'PD-OFN'),
  parameter('PD-EXT-ADDRESS', 12, 'PD-EA'),
  parameter('PD-PN', 13, 'PD-PERSON'),
  parameter('PD-O', 14, 'PD-ORG'),
  parameter('PD-EXT-DELIVERY', 15, 'PD-ED'),
  /** Six lines of thirty, and the bars between them; in teletex 180 in one. */
  printable('PD-ADDRESS', 185, { teletex: 'possible', otherSpellings: ['PD-A'] }),
  parameter('PD-STREET', 17, 'PD-S'),
  parameter('PD-BOX', 18, 'PD-B'),
  parameter('PD-RESTANTE', 19, 'PD-R'),
  parameter('PD-UNIQUE', 20, 'PD-U'),
  parameter('PD-LOCAL', 21, 'PD-L'),
];

/** The label of a physical delivery attribute by the number of its extension attribute. */
export function parameterLabel(number: number): string {
  return attributeLabels.find((row) => row.parameter === number)?.label ?? `EXT${String(number)}`;
}

const bySpelling = new Map(
  attributeLabels.flatMap((row) =>
    [row.label, row.slashLabel, ...(row.otherSpellings ?? [])]
      .filter((spelling) => spelling !== undefined && spelling !== 'OU')
      .map((spelling) => [spelling, row] as const),
  ),
);

const opaqueOctetsMax = 4096;

/** `EXT24` and so on, our own label: an extension attribute that has none, its value the hexadecimal octets of its encoding. */
const opaqueLabel = /^EXT(\d{1,3})$/;

export function opaqueAttributeNumber(label: string): number | undefined {
  const digits = opaqueLabel.exec(label)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The row of a label in any case and any accepted spelling; domain-defined attributes, plain OU, PN and PD-A1..6 are not among them. */
export function attributeLabel(spelling: string): AttributeLabel | undefined {
  const label = spelling.toUpperCase();
  if (opaqueLabel.test(label)) {
    return { label, repertoire: 'hexadecimal', charactersMax: 2 * opaqueOctetsMax, teletex: 'none' };
  }
  return bySpelling.get(label);
}

/** Terminal types (X.411, extension attribute 23) as RFC 2156 spells them. */
export const terminalTypes: ReadonlyMap<number, string> = new Map([
  [3, 'tlx'],
  [4, 'ttx'],
  [5, 'g3fax'],
  [6, 'g4fax'],
  [7, 'ia5'],
  [8, 'vtx'],
]);

/** Undefined for a text that is neither a name above nor a number. */
export function terminalTypeNumber(text: string): number | undefined {
  const named = [...terminalTypes].find(([, name]) => name === text.toLowerCase())?.[0];
  return named ?? (/^\d{1,3}$/.test(text) ? Number(text) : undefined);
}
