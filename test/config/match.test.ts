import { describe, expect, it } from 'vitest';
import { matchPeer } from '../../src/config/match.js';
import type { IncomingPeer, PeerMatch } from '../../src/config/match.js';
import { alphaConnector, alphaObject, valid } from './site-files.js';
import type { ConnectorObject } from './site-files.js';

const selector = (text: string) => ({ transport: new Uint8Array(Buffer.from(text)) });

const peer: IncomingPeer = { mtaName: 'MTA-BETA', mode: 'normal', p1: '1988', called: {}, calling: {} };

function connectors(...changes: readonly ((connector: ConnectorObject) => void)[]) {
  const site = alphaObject();
  site.connectors = changes.map((change, index) => {
    const connector = { ...alphaConnector(), name: `c${index}` };
    change(connector);
    return connector;
  });
  return valid(site).connectors;
}

function outcome(match: PeerMatch): string {
  return match.result === 'matched' ? match.connector.name : match.cause;
}

const asItIs = () => undefined;

describe('the connector of an incoming association', () => {
  it('is the only one with its MTA name and mode, whatever selectors the peer gives', () => {
    const other = { ...peer, calling: selector('OTHER'), called: selector('MTA') };
    expect(outcome(matchPeer(connectors(asItIs), other))).toBe('c0');
  });

  it('is told by the mode where the name is the same', () => {
    const two = connectors(asItIs, (connector) => (connector['mode'] = 'x410-1984'));
    expect(outcome(matchPeer(two, peer))).toBe('c0');
    expect(outcome(matchPeer(two, { ...peer, mode: 'x410-1984' }))).toBe('c1');
  });

  it('is told by the selectors the peer calls from where name and mode are the same', () => {
    const two = connectors(asItIs, (connector) => (connector.remote['transportSelector'] = 'MTB'));
    expect(outcome(matchPeer(two, { ...peer, calling: selector('MTA') }))).toBe('c0');
    expect(outcome(matchPeer(two, { ...peer, calling: selector('MTB') }))).toBe('c1');
    expect(outcome(matchPeer(two, { ...peer, calling: selector('MTC') }))).toBe('wrong-selectors');
    expect(outcome(matchPeer(two, peer))).toBe('ambiguous');
  });

  it('is told by the selectors the peer calls where a connector gives those as its own', () => {
    const two = connectors(
      (connector) => (connector.remote['calling'] = { transportSelector: 'X1' }),
      (connector) => (connector.remote['calling'] = { transportSelector: 'X2' }),
    );
    expect(outcome(matchPeer(two, { ...peer, called: selector('X2') }))).toBe('c1');
  });

  it('is the one without a selector when the peer gives none', () => {
    const two = connectors(asItIs, (connector) => delete connector.remote['transportSelector']);
    expect(outcome(matchPeer(two, peer))).toBe('c1');
    expect(outcome(matchPeer(two, { ...peer, calling: selector('MTA') }))).toBe('c0');
  });

  it('does not depend on session and presentation selectors in X.410-1984 mode', () => {
    const two = connectors(
      (connector) => (connector['mode'] = 'x410-1984'),
      (connector) => {
        connector['mode'] = 'x410-1984';
        connector.remote['transportSelector'] = 'MTB';
        connector.remote['sessionSelector'] = 'S';
      },
    );
    const calling = { ...selector('MTB'), session: new Uint8Array([1]) };
    expect(outcome(matchPeer(two, { ...peer, mode: 'x410-1984', calling }))).toBe('c1');
  });
});

describe('an incoming association without a connector', () => {
  it('is refused as an unknown peer, with a hint when only the case differs', () => {
    expect(matchPeer(connectors(asItIs), { ...peer, mtaName: 'mta-beta' })).toEqual({
      result: 'refused',
      cause: 'unknown-peer',
      text: 'no connector has the remote MTA name "mta-beta"; connector c0 has "MTA-BETA"',
    });
    expect(matchPeer([], peer)).toEqual({
      result: 'refused',
      cause: 'unknown-peer',
      text: 'no connector has the remote MTA name "MTA-BETA"',
    });
  });

  it('is refused for its mode, naming both', () => {
    expect(matchPeer(connectors(asItIs), { ...peer, mode: 'x410-1984' })).toEqual({
      result: 'refused',
      cause: 'wrong-mode',
      text: 'the peer uses mode x410-1984, connector c0 uses normal',
    });
  });

  it('is refused for its version of P1, naming both (P1-004)', () => {
    const x410 = connectors((connector) => (connector['mode'] = 'x410-1984'));
    expect(matchPeer(x410, { ...peer, mode: 'x410-1984', p1: '1984' })).toEqual({
      result: 'refused',
      cause: 'wrong-p1',
      text: 'the peer uses P1 of 1984, connector c0 P1 of 1988',
    });
  });

  it('that gives no name belongs to the only connector that allows unauthenticated binds, or to none (P1-006)', () => {
    const unnamed: IncomingPeer = { mode: 'normal', p1: '1988', called: {}, calling: {} };
    const allow = (connector: ConnectorObject) => (connector['allowUnauthenticated'] = true);
    expect(outcome(matchPeer(connectors(asItIs), unnamed))).toBe('unnamed-peer');
    const one = connectors(asItIs, (connector) => {
      allow(connector);
      connector.remote['mtaName'] = 'MTA-GAMMA';
    });
    expect(outcome(matchPeer(one, unnamed))).toBe('c1');
    const two = connectors(allow, (connector) => {
      allow(connector);
      connector.remote['mtaName'] = 'MTA-GAMMA';
    });
    expect(outcome(matchPeer(two, unnamed))).toBe('ambiguous');
  });
});
