/**
 * Which connectors of two sites belong together: a connector points at the other site by the MTA name it expects there or by the address it
 * calls; two that point at each other's sites are a pair. Where several could be, those that agree in more are.
 */
import { sameSelector, selectorLayersOf } from './selectors.js';
import type { Connector, HostAndPort, Listen, Site } from './site.js';

export interface ConnectorPair {
  readonly a: Connector;
  readonly b: Connector;
}

export interface Pairing {
  readonly pairs: readonly ConnectorPair[];
  /** Connectors that point at the other site and have no counterpart there. */
  readonly withoutCounterpartA: readonly Connector[];
  readonly withoutCounterpartB: readonly Connector[];
}

const wildcardHosts: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

export function isWildcard(host: string): boolean {
  return wildcardHosts.has(host);
}

/** Host names are compared as text: nothing is looked up. `localhost` is either loopback address. */
export function sameHost(a: string, b: string): boolean {
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  if (first === second) return true;
  return (first === 'localhost' || second === 'localhost') && loopbackHosts.has(first) && loopbackHosts.has(second);
}

/** Whether the address is certainly the listener's: a listener on every address is taken to be meant only on one and the same machine. */
function callsListener(address: HostAndPort, listen: Listen): boolean {
  if (address.port !== listen.port) return false;
  return (
    sameHost(address.host, listen.host) || (isWildcard(listen.host) && loopbackHosts.has(address.host.toLowerCase()))
  );
}

function pointsByName(connector: Connector, target: Site): boolean {
  const names = [target.mta.name, ...target.connectors.map(({ local }) => local.mtaName)];
  return names.some((name) => name.toLowerCase() === connector.remote.mtaName.toLowerCase());
}

function pointsByAddress(connector: Connector, target: Site): boolean {
  const { address } = connector.remote;
  return address !== undefined && target.listen.some((listen) => callsListener(address, listen));
}

function pointsAt(connector: Connector, target: Site): boolean {
  return pointsByName(connector, target) || pointsByAddress(connector, target);
}

/** Weights: names before mode, as an incoming association is matched; then selectors, version and addresses. */
function likeness(a: Connector, b: Connector, siteA: Site, siteB: Site): number {
  const nameCount = Number(a.remote.mtaName === b.local.mtaName) + Number(b.remote.mtaName === a.local.mtaName);
  const addressCount = Number(pointsByAddress(a, siteB)) + Number(pointsByAddress(b, siteA));
  const selectorCount = selectorLayersOf(a.mode).filter(
    (layer) =>
      sameSelector(a.remote.calling[layer], b.remote.selectors[layer]) &&
      sameSelector(b.remote.calling[layer], a.remote.selectors[layer]),
  ).length;
  return (
    100 * nameCount + 50 * Number(a.mode === b.mode) + 10 * selectorCount + 4 * Number(a.p1 === b.p1) + addressCount
  );
}

export function pairConnectors(siteA: Site, siteB: Site): Pairing {
  const restA = new Set(siteA.connectors.filter((connector) => pointsAt(connector, siteB)));
  const restB = new Set(siteB.connectors.filter((connector) => pointsAt(connector, siteA)));
  const candidates = [...restA]
    .flatMap((a) => [...restB].map((b) => ({ a, b, likeness: likeness(a, b, siteA, siteB) })))
    .sort((one, other) => other.likeness - one.likeness);
  const pairs: ConnectorPair[] = [];
  for (const { a, b } of candidates) {
    if (!restA.has(a) || !restB.has(b)) continue;
    pairs.push({ a, b });
    restA.delete(a);
    restB.delete(b);
  }
  pairs.sort((one, other) => siteA.connectors.indexOf(one.a) - siteA.connectors.indexOf(other.a));
  return { pairs, withoutCounterpartA: [...restA], withoutCounterpartB: [...restB] };
}
