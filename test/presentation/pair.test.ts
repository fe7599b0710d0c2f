import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berOctets } from '../../src/asn1/ber-node.js';
import { universal } from '../../src/asn1/tag.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import type { AnyMachine } from '../../src/osi/stack.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationContext,
  type PresentationOptions,
  type PresentationRequest,
  type ReliableTransferMode,
} from '../../src/presentation/service.js';
import { arbitraryTree, berTreeOctets } from '../asn1/arbitrary-ber.js';
import { FakeSession } from './fake-session.js';
import {
  aare,
  aarq,
  connectRequest,
  contexts,
  initiatorOptions,
  responderOptions,
  rlre,
  rlrq,
  rtoac,
  rtorq,
  x410ConnectRequest,
} from './samples.js';

const modes: readonly ReliableTransferMode[] = ['normal', 'x410-1984'];

function machines(mode: ReliableTransferMode, options: Partial<PresentationOptions> = {}) {
  const initiator = createPresentationMachine({ ...initiatorOptions, modes: [mode] });
  const responder = createPresentationMachine({ ...responderOptions, ...options });
  return { initiator: [initiator as AnyMachine], responder: [responder as AnyMachine] };
}

function accept(mode: ReliableTransferMode): PresentationRequest {
  return {
    type: 'P-CONNECT.response',
    result: 'accept',
    initialTokens: 'initiator',
    userData:
      mode === 'normal'
        ? { abstractSyntax: acseAbstractSyntax, octets: aare }
        : { abstractSyntax: rtseAbstractSyntax, octets: rtoac },
  };
}

function connected(mode: ReliableTransferMode, chunkOctets = Infinity): FakeSession {
  const session = new FakeSession(machines(mode), { chunkOctets });
  session.request('initiator', mode === 'normal' ? connectRequest : x410ConnectRequest);
  session.request('responder', accept(mode));
  session.told('initiator');
  session.told('responder');
  return session;
}

describe.each(modes)('two machines, %s mode', (mode) => {
  it('connect: each is told what the other said', () => {
    const session = new FakeSession(machines(mode));
    session.request('initiator', mode === 'normal' ? connectRequest : x410ConnectRequest);
    expect(session.told('responder')).toMatchObject([
      { type: 'P-CONNECT.indication', mode, userData: { octets: mode === 'normal' ? aarq : rtorq } },
    ]);
    session.request('responder', accept(mode));
    expect(session.told('initiator')).toMatchObject([
      {
        type: 'P-CONNECT.confirm',
        result: 'accept',
        contexts: mode === 'normal' ? contexts : [],
        userData: { octets: mode === 'normal' ? aare : rtoac },
      },
    ]);
  });

  it('carry data whole and in order, however the session cuts them', () => {
    const value = arbitraryTree.map(berTreeOctets);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (sent, chunk) => {
        const session = connected(mode, chunk);
        for (const octets of sent) {
          const userData = ByteList.of(octets.subarray(0, 3), octets.subarray(3));
          session.request('initiator', { type: 'P-DATA.request', abstractSyntax: rtseAbstractSyntax, userData });
        }
        const told = session.told('responder') as { type: string; abstractSyntax: string; userData: ByteList }[];
        expect(told.every(({ type }) => type === 'P-DATA.indication')).toBe(true);
        expect(told.map(({ userData }) => toHex(userData.toUint8Array()))).toEqual(sent.map(toHex));
        expect(session.observed).toEqual([]);
      }),
    );
  });

  it('release: data in normal mode only', () => {
    const session = connected(mode);
    session.request('initiator', {
      type: 'P-RELEASE.request',
      userData: { abstractSyntax: acseAbstractSyntax, octets: rlrq },
    });
    expect(session.told('responder')).toEqual([
      {
        type: 'P-RELEASE.indication',
        ...(mode === 'normal' && { userData: { abstractSyntax: acseAbstractSyntax, octets: rlrq } }),
      },
    ]);
    session.request('responder', {
      type: 'P-RELEASE.response',
      userData: { abstractSyntax: acseAbstractSyntax, octets: rlre },
    });
    expect(session.told('initiator')).toMatchObject([{ type: 'P-RELEASE.confirm' }]);
  });

  it('abort: the peer is told, and nothing passes any more', () => {
    const session = connected(mode);
    const userData = { abstractSyntax: rtseAbstractSyntax, octets: fromHex('B603800103') };
    session.request('responder', { type: 'P-U-ABORT.request', userData, abstractSyntaxes: [rtseAbstractSyntax] });
    expect(session.told('initiator')).toEqual([{ type: 'P-U-ABORT.indication', userData }]);
    session.request('initiator', { type: 'S-SYNC-MINOR.request' });
    session.request('responder', { type: 'S-SYNC-MINOR.request' });
    expect(session.told('initiator')).toEqual([]);
    expect(session.told('responder')).toEqual([]);
  });

  it('pass session services through', () => {
    const session = connected(mode);
    session.request('initiator', { type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex('020101') });
    session.request('initiator', { type: 'S-SYNC-MINOR.request' });
    session.request('responder', { type: 'S-SYNC-MINOR.response', serialNumber: 1 });
    expect(session.told('responder')).toMatchObject([
      { type: 'S-ACTIVITY-START.indication' },
      { type: 'S-SYNC-MINOR.indication', serialNumber: 1 },
    ]);
    expect(session.told('initiator')).toEqual([{ type: 'S-SYNC-MINOR.confirm', serialNumber: 1 }]);
  });
});

describe('two machines of normal mode', () => {
  it('agree on the contexts whatever numbers and order the initiator chose (P-003, P-004, P-005)', () => {
    const syntaxes = [acseAbstractSyntax, rtseAbstractSyntax, mtseAbstractSyntax, '2.3.0'];
    const proposals = fc
      .tuple(
        fc.shuffledSubarray(syntaxes, { minLength: 1 }),
        fc.uniqueArray(
          fc.nat(70_000).map((n) => 2 * n + 1),
          { minLength: 4, maxLength: 4 },
        ),
      )
      .map(([chosen, numbers]) =>
        chosen.map((abstractSyntax, i): PresentationContext => ({ abstractSyntax, identifier: numbers[i] ?? 1 })),
      )
      .filter((proposal) => proposal.some(({ abstractSyntax }) => abstractSyntax === acseAbstractSyntax));
    fc.assert(
      fc.property(proposals, (proposal) => {
        const session = new FakeSession(machines('normal'));
        session.request('initiator', { ...connectRequest, contexts: proposal });
        const known = proposal.filter(({ abstractSyntax }) => abstractSyntax !== '2.3.0');
        expect(session.told('responder')).toMatchObject([{ type: 'P-CONNECT.indication', contexts: known }]);
        session.request('responder', accept('normal'));
        expect(session.told('initiator')).toMatchObject([{ type: 'P-CONNECT.confirm', contexts: known }]);
        for (const { abstractSyntax } of known) {
          const userData = ByteList.of(berOctets(universal(4), 'primitive', fromHex('07')));
          session.request('responder', { type: 'P-DATA.request', abstractSyntax, userData });
          expect(session.told('initiator')).toMatchObject([{ type: 'P-DATA.indication', abstractSyntax }]);
        }
      }),
    );
  });

  it('end with a provider abort at both ends when one finds the other at fault (P-018, P-022)', () => {
    const session = connected('normal');
    session.indicate('responder', {
      type: 'S-DATA.indication',
      userData: ByteList.of(fromHex('61093007020163A0020500')),
    });
    expect(session.told('responder')).toMatchObject([{ type: 'P-P-ABORT.indication', origin: 'local' }]);
    expect(session.told('initiator')).toEqual([
      {
        type: 'P-P-ABORT.indication',
        cause: 'presentation',
        origin: 'peer',
        text: 'invalid PPDU parameter value at TD',
      },
    ]);
  });
});
