/** How values of X.411 and X.420 are shown: names as text, bits by name, extensions by what they are. */
import { BitString } from '../asn1/bit-string.js';
import { decode, type Type } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { extensionName, readableExtensionValue } from '../ipms/extensions.js';
import type { External } from '../ipms/external.js';
import { fileTransferData, fileTransferParameters } from '../ipms/file-transfer.js';
import { forwardedContentParameters, messageParameters, reportBodyPart } from '../ipms/forwarded.js';
import { notificationRequestBits, type IpmsExtension } from '../ipms/heading.js';
import { interpersonalMessage } from '../ipms/interpersonal-message.js';
import { interpersonalNotification } from '../ipms/notification.js';
import { bodyPartRoot, parametersRoot } from '../ipms/object-identifiers.js';
import { builtInEncodedInformationTypes, extensionTypes } from '../p1/codes.js';
import type { GlobalDomainIdentifier, MTSIdentifier } from '../p1/common-types.js';
import { readExtensionField, type ExtensionField } from '../p1/extension-field.js';
import { readableExtensions } from '../p1/extensions.js';
import { messageIndicator } from '../p1/indicators.js';
import { printGlobalDomainIdentifier, printMtsIdentifier } from '../p1/mts-identifier.js';
import { hasAddress, type ORName } from '../p1/or-address.js';
import { printORAddress } from '../p1/or-address-text.js';
import { berPlainOf } from './decode-ber.js';
import { bitsText, octetsText, plainWith, type PlainRule, type PlainValue } from './decode-plain.js';
import { standardName } from './decode-text.js';

function has<Shape extends object>(value: object, ...members: readonly (keyof Shape & string)[]): value is Shape {
  return members.every((member) => member in value);
}

const names: PlainRule = (value) => {
  if (!has<ORName>(value, 'standardAttributes')) return undefined;
  const address = hasAddress(value) ? printORAddress(value) : '(no address)';
  const { directoryName } = value;
  return directoryName === undefined ? address : { address, directoryName: encodingPlain(directoryName) };
};

const identifiers: PlainRule = (value) => {
  if (has<MTSIdentifier>(value, 'globalDomainIdentifier', 'localIdentifier')) return printMtsIdentifier(value);
  if (has<GlobalDomainIdentifier>(value, 'countryName', 'administrationDomainName'))
    return printGlobalDomainIdentifier(value);
  return undefined;
};

function namesOfBits(bits: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(bits).map(([name, bit]) => [bit, standardName(name)]));
}

const bitNames: Readonly<Partial<Record<string, ReadonlyMap<number, string>>>> = {
  builtIn: builtInEncodedInformationTypes.names,
  universalBuiltIn: builtInEncodedInformationTypes.names,
  perMessageIndicators: namesOfBits(messageIndicator),
  perRecipientIndicators: new Map([
    [0, 'responsibility'],
    [1, 'originating-MTA-report'],
    [2, 'originating-MTA-non-delivery-report'],
    [3, 'originator-report'],
    [4, 'originator-non-delivery-report'],
  ]),
  criticality: new Map([
    [0, 'for-submission'],
    [1, 'for-transfer'],
    [2, 'for-delivery'],
  ]),
  otherActions: new Map([
    [0, 'redirected'],
    [1, 'dl-operation'],
  ]),
  notificationRequests: namesOfBits(notificationRequestBits),
};

const bits: PlainRule = (value, name) => (value instanceof BitString ? bitsText(value, bitNames[name]) : undefined);

/** The tree of one encoding; the octets where it is none. */
function encodingPlain(octets: Uint8Array): PlainValue {
  return berPlainOf(octets) ?? octetsText(octets);
}

const envelopeExtensions: PlainRule = (value, _name, plain) => {
  if (!has<ExtensionField>(value, 'type', 'criticality', 'value') || typeof value.type !== 'object') return undefined;
  const { type, criticality } = value;
  const known = readableExtensions.find(({ number }) => type.kind === 'standard' && number === type.value);
  const read = known === undefined ? undefined : readExtensionField(value, known);
  return {
    type: type.kind === 'private' ? type.value : `${String(type.value)} ${extensionTypes.name(type.value)}`,
    ...(type.tagging === 'draft' && { tagging: 'draft' }),
    ...(criticality.length > 0 && { criticality: plain(criticality, 'criticality') }),
    value: read === undefined || read instanceof Uint8Array ? encodingPlain(value.value) : plain(read, ''),
  };
};

const ipmsExtensions: PlainRule = (value, _name, plain) => {
  if (!has<IpmsExtension>(value, 'type', 'value') || typeof value.type !== 'string') return undefined;
  if (!(value.value instanceof Uint8Array)) return undefined;
  const name = extensionName(value.type);
  const read = name === undefined ? undefined : readableExtensionValue([value], name);
  return {
    type: name === undefined ? value.type : `${value.type} ${standardName(name)}`,
    value: read === undefined ? encodingPlain(value.value) : plain(read, ''),
  };
};

/** What the EXTERNALs of body parts hold, by their direct references. */
const externalTypes: ReadonlyMap<string, Type<unknown>> = new Map<string, Type<unknown>>([
  [`${parametersRoot}.7`, messageParameters],
  [`${bodyPartRoot}.7`, interpersonalMessage],
  [`${parametersRoot}.12`, fileTransferParameters],
  [`${bodyPartRoot}.12`, fileTransferData],
  [`${bodyPartRoot}.14`, reportBodyPart],
  [`${parametersRoot}.15`, messageParameters],
  [`${bodyPartRoot}.15`, interpersonalNotification],
]);

const forwardedContentParametersPrefix = `${parametersRoot}.17.`;

function typedExternal(reference: string, octets: Uint8Array): unknown {
  const type: Type<unknown> | undefined = reference.startsWith(forwardedContentParametersPrefix)
    ? forwardedContentParameters
    : externalTypes.get(reference);
  if (type === undefined) return undefined;
  try {
    return decode(type, octets);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const externals: PlainRule = (value, _name, plain) => {
  if (!has<External>(value, 'encoding')) return undefined;
  const { encoding, ...references } = value;
  if (encoding.kind !== 'singleASN1Type') return undefined;
  const typed = typedExternal(value.directReference ?? '', encoding.value);
  return {
    ...Object.fromEntries(Object.entries(references).map(([name, reference]) => [name, plain(reference, name)])),
    value: typed === undefined ? encodingPlain(encoding.value) : plain(typed, ''),
  };
};

/** Values of X.411 and X.420 as plain ones. */
export const plainMessageValue = plainWith([names, identifiers, bits, envelopeExtensions, ipmsExtensions, externals]);
