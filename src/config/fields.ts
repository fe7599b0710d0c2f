/**
 * The kinds of value that a site file is made of. Each kind says in one phrase what it expects: the message of every issue raised here is
 * what follows `expected` in a problem; that of an unknown key is the list of the known ones.
 */
import { z } from 'zod';
import { isoTransportPort } from './defaults.js';

export const knownKeySeparator = ', ';

/** An object with these members and no other. */
export function members<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape, description: string) {
  const keys = Object.keys(shape).join(knownKeySeparator);
  return z
    .strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : `an object of ${keys}`) })
    .describe(description);
}

export function list<Item extends z.ZodType>(item: Item, description: string) {
  return z.array(item, 'a list').describe(description);
}

/** A list that cannot be empty. */
export function filledList<Item extends z.ZodType>(item: Item, description: string) {
  const expected = 'a list of at least one';
  return z.array(item, expected).min(1, expected).describe(description);
}

/** An integer of a range, with the value that holds when it is left out. */
export function integer(minimum: number, maximum: number, description: string, builtin?: number) {
  const expected = `an integer from ${minimum} to ${maximum}`;
  return z
    .int(expected)
    .min(minimum, expected)
    .max(maximum, expected)
    .meta({ description, ...(builtin === undefined ? {} : { default: builtin }) });
}

export function oneOf<const Value extends string>(values: readonly Value[], description: string, builtin?: Value) {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ');
  return z.enum(values, expected).meta({ description, ...(builtin === undefined ? {} : { default: builtin }) });
}

export function trueOrFalse(description: string, builtin: boolean) {
  return z.boolean('true or false').meta({ description, default: builtin });
}

export function text(pattern: RegExp, expected: string, description: string) {
  return z.string(expected).regex(pattern, expected).describe(description);
}

export function mtaName(description: string) {
  return text(/^[\x20-\x7e]{1,32}$/, 'an MTA name, 1 to 32 printable ASCII characters', description); // X.411 ub-mta-name-length
}

/** What an operator calls a connector or a mailbox. */
export function name(description: string) {
  return text(
    /^[\p{L}\p{N}][^\p{Cc}/\\]{0,63}$/u,
    'a name of 1 to 64 characters, the first a letter or digit, none of them / or \\',
    description,
  );
}

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|(?=.*:.*:)[0-9A-Fa-f:.]+(?:%[\w.-]+)?)$/;

export function host(description: string) {
  return text(hostPattern, 'a host name or an IP address, without a port', description);
}

export function port(description: string) {
  return integer(1, 65_535, description);
}

export function portOrStandard(description: string) {
  return integer(1, 65_535, description, isoTransportPort);
}

export function filePath(description: string) {
  return text(/^[^\0]+$/, 'the path of a file', description);
}

/** A selector as octets: its text, or its octets in hexadecimal. */
export function selector(octetsMax: number, description: string) {
  const expected = `1 to ${octetsMax} printable ASCII characters, or { "hex": "..." } of as many octets`;
  return z
    .union(
      [
        z
          .string(expected)
          .regex(new RegExp(`^[\\x20-\\x7e]{1,${octetsMax}}$`), expected)
          .transform(latin1Selector),
        members(
          { hex: text(new RegExp(`^(?:[0-9A-Fa-f]{2}){1,${octetsMax}}$`), expected, 'Octets in hexadecimal digits.') },
          'The selector by its octets.',
        ).transform(hexSelector),
      ],
      expected,
    )
    .describe(description);
}

function latin1Selector(characters: string): Uint8Array {
  return new Uint8Array(Buffer.from(characters, 'latin1'));
}

function hexSelector(selectorOctets: { readonly hex: string }): Uint8Array {
  return new Uint8Array(Buffer.from(selectorOctets.hex, 'hex'));
}

/** Where a secret is: in the site file itself, in a variable of the environment, in a file of its own. */
export type SecretSource = string | { readonly env: string } | { readonly file: string };

export const passwordOctetsMax = 62; // X.411 ub-password-length

export const passwordExpected = `text of at most ${passwordOctetsMax} octets, { "env": "NAME" } or { "file": "path" }`;

export function secret(description: string) {
  return z
    .union(
      [
        z.string(passwordExpected),
        members(
          {
            env: text(
              /^[A-Za-z_][A-Za-z0-9_]*$/,
              'the name of an environment variable',
              'Name of an environment variable.',
            ),
          },
          'A secret held by the environment.',
        ),
        members(
          { file: filePath('Path of a file, relative to the site file; one line end at its end is left out.') },
          'A secret in a file of its own.',
        ),
      ],
      passwordExpected,
    )
    .describe(description);
}
