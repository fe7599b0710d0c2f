import { describe, expect, it } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import { anna, bob, makePair, testOctets } from './pair.js';

describe('an association', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    it(`carries mail both ways by turns in mode ${mode}, on one association (X.228 §7.4, §7.5)`, () => {
      const { clock, alpha, beta } = makePair({ mode, dialogue: 'two-way-alternate' });
      alpha.start();
      beta.start();
      alpha.submit({ from: anna, to: [bob] }, testOctets(200_000));
      clock.run(100);
      for (let i = 0; i < 5; i++) {
        alpha.submit({ from: anna, to: [bob] }, testOctets(2000));
        beta.submit({ from: bob, to: [anna] }, testOctets(100_000 + i));
      }
      clock.run(120_000, () => beta.mailbox('bob').length === 6 && alpha.mailbox('anna').length === 5);
      expect(
        [beta.mailbox('bob').length, alpha.mailbox('anna').length],
        JSON.stringify([alpha.log, beta.log], undefined, 1),
      ).toEqual([6, 5]);
      expect(alpha.events('association.opened').length).toBe(1);
    });
  }

  it('on which the peer has the turn and falls silent is given up for another (X.228 §7.4)', () => {
    const { clock, network, alpha, beta } = makePair({
      dialogue: 'two-way-alternate',
      rts: { stallTimeoutSeconds: 5 },
    });
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    clock.run(1000);
    beta.submit({ from: bob, to: [anna] }, testOctets(100));
    clock.run(1000, () => alpha.mailbox('anna').length > 0);
    expect(alpha.engine?.status().associations[0]?.turn).toBe('peer');
    network.silence();
    alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    clock.run(20_000, () => beta.mailbox('bob').length === 2);
    expect(beta.mailbox('bob').length).toBe(2);
  });

  it('shows configured and negotiated values, and raises the alarm where they differ', () => {
    const { clock, alpha, beta } = makePair({
      rts: { checkpointSizeK: 30, windowSize: 5 },
      betaRts: { checkpointSizeK: 10, windowSize: 2 },
    });
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(200_000));
    clock.run(60_000, () => alpha.events('transfer.completed').length > 0);
    expect(alpha.engine?.status().associations[0]?.rts).toEqual({
      configured: { checkpointSizeK: 30, windowSize: 5 },
      negotiated: { checkpointSizeK: 10, windowSize: 2 },
      recoveryTimeoutSeconds: 60,
    });
    expect(alpha.events('rts.mismatch').map(({ field, ours, theirs }) => [field, ours, theirs])).toEqual([
      ['checkpointSizeK', 30, 10],
      ['windowSize', 5, 2],
    ]);
    expect(beta.events('rts.mismatch').map(({ field, ours, theirs }) => [field, ours, theirs])).toEqual([
      ['checkpointSizeK', 10, 30],
      ['windowSize', 2, 5],
    ]);
  });

  it('is refused where onMismatch says so', () => {
    const { clock, alpha, beta } = makePair({
      rts: { windowSize: 5 },
      betaRts: { windowSize: 2, onMismatch: 'refuse' },
    });
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(200));
    clock.run(30_000);
    expect(beta.events('association.refused')[0]?.['cause']).toBe('rts-mismatch');
    expect(beta.mailbox('bob')).toEqual([]);
  });

  const refusals = [
    { what: 'a wrong password', options: { betaPassword: 'wrong' }, cause: undefined },
    { what: 'a wrong dialogue mode', options: { betaDialogue: 'two-way-alternate' }, cause: 'wrong-dialogue' },
  ] as const;
  for (const mode of ['normal', 'x410-1984'] as const) {
    for (const { what, options, cause } of refusals) {
      it(`is refused for ${what} in mode ${mode}, with the cause in our log only`, () => {
        const { clock, alpha, beta } = makePair({ mode, ...options, retry: { openIntervalSeconds: 5 } });
        alpha.start();
        beta.start();
        alpha.submit({ from: anna, to: [bob] }, testOctets(200));
        clock.run(4000);
        const refused = [...alpha.events('association.refused'), ...beta.events('association.refused')];
        expect(refused.length, JSON.stringify([alpha.log, beta.log], undefined, 1)).toBeGreaterThan(0);
        if (cause !== undefined) expect(beta.events('association.refused')[0]?.['cause']).toBe(cause);
        expect(beta.mailbox('bob')).toEqual([]);
        expect(JSON.stringify([alpha.log, beta.log])).not.toContain('secret');
      });
    }
  }

  it('that cannot be opened leads to a non-delivery report after the retries allowed (X.411 §14.3)', () => {
    const { clock, alpha } = makePair({ retry: { maxOpenRetries: 2, openIntervalSeconds: 10 } });
    alpha.start();
    const identifier = alpha.submit({ from: anna, to: [bob] }, testOctets(200));
    clock.run(19_000);
    expect(alpha.mailbox('anna')).toEqual([]);
    clock.run(5000, () => alpha.mailbox('anna').length > 0);
    const [report] = alpha.mailbox('anna');
    expect(report?.kind).toBe('report');
    expect(report?.subjectIdentifier).toBe(identifier);
  });

  it('is released after its lifetime without mail', () => {
    const { clock, alpha, beta, network } = makePair();
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(200));
    clock.run(290_000);
    expect(alpha.engine?.status().associations.length).toBe(1);
    clock.run(30_000);
    expect(alpha.engine?.status().associations).toEqual([]);
    expect(beta.engine?.status().associations).toEqual([]);
    clock.run(30_000);
    expect(network.openLinks).toBe(0);
  });

  it('of P1 1984 carries content type 2 and reports what 1984 cannot carry with 2/47 (X.419 Annex B)', () => {
    const { clock, alpha, beta } = makePair({ mode: 'x410-1984', p1: '1984' });
    alpha.start();
    beta.start();
    const content = testOctets(100);
    alpha.submit({ from: anna, to: [bob], contentType: '2' }, content);
    alpha.submit({ from: anna, to: [bob], contentType: '22' }, content);
    clock.run(60_000, () => beta.mailbox('bob').length > 0 && alpha.mailbox('anna').length > 0);
    const [entry] = beta.mailbox('bob');
    expect(entry?.contentType).toBe('2');
    expect(equalOctets(beta.content('bob', entry?.id ?? ''), content)).toBe(true);
    const [reported] = alpha.events('message.reported');
    expect(reported?.['outcomes']).toContain('(2/47)');
    expect(beta.mailbox('bob').length).toBe(1);
  });

  it('leaves no octets behind of a long message that nobody here gets', () => {
    const { clock, alpha, beta } = makePair();
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: ['C=GB;ADMD= ;PRMD=BETA;S=Nobody'] }, testOctets(100_000));
    clock.run(60_000, () => alpha.mailbox('anna').length > 0);
    expect(beta.disk.files).toEqual([]);
  });

  it('to an unknown mailbox brings a non-delivery report 1/0 back', () => {
    const { clock, alpha, beta } = makePair();
    alpha.start();
    beta.start();
    const identifier = alpha.submit({ from: anna, to: ['C=GB;ADMD= ;PRMD=BETA;S=Nobody'] }, testOctets(100));
    clock.run(60_000, () => alpha.mailbox('anna').length > 0);
    expect(alpha.mailbox('anna')[0]?.subjectIdentifier).toBe(identifier);
    expect(beta.events('message.reported')[0]?.['outcomes']).toContain('(1/0)');
  });

  it('that was about to be opened when the agent stops is not opened, and no layer takes offence', () => {
    const { clock, alpha, beta } = makePair();
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    clock.run(60_000, () => alpha.engine?.status().associations[0]?.state === 'opening');
    let stopped = false;
    alpha.engine?.stop(() => {
      stopped = true;
    });
    clock.run(20_000);
    expect(stopped).toBe(true);
    expect(alpha.events('association.internal-error')).toEqual([]);
    expect(beta.log).toEqual([]);
  });
});
