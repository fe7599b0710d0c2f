/** Trace of messages, probes and reports (X.411, TraceInformation) for the lower tester to send. */
import { BitString } from '../../asn1/bit-string.js';
import type { GlobalDomainIdentifier, TraceInformationElement } from '../../p1/common-types.js';
import { printUtcTime } from '../../p1/utc-time.js';
import type { Conversation } from '../script/conversation.js';

/** The domain of the implementation under test: that of the addresses that are its own. */
export function implementationDomain({ peer }: Conversation): GlobalDomainIdentifier {
  const { countryName, administrationDomainName, privateDomainName } = peer.unknownRecipient.standardAttributes;
  return {
    countryName: countryName ?? { kind: 'printable', value: peer.tester.country },
    administrationDomainName: administrationDomainName ?? { kind: 'printable', value: ' ' },
    ...(privateDomainName === undefined ? {} : { privateDomainIdentifier: privateDomainName }),
  };
}

/** Some third domain. */
export const otherDomain: GlobalDomainIdentifier = {
  countryName: { kind: 'printable', value: 'GB' },
  administrationDomainName: { kind: 'printable', value: ' ' },
  privateDomainIdentifier: { kind: 'printable', value: 'ELSEWHERE' },
};

/** Bits of other-actions. */
export const actions = { none: [], redirected: [0], listOperation: [1] } as const;

export function traceElement(
  globalDomainIdentifier: GlobalDomainIdentifier,
  timeMilliseconds: number,
  otherActions: readonly number[] = actions.none,
): TraceInformationElement {
  return {
    globalDomainIdentifier,
    domainSuppliedInformation: {
      arrivalTime: printUtcTime(timeMilliseconds),
      routingAction: 0,
      otherActions: BitString.of(otherActions),
    },
  };
}
