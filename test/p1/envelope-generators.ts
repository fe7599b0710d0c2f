import fc from 'fast-check';
import { nodeContent, readWholeBerNode, type BerNode } from '../../src/asn1/ber-node.js';
import { writeBerHeader } from '../../src/asn1/ber-header.js';
import { BitString } from '../../src/asn1/bit-string.js';
import { integer, octetString } from '../../src/asn1/simple-types.js';
import { universal } from '../../src/asn1/tag.js';
import { encode } from '../../src/asn1/type.js';
import { concatOctets } from '../../src/bytes/octets.js';
import type {
  ContentType,
  EncodedInformationTypes,
  GlobalDomainIdentifier,
  MTSIdentifier,
  TraceInformation,
} from '../../src/p1/common-types.js';
import { withExtension, type ExtensionField } from '../../src/p1/extension-field.js';
import { internalTrace } from '../../src/p1/extensions.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields } from '../../src/p1/message-pdu.js';
import { numericOrPrintable } from '../../src/p1/or-address.js';
import { printUtcTime } from '../../src/p1/utc-time.js';
import { addresses, numeric, printable } from './generators.js';

/** Members that may be there, never there as undefined. */
function present<T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const domains: fc.Arbitrary<GlobalDomainIdentifier> = fc.record(
  {
    countryName: fc.constantFrom('GB', '234').map(numericOrPrintable),
    administrationDomainName: fc.oneof(fc.constant(' '), printable(16)).map(numericOrPrintable),
    privateDomainIdentifier: fc.oneof(numeric(16), printable(16)).map(numericOrPrintable),
  },
  { requiredKeys: ['countryName', 'administrationDomainName'] },
);

export const mtsIdentifiers: fc.Arbitrary<MTSIdentifier> = fc.record({
  globalDomainIdentifier: domains,
  localIdentifier: fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 32,
  }),
});

const times = fc
  .integer({ min: Date.UTC(1980, 0, 1) / 1000, max: Date.UTC(2079, 11, 31) / 1000 })
  .map((seconds) => printUtcTime(seconds * 1000));

const bits = (max: number, bitsMin = 0) => fc.uniqueArray(fc.nat(max)).map((set) => BitString.of(set, bitsMin));

const encodedInformationTypesArbitrary: fc.Arbitrary<EncodedInformationTypes> = present<EncodedInformationTypes>({
  builtIn: bits(9),
  g3Facsimile: bits(30),
  extended: fc.array(fc.constantFrom('2.6.3.4.2', '1.0.10021.7.1.0.100', '2.6.1.12.0'), { minLength: 1, maxLength: 3 }),
});

const contentTypeArbitrary: fc.Arbitrary<ContentType> = fc.oneof(
  fc.nat(32767).map((value) => ({ kind: 'builtIn' as const, value })),
  fc.constant({ kind: 'extended' as const, value: '1.3.26.0.4406.0.4.1' }),
);

const traces: fc.Arbitrary<TraceInformation> = fc.array(
  fc.record({
    globalDomainIdentifier: domains,
    domainSuppliedInformation: fc.record(
      {
        arrivalTime: times,
        routingAction: fc.nat(1),
        attemptedDomain: domains,
        deferredTime: times,
        convertedEncodedInformationTypes: encodedInformationTypesArbitrary,
        otherActions: bits(1),
      },
      { requiredKeys: ['arrivalTime', 'routingAction', 'otherActions'] },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

export const unknownExtensions: fc.Arbitrary<ExtensionField> = fc.record({
  type: fc.oneof(
    fc.record({
      kind: fc.constant('standard' as const),
      value: fc.integer({ min: 47, max: 256 }),
      tagging: fc.constantFrom('standard' as const, 'draft' as const),
    }),
    fc.record({
      kind: fc.constant('private' as const),
      value: fc.constant('1.2.840.113556.4'),
      tagging: fc.constantFrom('standard' as const, 'draft' as const),
    }),
  ),
  criticality: bits(2),
  value: fc.oneof(
    fc.integer().map((value) => encode(integer(), value)),
    fc.uint8Array({ maxLength: 20 }).map((value) => encode(octetString(), value)),
  ),
});

const recipients: fc.Arbitrary<PerRecipientTransferFields> = fc.record(
  {
    recipientName: addresses(),
    originallySpecifiedRecipientNumber: fc.integer({ min: 1, max: 32767 }),
    perRecipientIndicators: bits(15, 8),
    explicitConversion: fc.nat(17),
    extensions: fc.array(unknownExtensions, { maxLength: 2 }),
  },
  { requiredKeys: ['recipientName', 'originallySpecifiedRecipientNumber', 'perRecipientIndicators', 'extensions'] },
);

export const messageEnvelopes: fc.Arbitrary<MessageTransferEnvelope> = fc
  .record(
    {
      messageIdentifier: mtsIdentifiers,
      originatorName: addresses(),
      originalEncodedInformationTypes: encodedInformationTypesArbitrary,
      contentType: contentTypeArbitrary,
      contentIdentifier: printable(16),
      priority: fc.nat(2),
      perMessageIndicators: bits(15),
      deferredDeliveryTime: times,
      perRecipientFields: fc.array(recipients, { minLength: 1, maxLength: 3 }),
      traceInformation: traces,
      extensions: fc.array(unknownExtensions, { maxLength: 2 }),
    },
    {
      requiredKeys: [
        'messageIdentifier',
        'originatorName',
        'contentType',
        'priority',
        'perMessageIndicators',
        'perRecipientFields',
        'traceInformation',
        'extensions',
      ],
    },
  )
  .map((envelope) => ({
    ...envelope,
    extensions: withExtension(
      envelope.extensions,
      internalTrace,
      envelope.traceInformation.map(({ globalDomainIdentifier, domainSuppliedInformation }) => {
        const { arrivalTime, routingAction, otherActions } = domainSuppliedInformation;
        return {
          globalDomainIdentifier,
          mtaName: 'mta',
          mtaSuppliedInformation: { arrivalTime, routingAction, otherActions },
        };
      }),
    ),
  }));

const endOfContents = Uint8Array.of(0, 0);
const setTag = universal(17);
const octetStringTag = universal(4);

/**
 * The same value in another legal encoding: indefinite lengths, OCTET STRINGs in segments, SET members in another order, as `draw` decides
 * (numbers below 1).
 */
export function encodedOtherwise(octets: Uint8Array, draw: () => number): Uint8Array {
  return rewritten(readWholeBerNode(octets), draw, segmentDepthMax);
}

const segmentDepthMax = 3;

function rewritten(node: BerNode, draw: () => number, depth: number): Uint8Array {
  if (!node.constructed) {
    const content = nodeContent(node);
    if (node.tag !== octetStringTag || content.length < 2 || depth === 0 || draw() < 0.5) {
      return concatOctets(writeBerHeader(node.tag, 'primitive', content.length), content);
    }
    const cut = 1 + Math.floor(draw() * (content.length - 1));
    const segments = [content.subarray(0, cut), content.subarray(cut)].map((part) => {
      const segment = concatOctets(writeBerHeader(octetStringTag, 'primitive', part.length), part);
      return draw() < 0.5 ? rewritten(readWholeBerNode(segment), draw, depth - 1) : segment;
    });
    return framed(node, segments, draw);
  }
  const members = node.children.map((child) => rewritten(child, draw, depth));
  if (node.tag === setTag && draw() < 0.5) members.reverse();
  return framed(node, members, draw);
}

function framed(node: BerNode, members: readonly Uint8Array[], draw: () => number): Uint8Array {
  const content = concatOctets(...members);
  if (draw() < 0.5) return concatOctets(writeBerHeader(node.tag, 'constructed', content.length), content);
  const identifier = writeBerHeader(node.tag, 'constructed', 0).slice(0, -1);
  return concatOctets(identifier, Uint8Array.of(0x80), content, endOfContents);
}
