/**
 * Envelopes and reports as 1984 systems take them (X.419 Annex B, RFC 1328): only the members that X.411 had in 1984. What would be lost and
 * matters makes recipients fail instead.
 */
import { BitString } from '../asn1/bit-string.js';
import { unrecognized } from '../asn1/structured-types.js';
import type {
  ContentType,
  EncodedInformationTypes,
  PerDomainBilateralInformation,
  TraceInformation,
} from './common-types.js';
import { hasCriticalExtension } from './criticality.js';
import { downgradeName } from './downgrade-names.js';
import { isResponsible } from './indicators.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields, ProbeTransferEnvelope } from './message-pdu.js';
import { dlOperationAction, redirectedAction } from './trace.js';

export interface DowngradeRules {
  /** Built-in content types that the peer takes: 2, and 22 by agreement (P1-072). */
  readonly contentTypes: readonly number[];
  /**
   * Whether trace up to the last redirection or list expansion goes with it: 1984 trace cannot mark these, so that a message sent back on purpose
   * looks like a loop; to be cut only where the peer's domain is never passed through (RFC 1615).
   */
  readonly redirectedTrace: 'keep' | 'cut';
}

/** A recipient that cannot be reached this way: codes of X.411. */
interface DowngradeFailure {
  readonly recipient: PerRecipientTransferFields;
  readonly reason: number;
  readonly diagnostic: number;
}

export interface Downgraded<Envelope> {
  /** With the recipients that remain; undefined where no responsibility remains. */
  readonly envelope: Envelope | undefined;
  /** Recipients for which we were responsible and that are not in the envelope. */
  readonly failures: readonly DowngradeFailure[];
}

const unsupportedCriticalFunction = { reason: 1, diagnostic: 18 };
const unableToDowngrade = { reason: 2, diagnostic: 47 };

/** Indicator bits 0..3 are of 1984. */
const messageIndicatorBits1984 = 4;
const recipientIndicatorBits1984 = 5;
const explicitConversionMax1984 = 1;

export function downgradeMessage(
  envelope: MessageTransferEnvelope,
  rules: DowngradeRules,
): Downgraded<MessageTransferEnvelope> {
  return downgradeEnvelope(envelope, rules, (common) => {
    const { messageIdentifier, priority, deferredDeliveryTime } = envelope;
    return {
      ...common,
      messageIdentifier,
      priority,
      ...(deferredDeliveryTime === undefined ? {} : { deferredDeliveryTime }),
    };
  });
}

export function downgradeProbe(
  envelope: ProbeTransferEnvelope,
  rules: DowngradeRules,
): Downgraded<ProbeTransferEnvelope> {
  return downgradeEnvelope(envelope, rules, (common) => {
    const { probeIdentifier, contentLength } = envelope;
    return { ...common, probeIdentifier, ...(contentLength === undefined ? {} : { contentLength }) };
  });
}

/** What message and probe have in common, in 1984 members only. */
type CommonMembers = Omit<MessageTransferEnvelope, 'messageIdentifier' | 'priority' | 'deferredDeliveryTime'>;

function downgradeEnvelope<Envelope>(
  envelope: MessageTransferEnvelope | ProbeTransferEnvelope,
  rules: DowngradeRules,
  complete: (common: CommonMembers) => Envelope,
): Downgraded<Envelope> {
  const originatorName = downgradeName(envelope.originatorName);
  const forAll = hasCriticalExtension(envelope.extensions)
    ? unsupportedCriticalFunction
    : originatorName === undefined || !isContentTypeTaken(envelope.contentType, rules)
      ? unableToDowngrade
      : undefined;
  const downgraded = envelope.perRecipientFields.map((recipient) => ({
    recipient,
    outcome: forAll ?? downgradeRecipient(recipient),
  }));
  const failures = downgraded.flatMap(({ recipient, outcome }) =>
    'reason' in outcome && isResponsible(recipient.perRecipientIndicators) ? [{ recipient, ...outcome }] : [],
  );
  const perRecipientFields = downgraded.flatMap(({ outcome }) => ('reason' in outcome ? [] : [outcome]));
  const responsible = perRecipientFields.some(({ perRecipientIndicators }) => isResponsible(perRecipientIndicators));
  if (originatorName === undefined || !responsible) return { envelope: undefined, failures };
  const { originalEncodedInformationTypes, contentIdentifier, perDomainBilateralInformation } = envelope;
  const bilateral = (perDomainBilateralInformation ?? []).filter(isBilateral1984);
  return {
    envelope: complete({
      originatorName,
      ...(originalEncodedInformationTypes === undefined
        ? {}
        : { originalEncodedInformationTypes: downgradeTypes(originalEncodedInformationTypes) }),
      contentType: envelope.contentType,
      ...(contentIdentifier === undefined ? {} : { contentIdentifier }),
      perMessageIndicators: firstBits(envelope.perMessageIndicators, messageIndicatorBits1984, 0),
      ...(bilateral.length === 0 ? {} : { perDomainBilateralInformation: bilateral }),
      perRecipientFields,
      traceInformation: downgradeTrace(envelope.traceInformation, rules),
      extensions: [],
    }),
    failures,
  };
}

function isContentTypeTaken(contentType: ContentType, rules: DowngradeRules): boolean {
  return contentType.kind === 'builtIn' && rules.contentTypes.includes(contentType.value);
}

function downgradeRecipient(
  recipient: PerRecipientTransferFields,
): PerRecipientTransferFields | typeof unableToDowngrade {
  if (hasCriticalExtension(recipient.extensions)) return unsupportedCriticalFunction;
  const { explicitConversion } = recipient;
  const recipientName = downgradeName(recipient.recipientName);
  if (recipientName === undefined || (explicitConversion ?? 0) > explicitConversionMax1984) return unableToDowngrade;
  return {
    recipientName,
    originallySpecifiedRecipientNumber: recipient.originallySpecifiedRecipientNumber,
    perRecipientIndicators: firstBits(recipient.perRecipientIndicators, recipientIndicatorBits1984, 8),
    ...(explicitConversion === undefined ? {} : { explicitConversion }),
    extensions: [],
  };
}

function isBilateral1984(item: PerDomainBilateralInformation[number]): boolean {
  return item.domain.kind === 'administrationDomainName';
}

function firstBits(bits: BitString, count: number, bitsMin: number): BitString {
  return BitString.of(
    bits.bits().filter((bit) => bit < count),
    bitsMin,
  );
}

/** Arcs of the object identifiers that say the same as a built-in bit (X.411, id-eit). */
const builtInTypes = /^2\.6\.3\.4\.(\d)$/;
const undefinedBit = 0;

/** Object identifiers become the bit of the same meaning, or the bit "undefined". */
export function downgradeTypes(types: EncodedInformationTypes): EncodedInformationTypes {
  const { builtIn, universalBuiltIn, g3Facsimile, teletex, presentationCapabilities, extended = [] } = types;
  if (extended.length === 0 && universalBuiltIn === undefined && types[unrecognized] === undefined) return types;
  const named = extended.map((identifier) => Number(builtInTypes.exec(identifier)?.[1] ?? undefinedBit));
  const bits = new Set([...(builtIn ?? universalBuiltIn ?? BitString.empty).bits(), ...named]);
  return {
    builtIn: BitString.of([...bits]),
    ...(g3Facsimile === undefined ? {} : { g3Facsimile }),
    ...(teletex === undefined ? {} : { teletex }),
    ...(presentationCapabilities === undefined ? {} : { presentationCapabilities }),
  };
}

export function downgradeTrace(
  trace: TraceInformation,
  rules: Pick<DowngradeRules, 'redirectedTrace'>,
): TraceInformation {
  const last = trace.findLastIndex(({ domainSuppliedInformation: { otherActions } }) =>
    [redirectedAction, dlOperationAction].some((action) => otherActions.has(action)),
  );
  const cut = rules.redirectedTrace === 'cut' && last < trace.length - 1 ? trace.slice(last + 1) : trace;
  return cut.map((element) => {
    const information = element.domainSuppliedInformation;
    const converted = information.convertedEncodedInformationTypes;
    const foreign = information[unrecognized] !== undefined || element[unrecognized] !== undefined;
    if (!foreign && information.otherActions.length === 0 && converted?.extended === undefined) return element;
    const { arrivalTime, routingAction, attemptedDomain, deferredTime } = information;
    return {
      globalDomainIdentifier: element.globalDomainIdentifier,
      domainSuppliedInformation: {
        arrivalTime,
        routingAction,
        ...(attemptedDomain === undefined ? {} : { attemptedDomain }),
        ...(deferredTime === undefined ? {} : { deferredTime }),
        ...(converted === undefined ? {} : { convertedEncodedInformationTypes: downgradeTypes(converted) }),
        otherActions: BitString.empty,
      },
    };
  });
}
