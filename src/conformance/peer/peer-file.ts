/**
 * The peer file: who the implementation under test is, who the lower tester is to it, and what it supports. Its members and their meaning;
 * read by `readPeer`.
 */
import { z } from 'zod';
import {
  filledList,
  host,
  integer,
  members,
  mtaName,
  oneOf,
  port,
  selector,
  text,
  trueOrFalse,
} from '../../config/fields.js';
import { address } from '../../config/address-fields.js';

const secondsMax = 3600;
const selectorOctetsMax = { transport: 32, session: 16, presentation: 64 };

const selectors = (whose: string) => ({
  transportSelector: selector(selectorOctetsMax.transport, `Transport selector of ${whose}.`).exactOptional(),
  sessionSelector: selector(selectorOctetsMax.session, `Session selector of ${whose}.`).exactOptional(),
  presentationSelector: selector(selectorOctetsMax.presentation, `Presentation selector of ${whose}.`).exactOptional(),
});

const password = (whose: string) =>
  text(
    /^[\x20-\x7e]{0,62}$/,
    'up to 62 printable ASCII characters',
    `What ${whose} says of itself in a bind; left out: a bind without names.`,
  );

const seconds = (description: string, builtin: number) =>
  z
    .number('a number of seconds')
    .positive('a number of seconds')
    .max(secondsMax, `at most ${String(secondsMax)} seconds`)
    .default(builtin)
    .describe(description);

const words = (description: string) => filledList(z.string('a word of a command line'), description);

const domainMembers = {
  country: text(/^(?:[A-Za-z]{2}|\d{3})$/, 'a country code', 'Country of the global domain.'),
  admd: text(
    /^[A-Za-z0-9 '()+,\-./:=?]{0,16}$/,
    'up to 16 characters',
    'Administration domain; one space: any.',
  ).default(' '),
  prmd: text(/^[A-Za-z0-9 '()+,\-./:=?]{1,16}$/, '1 to 16 characters', 'Private domain.').exactOptional(),
};

const implementationSchema = members(
  {
    mtaName: mtaName('The name that it says of itself.'),
    password: password('it').exactOptional(),
    host: host('Where it listens; --peer has the last word.').exactOptional(),
    port: port('TCP port on which it listens.').exactOptional(),
    ...selectors('the implementation under test'),
  },
  'The implementation under test.',
);

const testerSchema = members(
  {
    mtaName: mtaName('The name that the implementation under test knows us by.'),
    password: password('the lower tester').exactOptional(),
    ...selectors('the lower tester'),
    ...domainMembers,
    originator: address('Originator of our messages.'),
  },
  'The lower tester, as the implementation under test is configured for it.',
);

const reliableTransferSchema = members(
  {
    checkpointSizeK: integer(
      0,
      65_535,
      'The checkpoint size that it is configured for, units of 1024 octets.',
      30,
    ).default(30),
    windowSize: integer(1, 255, 'The window that it is configured for.', 3).default(3),
  },
  'Values of reliable transfer of the implementation under test.',
).prefault({});

const timesSchema = members(
  {
    answerSeconds: seconds('How long an answer may take.', 5),
    silenceSeconds: seconds('How long nothing must come where nothing is to come.', 0.3),
    callSeconds: seconds('How long a connection, a call of the implementation under test or a command may take.', 30),
    supervisionSeconds: seconds('The longest time limit of the implementation under test that a case waits for.', 130),
  },
  'Time limits.',
).prefault({});

const limitsSchema = members(
  {
    apduOctetsMax: integer(
      1,
      1024 ** 3,
      'It stops an APDU of more octets while it comes.',
      16 * 1024 * 1024,
    ).exactOptional(),
    urgentExpirySeconds: seconds('How long it keeps an urgent message before it gives up.', 7200).exactOptional(),
  },
  'Limits that it is configured for; cases that wait for one that is left out do not apply.',
).prefault({});

export const peerSchema = members(
  {
    $schema: z.string('the address of a JSON Schema').describe('For editors; has no effect.').exactOptional(),
    implementation: implementationSchema,
    tester: testerSchema,
    recipient: address('A recipient to whom it delivers.'),
    unknownRecipient: address('A recipient in a domain of its own whom it does not know.'),
    mode: oneOf(['normal', 'x410-1984'], 'The mode of reliable transfer that it is configured for.'),
    p1: oneOf(['1988', '1984'], 'The version of P1 that it is configured for.', '1988').default('1988'),
    dialogue: oneOf(['monologue', 'two-way-alternate'], 'The dialogue mode.', 'monologue').default('monologue'),
    reliableTransfer: reliableTransferSchema,
    pics: z
      .record(
        text(/^[A-Z0-9]+-\d{3}$/, 'a PICS item such as R-038', 'PICS item'),
        trueOrFalse('Whether it is supported.', true),
      )
      .default({})
      .describe('PICS items that are not supported, as false; the others are taken to be supported.'),
    trigger: members(
      {
        short: words('Command that makes it send a short message to us.'),
        long: words('Command that makes it send a message of at least eight checkpoints.').exactOptional(),
      },
      'Commands that make it call us; left out: somebody does so by hand.',
    ).exactOptional(),
    observe: words(
      'Command that ends with 0 if a message was delivered once, 3 if not, 4 if more than once; {identifier} stands for its local identifier.',
    ).exactOptional(),
    limits: limitsSchema,
    times: timesSchema,
  },
  'An implementation under test.',
);

export type Peer = z.output<typeof peerSchema>;
export type Mode = Peer['mode'];

/** The peer file as a JSON Schema (draft 2020-12). */
export function peerJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    title: 'mta conformance peer file',
    ...z.toJSONSchema(peerSchema, { io: 'input', target: 'draft-2020-12' }),
  };
}

export type PeerLoad =
  { readonly valid: true; readonly peer: Peer } | { readonly valid: false; readonly faults: readonly string[] };

/** A peer file from its parsed JSON. */
export function readPeer(value: unknown): PeerLoad {
  const parsed = peerSchema.safeParse(value);
  if (parsed.success) return { valid: true, peer: parsed.data };
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the peer file'}: expected ${message}`,
  );
  return { valid: false, faults };
}
