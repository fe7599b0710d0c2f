/** Plain values as indented lines, members under the names that the standards give them. */
import {
  contentTypes,
  mtsUserTypes,
  nonDeliveryDiagnostics,
  nonDeliveryReasons,
  priorities,
  routingActions,
} from '../p1/codes.js';
import { importanceValues, sensitivityValues } from '../ipms/heading.js';
import { nameOf } from '../ipms/display-heading.js';
import type { PlainValue } from './decode-plain.js';

/** The meaning of numbers, by the name of the member that has them. */
const meanings: Readonly<Partial<Record<string, (number: number) => string | undefined>>> = {
  builtIn: (number) => contentTypes.names.get(number),
  priority: (number) => priorities.names.get(number),
  nonDeliveryReasonCode: (number) => nonDeliveryReasons.names.get(number),
  nonDeliveryDiagnosticCode: (number) => nonDeliveryDiagnostics.names.get(number),
  typeOfMTSUser: (number) => mtsUserTypes.names.get(number),
  routingAction: (number) => routingActions.names.get(number),
  importance: (number) => nameOf(importanceValues, number),
  sensitivity: (number) => nameOf(sensitivityValues, number),
};

/** `this-IPM` of thisIPM, `per-recipient-fields` of perRecipientFields. */
export function standardName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]{2,})([A-Z][a-z]{2,})/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}s?$/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1)))
    .join('-');
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** On one line, with nothing in it that a terminal obeys. */
export function escapedText(text: string): string {
  return text
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, unicodeEscape);
}

function scalarText(value: string | number | boolean | null, name: string): string {
  if (value === null) return '-';
  if (typeof value === 'string') return escapedText(value);
  const meaning = typeof value === 'number' ? meanings[name]?.(value) : undefined;
  return meaning === undefined ? String(value) : `${String(value)} (${meaning})`;
}

function isScalar(value: PlainValue): value is string | number | boolean | null {
  return value === null || typeof value !== 'object';
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

/** The lines of a value that is not a scalar. */
function* linesOf(value: PlainValue, name: string, indent: string): Iterable<string> {
  if (isScalar(value)) yield `${indent}${scalarText(value, name)}`;
  else if (isList(value)) {
    for (const item of value) {
      const [first = '', ...rest] = linesOf(item, name, '');
      yield `${indent}- ${first}`;
      for (const line of rest) yield `${indent}  ${line}`;
    }
  } else {
    for (const [member, inner] of Object.entries(value)) {
      if (isScalar(inner)) yield `${indent}${standardName(member)}: ${scalarText(inner, member)}`;
      else if (Object.keys(inner).length === 0) yield `${indent}${standardName(member)}: none`;
      else {
        yield `${indent}${standardName(member)}:`;
        yield* linesOf(inner, member, `${indent}  `);
      }
    }
  }
}

export function plainText(value: PlainValue): string {
  return Array.from(linesOf(value, '', ''), (line) => `${line}\n`).join('');
}
