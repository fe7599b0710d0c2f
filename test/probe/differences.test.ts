import { describe, expect, it } from 'vitest';
import type { Connector } from '../../src/config/site.js';
import { readBindAnswer } from '../../src/probe/bind-answer.js';
import { compareAnswer } from '../../src/probe/differences.js';
import type { LiveRow } from '../../src/probe/live-row.js';
import type { PeerAnswer } from '../../src/probe/report.js';
import { encodeBindResult } from '../../src/p1/bind.js';
import { alphaObject, only, valid } from '../config/site-files.js';

function connector(override: object = {}): Connector {
  const site = alphaObject();
  only(site).override = { rts: { ...override } };
  const [found] = valid(site).connectors;
  if (found === undefined) throw new Error('no connector');
  return found;
}

const goodAnswer: PeerAnswer = {
  negotiated: { checkpointSizeK: 30, windowSize: 5 },
  contexts: [],
  tpduOctetsMax: 65_408,
  sessionVersion: 2,
  bind: { kind: 'named', mtaName: 'MTA-BETA', password: 'matches' },
};

function rowsOf(answer: Partial<PeerAnswer>, ours = connector(), release = 'released'): readonly LiveRow[] {
  return compareAnswer(ours, {
    result: 'open',
    address: { host: '127.0.0.1', port: 10202 },
    exchanges: [
      { name: 'TCP connection', milliseconds: 1 },
      { name: 'transport connection (CR, CC)', milliseconds: 600 },
    ],
    answer: { ...goodAnswer, ...answer },
    release,
  });
}

function row(rows: readonly LiveRow[], field: string): LiveRow {
  const found = rows.find((candidate) => candidate.field === field);
  if (found === undefined) throw new Error(`no row ${field}`);
  return found;
}

function differing(rows: readonly LiveRow[]): readonly string[] {
  return rows.filter(({ result }) => result === 'differ').map(({ field }) => field);
}

describe('what a peer answered', () => {
  it('matches in everything but what the protocol does not tell', () => {
    const rows = rowsOf({});
    expect(differing(rows)).toEqual([]);
    expect(rows.filter(({ result }) => result !== 'match').map(({ field }) => field)).toEqual([
      'rts.recoveryTimeoutSeconds',
    ]);
  });

  it('is explained with its effect where the window is smaller: the round trip of both ends counts, not that of TCP', () => {
    const rows = rowsOf({ negotiated: { checkpointSizeK: 30, windowSize: 3 } });
    expect(differing(rows)).toEqual(['rts.windowSize']);
    const { explanation } = row(rows, 'rts.windowSize');
    expect(explanation?.difference).toBe('the peer grants window 3 where 5 was asked');
    expect(explanation?.effect).toContain(
      'round trip of 600 ms a transfer can carry at most 3 x 30 K per round trip, 150 K/s',
    );
    expect(explanation?.effect).toContain('instead of 5 x 30 K per round trip, 250 K/s');
  });

  it('is explained where the peer wants no checkpoints, and where onMismatch refuses', () => {
    const refusing = connector({ onMismatch: 'refuse' });
    const { explanation } = row(
      rowsOf({ negotiated: { checkpointSizeK: 0, windowSize: 5 } }, refusing),
      'rts.checkpointSizeK',
    );
    expect(explanation?.effect).toContain('starts again from its first octet');
    expect(explanation?.effect).toContain('our daemon aborts');
  });

  it('is no difference where the choice was left to the peer (X.228 §7.1)', () => {
    const rows = rowsOf({ negotiated: { checkpointSizeK: 7, windowSize: 5 } }, connector({ checkpointSizeK: 0 }));
    expect(differing(rows)).toEqual([]);
    expect(row(rows, 'rts.checkpointSizeK').explanation?.difference).toContain('the choice was left to it');
  });

  it.each([
    [{ kind: 'unnamed' }, ['remote.mtaName']],
    [{ kind: 'unreadable', text: 'short' }, ['remote.mtaName']],
    [{ kind: 'named', mtaName: 'MTA-Beta', password: 'matches' }, ['remote.mtaName']],
    [{ kind: 'named', mtaName: 'MTA-BETA', password: 'differs' }, ['remote.password']],
    [{ kind: 'named', mtaName: 'MTA-BETA', password: 'not a password' }, ['remote.password']],
  ] as const)('differs with the bind %j', (bind, fields) => {
    const rows = rowsOf({ bind });
    expect(differing(rows)).toEqual(fields);
    expect(row(rows, fields[0]).explanation?.effect).toContain('does not use the association');
  });

  it('tells of a smaller TPDU, of session version 1 and of a broken release without calling them mismatches', () => {
    const rows = rowsOf({ tpduOctetsMax: 2048, sessionVersion: 1 }, connector(), 'closed');
    expect(differing(rows)).toEqual([]);
    expect(row(rows, 'tpduSizeOffer').explanation?.difference).toContain('2048');
    expect(row(rows, 'version').explanation?.difference).toContain('version 1');
    expect(row(rows, 'release')).toMatchObject({ result: 'unanswered' });
  });
});

describe('the answer to a bind', () => {
  const answer = (password: string) =>
    encodeBindResult(
      {
        kind: 'authenticated',
        mtaName: 'MTA-BETA',
        credentials: { kind: 'password', octets: new TextEncoder().encode(password), type: 'ia5' },
      },
      'normal',
    );

  it('tells name and whether the password is the one that is expected', () => {
    const judged = (password: string) => readBindAnswer(connector(), { kind: 'open', userData: answer(password) });
    expect(judged('beta-secret')).toEqual({ kind: 'named', mtaName: 'MTA-BETA', password: 'matches' });
    expect(judged('beta-secret ')).toEqual({ kind: 'named', mtaName: 'MTA-BETA', password: 'differs' });
  });

  it('may be without a name, or unreadable', () => {
    expect(readBindAnswer(connector(), { kind: 'open' })).toEqual({ kind: 'unnamed' });
    expect(readBindAnswer(connector(), { kind: 'open', userData: Uint8Array.of(0x30) })).toMatchObject({
      kind: 'unreadable',
    });
  });
});
