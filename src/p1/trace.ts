/**
 * Trace information (X.411 §14, RFC 2156): which domains and MTAs a message, probe or report has seen. Pure functions; elements of others
 * are never touched.
 */
import { BitString } from '../asn1/bit-string.js';
import { sharedValue } from '../asn1/shared-values.js';
import {
  internalTraceInformationElement,
  traceInformationElement,
  type DomainSuppliedInformation,
  type EncodedInformationTypes,
  type GlobalDomainIdentifier,
  type InternalTraceInformation,
  type InternalTraceInformationElement,
  type TraceInformation,
  type TraceInformationElement,
} from './common-types.js';
import {
  findExtension,
  readExtension,
  withExtension,
  withoutExtension,
  type ExtensionFields,
} from './extension-field.js';
import { internalTrace } from './extensions.js';
import { sameGlobalDomain } from './mts-identifier.js';
import { printUtcTime } from './utc-time.js';

export const relayed = 0;
export const rerouted = 1;

/** Bits of other-actions. */
export const redirectedAction = 0;
export const dlOperationAction = 1;

/** This MTA, as trace names it. */
export interface TracingMta {
  readonly globalDomain: GlobalDomainIdentifier;
  readonly mtaName: string;
}

/** Both traces of one envelope; messages, probes and report envelopes have them under these names. */
export interface Traced {
  readonly traceInformation: TraceInformation;
  readonly extensions: ExtensionFields;
}

/** What is written on our own element afterwards (X.411). */
export interface TraceAddition {
  /** Milliseconds since 1970. */
  readonly deferredTime?: number;
  readonly convertedEncodedInformationTypes?: EncodedInformationTypes;
  /** redirectedAction, dlOperationAction. */
  readonly otherActions?: readonly number[];
}

/** The trace of something made here: one element of ours in each (P1-021, P1-022). */
export function firstTrace(mta: TracingMta, timeMilliseconds: number): Traced {
  return {
    traceInformation: [domainElement(mta, timeMilliseconds, relayed)],
    extensions: withExtension([], internalTrace, [mtaElement(mta, timeMilliseconds, relayed)]),
  };
}

/** Adds that this MTA has received it: to the external trace only where it enters our domain, to the internal one always (P1-021, P1-022). */
export function traceArrival<T extends Traced>(envelope: T, mta: TracingMta, timeMilliseconds: number): T {
  const last = envelope.traceInformation.at(-1);
  const entersDomain = last === undefined || !sameGlobalDomain(last.globalDomainIdentifier, mta.globalDomain);
  return {
    ...envelope,
    traceInformation: entersDomain
      ? [...envelope.traceInformation, domainElement(mta, timeMilliseconds, relayed)]
      : envelope.traceInformation,
    extensions: withInternalElement(envelope.extensions, mtaElement(mta, timeMilliseconds, relayed)),
  };
}

/** Adds that the hop of first choice failed and another is taken (P1-024). */
export function traceRerouting<T extends Traced>(
  envelope: T,
  mta: TracingMta,
  timeMilliseconds: number,
  attempted: { readonly domain?: GlobalDomainIdentifier; readonly mtaName?: string },
): T {
  const { domain, mtaName } = attempted;
  const element = domainElement(mta, timeMilliseconds, rerouted);
  const internal = mtaElement(mta, timeMilliseconds, rerouted);
  const attemptedHop =
    mtaName !== undefined
      ? { attempted: { kind: 'mta' as const, value: mtaName } }
      : domain !== undefined
        ? { attempted: { kind: 'domain' as const, value: domain } }
        : {};
  return {
    ...envelope,
    traceInformation: [
      ...envelope.traceInformation,
      domain === undefined
        ? element
        : {
            ...element,
            domainSuppliedInformation: { ...element.domainSuppliedInformation, attemptedDomain: domain },
          },
    ],
    extensions: withInternalElement(envelope.extensions, {
      ...internal,
      mtaSuppliedInformation: { ...internal.mtaSuppliedInformation, ...attemptedHop },
    }),
  };
}

/** Notes on our newest element of each trace what was done since; an envelope without an element of ours stays as it is. */
export function traceAction<T extends Traced>(envelope: T, mta: TracingMta, addition: TraceAddition): T {
  const place = envelope.traceInformation.findLastIndex((element) => isOurs(element, mta));
  const traceInformation = envelope.traceInformation.map((element, i) =>
    i === place
      ? { ...element, domainSuppliedInformation: withAddition(element.domainSuppliedInformation, addition) }
      : element,
  );
  const elements = readExtension(envelope.extensions, internalTrace);
  const internalPlace = elements?.findLastIndex((element) => isOurMta(element, mta)) ?? -1;
  const extensions =
    elements === undefined || internalPlace < 0
      ? envelope.extensions
      : withExtension(
          envelope.extensions,
          internalTrace,
          elements.map((element, i) =>
            i === internalPlace
              ? { ...element, mtaSuppliedInformation: withAddition(element.mtaSuppliedInformation, addition) }
              : element,
          ),
        );
  return { ...envelope, ...(place < 0 ? {} : { traceInformation }), extensions };
}

/** Internal trace without the elements of our domain, for an envelope that leaves it; elements of others stay. */
export function withoutInternalTraceOf(
  extensions: ExtensionFields,
  globalDomain: GlobalDomainIdentifier,
): ExtensionFields {
  const elements = readExtension(extensions, internalTrace);
  if (elements === undefined) return extensions;
  const others = elements.filter((element) => !sameGlobalDomain(element.globalDomainIdentifier, globalDomain));
  if (others.length === elements.length) return extensions;
  return others.length === 0
    ? withoutExtension(extensions, internalTrace.number)
    : withExtension(extensions, internalTrace, others);
}

const domainElement = lastOfEachMta((mta, timeMilliseconds, routingAction): TraceInformationElement =>
  sharedValue(traceInformationElement, {
    globalDomainIdentifier: mta.globalDomain,
    domainSuppliedInformation: supplied(timeMilliseconds, routingAction),
  }),
);

const mtaElement = lastOfEachMta((mta, timeMilliseconds, routingAction): InternalTraceInformationElement =>
  sharedValue(internalTraceInformationElement, {
    globalDomainIdentifier: mta.globalDomain,
    mtaName: mta.mtaName,
    mtaSuppliedInformation: supplied(timeMilliseconds, routingAction),
  }),
);

type ElementOf<Element> = (mta: TracingMta, timeMilliseconds: number, routingAction: number) => Element;

/** What comes in one second has elements of ours that are all alike: the last is kept, with its encoding. */
function lastOfEachMta<Element>(make: ElementOf<Element>): ElementOf<Element> {
  const lasts = new WeakMap<
    TracingMta,
    { readonly second: number; readonly action: number; readonly element: Element }
  >();
  return (mta, timeMilliseconds, action) => {
    const second = Math.floor(timeMilliseconds / 1000);
    const last = lasts.get(mta);
    if (last?.second === second && last.action === action) return last.element;
    const element = make(mta, timeMilliseconds, action);
    lasts.set(mta, { second, action, element });
    return element;
  };
}

function supplied(timeMilliseconds: number, routingAction: number) {
  return { arrivalTime: printUtcTime(timeMilliseconds), routingAction, otherActions: BitString.empty };
}

function isOurs(element: TraceInformationElement, mta: TracingMta): boolean {
  return sameGlobalDomain(element.globalDomainIdentifier, mta.globalDomain);
}

function isOurMta(element: InternalTraceInformationElement, mta: TracingMta): boolean {
  return element.mtaName === mta.mtaName && sameGlobalDomain(element.globalDomainIdentifier, mta.globalDomain);
}

type Additions = Pick<DomainSuppliedInformation, 'deferredTime' | 'convertedEncodedInformationTypes' | 'otherActions'>;

function withAddition<T extends Additions>(information: T, addition: TraceAddition): T {
  const { deferredTime, convertedEncodedInformationTypes, otherActions = [] } = addition;
  return {
    ...information,
    ...(deferredTime === undefined ? {} : { deferredTime: printUtcTime(deferredTime) }),
    ...(convertedEncodedInformationTypes === undefined ? {} : { convertedEncodedInformationTypes }),
    otherActions: BitString.of([...information.otherActions.bits(), ...otherActions]),
  };
}

/** An internal trace that cannot be read is left as it came: to replace it would lose it. */
function withInternalElement(extensions: ExtensionFields, element: InternalTraceInformationElement): ExtensionFields {
  const elements: InternalTraceInformation | undefined = readExtension(extensions, internalTrace);
  if (elements === undefined && findExtension(extensions, internalTrace.number) !== undefined) return extensions;
  return withExtension(extensions, internalTrace, [...(elements ?? []), element]);
}
