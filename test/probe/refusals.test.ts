import { describe, expect, it } from 'vitest';
import type { Connector } from '../../src/config/site.js';
import { explainRefusal, isUnanswered } from '../../src/probe/refusals.js';
import type { PeerRefusal, ProbeReport } from '../../src/probe/report.js';
import { alphaObject, only, valid } from '../config/site-files.js';

function connector(mode: 'normal' | 'x410-1984' = 'normal'): Connector {
  const site = alphaObject();
  only(site)['mode'] = mode;
  const [found] = valid(site).connectors;
  if (found === undefined) throw new Error('no connector');
  return found;
}

type RefusedReport = Extract<ProbeReport, { readonly result: 'refused' }>;

function report(refusal: Partial<PeerRefusal>): RefusedReport {
  return {
    result: 'refused',
    address: { host: '127.0.0.1', port: 10202 },
    exchanges: [],
    refusal: { reached: 'transport', timedOut: false, source: 'session', transient: false, text: 'no', ...refusal },
  };
}

describe('a refusal is explained', () => {
  const cases: readonly (readonly [string, Partial<PeerRefusal>, string, RegExp, 'refused' | 'unanswered'])[] = [
    [
      'nobody listens',
      { reached: 'nothing', source: 'transport', text: 'connect ECONNREFUSED' },
      'tcp',
      /nobody listens/,
      'unanswered',
    ],
    [
      'an unknown host',
      { reached: 'nothing', source: 'transport', text: 'getaddrinfo ENOTFOUND x' },
      'tcp',
      /cannot be resolved/,
      'unanswered',
    ],
    [
      'no route',
      { reached: 'nothing', source: 'transport', text: 'connect EHOSTUNREACH' },
      'tcp',
      /cannot be reached/,
      'unanswered',
    ],
    [
      'no answer to TCP',
      { reached: 'nothing', source: 'transport', timedOut: true },
      'tcp',
      /nothing answers/,
      'unanswered',
    ],
    [
      'silence after TCP',
      { reached: 'tcp', source: 'transport', timedOut: true },
      'transport',
      /does not answer the connection request/,
      'unanswered',
    ],
    [
      'a close after TCP',
      { reached: 'tcp', source: 'transport' },
      'transport',
      /closes the connection instead/,
      'unanswered',
    ],
    [
      'silence after CC',
      { reached: 'transport', source: 'transport', timedOut: true },
      'session',
      /CONNECT and bind/,
      'unanswered',
    ],
    [
      'an abort for an answer',
      { reached: 'transport', source: 'abort' },
      'session',
      /instead of answering CONNECT/,
      'unanswered',
    ],
    ['DR 1', { source: 'transport', code: 1 }, 'transport', /too many connections/, 'unanswered'],
    ['DR 2', { source: 'transport', code: 2 }, 'transport', /no MTA is attached/, 'refused'],
    ['DR 3', { source: 'transport', code: 3 }, 'transport', /nobody at the transport selector/, 'refused'],
    ['DR 133', { source: 'transport', code: 133 }, 'transport', /does not like the connection request/, 'refused'],
    ['DR 0', { source: 'transport', code: 0 }, 'transport', /without saying why/, 'refused'],
    ['REFUSE 129', { code: 129 }, 'session', /nobody at the session selector/, 'refused'],
    ['REFUSE 130', { code: 130 }, 'session', /no MTA is attached/, 'refused'],
    ['REFUSE 131', { code: 131 }, 'session', /too many session connections/, 'unanswered'],
    ['REFUSE 132', { code: 132 }, 'session', /no version/, 'refused'],
    ['REFUSE 134', { code: 134 }, 'session', /implementation restriction/, 'refused'],
    ['REFUSE 0', { code: 0 }, 'session', /without saying why/, 'refused'],
    ['CPR 3', { source: 'presentation', code: 3 }, 'presentation', /nobody at the presentation selector/, 'refused'],
    ['CPR 1', { source: 'presentation', code: 1 }, 'presentation', /no room now/, 'unanswered'],
    ['CPR 4', { source: 'presentation', code: 4 }, 'presentation', /CPR reason 4/, 'refused'],
    ['a context missing', { source: 'presentation' }, 'presentation', /presentation contexts/, 'refused'],
    ['AARE user 2', { source: 'acse-user', code: 2 }, 'acse', /application context/, 'refused'],
    ['AARE user 3', { source: 'acse-user', code: 3 }, 'acse', /titles/, 'refused'],
    ['AARE user 13', { source: 'acse-user', code: 13 }, 'acse', /wants authentication/, 'refused'],
    ['AARE user 1', { source: 'acse-user', code: 1 }, 'acse', /without a bind error/, 'refused'],
    ['AARE provider 2', { source: 'acse-provider', code: 2 }, 'acse', /version of ACSE/, 'refused'],
    ['an AARE that is none', { source: 'acse-provider' }, 'acse', /application context/, 'refused'],
    [
      'a bind error',
      { source: 'acse-user', code: 1, bindError: 'authentication-error' },
      'bind',
      /who we say/,
      'refused',
    ],
    ['a busy bind', { source: 'acse-user', code: 1, bindError: 'busy' }, 'bind', /busy/, 'unanswered'],
    [
      'a dialogue',
      { source: 'acse-user', bindError: 'unacceptable-dialogue-mode' },
      'rtse',
      /this dialogue/,
      'refused',
    ],
    [
      'security',
      { source: 'acse-user', bindError: 'unacceptable-security-context' },
      'bind',
      /security services/,
      'refused',
    ],
    ['RTORJ of 1984', { source: 'acse-user', refuseReason: 'validation-failure' }, 'rtse', /who we say/, 'refused'],
    ['RTORJ busy', { source: 'acse-user', refuseReason: 'busy' }, 'rtse', /busy/, 'unanswered'],
  ];

  it.each(cases)('%s: with its layer, its meaning, and what to check first', (_, refusal, layer, meaning, result) => {
    const rows = explainRefusal(connector(), report(refusal));
    const last = rows.at(-1);
    expect(last).toMatchObject({ layer, result });
    expect(last?.explanation?.difference).toMatch(meaning);
    expect(last?.explanation?.checks.length).toBeGreaterThan(0);
    expect(rows.slice(0, -1).every((row) => row.result === 'match')).toBe(true);
    expect(isUnanswered(report(refusal))).toBe(result === 'unanswered');
  });

  it('by what each layer before it let pass', () => {
    const passed = explainRefusal(connector(), report({ source: 'presentation', code: 3 }));
    expect(passed.map(({ layer }) => layer)).toEqual(['tcp', 'transport', 'session', 'presentation']);
    expect(passed.map(({ configured }) => configured)).toEqual(['127.0.0.1:10202', 'MTA', undefined, undefined]);
  });

  it('in X.410-1984 mode without presentation and ACSE', () => {
    const rows = explainRefusal(connector('x410-1984'), report({ source: 'acse-user' }));
    expect(rows.map(({ layer }) => layer)).toEqual(['tcp', 'transport', 'session', 'rtse']);
  });
});
