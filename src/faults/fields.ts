/** What the members of a file may hold, as data: enough to check it, to say what is wrong in it, and to print its JSON Schema. */
export type Field =
  | {
      readonly kind: 'number';
      readonly about: string;
      readonly min: number;
      readonly max?: number;
      readonly whole?: 'whole';
    }
  | { readonly kind: 'word'; readonly about: string; readonly words: readonly string[] }
  | { readonly kind: 'text'; readonly about: string }
  | { readonly kind: 'object'; readonly about: string; readonly members: Members }
  | { readonly kind: 'list'; readonly about: string; readonly of: Field }
  /** An object that is one of several, told apart by the word in its member `by`. */
  | {
      readonly kind: 'choice';
      readonly about: string;
      readonly by: string;
      readonly of: Readonly<Record<string, Choice>>;
    }
  /** An object that is one of several, told apart by which of these members it has. */
  | { readonly kind: 'either'; readonly about: string; readonly of: Readonly<Record<string, Choice>> };

export interface Choice {
  readonly about: string;
  readonly members: Members;
}

export interface Member {
  readonly field: Field;
  readonly presence: 'required' | 'optional';
}

export type Members = Readonly<Record<string, Member>>;

export function required(field: Field): Member {
  return { field, presence: 'required' };
}

export function optional(field: Field): Member {
  return { field, presence: 'optional' };
}

export function number(about: string, min = 0, max?: number): Field {
  return { kind: 'number', about, min, ...(max === undefined ? {} : { max }) };
}

export function wholeNumber(about: string, min = 0, max?: number): Field {
  return { kind: 'number', about, min, ...(max === undefined ? {} : { max }), whole: 'whole' };
}

/** What is wrong in a file: the sentence names the place, the value and what was expected. */
export class FieldError extends Error {}

/** Throws FieldError; `place` is what errors call the value. */
export function checkField(value: unknown, field: Field, place: string): void {
  switch (field.kind) {
    case 'number':
      checkNumber(value, field, place);
      return;
    case 'word':
      if (!field.words.includes(value as string)) throw unexpected(value, place, `one of ${listed(field.words)}`);
      return;
    case 'text':
      if (typeof value !== 'string') throw unexpected(value, place, 'a text');
      return;
    case 'object':
      checkMembers(recordOf(value, place), field.members, place);
      return;
    case 'list':
      if (!Array.isArray(value)) throw unexpected(value, place, 'a list');
      for (const [i, item] of value.entries()) checkField(item, field.of, `${place}[${String(i)}]`);
      return;
    case 'choice':
      checkChoice(recordOf(value, place), field, place);
      return;
    case 'either':
      checkEither(recordOf(value, place), field, place);
  }
}

function checkNumber(value: unknown, field: Extract<Field, { kind: 'number' }>, place: string): void {
  const { min, max = Infinity, whole } = field;
  const fits = typeof value === 'number' && value >= min && value <= max && Number.isFinite(value);
  if (fits && (whole === undefined || Number.isSafeInteger(value))) return;
  const range = max === Infinity ? `from ${String(min)} on` : `from ${String(min)} to ${String(max)}`;
  throw unexpected(value, place, `a ${whole === undefined ? '' : 'whole '}number ${range}`);
}

function checkChoice(
  record: Readonly<Record<string, unknown>>,
  { by, of }: Extract<Field, { kind: 'choice' }>,
  place: string,
): void {
  const word = record[by];
  const choice = typeof word === 'string' && Object.hasOwn(of, word) ? of[word] : undefined;
  if (choice === undefined) throw unexpected(word, `${place}: ${by}`, `one of ${listed(Object.keys(of))}`);
  checkMembers(record, choice.members, place, by);
}

function checkEither(
  record: Readonly<Record<string, unknown>>,
  { of }: Extract<Field, { kind: 'either' }>,
  place: string,
): void {
  const [found, ...others] = Object.keys(of).filter((name) => name in record);
  const choice = found === undefined ? undefined : of[found];
  if (choice === undefined || others.length > 0) {
    throw new FieldError(`${place}: expected just one of the members ${listed(Object.keys(of))}`);
  }
  checkMembers(record, choice.members, place);
}

function checkMembers(
  record: Readonly<Record<string, unknown>>,
  members: Members,
  place: string,
  discriminator?: string,
): void {
  for (const name of Object.keys(record)) {
    if (name === discriminator || Object.hasOwn(members, name)) continue;
    const known = [...(discriminator === undefined ? [] : [discriminator]), ...Object.keys(members)];
    throw new FieldError(`${place}: unknown member ${name}; expected ${listed(known)}`);
  }
  for (const [name, { field, presence }] of Object.entries(members)) {
    if (record[name] !== undefined || presence === 'required') checkField(record[name], field, `${place}: ${name}`);
  }
}

function recordOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(value, place, 'an object');
  return value as Readonly<Record<string, unknown>>;
}

function unexpected(value: unknown, place: string, expected: string): FieldError {
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  return new FieldError(`${place}: found ${found}, expected ${expected}`);
}

function listed(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}

/** The field as a JSON Schema (draft 2020-12). */
export function jsonSchemaOf(field: Field): Readonly<Record<string, unknown>> {
  const description = field.about;
  switch (field.kind) {
    case 'number': {
      const { min, max, whole } = field;
      const type = whole === undefined ? 'number' : 'integer';
      return { description, type, minimum: min, ...(max === undefined ? {} : { maximum: max }) };
    }
    case 'word':
      return { description, enum: field.words };
    case 'text':
      return { description, type: 'string' };
    case 'object':
      return { description, ...objectSchema(field.members) };
    case 'list':
      return { description, type: 'array', items: jsonSchemaOf(field.of) };
    case 'choice':
      return {
        description,
        oneOf: Object.entries(field.of).map(([word, { about, members }]) => ({
          description: about,
          ...objectSchema(members, { [field.by]: { const: word } }),
        })),
      };
    case 'either':
      return {
        description,
        oneOf: Object.values(field.of).map(({ about, members }) => ({ description: about, ...objectSchema(members) })),
      };
  }
}

function objectSchema(members: Members, constants: Readonly<Record<string, object>> = {}): object {
  const entries = Object.entries(members);
  return {
    type: 'object',
    properties: {
      ...constants,
      ...Object.fromEntries(entries.map(([name, { field }]) => [name, jsonSchemaOf(field)])),
    },
    required: [
      ...Object.keys(constants),
      ...entries.filter(([, { presence }]) => presence === 'required').map(([name]) => name),
    ],
    additionalProperties: false,
  };
}
