import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berOctets, nodeContent, readWholeBerNode } from '../../src/asn1/ber-node.js';
import { BitString } from '../../src/asn1/bit-string.js';
import { universal } from '../../src/asn1/tag.js';
import { unrecognized } from '../../src/asn1/structured-types.js';
import { integer } from '../../src/asn1/simple-types.js';
import { decode, encode } from '../../src/asn1/type.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import type { ContentType } from '../../src/p1/common-types.js';
import { encodeMessageHead, readApduHead } from '../../src/p1/apdu-head.js';
import { hasCriticalExtension, unsupportedCriticalExtensions } from '../../src/p1/criticality.js';
import { envelopeFault } from '../../src/p1/envelope-checks.js';
import {
  extensionFaults,
  extensionField,
  extensionFields,
  findExtension,
  readExtension,
  taggedAs,
  withExtension,
  withoutExtension,
  type ExtensionField,
  type ExtensionFields,
} from '../../src/p1/extension-field.js';
import {
  conversionWithLossProhibited,
  internalTrace,
  latestDeliveryTime,
  readableExtensions,
} from '../../src/p1/extensions.js';
import { tagMessageExtensions, tagReportExtensions } from '../../src/p1/extension-tagging.js';
import {
  isResponsible,
  makeRecipientIndicators,
  readRecipientIndicators,
  withResponsibility,
  type OriginatingMtaRequest,
  type OriginatorRequest,
} from '../../src/p1/indicators.js';
import { messageTransferEnvelope } from '../../src/p1/message-pdu.js';
import { traceAction } from '../../src/p1/trace.js';
import { messageEnvelopes, unknownExtensions } from './envelope-generators.js';
import { exampleMessage, ia5Text, mta1, recipient } from './values.js';
import { sourceOf, vector } from './vectors.js';

function field(hex: string): ExtensionField {
  return decode(extensionField, fromHex(hex));
}

const five = 'a20f170d3236313132323038303030305a';

describe('extension fields', () => {
  it.each([
    ['standard', `800105${five}`],
    ['draft', `a003020105${five}`],
  ])('accepts the %s tagging of a number (P1-031)', (tagging, content) => {
    const octets = fromHex(`30${(content.length / 2).toString(16)}${content}`);
    const read = decode(extensionField, octets);
    expect(read.type).toEqual({ kind: 'standard', value: 5, tagging });
    expect(readExtension([read], latestDeliveryTime)).toBe('261122080000Z');
    expect(toHex(encode(extensionField, read))).toBe(toHex(octets));
  });

  it.each([
    ['standard', '30058303550403', '2.5.4.3'],
    ['draft', '3007a0050603550403', '2.5.4.3'],
  ])('accepts the %s tagging of an object identifier (P1-031)', (tagging, hex, value) => {
    expect(field(hex).type).toEqual({ kind: 'private', value, tagging });
    expect(toHex(encode(extensionField, { ...field(hex) }))).toBe(hex);
  });

  it('reads numbers above 127, absent criticality and the NULL of an absent value', () => {
    expect(field('3004800200c8')).toEqual({
      type: { kind: 'standard', value: 200, tagging: 'standard' },
      criticality: BitString.empty,
      value: Uint8Array.of(5, 0),
    });
  });

  it('sends one tagging or the other, and leaves fields that are so as they came (P1-032)', () => {
    fc.assert(
      fc.property(fc.array(unknownExtensions, { maxLength: 4 }), (fields) => {
        for (const tagging of ['standard', 'draft'] as const) {
          const sent = decode(extensionFields, encode(extensionFields, taggedAs(fields, tagging)));
          expect(sent.map(({ type }) => type.tagging)).toEqual(fields.map(() => tagging));
          expect(sent.map(({ type, value }) => [type.value, value])).toEqual(
            fields.map(({ type, value }) => [type.value, value]),
          );
          expect(taggedAs(sent, tagging)).toBe(sent);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('sends latest-delivery-time critical for delivery, an uncritical one without criticality (P1-014)', () => {
    expect(toHex(encode(extensionFields, withExtension([], latestDeliveryTime, '261122080000Z')))).toBe(
      `311a` + `3018800105` + `81020520` + five,
    );
    expect(toHex(encode(extensionFields, withExtension([], internalTrace, [])))).not.toContain('8102');
  });

  it('sets a value in its old place and takes it away again', () => {
    const fields = withExtension(
      withExtension([], conversionWithLossProhibited, 1),
      latestDeliveryTime,
      '261122080000Z',
    );
    const changed = withExtension(fields, conversionWithLossProhibited, 0);
    expect(changed.map(({ type }) => type.value)).toEqual([4, 5]);
    expect(readExtension(changed, conversionWithLossProhibited)).toBe(0);
    expect(withoutExtension(changed, 4).map(({ type }) => type.value)).toEqual([5]);
    expect(withoutExtension(changed, 9)).toBe(changed);
  });

  it('takes a value that is not as X.411 has it for absent, and keeps the field', () => {
    const broken: ExtensionField = {
      ...field('3004800200c8'),
      type: { kind: 'standard', value: 5, tagging: 'standard' },
    };
    expect(readExtension([broken], latestDeliveryTime)).toBeUndefined();
    expect(findExtension([broken], 5)).toBe(broken);
    expect(extensionFaults(latestDeliveryTime, '22 Nov')).toHaveLength(1);
  });

  it('has no number twice in its table', () => {
    const numbers = readableExtensions.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('criticality', () => {
  function marked(type: ExtensionField['type'], bit: number, value = encode(integer(), 1)): ExtensionFields {
    return [{ type, criticality: BitString.of([bit]), value }];
  }
  const number = (value: number) => ({ kind: 'standard', value, tagging: 'standard' }) as const;
  const foreign = { kind: 'private', value: '1.2.3', tagging: 'standard' } as const;

  it('holds up a message for an extension critical for what is done, and unknown (P1-029)', () => {
    expect(unsupportedCriticalExtensions(marked(foreign, 1), 'transfer')).toHaveLength(1);
    expect(unsupportedCriticalExtensions(marked(foreign, 1), 'delivery')).toEqual([]);
    expect(unsupportedCriticalExtensions(marked(foreign, 2), 'delivery')).toHaveLength(1);
    expect(unsupportedCriticalExtensions(marked(number(200), 2), 'transfer')).toEqual([]);
    expect(unsupportedCriticalExtensions(marked(number(20), 1, fromHex('3100')), 'transfer')).toHaveLength(1);
    expect(unsupportedCriticalExtensions(marked(number(16), 2), 'delivery')).toHaveLength(1);
  });

  it('lets pass what is honoured, and holds up a value that cannot be read', () => {
    const fields = withExtension(
      withExtension([], latestDeliveryTime, '261122080000Z'),
      conversionWithLossProhibited,
      1,
    );
    expect(unsupportedCriticalExtensions(fields, 'delivery')).toEqual([]);
    expect(unsupportedCriticalExtensions(marked(number(5), 2), 'delivery')).toHaveLength(1);
  });

  it('lets pass unknown extensions that nobody marked (P1-030)', () => {
    expect(
      unsupportedCriticalExtensions(
        [{ type: foreign, criticality: BitString.empty, value: Uint8Array.of(5, 0) }],
        'transfer',
      ),
    ).toEqual([]);
    expect(hasCriticalExtension(marked(foreign, 0))).toBe(false);
    expect(hasCriticalExtension(marked(foreign, 2))).toBe(true);
  });
});

describe('indicators', () => {
  it('makes eight bits with the reserved ones zero, and reads them back (P1-015)', () => {
    const requests = fc.record({
      responsibility: fc.constantFrom('responsible' as const, 'not-responsible' as const),
      originatingMtaRequest: fc.constantFrom<OriginatingMtaRequest>('non-delivery-report', 'report', 'audited-report'),
      originatorRequest: fc.constantFrom<OriginatorRequest>('none', 'non-delivery-report', 'report'),
    });
    fc.assert(
      fc.property(requests, (request) => {
        const made = makeRecipientIndicators(request);
        expect([made.length, made.unusedBits, made.bits().filter((bit) => bit > 4)]).toEqual([8, 0, []]);
        const read = readRecipientIndicators(made);
        const raised =
          request.originatorRequest === 'report' && request.originatingMtaRequest === 'non-delivery-report';
        expect(read).toEqual(raised ? { ...request, originatingMtaRequest: 'report' } : request);
        expect(made.has(1) || made.has(2)).toBe(true);
      }),
    );
  });

  it('never asks for less than the originator does (P1-016)', () => {
    const made = makeRecipientIndicators({
      responsibility: 'responsible',
      originatingMtaRequest: 'non-delivery-report',
      originatorRequest: 'report',
    });
    expect(made.bits()).toEqual([0, 1, 3]);
  });

  it('reads strings of other lengths by their named bits (P1-070)', () => {
    const nine = new BitString(Uint8Array.of(0xa8, 0x00), 7);
    expect(readRecipientIndicators(nine)).toEqual({
      responsibility: 'responsible',
      originatingMtaRequest: 'non-delivery-report',
      originatorRequest: 'non-delivery-report',
    });
    expect(nine.equals(BitString.of([0, 2, 4]))).toBe(true);
    expect(readRecipientIndicators(new BitString(Uint8Array.of(0xa8), 3)).responsibility).toBe('responsible');
  });

  it('changes responsibility and no other bit, unknown ones included (P1-018)', () => {
    const strange = new BitString(Uint8Array.of(0xab, 0x40), 6);
    const given = withResponsibility(strange, 'not-responsible');
    expect(given.bits()).toEqual([2, 4, 6, 7, 9]);
    expect(isResponsible(given)).toBe(false);
    expect(withResponsibility(given, 'responsible').equals(strange)).toBe(true);
    expect(withResponsibility(BitString.empty, 'not-responsible').length).toBe(8);
  });
});

describe('envelopes as a relay meets them', () => {
  it('keeps members that it does not know, in every structure (P1-013, P1-030)', () => {
    const strange = fromHex('bf814803020107');
    const fields = { ...recipient(1), [unrecognized]: [fromHex('020109')] };
    const envelope = exampleMessage({
      perRecipientFields: [fields],
      originalEncodedInformationTypes: { universalBuiltIn: BitString.of([2]) },
    });
    const octets = encode(messageTransferEnvelope, { ...envelope, [unrecognized]: [strange, fromHex('3100')] });
    const read = decode(messageTransferEnvelope, octets);
    expect(read[unrecognized]).toEqual([strange, fromHex('3100')]);
    expect(read.originalEncodedInformationTypes?.universalBuiltIn?.bits()).toEqual([2]);
    const changed = encode(messageTransferEnvelope, {
      ...read,
      priority: 0,
      perRecipientFields: read.perRecipientFields.map((one) => ({ ...one, explicitConversion: 0 })),
    });
    const again = decode(messageTransferEnvelope, changed);
    expect(again[unrecognized]).toEqual([strange, fromHex('3100')]);
    expect(again.perRecipientFields[0]?.[unrecognized]).toEqual([fromHex('020109')]);
  });

  it('relays per-domain bilateral information of both forms (P1-061)', () => {
    const { countryName, administrationDomainName } = mta1.globalDomain;
    const privateDomainIdentifier = { kind: 'printable' as const, value: 'ACME' };
    const bilateralInformation = fromHex('a003020105');
    const envelope = exampleMessage({
      perDomainBilateralInformation: [
        {
          countryName,
          domain: { kind: 'administrationDomainName', value: administrationDomainName },
          bilateralInformation,
        },
        {
          countryName,
          domain: { kind: 'privateDomain', value: { administrationDomainName, privateDomainIdentifier } },
          bilateralInformation,
        },
      ],
    });
    const octets = encode(messageTransferEnvelope, envelope);
    expect(toHex(octets)).toContain(
      'a12e' +
        '3010' +
        '610413024742' +
        '6203130120' +
        'a003020105' +
        '301a' +
        '610413024742' +
        '300d' +
        'a003130120' +
        'a106130441434d45',
    );
    expect(decode(messageTransferEnvelope, octets)).toEqual(envelope);
  });

  it.each([
    ['extended', '1.3.26.0.4406.0.4.1', '06082b1a00a236000401'],
    ['relative', fromHex('0401'), '0d020401'],
  ] as const)('accepts object identifiers and relative ones as content types (P1-066): %s', (kind, value, hex) => {
    const octets = encode(messageTransferEnvelope, exampleMessage({ contentType: { kind, value } as ContentType }));
    expect(toHex(octets)).toContain(hex);
    expect(decode(messageTransferEnvelope, octets).contentType).toEqual({ kind, value });
  });

  it('writes a decoded envelope octet for octet, and all untouched parts of a changed one (P1-030)', () => {
    fc.assert(
      fc.property(messageEnvelopes, (envelope) => {
        const octets = encode(messageTransferEnvelope, envelope);
        const read = decode(messageTransferEnvelope, octets);
        expect(toHex(encode(messageTransferEnvelope, read))).toBe(toHex(octets));
        const changed = encode(messageTransferEnvelope, { ...read, priority: 1 });
        expect(decode(messageTransferEnvelope, changed)).toEqual({ ...envelope, priority: 1 });
      }),
      { numRuns: 30 },
    );
  });

  it('accepts an empty list of extensions and sends none (P1-014)', () => {
    const octets = encode(messageTransferEnvelope, exampleMessage({ extensions: [] }));
    expect(toHex(octets)).not.toContain('a300');
    const members = nodeContent(readWholeBerNode(octets));
    const withEmpty = berOctets(universal(17), 'constructed', members, fromHex('a300'));
    expect(decode(messageTransferEnvelope, withEmpty).extensions).toEqual([]);
  });

  it.each(['X', '12', '234', ''])('bears with the country "%s" of odd length', (value) => {
    const countryName = { kind: 'printable' as const, value };
    const originatorName = { standardAttributes: { countryName } };
    const octets = encode(messageTransferEnvelope, exampleMessage({ originatorName }));
    expect(decode(messageTransferEnvelope, octets).originatorName.standardAttributes.countryName).toEqual(countryName);
  });

  it('tags all extensions of a message as one peer wants them (P1-032)', () => {
    const converted = traceAction(exampleMessage(), mta1, { convertedEncodedInformationTypes: ia5Text });
    const extended = {
      ...converted,
      perRecipientFields: [{ ...recipient(1), extensions: withExtension([], conversionWithLossProhibited, 1) }],
    };
    const draft = tagMessageExtensions(extended, 'draft');
    expect(toHex(encodeMessageHead(draft, 0))).toContain('a003020126');
    expect(toHex(encodeMessageHead(draft, 0))).toContain('a003020104');
    expect(readExtension(draft.extensions, internalTrace)?.[0]?.mtaSuppliedInformation).not.toHaveProperty(
      'convertedEncodedInformationTypes',
    );
    const standard = tagMessageExtensions(draft, 'standard');
    expect(toHex(encodeMessageHead(standard, 0))).not.toContain('a0030201');
    expect(tagMessageExtensions(standard, 'standard')).toBe(standard);
    const report = readApduHead(sourceOf(vector('V8')));
    if (report.kind !== 'report') throw new Error('no report');
    expect(tagReportExtensions(report, 'draft').envelope).toBe(report.envelope);
    expect(tagReportExtensions(report, 'standard').envelope.extensions[0]?.type.tagging).toBe('standard');
  });

  it('refuses more trace than is safe and more recipients than there are numbers, no lesser slip (P1-020, P1-056)', () => {
    const envelope = exampleMessage();
    const lenient = { identifierOfAnotherDomain: 'accept' } as const;
    const [element] = envelope.traceInformation;
    if (element === undefined) throw new Error('no trace');
    const long = (count: number) => ({ ...envelope, traceInformation: Array<typeof element>(count).fill(element) });
    expect(envelopeFault(envelope.messageIdentifier, long(512), lenient)).toBeUndefined();
    expect(envelopeFault(envelope.messageIdentifier, long(513), lenient)).toEqual({ reason: 1, diagnostic: 13 });
    const crowd = { ...envelope, perRecipientFields: Array<unknown>(32768) };
    expect(envelopeFault(envelope.messageIdentifier, crowd, lenient)).toEqual({ reason: 1, diagnostic: 16 });
    const foreign = {
      ...envelope.messageIdentifier,
      globalDomainIdentifier: { ...mta1.globalDomain, countryName: { kind: 'printable' as const, value: 'FR' } },
    };
    expect(envelopeFault(foreign, envelope, lenient)).toBeUndefined();
    expect(envelopeFault(foreign, envelope, { identifierOfAnotherDomain: 'refuse' })).toEqual({
      reason: 1,
      diagnostic: 11,
    });
    expect(
      envelopeFault(envelope.messageIdentifier, envelope, { identifierOfAnotherDomain: 'refuse' }),
    ).toBeUndefined();
  });
});
