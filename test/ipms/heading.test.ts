import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { decode, encode, faultsOf } from '../../src/asn1/type.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import {
  extension,
  extensionName,
  extensionValue,
  readableExtensionValue,
  type ExtensionName,
  type ExtensionValue,
} from '../../src/ipms/extensions.js';
import { heading, type Heading } from '../../src/ipms/heading.js';
import { fileTransferParameters, type FileTransferParameters } from '../../src/ipms/file-transfer.js';
import { parseGeneralizedTime, printGeneralizedTime } from '../../src/ipms/times.js';
import { addresses, printable } from '../p1/generators.js';
import { anna, bob } from './contents.js';

const teletexUnit = fc.constantFrom(...Array.from('aZ 9\u00c8\u00e9'));
const teletex = (max: number) => fc.string({ unit: teletexUnit, maxLength: max });
const time = fc.constantFrom('261122081649Z', '2611220816Z', '261122081649+0100');

const identifierArbitrary = fc.record(
  { user: addresses(), userRelativeIdentifier: printable(64) },
  { requiredKeys: ['userRelativeIdentifier'] },
);
const descriptorArbitrary = fc.record(
  { formalName: addresses(), freeFormName: teletex(64), telephoneNumber: printable(32) },
  { requiredKeys: ['formalName'] },
);
const extensionsArbitrary = fc.array(
  fc.constantFrom(extension('languages', ['en']), extension('autoSubmitted', 1), extension('incompleteCopy', null), {
    type: '1.2.3',
    value: fromHex('3003020101'),
  }),
  { maxLength: 2 },
);
const recipientsArbitrary = fc.array(
  fc.record({
    recipient: descriptorArbitrary,
    notificationRequests: fc.uniqueArray(fc.integer({ min: 0, max: 4 })).map((bits) => BitString.of(bits)),
    replyRequested: fc.boolean(),
    recipientExtensions: extensionsArbitrary,
  }),
  { maxLength: 2 },
);

const headingArbitrary: fc.Arbitrary<Heading> = fc.record(
  {
    thisIPM: identifierArbitrary,
    originator: descriptorArbitrary,
    authorizingUsers: fc.array(descriptorArbitrary, { maxLength: 2 }),
    primaryRecipients: recipientsArbitrary,
    copyRecipients: recipientsArbitrary,
    blindCopyRecipients: recipientsArbitrary,
    repliedToIPM: identifierArbitrary,
    obsoletedIPMs: fc.array(identifierArbitrary, { maxLength: 2 }),
    relatedIPMs: fc.array(identifierArbitrary, { maxLength: 2 }),
    subject: teletex(128),
    expiryTime: time,
    replyTime: time,
    replyRecipients: fc.array(descriptorArbitrary, { maxLength: 2 }),
    importance: fc.integer({ min: 0, max: 2 }),
    sensitivity: fc.integer({ min: 1, max: 3 }),
    autoForwarded: fc.boolean(),
    extensions: extensionsArbitrary,
  },
  {
    requiredKeys: [
      'thisIPM',
      'primaryRecipients',
      'copyRecipients',
      'obsoletedIPMs',
      'relatedIPMs',
      'importance',
      'autoForwarded',
      'extensions',
    ],
  },
);

describe('Heading (X.420 §7.2)', () => {
  it('decodes to what was encoded, whatever fields there are (IPM-004)', () => {
    fc.assert(
      fc.property(headingArbitrary, (value) => {
        expect(faultsOf(heading, value)).toEqual([]);
        const octets = encode(heading, value);
        const decoded = decode(heading, octets);
        expect(toHex(encode(heading, { ...decoded }))).toBe(toHex(octets));
        expect(decoded.subject).toBe(value.subject);
        expect(decoded.primaryRecipients.map(({ notificationRequests }) => notificationRequests.bits())).toEqual(
          value.primaryRecipients.map(({ notificationRequests }) => notificationRequests.bits()),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('writes replied-to without the tag of an identifier, related ones with it', () => {
    const base = { primaryRecipients: [], copyRecipients: [], importance: 1, autoForwarded: false, extensions: [] };
    const identifier = { userRelativeIdentifier: 'x' };
    const value = {
      ...base,
      thisIPM: identifier,
      repliedToIPM: identifier,
      obsoletedIPMs: [],
      relatedIPMs: [identifier],
    };
    expect(toHex(encode(heading, value))).toBe('3111' + '6b03130178' + 'a503130178' + 'a705' + '6b03130178');
  });

  it('decodes members in any order, and times without seconds', () => {
    expect(decode(heading, fromHex('3115 8a0b 323631313232303831365a 8d0102 6b03130178'))).toMatchObject({
      replyTime: '2611220816Z',
      sensitivity: 2,
    });
  });

  it('any octets decode or throw DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        try {
          decode(heading, octets);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });
});

function rebuilt<Name extends ExtensionName>(
  name: Name,
  value: ExtensionValue<Name>,
): ExtensionValue<Name> | undefined {
  return extensionValue([extension(name, value)], name);
}

describe('extensions of headings and recipients (IPM-009)', () => {
  const text = (value: string) => ({ text: { kind: 'twoOctets' as const, value }, language: 'en' });
  const label = { policyIdentifier: '1.2.3', classification: 3 };
  const specifier = {
    recipient: { formalName: bob },
    notificationRequests: BitString.empty,
    replyRequested: false,
    recipientExtensions: [],
  };

  it('are read back as they were written', () => {
    const label2 = {
      contentSecurityLabel: label,
      bodyPartSecurityLabels: [{ kind: 'bodyPartUnlabelled' as const, value: null }],
    };
    expect(rebuilt('ipmSecurityLabel', label2)).toEqual(label2);
    expect(rebuilt('authorizationTime', '20261122080000Z')).toBe('20261122080000Z');
    const members = [
      { circulationRecipient: specifier, checkmark: { kind: 'timestamped' as const, value: '20261122080000Z' } },
      { circulationRecipient: specifier },
    ];
    expect(rebuilt('circulationListRecipients', members)).toMatchObject([{ checkmark: { kind: 'timestamped' } }, {}]);
    expect(rebuilt('distributionCodes', [{ oidCode: '1.2.3', orDescriptor: { formalName: anna } }])).toMatchObject([
      { oidCode: '1.2.3' },
    ]);
    expect(rebuilt('extendedSubject', text('長い'))).toEqual(text('長い'));
    expect(rebuilt('informationCategory', [{ reference: '1.2', description: text('x') }])).toEqual([
      { reference: '1.2', description: text('x') },
    ]);
    expect(rebuilt('manualHandlingInstructions', [text('burn')])).toEqual([text('burn')]);
    expect(rebuilt('originatorsReference', text('ref'))).toEqual(text('ref'));
    expect(rebuilt('precedencePolicyIdentifier', '1.2.3')).toBe('1.2.3');
    expect(rebuilt('precedence', 107)).toBe(107);
    expect(rebuilt('rfc822FieldList', ['X-Mailer: x'])).toEqual(['X-Mailer: x']);
    expect(rebuilt('circulationListIndicator', null)).toBeNull();
  });

  it('write auto-submitted as ENUMERATED with its universal tag', () => {
    expect(toHex(extension('autoSubmitted', 2).value)).toBe('0a0102');
  });

  it('are known by both identifiers of the list of RFC 822 fields', () => {
    expect(extensionName('1.3.6.1.7.1.3.2')).toBe('rfc822FieldList');
    expect(extensionName('0.9.2342.234219200300.200.1')).toBe('rfc822FieldListOld');
    expect(extensionName('1.2.3')).toBeUndefined();
  });

  it('count as absent for people when they are malformed', () => {
    const malformed = [{ type: '2.6.1.5.1', value: fromHex('0500') }];
    expect(() => extensionValue(malformed, 'languages')).toThrow(DecodeError);
    expect(readableExtensionValue(malformed, 'languages')).toBeUndefined();
  });
});

describe('FileTransferParameters', () => {
  it('are read back with every member', () => {
    const value: FileTransferParameters = {
      relatedStoredFile: [
        {
          fileIdentifier: {
            kind: 'crossReference',
            value: {
              applicationCrossReference: fromHex('01'),
              messageReference: { user: anna, userRelativeIdentifier: 'x' },
              bodyPartReference: 1,
            },
          },
          relationship: { kind: 'descriptiveRelationship', value: 'sees' },
        },
      ],
      contentsType: { kind: 'documentType', value: { documentTypeName: '1.0.8571.5.3' } },
      environment: {
        applicationReference: { kind: 'descriptiveIdentifier', value: ['app'] },
        machine: { kind: 'registeredIdentifier', value: '1.2.3' },
        operatingSystem: '1.2.4',
        userVisibleString: ['seen'],
      },
      compression: fromHex('a3020500'),
      fileAttributes: {
        pathname: { kind: 'complete', value: ['dir', 'a.bin'] },
        dateAndTimeOfCreation: { kind: 'noValueAvailable', value: null },
        dateAndTimeOfLastModification: { kind: 'actualValues', value: '20261122080000Z' },
        objectSize: { kind: 'actualValues', value: 2 ** 40 },
      },
      extensions: [{ type: '1.2.3', value: fromHex('0500') }],
    };
    const octets = encode(fileTransferParameters, value);
    expect(decode(fileTransferParameters, octets)).toMatchObject(value);
  });
});

describe('GeneralizedTime', () => {
  it.each([
    ['20261122080000Z', Date.UTC(2026, 10, 22, 8)],
    ['2026112208', Date.UTC(2026, 10, 22, 8)],
    ['202611220800+0130', Date.UTC(2026, 10, 22, 6, 30)],
    ['20261122080000.25Z', Date.UTC(2026, 10, 22, 8, 0, 0, 250)],
    ['20261122080000-01', Date.UTC(2026, 10, 22, 9)],
    ['20261322080000Z', undefined],
    ['yesterday', undefined],
  ])('reads %s', (text, milliseconds) => {
    expect(parseGeneralizedTime(text)).toBe(milliseconds);
  });

  it('reads back what it wrote, in whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseGeneralizedTime(printGeneralizedTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});
