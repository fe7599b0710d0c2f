/**
 * The site file as it is written: which members it has, what each expects and what it means. What a left-out member stands for is decided
 * in effective.ts; what members mean to one another in rules.ts.
 */
import type { z } from 'zod';
import { address, addressPattern } from './address-fields.js';
import { addressSpaceCost, adminPageHost, anyAdmd, listenHost } from './defaults.js';
import {
  filePath,
  filledList,
  host,
  integer,
  list,
  members,
  mtaName,
  name,
  oneOf,
  port,
  portOrStandard,
  secret,
  selector,
  text,
  trueOrFalse,
} from './fields.js';
import { limitsSchema, valuesSchema } from './schema-values.js';

const costMax = 65_535;

/** Lengths in octets: transport by the profiles of X.400, session by X.225 §8.3.1; presentation has no limit of its own. */
const selectorOctetsMax = { transport: 32, session: 16, presentation: 64 };

const selectorMembers = (whose: string, in1984 = 'unused in X.410-1984 mode') => ({
  transportSelector: selector(selectorOctetsMax.transport, `Transport selector ${whose}.`).exactOptional(),
  sessionSelector: selector(selectorOctetsMax.session, `Session selector ${whose}; ${in1984}.`).exactOptional(),
  presentationSelector: selector(
    selectorOctetsMax.presentation,
    `Presentation selector ${whose}; unused in X.410-1984 mode.`,
  ).exactOptional(),
});

const domainValue = (pattern: RegExp, length: string, description: string) =>
  text(pattern, `${length} letters, digits, spaces or ' ( ) + , - . / : = ?`, description);

const mtaSchema = members(
  {
    name: mtaName('The name of this MTA, as it stands in trace information and, by default, in binds.'),
    password: secret('What this MTA says of itself in binds, by default; at most 62 octets.').exactOptional(),
    globalDomain: members(
      {
        country: text(
          /^(?:[A-Za-z]{2}|\d{3})$/,
          'a country code of two letters or three digits',
          'Country: two letters (ISO 3166) or three digits (X.121).',
        ),
        admd: domainValue(/^[A-Za-z0-9 '()+,\-./:=?]{0,16}$/, 'up to 16', 'Administration domain; one space: any.')
          .meta({ default: anyAdmd })
          .exactOptional(),
        prmd: domainValue(/^[A-Za-z0-9 '()+,\-./:=?]{1,16}$/, '1 to 16', 'Private domain.').exactOptional(),
      },
      'The global domain identifier of the management domain this MTA belongs to.',
    ),
  },
  'Who this MTA is.',
);

const listenSchema = members(
  {
    host: host('Address to listen on.').meta({ default: listenHost }).exactOptional(),
    port: portOrStandard('TCP port to listen on.').exactOptional(),
    ...selectorMembers('that callers must call; left out: any', 'callers of X.410-1984 mode need not'),
  },
  'One place where peers may call.',
);

const adminSchema = members(
  {
    socket: filePath('The admin socket; by default admin.sock in the data directory.').exactOptional(),
    http: members(
      {
        host: host('Address of the admin page.').meta({ default: adminPageHost }).exactOptional(),
        port: port('TCP port of the admin page.'),
      },
      'Metrics and the admin page; left out: none.',
    ).exactOptional(),
  },
  'How operators reach the daemon.',
);

const callingSchema = () => members(selectorMembers('that we give as our own when we call'), 'Our own selectors.');

const remoteSchema = members(
  {
    mtaName: mtaName('The name that the peer says of itself; letters count as they are.'),
    password: secret('What the peer must say of itself; at most 62 octets.').exactOptional(),
    host: host('Where the peer listens; left out: only the peer opens associations.').exactOptional(),
    port: portOrStandard('TCP port on which the peer listens.').exactOptional(),
    ...selectorMembers('that we call'),
    calling: callingSchema().exactOptional(),
    via: members(
      { host: host('Where the link listens.'), port: port('TCP port on which the link listens.') },
      'A link in between: connections go there, and it passes them on to the host and port of the peer.',
    ).exactOptional(),
  },
  'The peer.',
);

const localSchema = members(
  {
    mtaName: mtaName('The name that we say of ourselves to this peer; by default mta.name.').exactOptional(),
    password: secret('What we say of ourselves to this peer; by default mta.password.').exactOptional(),
  },
  'Ourselves, as this peer knows us.',
);

const connectorSchema = members(
  {
    name: name('What operators call this connector; unique.'),
    type: oneOf(
      ['x400', 'site'],
      'x400 may override site defaults; site (same site) never does.',
      'x400',
    ).exactOptional(),
    mode: oneOf(['normal', 'x410-1984'], 'The mode of reliable transfer (X.228).', 'normal').exactOptional(),
    p1: oneOf(['1988', '1984'], 'The version of P1; 1984 in X.410-1984 mode only.', '1988').exactOptional(),
    dialogue: oneOf(
      ['monologue', 'two-way-alternate'],
      'Whether each end opens its own associations, or both send on one by turns.',
      'monologue',
    ).exactOptional(),
    remote: remoteSchema,
    local: localSchema.exactOptional(),
    calling: callingSchema()
      .describe('Our own selectors; the same as remote.calling, of which only one may be given.')
      .exactOptional(),
    passwordType: oneOf(
      ['ia5', 'octets'],
      'How our password is encoded; by default ia5 with p1 1984, octets with p1 1988. Either is taken from the peer.',
    ).exactOptional(),
    tpduSizeOffer: oneOf(
      ['preferred', '2048', 'none'],
      'Sizes offered when we call: preferred offers 65408 and 2048 octets; some old peers take only 2048, or no offer at all.',
      'preferred',
    ).exactOptional(),
    extensionTagging: oneOf(
      ['standard', 'draft'],
      'How types of P1 extensions are tagged towards this peer: as X.411 has it, or as an ISO draft had it (PP).',
      'standard',
    ).exactOptional(),
    allowUnauthenticated: trueOrFalse('Whether the peer may bind without a password.', false).exactOptional(),
    addressSpace: list(
      members(
        {
          pattern: addressPattern('Attributes that an address must have.'),
          cost: integer(
            0,
            costMax,
            'Among equally long matches the lowest cost wins, a number.',
            addressSpaceCost,
          ).exactOptional(),
        },
        'Addresses that this connector takes.',
      ),
      'Addresses that are reached by this connector.',
    ).exactOptional(),
    override: valuesSchema('Values that hold for this connector alone.').exactOptional(),
  },
  'One peer, and how to speak with it.',
);

const mailboxSchema = members(
  {
    name: name('What operators call this mailbox; unique.'),
    address: address('The O/R address of the mailbox.'),
  },
  'A local mailbox.',
);

export const siteFileSchema = members(
  {
    $schema: text(/^/, 'the address of a JSON Schema', 'For editors; has no effect.').exactOptional(),
    mta: mtaSchema,
    listen: filledList(listenSchema, 'Where peers may call.'),
    dataDirectory: filePath('Directory of queue, contents and logs, relative to the site file.'),
    admin: adminSchema.exactOptional(),
    siteDefaults: valuesSchema('Values that hold for every connector that does not override them.').exactOptional(),
    connectors: list(connectorSchema, 'The peers.').exactOptional(),
    mailboxes: list(mailboxSchema, 'Local mailboxes.').exactOptional(),
    localDomains: list(
      addressPattern('Attributes that an address must have to be ours.'),
      'Addresses that are ours, with or without a mailbox; by default those of the global domain.',
    ).exactOptional(),
    limits: limitsSchema.exactOptional(),
  },
  'The site file of one message transfer agent.',
);

export type SiteFile = z.output<typeof siteFileSchema>;
export type ConnectorFile = NonNullable<SiteFile['connectors']>[number];
