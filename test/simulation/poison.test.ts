import { describe, expect, it } from 'vitest';
import { concatOctets, fromHex } from '../../src/bytes/octets.js';
import type { Site } from '../../src/config/site.js';
import { recordingOf } from './attacks.js';
import { Battlefield } from './battlefield.js';
import { anna, bob, makePair, testOctets } from './pair.js';

/** A site on which looking at a value makes the deciding part of the agent fail, as a mistake in it would, while it is armed. */
function mined(site: Site, place: 'arrival' | 'departure'): { readonly site: Site; disarm(): void } {
  let armed = true;
  const explode = (): void => {
    if (armed) throw new TypeError('a mistake of ours');
  };
  const { traceElementsMax } = site.limits;
  const limits = Object.defineProperty({ ...site.limits }, 'traceElementsMax', {
    enumerable: true,
    get: () => {
      explode();
      return traceElementsMax;
    },
  });
  const connectors = site.connectors.map((connector) =>
    Object.defineProperty({ ...connector }, 'extensionTagging', {
      enumerable: true,
      get: () => {
        explode();
        return connector.extensionTagging;
      },
    }),
  );
  return {
    site: place === 'arrival' ? { ...site, limits } : { ...site, connectors },
    disarm() {
      armed = false;
    },
  };
}

const retry = { transferIntervalSeconds: 5, openIntervalSeconds: 5 };

describe('a message that cannot be processed', () => {
  for (const octets of [500, 200_000]) {
    it(`of ${String(octets)} octets is taken once, reported, quarantined, and in nobody's way; a release delivers it`, () => {
      const { clock, alpha, beta } = makePair({ retry });
      const mine = mined(beta.site, 'arrival');
      beta.site = mine.site;
      alpha.start();
      beta.start();
      const content = testOctets(octets);
      const mts = alpha.submit({ from: anna, to: [bob] }, content);
      clock.run(60_000, () => alpha.mailbox('anna').length > 0);
      expect(alpha.mailbox('anna')).toMatchObject([{ kind: 'report', subjectIdentifier: mts }]);
      expect(beta.events('message.reported')[0]?.['outcomes']).toContain('(1/48)');
      expect(beta.events('message.quarantined')).toMatchObject([
        { answer: 'reported', mts, text: 'a mistake of ours' },
      ]);
      const [entry] = beta.call('quarantine.list', {});
      expect(entry).toMatchObject({ kind: 'arrival', answer: 'reported', connector: 'alpha', mtsIdentifier: mts });
      expect(beta.log.filter(({ event }) => event.startsWith('association.lost'))).toEqual([]);
      expect(beta.disk.files.filter((file) => file.startsWith('incoming/'))).toEqual([]);

      mine.disarm();
      const next = alpha.submit({ from: anna, to: [bob] }, testOctets(700));
      clock.run(60_000, () => beta.mailbox('bob').length > 0);
      expect(beta.mailbox('bob').map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([next]);

      let released: object | undefined;
      beta.engine?.releaseQuarantined(entry?.id ?? '', (answer) => {
        released = answer;
      });
      clock.run(1000, () => released !== undefined);
      expect(released).toEqual({ result: 'released', mtsIdentifier: mts });
      const delivered = beta.mailbox('bob').find(({ mtsIdentifier }) => mtsIdentifier === mts);
      expect(beta.content('bob', delivered?.id ?? '')).toEqual(content);
      expect(beta.call('counts', {}).quarantined).toBe(0);
    });
  }

  it('is remembered: it comes again after the confirmation was lost, also after a restart, and is answered without a second report', () => {
    const { clock, network, alpha, beta } = makePair({ retry });
    beta.site = mined(beta.site, 'arrival').site;
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(300));
    clock.run(60_000, () => beta.events('message.quarantined').length > 0);
    network.cut();
    beta.kill();
    clock.run(3000);
    beta.start();
    clock.run(120_000);
    expect(alpha.engine?.status().connectors[0]?.queued).toBe(0);
    expect(beta.events('message.quarantined').length).toBe(1);
    expect(beta.events('message.refused')).toMatchObject([{ answer: 'reported' }]);
    expect(beta.call('quarantine.list', {}).length).toBe(1);
    expect(alpha.mailbox('anna').length).toBe(1);
  });
});

describe('a copy that cannot be encoded for its peer', () => {
  it('is reported once, quarantined as an APDU, and what is queued behind it goes out; a release sends it', () => {
    const { clock, alpha, beta } = makePair({ retry });
    const mine = mined(alpha.site, 'departure');
    alpha.site = mine.site;
    alpha.start();
    beta.start();
    const mts = alpha.submit({ from: anna, to: [bob] }, testOctets(300));
    clock.run(60_000, () => alpha.mailbox('anna').length > 0);
    expect(alpha.mailbox('anna')).toMatchObject([{ kind: 'report', subjectIdentifier: mts }]);
    expect(alpha.call('quarantine.list', {})).toMatchObject([
      { kind: 'copy', answer: 'reported', connector: 'beta', mtsIdentifier: mts, recipients: [0] },
    ]);
    mine.disarm();
    const next = alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    clock.run(60_000, () => beta.mailbox('bob').length > 0);
    expect(beta.mailbox('bob').map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([next]);
    expect(alpha.engine?.status().connectors[0]?.queued).toBe(0);

    const [entry] = alpha.call('quarantine.list', {});
    alpha.engine?.releaseQuarantined(entry?.id ?? '', () => undefined);
    clock.run(60_000, () => beta.mailbox('bob').length > 1);
    const sent = beta.mailbox('bob').find(({ mtsIdentifier }) => mtsIdentifier === mts);
    expect(beta.content('bob', sent?.id ?? '')).toEqual(testOctets(300));
  });
});

describe('octets that are no MTS-APDU', () => {
  it('are refused again when they come again, and put aside once (X.411 §12)', () => {
    const { connectionRequest, connect, activityStart, activityEnd } = recordingOf('x410-1984');
    const field = new Battlefield({ mode: 'x410-1984' });
    const data = concatOctets(fromHex('0300000f02f08001000100'), fromHex('64656667'));
    data[3] = data.length;
    for (let i = 0; i < 2; i++)
      field.wage(field.call(), [connectionRequest, connect, activityStart, data, activityEnd]);
    expect(field.victim.events('message.quarantined')).toMatchObject([{ answer: 'refused' }]);
    expect(field.victim.events('message.refused')).toMatchObject([{ answer: 'refused' }]);
    expect(field.victim.call('quarantine.list', {}).length).toBe(1);
  });
});
