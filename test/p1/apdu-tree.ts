import type { BitString } from '../../src/asn1/bit-string.js';
import { octetString } from '../../src/asn1/simple-types.js';
import { decode } from '../../src/asn1/type.js';
import { latin1Text } from '../../src/bytes/octets.js';
import type { ApduHead, ContentPlace } from '../../src/p1/apdu-head.js';
import { builtInEncodedInformationTypes, extensionTypes, routingActions } from '../../src/p1/codes.js';
import type {
  ContentType,
  EncodedInformationTypes,
  GlobalDomainIdentifier,
  InternalTraceInformation,
  MTSIdentifier,
  TraceInformation,
} from '../../src/p1/common-types.js';
import { readExtensionField, type ExtensionFields } from '../../src/p1/extension-field.js';
import { internalTrace } from '../../src/p1/extensions.js';
import type { PerRecipientTransferFields } from '../../src/p1/message-pdu.js';
import { attributesOf } from '../../src/p1/or-address-attributes.js';
import type { ORName } from '../../src/p1/or-address.js';
import type { PerRecipientReportTransferFields, ReportTransferContent } from '../../src/p1/report-pdu.js';
import type { Tree } from './vectors.js';

const messageBits = [
  'disclosure',
  'implicit-conversion-prohibited',
  'alternate-recipient-allowed',
  'content-return-request',
];
const recipientBits = [
  'responsibility',
  'originating-MTA-report',
  'originating-MTA-non-delivery-report',
  'originator-report',
  'originator-non-delivery-report',
];
const typeBits = Array.from({ length: 10 }, (_, i) => builtInEncodedInformationTypes.name(i));

const quoted = (text: string) => JSON.stringify(text);

function bits(string: BitString, names: readonly string[]): string {
  const octets = Array.from(string.octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
  const set = string.bits().map((bit) => `${String(bit)} ${names[bit] ?? '?'}`);
  return `unused=${String(string.unusedBits)} octets=${octets} bits {${set.join(', ')}}`;
}

function domain(identifier: GlobalDomainIdentifier): string {
  const { countryName, administrationDomainName, privateDomainIdentifier } = identifier;
  return `GDI {C=${quoted(countryName.value)}, A=${quoted(administrationDomainName.value)}, P=${quoted(privateDomainIdentifier?.value ?? '')}}`;
}

function identifier(value: MTSIdentifier): string {
  return `${domain(value.globalDomainIdentifier)}, local-identifier ${quoted(value.localIdentifier)}`;
}

const shortLabels: Readonly<Record<string, string>> = { ADMD: 'A', PRMD: 'P' };

function name(value: ORName): string {
  return attributesOf(value)
    .map(({ label, value: text }) => `${shortLabels[label] ?? label}=${quoted(text.printable ?? '')}`)
    .join(', ');
}

function types(value: EncodedInformationTypes): Tree {
  return value.builtIn === undefined ? 'none' : bits(value.builtIn, typeBits);
}

function contentTypeText(value: ContentType): string {
  return value.kind === 'relative' ? 'relative' : String(value.value);
}

interface Visit {
  readonly arrivalTime: string;
  readonly routingAction: number;
}

function visit({ arrivalTime, routingAction }: Visit): string {
  return `arrival ${arrivalTime}, action ${routingActions.name(routingAction)}`;
}

function numbered(kind: string, prefix: string, list: readonly Tree[]): Tree {
  return {
    is: `${kind}${String(list.length)} element(s)`,
    ...Object.fromEntries(list.map((item, i) => [`${prefix}${String(i + 1)}`, item])),
  };
}

function trace(list: TraceInformation): Tree {
  return numbered(
    '',
    '',
    list.map((element) => `${domain(element.globalDomainIdentifier)}, ${visit(element.domainSuppliedInformation)}`),
  );
}

function internal(list: InternalTraceInformation): Tree {
  return numbered(
    '',
    '',
    list.map(
      (element) =>
        `${domain(element.globalDomainIdentifier)}, MTA ${quoted(element.mtaName)}, ${visit(element.mtaSuppliedInformation)}`,
    ),
  );
}

function extensions(fields: ExtensionFields): Readonly<Record<string, Tree>> {
  if (fields.length === 0) return {};
  const list = fields.map((field) => {
    const { kind, value, tagging } = field.type;
    const title = kind === 'standard' ? `${String(value)} ${extensionTypes.name(value)}` : value;
    const elements = value === internalTrace.number ? readExtensionField(field, internalTrace) : undefined;
    return {
      is: `extension ${title}, type tagged ${tagging === 'draft' ? 'A0 02 (PP form)' : '80'}`,
      value: elements === undefined ? quoted(latin1Text(decode(octetString(), field.value))) : internal(elements),
    };
  });
  return { extensions: numbered('SET OF, ', 'field ', list) };
}

function optional(title: string, value: Tree | undefined): Readonly<Record<string, Tree>> {
  return value === undefined ? {} : { [title]: value };
}

function recipient(fields: PerRecipientTransferFields): Tree {
  return {
    is: 'SET',
    'recipient-name': name(fields.recipientName),
    'originally-specified-recipient-number': String(fields.originallySpecifiedRecipientNumber),
    'per-recipient-indicators': bits(fields.perRecipientIndicators, recipientBits),
    ...extensions(fields.extensions),
  };
}

function transferMembers(envelope: Extract<ApduHead, { kind: 'message' | 'probe' }>['envelope']): Record<string, Tree> {
  return {
    'message-identifier': identifier(
      'probeIdentifier' in envelope ? envelope.probeIdentifier : envelope.messageIdentifier,
    ),
    'originator-name': name(envelope.originatorName),
    ...optional(
      'original-encoded-information-types',
      envelope.originalEncodedInformationTypes && types(envelope.originalEncodedInformationTypes),
    ),
    'content-type': contentTypeText(envelope.contentType),
    ...optional('content-identifier', envelope.contentIdentifier && quoted(envelope.contentIdentifier)),
    ...optional('content-length', 'contentLength' in envelope ? String(envelope.contentLength) : undefined),
    'per-message-indicators': bits(envelope.perMessageIndicators, messageBits),
    'per-recipient-fields': numbered('SEQUENCE OF, ', 'recipient ', envelope.perRecipientFields.map(recipient)),
    'trace-information': trace(envelope.traceInformation),
    ...extensions(envelope.extensions),
  };
}

function place(content: ContentPlace): string {
  return `OCTET STRING, ${String(content.octets)} octets`;
}

function reportedRecipient(fields: PerRecipientReportTransferFields): Tree {
  const { arrivalTime, convertedEncodedInformationTypes, reportType } = fields.lastTraceInformation;
  const [title, members]: [string, Record<string, Tree>] =
    reportType.kind === 'delivery'
      ? [
          'delivery',
          {
            'message-delivery-time': reportType.value.messageDeliveryTime,
            'type-of-MTS-user': String(reportType.value.typeOfMTSUser),
          },
        ]
      : [
          'non-delivery',
          {
            reason: String(reportType.value.nonDeliveryReasonCode),
            diagnostic: String(reportType.value.nonDeliveryDiagnosticCode),
          },
        ];
  return {
    is: 'SET',
    'actual-recipient-name': name(fields.actualRecipientName),
    'originally-specified-recipient-number': String(fields.originallySpecifiedRecipientNumber),
    'per-recipient-indicators': bits(fields.perRecipientIndicators, recipientBits),
    'last-trace-information': {
      is: 'SET',
      'arrival-time': arrivalTime,
      ...optional('converted-EITs', convertedEncodedInformationTypes && types(convertedEncodedInformationTypes)),
      [`report-type = ${title}`]: { is: 'SET', ...members },
    },
    ...optional(
      'supplementary-information',
      fields.supplementaryInformation && quoted(fields.supplementaryInformation),
    ),
    ...extensions(fields.extensions),
  };
}

function reportContent(content: ReportTransferContent, returned: ContentPlace | undefined): Tree {
  const { subjectIntermediateTraceInformation, originalEncodedInformationTypes, contentType } = content;
  return {
    is: 'SET',
    'subject-identifier': identifier(content.subjectIdentifier),
    ...optional(
      'subject-intermediate-trace-information',
      subjectIntermediateTraceInformation && trace(subjectIntermediateTraceInformation),
    ),
    ...optional(
      'original-encoded-information-types',
      originalEncodedInformationTypes && types(originalEncodedInformationTypes),
    ),
    ...optional('content-type', contentType && contentTypeText(contentType)),
    ...optional('content-identifier', content.contentIdentifier && quoted(content.contentIdentifier)),
    ...optional('returned-content', returned && place(returned)),
    'per-recipient-fields': numbered('SEQUENCE OF, ', 'recipient ', content.perRecipientFields.map(reportedRecipient)),
    ...extensions(content.extensions),
  };
}

/** A decoded APDU in the form of the trees of conformance/vectors/p1.json. */
export function apduTree(head: ApduHead): Tree {
  switch (head.kind) {
    case 'probe':
      return { 'MTS-APDU': { is: 'probe', ...transferMembers(head.envelope) } };
    case 'message':
      return {
        'MTS-APDU': {
          is: 'message',
          envelope: { is: 'SET', ...transferMembers(head.envelope) },
          content: {
            is: place(head.content),
            segments: head.content.runs.map(({ octets }) => String(octets)).join(', '),
          },
        },
      };
    case 'report':
      return {
        'MTS-APDU': {
          is: 'report',
          envelope: {
            is: 'SET',
            'report-identifier': identifier(head.envelope.reportIdentifier),
            'report-destination-name': name(head.envelope.reportDestinationName),
            'trace-information': trace(head.envelope.traceInformation),
            ...extensions(head.envelope.extensions),
          },
          content: reportContent(head.content, head.returnedContent),
        },
      };
  }
}
