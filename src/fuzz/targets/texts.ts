/** What people write: addresses and identifiers, the site file. */
import { isDeepStrictEqual } from 'node:util';
import { loadSite } from '../../config/load.js';
import { AddressTextError } from '../../p1/address-text-error.js';
import { parseContentType, printContentType } from '../../p1/content-type-text.js';
import { parseMtsIdentifier, printMtsIdentifier } from '../../p1/mts-identifier.js';
import { addressKey, sameAddress } from '../../p1/or-address-matching.js';
import { matchesPattern, parseAddressPattern } from '../../p1/or-address-pattern.js';
import { parseORAddress, printORAddress, printORAddressWithSlashes } from '../../p1/or-address-text.js';
import { parseUtcTime } from '../../p1/utc-time.js';
import { fresh } from '../fresh.js';
import { mutateOctets, mutateText } from '../mutator.js';
import { otherMailbox, ownMailbox } from '../site.js';
import { must, shapeOf, targetDefaults, type Target } from '../target.js';

const text = new TextDecoder();
const octets = new TextEncoder();

function attemptText<Value>(read: () => Value): { readonly value: Value } | { readonly fault: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof AddressTextError) return { fault: shapeOf(`${error.expected} ${error.found.slice(0, 4)}`) };
    throw error;
  }
}

const addressWords = [
  'C=',
  'ADMD=',
  'A=',
  'PRMD=',
  'P=',
  'O=',
  'OU=',
  'OU1=',
  'OU4=',
  'CN=',
  'S=',
  'G=',
  'I=',
  'Q=',
  'X.121=',
  'T-ID=',
  'N-ID=',
  'UA-ID=',
  'DDA:',
  'DD.',
  'RFC-822=',
  'PD-ADDRESS=',
  'PD-C=',
  'PN=',
  'T-TY=',
  'NET-PSAP=',
  'NET-NUM=',
  'GB',
  ' ',
  ';',
  ';;',
  '/',
  '$/',
  '=',
  '==',
  '*',
  '{064}',
  '{',
  '}',
  '|',
  '$',
  'ü',
  '€',
  '\u{1F600}',
  '"a"/"b"/"c"/NS+00_NS+11',
  '\n',
  '(q)',
  '#',
];

const addresses: readonly string[] = [
  ownMailbox,
  otherMailbox,
  '/G=Anna/S=Smith/PRMD=ALPHA/ADMD= /C=GB/',
  'C=DE;ADMD=x;OU1=a;OU2=b;CN=Bär*Baer;DDA:RFC-822=a(a)b;X.121=123+4',
  'C=US;ADMD=y;PD-ADDRESS=Street 1|Town;PD-C=DE;PN=Anna;T-TY=telex;NET-PSAP="a"/NS+0011',
  '[/PRMD=ALPHA/ADMD= /C=GB/;local.1]',
  '2.6.1.10.1',
  '22',
  '2611222030Z',
];

const addressText: Target = {
  ...targetDefaults,
  name: 'address-text',
  octetsMax: 2048,
  mutators: [mutateText(addressWords), mutateOctets],
  seeds: () => addresses.map((address) => octets.encode(address)),
  run(input) {
    const written = text.decode(input);
    const address = attemptText(() => parseORAddress(written));
    if ('value' in address) {
      for (const print of [printORAddress, printORAddressWithSlashes]) {
        const again = parseORAddress(print(address.value));
        must(print(again) === print(address.value), 'an address changes when it is written');
        // A teletex text that fits PrintableString comes back as a printable one (RFC 2156 §4.1): another value, the same user.
        must(sameAddress(again, address.value), 'an address is another when it is written');
        must(isDeepStrictEqual(fresh(parseORAddress(print(again))), fresh(again)), 'an address goes on changing');
      }
      must(
        matchesPattern(parseAddressPattern(printORAddress(address.value)), addressKey(address.value)),
        'an address does not match itself',
      );
    }
    const identifier = attemptText(() => parseMtsIdentifier(written));
    if ('value' in identifier) {
      const again = printMtsIdentifier(parseMtsIdentifier(printMtsIdentifier(identifier.value)));
      must(again === printMtsIdentifier(identifier.value), 'an identifier changes when it is written');
    }
    const type = attemptText(() => parseContentType(written));
    if ('value' in type) {
      must(
        isDeepStrictEqual(parseContentType(printContentType(type.value)), type.value),
        'a content type changes when it is written',
      );
    }
    const pattern = attemptText(() => parseAddressPattern(written));
    parseUtcTime(written);
    return [address, identifier, type, pattern].map((result, i) =>
      'fault' in result ? `${String(i)} ${result.fault}` : `${String(i)} ${Object.keys(result.value).join(' ')}`,
    );
  },
};

const siteWords = [
  '"mta":',
  '"name":',
  '"listen":',
  '"connectors":',
  '"mailboxes":',
  '"override":',
  '"rts":',
  '"limits":',
  '"checkpointSizeK":',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"x"',
  '//',
  '/*',
  '*/',
  'null',
  'true',
  '-1',
  '1e999',
  '0',
  '999999999999999999999',
  '\\u0000',
  '"env":',
  '"file":',
  '{"hex":"0"}',
  '"__proto__":',
  '"constructor":',
  '"address":',
  '"pattern":',
  '"C=GB;ADMD= "',
  '"type":"site"',
  '"dialogue":',
  '\n',
];

const siteSeeds: readonly object[] = [
  {
    mta: { name: 'MTA-A', password: 'a', globalDomain: { country: 'GB', admd: ' ', prmd: 'A' } },
    listen: [{ host: '127.0.0.1', port: 101, transportSelector: 'MTA' }],
    dataDirectory: './var',
  },
  {
    mta: { name: 'MTA-A', password: { env: 'X' }, globalDomain: { country: 'GB', admd: ' ' } },
    listen: [{ host: '::1', port: 102, transportSelector: { hex: '00ff' } }],
    dataDirectory: '/v',
    admin: { socket: '/s', http: { host: 'localhost', port: 80 } },
    siteDefaults: {
      rts: { checkpointSizeK: 0, windowSize: 3 },
      association: { maximum: 2 },
      retry: { maxOpenRetries: 1 },
    },
    connectors: [
      {
        name: 'b',
        mode: 'x410-1984',
        p1: '1984',
        dialogue: 'two-way-alternate',
        remote: { mtaName: 'MTA-B', password: { file: 'p' }, host: 'h', port: 1, via: 'x' },
        addressSpace: [{ pattern: 'C=GB;ADMD= ;PRMD=B', cost: 1 }],
        override: { rts: { windowSize: 1 } },
      },
    ],
    mailboxes: [{ name: 'm', address: ownMailbox }],
    limits: { connectionsMax: 1 },
  },
];

const siteFile: Target = {
  ...targetDefaults,
  name: 'site-file',
  mutators: [mutateText(siteWords), mutateOctets],
  seeds: () => siteSeeds.map((site) => octets.encode(JSON.stringify(site, undefined, 1))),
  run(input) {
    const load = loadSite({
      text: text.decode(input),
      path: '/etc/site.json',
      readFile: (path) => {
        if (path.length % 2 === 0) throw new Error('no such file');
        return 'secret\n';
      },
      environment: { X: 'secret' },
      statMode: () => 0o100644,
    });
    if (!load.valid)
      must(
        load.problems.some(({ severity }) => severity === 'error'),
        'a site is refused without a reason',
      );
    return load.problems.map((problem) => shapeOf(`${problem.severity} ${problem.expected}`));
  },
};

export const textTargets: readonly Target[] = [addressText, siteFile];
