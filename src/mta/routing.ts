import type { Connector, Mailbox, Site } from '../config/site.js';
import { rememberingShared } from '../asn1/shared-values.js';
import { addressKey } from '../p1/or-address-matching.js';
import { matchesPattern } from '../p1/or-address-pattern.js';
import { hasAddress, type ORName } from '../p1/or-address.js';
import { failures, type Failure } from './failure.js';

export type Route =
  | { readonly kind: 'mailbox'; readonly mailbox: Mailbox }
  | { readonly kind: 'connector'; readonly connector: Connector }
  | { readonly kind: 'none'; readonly failure: Failure };

/** Where addresses lead, worked out once from a site. */
export class RoutingTable {
  readonly #site: Site;
  readonly #mailboxes = new Map<string, Mailbox[]>();

  constructor(site: Site) {
    this.#site = site;
    for (const mailbox of site.mailboxes) {
      const key = addressKey(mailbox.address).text;
      this.#mailboxes.set(key, [...(this.#mailboxes.get(key) ?? []), mailbox]);
    }
  }

  /**
   * In this order: a local mailbox; a local domain without that mailbox; the connector whose address space is the longest match, of equal ones
   * the cheapest, of equally cheap ones the first; else nowhere.
   */
  readonly route: (name: ORName) => Route = rememberingShared((name) => this.#routeOf(name));

  #routeOf(name: ORName): Route {
    if (!hasAddress(name)) return { kind: 'none', failure: failures.noAddress };
    const key = addressKey(name);
    const [mailbox, other] = this.#mailboxes.get(key.text) ?? [];
    if (mailbox !== undefined) {
      return other === undefined ? { kind: 'mailbox', mailbox } : { kind: 'none', failure: failures.ambiguousMailbox };
    }
    if (this.#site.localDomains.some((pattern) => matchesPattern(pattern, key))) {
      return { kind: 'none', failure: failures.unknownMailbox };
    }
    let best: { readonly connector: Connector; readonly specificity: number; readonly cost: number } | undefined;
    for (const connector of this.#site.connectors) {
      for (const { pattern, cost } of connector.addressSpace) {
        if (!matchesPattern(pattern, key)) continue;
        const { specificity } = pattern;
        const better =
          best === undefined ||
          specificity > best.specificity ||
          (specificity === best.specificity && cost < best.cost);
        if (better) best = { connector, specificity, cost };
      }
    }
    return best === undefined
      ? { kind: 'none', failure: failures.noRoute }
      : { kind: 'connector', connector: best.connector };
  }
}
