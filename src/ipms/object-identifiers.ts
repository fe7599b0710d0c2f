/** Object identifiers of X.420 and of the profiles that add to it. */

/** Content types as they are named where a number will not do: forwarded content, gateways. */
export const contentTypeIdentifiers = {
  ipm1984: '2.6.1.10.0',
  ipm1988: '2.6.1.10.1',
  /** STANAG 4406. */
  militaryMessage: '1.3.26.0.4406.0.4.1',
} as const;

const headingExtensionRoot = '2.6.1.5';

/** Heading extensions (X.420, IPMSHeadingExtensions). */
export const headingExtensionIdentifiers = {
  incompleteCopy: `${headingExtensionRoot}.0`,
  languages: `${headingExtensionRoot}.1`,
  autoSubmitted: `${headingExtensionRoot}.2`,
  bodyPartSignatures: `${headingExtensionRoot}.3`,
  ipmSecurityLabel: `${headingExtensionRoot}.4`,
  authorizationTime: `${headingExtensionRoot}.5`,
  circulationListRecipients: `${headingExtensionRoot}.6`,
  distributionCodes: `${headingExtensionRoot}.7`,
  extendedSubject: `${headingExtensionRoot}.8`,
  informationCategory: `${headingExtensionRoot}.9`,
  manualHandlingInstructions: `${headingExtensionRoot}.10`,
  originatorsReference: `${headingExtensionRoot}.11`,
  precedencePolicyIdentifier: `${headingExtensionRoot}.12`,
  /** RFC 2156. */
  rfc822FieldList: '1.3.6.1.7.1.3.2',
  /** RFC 1327, as PP sends it. */
  rfc822FieldListOld: '0.9.2342.234219200300.200.1',
} as const;

export const recipientExtensionIdentifiers = {
  circulationListIndicator: '2.6.1.20.0',
  precedence: '2.6.1.20.1',
  /** Requests of security for the notification of this recipient. */
  security: '2.6.1.18.0',
} as const;

export const notificationExtensionIdentifiers = {
  securityResponse: '2.6.1.18.1',
  absenceAdvice: '2.6.1.19.0',
  changeOfAddress: '2.6.1.19.1',
} as const;

/** Types of the data of an extended body part; its parameters have the same last number (X.420, IPMSExtendedBodyPartTypes). */
export const bodyPartRoot = '2.6.1.4';
export const parametersRoot = '2.6.1.11';

/** Encoded information types (X.420; X.411 lists the built-in ones). */
export const encodedInformationTypeIdentifiers = {
  fileTransfer: '2.6.1.12.0',
  voice: '2.6.1.12.1',
} as const;

/** One for each character set of a general-text, by its number in the ISO register. */
export function generalTextEncodedInformationType(registration: number): string {
  return `1.0.10021.7.1.0.${String(registration)}`;
}

/** What the data and the contents of a file are said to be. */
export const fileIdentifiers = {
  /** ISO 8571: unstructured binary. */
  unstructuredBinary: '1.0.8571.5.3',
  /** ISO 8571: its abstract syntax, named in the EXTERNAL around the octets. */
  unstructuredBinarySyntax: '1.0.8571.2.4',
  /** EMA: an attachment of unknown kind (RFC 2157). */
  unknownAttachment: '2.16.840.1.113694.2.2.1.1',
} as const;
