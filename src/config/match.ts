/**
 * Which connector an incoming association belongs to: by the MTA name of its bind, then its mode, then its selectors, never by the address
 * it comes from: hosts have many addresses, and one address may have many MTAs.
 */
import { sameSelector, selectorLayersOf } from './selectors.js';
import type { Selectors } from './selectors.js';
import type { Connector, ConnectorMode, P1Version } from './site.js';

export interface IncomingPeer {
  /** Of the bind argument; undefined when the peer bound without one (NULL). */
  readonly mtaName?: string;
  readonly mode: ConnectorMode;
  /** By application context or application protocol; 1988 in normal mode. */
  readonly p1: P1Version;
  readonly called: Selectors;
  readonly calling: Selectors;
}

export type PeerRefusalCause =
  'unnamed-peer' | 'unknown-peer' | 'wrong-mode' | 'wrong-selectors' | 'ambiguous' | 'wrong-p1';

export type PeerMatch =
  | { readonly result: 'matched'; readonly connector: Connector }
  /** `text`: one plain sentence for our own log; the peer gets the standard's code and nothing more. */
  | { readonly result: 'refused'; readonly cause: PeerRefusalCause; readonly text: string };

function refused(cause: PeerRefusalCause, text: string): PeerMatch {
  return { result: 'refused', cause, text };
}

/** Answers neither password nor values: those are judged once it is clear whose they should be. */
export function matchPeer(connectors: readonly Connector[], peer: IncomingPeer): PeerMatch {
  const named =
    peer.mtaName === undefined
      ? connectors.filter(({ allowUnauthenticated }) => allowUnauthenticated)
      : connectors.filter(({ remote }) => remote.mtaName === peer.mtaName);
  if (named.length === 0) return peer.mtaName === undefined ? unnamed() : unknown(connectors, peer.mtaName);
  const ofMode = named.filter(({ mode }) => mode === peer.mode);
  if (ofMode.length === 0)
    return refused('wrong-mode', `the peer uses mode ${peer.mode}, ${names(named)} ${modesText(named)}`);
  const [connector, other] = ofMode.length === 1 ? ofMode : nearestBySelectors(ofMode, peer);
  if (connector === undefined)
    return refused('wrong-selectors', `the peer's selectors are those of none of ${names(ofMode)}`);
  if (other !== undefined) return refused('ambiguous', `the peer's selectors do not tell ${names(ofMode)} apart`);
  if (connector.p1 !== peer.p1)
    return refused('wrong-p1', `the peer uses P1 of ${peer.p1}, connector ${connector.name} P1 of ${connector.p1}`);
  return { result: 'matched', connector };
}

function unnamed(): PeerMatch {
  return refused('unnamed-peer', 'the peer gave no name, and no connector allows unauthenticated binds');
}

function unknown(connectors: readonly Connector[], mtaName: string): PeerMatch {
  const alike = connectors.find(({ remote }) => remote.mtaName.toLowerCase() === mtaName.toLowerCase());
  const hint = alike === undefined ? '' : `; connector ${alike.name} has ${JSON.stringify(alike.remote.mtaName)}`;
  return refused('unknown-peer', `no connector has the remote MTA name ${JSON.stringify(mtaName)}${hint}`);
}

function names(connectors: readonly Connector[]): string {
  return `${connectors.length === 1 ? 'connector' : 'connectors'} ${connectors.map(({ name }) => name).join(', ')}`;
}

function modesText(connectors: readonly Connector[]): string {
  return `${connectors.length === 1 ? 'uses' : 'use'} ${[...new Set(connectors.map(({ mode }) => mode))].join(', ')}`;
}

/** The connectors that agree with most of the peer's selectors and contradict none: one, several that agree alike, or none. */
function nearestBySelectors(connectors: readonly Connector[], peer: IncomingPeer): readonly Connector[] {
  let best: Connector[] = [];
  let bestCount = -1;
  for (const connector of connectors) {
    const count = agreements(connector, peer);
    if (count === undefined || count < bestCount) continue;
    if (count > bestCount) best = [];
    best.push(connector);
    bestCount = count;
  }
  return best;
}

/**
 * The peer calls from the selectors that we call, and calls those that we give as our own. What one side leaves out contradicts nothing.
 */
function agreements(connector: Connector, peer: IncomingPeer): number | undefined {
  let count = 0;
  for (const layer of selectorLayersOf(connector.mode))
    for (const [ours, theirs] of [
      [connector.remote.selectors[layer], peer.calling[layer]],
      [connector.remote.calling[layer], peer.called[layer]],
    ]) {
      if (sameSelector(ours, theirs)) count++;
      else if (ours !== undefined && theirs !== undefined) return undefined;
    }
  return count;
}
