/**
 * Loop detection (X.411 §14, RFC 1615 §4.3): whether a message has been here before and gone elsewhere since. Only what follows the last
 * redirection or list expansion counts, for those send a message back on purpose. Visits are counted, not elements: neighbours of one domain
 * are one visit, and times need not rise (P1-023, P1-071).
 */
import type { InternalTraceInformationElement, TraceInformationElement } from './common-types.js';
import { readExtension } from './extension-field.js';
import { internalTrace } from './extensions.js';
import { globalDomainKey, sameGlobalDomain } from './mts-identifier.js';
import { dlOperationAction, redirectedAction, type Traced, type TracingMta } from './trace.js';

export interface LoopRule {
  /** Earlier visits that are borne with: messages that passed a 1984 domain have lost the marks of redirection. 0 is the strict rule. */
  readonly revisitsAllowed: number;
}

/** What has looped: the message between domains, or inside ours. */
export type Loop = 'between-domains' | 'between-mtas';

/** To be asked before our own element is added. */
export function detectLoop(envelope: Traced, mta: TracingMta, rule: LoopRule): Loop | undefined {
  if (visitsOfDomain(envelope, mta) > rule.revisitsAllowed) return 'between-domains';
  return visitsOfMta(envelope, mta) > rule.revisitsAllowed ? 'between-mtas' : undefined;
}

/** Visits of our domain that were left again. */
function visitsOfDomain(envelope: Traced, mta: TracingMta): number {
  const counted = afterLast(envelope.traceInformation, ({ domainSuppliedInformation }) =>
    isReset(domainSuppliedInformation),
  );
  const own = globalDomainKey(mta.globalDomain);
  const runs = collapsed(
    counted.map((element: TraceInformationElement) => globalDomainKey(element.globalDomainIdentifier)),
  );
  return runs.filter((key, i) => key === own && i < runs.length - 1).length;
}

/** Visits of this MTA: each is one too many, for we have not added our element yet. */
function visitsOfMta(envelope: Traced, mta: TracingMta): number {
  const elements = readExtension(envelope.extensions, internalTrace) ?? [];
  const counted = afterLast(elements, ({ mtaSuppliedInformation }) => isReset(mtaSuppliedInformation));
  const isOwn = (element: InternalTraceInformationElement) =>
    element.mtaName === mta.mtaName && sameGlobalDomain(element.globalDomainIdentifier, mta.globalDomain);
  return collapsed(counted.map(isOwn)).filter((own) => own).length;
}

function isReset({ otherActions }: { readonly otherActions: { has(bit: number): boolean } }): boolean {
  return otherActions.has(redirectedAction) || otherActions.has(dlOperationAction);
}

function afterLast<Element>(list: readonly Element[], condition: (element: Element) => boolean): readonly Element[] {
  return list.slice(list.findLastIndex(condition) + 1);
}

/** Without repetitions of the one before. */
function collapsed<Key>(list: readonly Key[]): Key[] {
  return list.filter((key, i) => i === 0 || key !== list[i - 1]);
}
