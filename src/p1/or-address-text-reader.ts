/** Reads both written forms of an O/R address into labelled texts, and says exactly where a text goes wrong. */
import { DecodeError } from '../bytes/decode-error.js';
import { fromHex } from '../bytes/octets.js';
import { readWholeBerNode } from '../asn1/ber-node.js';
import { AddressTextError } from './address-text-error.js';
import type { AddressAttribute, AttributeText } from './or-address-attributes.js';
import {
  attributeLabel,
  attributeLabels,
  organizationalUnitLabels,
  terminalTypeNumber,
  type AttributeLabel,
} from './or-address-labels.js';
import { splitPersonalName } from './personal-name-text.js';
import { parsePresentationAddress } from './presentation-address-text.js';
import { isPrintable } from './printable-string.js';
import { checkAttributes, type PlacedAttribute } from './or-address-text-checks.js';

type Form = 'labelled' | 'slash';

/** One attribute as written, and where it stands in the whole text. */
interface Component {
  readonly text: string;
  readonly position: number;
}

/** The attributes of an address, or of a part of one, in the order in which they are written. Throws AddressTextError. */
export function readAttributes(text: string): readonly AddressAttribute[] {
  const form: Form = text.trimStart().startsWith('/') ? 'slash' : 'labelled';
  const components = split(text, form);
  if (components.length === 0)
    throw new AddressTextError(text, 0, '', 'an address such as C=GB;ADMD= ;PRMD=ALPHA;S=Smith');
  const attributes = components.flatMap((component) => new ComponentReader(text, form, component).read());
  return checkAttributes(text, numberOrganizationalUnits(text, form, attributes));
}

/** Cuts at separators that are neither doubled nor, in the slash form, behind a `$`. */
function split(text: string, form: Form): Component[] {
  const separators = form === 'slash' ? '/;' : ';';
  const components: Component[] = [];
  let start = form === 'slash' ? text.indexOf('/') + 1 : 0;
  const end = (position: number) => {
    const raw = text.slice(start, position);
    const leading = raw.length - raw.trimStart().length;
    if (raw.trim() !== '') components.push({ text: raw.slice(leading), position: start + leading });
  };
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (form === 'slash' && character === '$') i++;
    else if (separators.includes(character)) {
      if (text[i + 1] === character) {
        i++;
        continue;
      }
      end(i);
      start = i + 1;
    }
  }
  end(text.length);
  return components;
}

/** OU without a number: one is OU1; several, in the slash form only, have the most significant at the right (RFC 2156 §4.1). */
function numberOrganizationalUnits(
  text: string,
  form: Form,
  attributes: readonly PlacedAttribute[],
): PlacedAttribute[] {
  const plain = attributes.filter(({ label }) => label === 'OU');
  const [first, second] = plain;
  if (first === undefined) return [...attributes];
  const numbered = attributes.find(({ label }) => organizationalUnitLabels.includes(label));
  if (numbered !== undefined) {
    throw new AddressTextError(text, first.position, 'OU', 'OU1 to OU4 throughout, or OU throughout');
  }
  if (second !== undefined && form === 'labelled') {
    throw new AddressTextError(text, second.position, 'OU', 'OU1 to OU4 where there is more than one');
  }
  const surplus = plain[organizationalUnitLabels.length];
  if (surplus !== undefined) throw new AddressTextError(text, surplus.position, 'OU', 'at most four of them');
  const ordered = plain.toReversed();
  return attributes.map((attribute) => {
    const label = attribute.label === 'OU' ? organizationalUnitLabels[ordered.indexOf(attribute)] : undefined;
    return label === undefined ? attribute : { ...attribute, label };
  });
}

const organizationalUnitRow = attributeLabel('OU1');
const domainDefinedRow: AttributeLabel = {
  label: 'DDA',
  repertoire: 'printable',
  charactersMax: 128,
  teletex: 'possible',
};
const domainDefinedTypeRow: AttributeLabel = { ...domainDefinedRow, charactersMax: 8 };
const addressLineRow: AttributeLabel = { ...domainDefinedRow, label: 'PD-ADDRESS', charactersMax: 30, teletex: 'none' };

class ComponentReader {
  private readonly whole: string;
  private readonly form: Form;
  private readonly component: Component;

  constructor(whole: string, form: Form, component: Component) {
    this.whole = whole;
    this.form = form;
    this.component = component;
  }

  read(): PlacedAttribute[] {
    const { text, position } = this.component;
    const defined = /^DD(?:A|[1-4])?[:.]/i.exec(text)?.[0];
    const equals = defined === undefined ? text.indexOf('=') : this.endOfType(defined.length);
    if (equals < 0) throw new AddressTextError(this.whole, position, text, 'a label, "=" and a value');
    const label = text.slice(0, equals).trim().toUpperCase();
    if (defined !== undefined) {
      const type = this.texts(defined.length, equals, domainDefinedTypeRow);
      return [{ label: 'DDA', type, value: this.texts(equals + 1, text.length, domainDefinedRow), position }];
    }
    if (label === 'RFC-822') {
      const value = this.texts(equals + 1, text.length, domainDefinedRow);
      return [{ label: 'DDA', type: { printable: label }, value, position }];
    }
    if (label === 'PN') return this.personalName(equals + 1);
    if (/^PD-A[1-6]$/.test(label)) {
      return [{ label, value: this.texts(equals + 1, text.length, addressLineRow), position }];
    }
    const row = label === 'OU' ? organizationalUnitRow : attributeLabel(label);
    if (row === undefined) {
      const known = attributeLabels.map((candidate) => candidate.label).join(', ');
      throw new AddressTextError(this.whole, position, text.slice(0, equals), `one of ${known}, DDA:type`);
    }
    const value = this.texts(equals + 1, text.length, row);
    return [{ label: label === 'OU' ? label : row.label, value, position }];
  }

  /** The `=` behind the type of a domain-defined attribute; `==` and `$=` are part of the type. */
  private endOfType(from: number): number {
    const { text } = this.component;
    for (let i = from; i < text.length; i++) {
      if (this.form === 'slash' && text[i] === '$') i++;
      else if (text[i] === '=') {
        if (this.form === 'slash' || text[i + 1] !== '=') return i;
        i++;
      }
    }
    return -1;
  }

  private personalName(from: number): PlacedAttribute[] {
    const { text, position } = this.component;
    const { printable = '' } = this.texts(from, text.length, { ...domainDefinedRow, label: 'PN', teletex: 'none' });
    const parts = splitPersonalName(printable);
    if (parts === undefined) throw this.fault(from, text.slice(from), 'a name such as Anna.B.Smith');
    for (const [label, part] of Object.entries(parts)) {
      const { charactersMax = 0 } = attributeLabel(label) ?? {};
      if (part.length > charactersMax) {
        throw this.fault(
          from,
          text.slice(from),
          `a name whose ${label} has at most ${String(charactersMax)} characters`,
        );
      }
    }
    return Object.entries(parts).map(([label, part]) => ({ label, value: { printable: part }, position }));
  }

  /** The text between two places of the component, its escapes resolved, checked against its row. */
  private texts(from: number, to: number, row: AttributeLabel): AttributeText {
    const { printable, teletex } = this.resolve(from, to, row);
    const written = this.component.text.slice(from, to);
    if (row.label === 'ADMD' && printable.trim() === '') return { printable: ' ' };
    if (printable === '' && (teletex ?? '') === '') throw this.fault(from, written, 'a value');
    for (const part of [printable, teletex ?? '']) {
      if (part.length > row.charactersMax) {
        throw this.fault(from, written, `at most ${String(row.charactersMax)} characters`);
      }
    }
    const expected = expectation(row, printable);
    if (expected !== undefined) throw this.fault(from, written, expected);
    if (teletex === undefined) return { printable };
    return printable === '' ? { teletex } : { printable, teletex };
  }

  private resolve(from: number, to: number, row: AttributeLabel): { printable: string; teletex?: string } {
    const { text } = this.component;
    const parts: string[] = [''];
    const add = (character: string) => {
      parts.push((parts.pop() ?? '') + character);
    };
    const end = from + text.slice(from, to).trimEnd().length;
    let i = from + (text.slice(from, end).length - text.slice(from, end).trimStart().length);
    while (i < end) {
      const character = text.charAt(i);
      const codes = /^\{((?:\d{3})+)\}/.exec(text.slice(i, end));
      if (this.form === 'slash' && character === '$') {
        add(text.charAt(i + 1));
        i += 2;
      } else if (codes !== null) {
        for (const code of (codes[1] ?? '').match(/\d{3}/g) ?? []) add(this.characterOf(Number(code), i));
        i += codes[0].length;
      } else if (text[i + 1] === character && this.isDoubled(character, row)) {
        add(character);
        i += 2;
      } else if (character === '*' && row.teletex === 'possible' && parts.length === 1) {
        parts.push('');
        i++;
      } else if (character === '|' && row.label === 'PD-ADDRESS') {
        add('\n');
        i++;
      } else if (row.repertoire === 'presentation-address' ? character >= ' ' : isPrintable(character)) {
        add(character);
        i++;
      } else {
        throw this.fault(i, character, 'a character of PrintableString, or its code as in {095}');
      }
    }
    const [printable = '', teletex] = parts;
    return teletex === undefined ? { printable } : { printable, teletex };
  }

  private isDoubled(character: string, row: AttributeLabel): boolean {
    if (character === ';') return true;
    return this.form === 'slash' ? character === '/' : character === '=' && row === domainDefinedTypeRow;
  }

  private characterOf(code: number, at: number): string {
    if (code > 255) throw this.fault(at, `{${String(code)}}`, 'an octet in decimal, 000 to 255');
    return String.fromCharCode(code);
  }

  private fault(at: number, found: string, expected: string): AddressTextError {
    return new AddressTextError(this.whole, this.component.position + at, found, expected);
  }
}

/** What the row wants, where the text is not that. */
function expectation(row: AttributeLabel, text: string): string | undefined {
  if (row.repertoire === 'numeric') return /^[0-9 ]+$/.test(text) ? undefined : 'digits';
  if (row.repertoire === 'presentation-address') {
    return parsePresentationAddress(text) === undefined ? `an address such as "P"/"S"/"T"/NS+49001122` : undefined;
  }
  if (row.repertoire === 'hexadecimal') return isEncoding(text) ? undefined : 'one BER encoding in hexadecimal';
  if (row.label === 'T-TY' && terminalTypeNumber(text) === undefined)
    return 'tlx, ttx, g3fax, g4fax, ia5, vtx or a number';
  return undefined;
}

function isEncoding(text: string): boolean {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return false;
  try {
    readWholeBerNode(fromHex(text));
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
