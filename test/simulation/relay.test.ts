import { progressFiles } from '../../src/queue/progress-notes.js';
import { describe, expect, it } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import { decode } from '../../src/asn1/type.js';
import { readExtension } from '../../src/p1/extension-field.js';
import { internalTrace } from '../../src/p1/extensions.js';
import { messageTransferEnvelope } from '../../src/p1/message-pdu.js';
import { printGlobalDomainIdentifier } from '../../src/p1/mts-identifier.js';
import { testOctets } from './pair.js';
import { VirtualAgent, siteOf } from './virtual-agent.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualNetwork } from './virtual-network.js';

type Name = 'ALPHA' | 'BETA' | 'GAMMA';
const ports: Readonly<Record<Name, number>> = { ALPHA: 101, BETA: 201, GAMMA: 301 };
const address = (name: Name, surname: string): string => `C=GB;ADMD= ;PRMD=${name};S=${surname}`;

/** Alpha knows only beta, gamma knows only beta; beta relays. `mode` is that of the second hop. */
function chain(mode: 'normal' | 'x410-1984') {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock);
  const connector = (to: Name, spaces: readonly Name[], ofMode: string) => ({
    name: to.toLowerCase(),
    mode: ofMode,
    remote: { mtaName: `MTA-${to}`, password: 'p', host: 'peer', port: ports[to], transportSelector: 'MTA' },
    addressSpace: spaces.map((space) => ({ pattern: `C=GB;ADMD= ;PRMD=${space}` })),
  });
  const agent = (name: Name, connectors: readonly object[]): VirtualAgent =>
    new VirtualAgent(
      clock,
      network,
      siteOf({
        mta: { name: `MTA-${name}`, password: 'p', globalDomain: { country: 'GB', admd: ' ', prmd: name } },
        listen: [{ host: '127.0.0.1', port: ports[name], transportSelector: 'MTA' }],
        dataDirectory: '/data',
        connectors,
        mailboxes: [{ name: 'user', address: address(name, 'User') }],
      }),
    );
  const alpha = agent('ALPHA', [connector('BETA', ['BETA', 'GAMMA'], 'normal')]);
  const beta = agent('BETA', [connector('ALPHA', ['ALPHA'], 'normal'), connector('GAMMA', ['GAMMA'], mode)]);
  const gamma = agent('GAMMA', [connector('BETA', ['ALPHA', 'BETA'], mode)]);
  for (const each of [alpha, beta, gamma]) each.start();
  return { clock, alpha, beta, gamma };
}

describe('a relaying agent', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    for (const length of [100, 500_000]) {
      it(`passes ${String(length)} octets on unchanged, with trace, over a second hop in mode ${mode} (X.411 §14.3; P1-021, P1-065)`, () => {
        const { clock, alpha, beta, gamma } = chain(mode);
        const content = testOctets(length);
        const identifier = alpha.submit({ from: address('ALPHA', 'User'), to: [address('GAMMA', 'User')] }, content);
        clock.run(120_000, () => gamma.events('message.delivered').length > 0);
        const [entry] = gamma.mailbox('user');
        expect(entry?.mtsIdentifier).toBe(identifier);
        expect(equalOctets(gamma.content('user', entry?.id ?? ''), content)).toBe(true);
        const envelope = decode(
          messageTransferEnvelope,
          gamma.call('mailbox.get', { mailbox: 'user', id: entry?.id ?? '' })?.envelope ?? new Uint8Array(0),
        );
        const domains = envelope.traceInformation.map((element) =>
          printGlobalDomainIdentifier(element.globalDomainIdentifier),
        );
        expect(domains).toEqual(['/PRMD=ALPHA/ADMD= /C=GB/', '/PRMD=BETA/ADMD= /C=GB/', '/PRMD=GAMMA/ADMD= /C=GB/']);
        const mtas = readExtension(envelope.extensions, internalTrace)?.map(({ mtaName }) => mtaName);
        expect(mtas).toEqual(['MTA-ALPHA', 'MTA-BETA', 'MTA-GAMMA']);
        clock.run(60_000);
        expect(beta.engine?.status().connectors.map(({ queued }) => queued)).toEqual([0, 0]);
        expect(beta.disk.files.filter((file) => !progressFiles.includes(file))).toEqual([]);
      });
    }
  }

  it('splits a message with recipients behind different hops, each copy responsible for its own (P1-018, P1-038)', () => {
    const { clock, alpha, beta, gamma } = chain('normal');
    const content = testOctets(1000);
    alpha.submit(
      {
        from: address('ALPHA', 'User'),
        to: [address('BETA', 'User'), address('GAMMA', 'User'), address('ALPHA', 'User')],
      },
      content,
    );
    clock.run(60_000, () => gamma.mailbox('user').length > 0);
    for (const each of [alpha, beta, gamma]) expect(each.mailbox('user').length).toBe(1);
  });

  it('sends a non-delivery report back over the way that the message came (P1-044, P1-050)', () => {
    const { clock, alpha, gamma } = chain('normal');
    const identifier = alpha.submit(
      { from: address('ALPHA', 'User'), to: [address('GAMMA', 'Nobody'), address('GAMMA', 'User')] },
      testOctets(100),
    );
    clock.run(60_000, () => alpha.mailbox('user').length > 0);
    const [report] = alpha.mailbox('user');
    expect([report?.kind, report?.subjectIdentifier]).toEqual(['report', identifier]);
    expect(gamma.mailbox('user').length).toBe(1);
    clock.run(60_000);
    expect(alpha.mailbox('user').length).toBe(1);
  });

  it('sends a delivery report where the originator asks for one (P1-045)', () => {
    const { clock, alpha } = chain('normal');
    alpha.submit({ from: address('ALPHA', 'User'), to: [address('GAMMA', 'User')], reports: 'all' }, testOctets(100));
    clock.run(60_000, () => alpha.mailbox('user').length > 0);
    expect(alpha.events('message.reported')[0]?.['outcomes']).toContain('delivered');
  });

  it('reports an address without a route at once with 1/0', () => {
    const { clock, alpha } = chain('normal');
    alpha.submit({ from: address('ALPHA', 'User'), to: ['C=US;ADMD=TELE;S=Nobody'] }, testOctets(100));
    clock.run(1000, () => alpha.mailbox('user').length > 0);
    expect(alpha.events('message.reported')[0]?.['outcomes']).toContain('(1/0)');
  });
});
