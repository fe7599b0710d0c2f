import { checkField, number, optional, type Field } from './fields.js';
import { streams } from './pdu-trigger.js';
import { toxicRow, toxicRows, type ToxicType } from './toxics.js';

/** A toxic as it is written in a file. */
export const toxicField: Field = {
  kind: 'choice',
  about: 'A toxic, written as Toxiproxy takes it.',
  by: 'type',
  of: Object.fromEntries(
    (Object.keys(toxicRows) as ToxicType[]).map((type) => [
      type,
      {
        about: toxicRow(type).about,
        members: {
          name: optional({ kind: 'text', about: 'TYPE_STREAM if left out.' }),
          stream: optional({ kind: 'word', about: 'Direction; "downstream" if left out.', words: streams }),
          toxicity: optional(number('Probability that a connection has it; 1 if left out.', 0, 1)),
          duration: optional(number('Milliseconds after which it goes away by itself; 0 or left out: it stays.')),
          attributes: optional({
            kind: 'object',
            about: 'What is left out has its default.',
            members: attributesOf(type),
          }),
        },
      },
    ]),
  ),
};

function attributesOf(type: ToxicType) {
  const rows = Object.entries(toxicRow(type).attributes);
  return Object.fromEntries(
    rows.map(([name, row]) => {
      const field = { ...row.field, about: `${row.field.about} Default ${String(row.default)}.` };
      return [name, optional(field)];
    }),
  );
}

/**
 * The attributes as they are after those in `given` were set; the others stay or have their default. What the type does not know is left
 * alone, as Toxiproxy does. Throws FieldError.
 */
export function withAttributes(
  type: ToxicType,
  given: unknown,
  before: Readonly<Record<string, number | string>> = {},
): Readonly<Record<string, number | string>> {
  const members = attributesOf(type);
  const known =
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(members, name)))
      : given;
  checkField(known, { kind: 'object', about: '', members }, 'attributes');
  const set = known as Readonly<Record<string, number | string>>; // every member has been looked at
  const merged: Record<string, number | string> = {};
  for (const [name, row] of Object.entries(toxicRow(type).attributes)) {
    const value = set[name] ?? before[name] ?? (row.shown === 'always' ? row.default : undefined);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}
