import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAcseMachine } from '../../src/acse/machine.js';
import { mtsTransferContext, type AcseRequest } from '../../src/acse/service.js';
import { berOctets } from '../../src/asn1/ber-node.js';
import { context } from '../../src/asn1/tag.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import type { AnyMachine } from '../../src/osi/stack.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import { rtseAbstractSyntax, type ReliableTransferMode } from '../../src/presentation/service.js';
import { FakeSession } from '../presentation/fake-session.js';
import {
  contexts,
  cp,
  cpa,
  cpr,
  initiatorOptions as presentationInitiator,
  responderOptions as presentationResponder,
  x410Cp,
  x410Cpa,
} from '../presentation/samples.js';
import { associateRequest, initiatorOptions, responderOptions, rtab, rtoac, rtorj, rtorq } from './samples.js';

const x410Rtorq = fromHex('B00C80010FA304A002050084010C');
const x410Rtoac = fromHex('B10980010FA204A0020500');
const rtorqOf = { normal: rtorq, 'x410-1984': x410Rtorq } as const;
const rtoacOf = { normal: rtoac, 'x410-1984': x410Rtoac } as const;

/** Association control on presentation, twice, over one session. */
function sides(mode: ReliableTransferMode, version: 1 | 2 = 2): FakeSession {
  const stack = (...machines: readonly unknown[]) => machines as readonly AnyMachine[];
  return new FakeSession(
    {
      initiator: stack(
        createPresentationMachine({ ...presentationInitiator, modes: [mode] }),
        createAcseMachine({ ...initiatorOptions, mode }),
      ),
      responder: stack(createPresentationMachine(presentationResponder), createAcseMachine(responderOptions)),
    },
    { version },
  );
}

function request(mode: ReliableTransferMode): AcseRequest {
  return { ...associateRequest, contexts: mode === 'normal' ? contexts : [], userInformation: rtorqOf[mode] };
}

function associated(mode: ReliableTransferMode, version: 1 | 2 = 2): FakeSession {
  const session = sides(mode, version);
  session.request('initiator', request(mode));
  const accept = { type: 'A-ASSOCIATE.response', result: 'accept', initialTokens: 'initiator' } as const;
  session.request('responder', { ...accept, userInformation: rtoacOf[mode] });
  session.told('initiator');
  session.told('responder');
  return session;
}

describe.each(['normal', 'x410-1984'] as const)('two sides, %s mode', (mode) => {
  it('associate: the CONNECT and ACCEPT user data are those of the examples (P-001, P-003, A-001)', () => {
    const session = sides(mode);
    session.request('initiator', request(mode));
    expect(session.asked.initiator).toMatchObject([
      { type: 'S-CONNECT.request', userData: mode === 'normal' ? cp : x410Cp },
    ]);
    expect(session.told('responder')).toMatchObject([
      {
        type: 'A-ASSOCIATE.indication',
        mode,
        userInformation: rtorqOf[mode],
        ...(mode === 'normal' && { applicationContext: mtsTransferContext }),
      },
    ]);
    const accept = { type: 'A-ASSOCIATE.response', result: 'accept', initialTokens: 'initiator' } as const;
    session.request('responder', { ...accept, userInformation: rtoacOf[mode] });
    expect(session.asked.responder).toMatchObject([
      { type: 'S-CONNECT.response', result: 'accept', userData: mode === 'normal' ? cpa : x410Cpa },
    ]);
    expect(session.told('initiator')).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'accept', userInformation: rtoacOf[mode] },
    ]);
  });

  it('are refused: RTORJ arrives (A-006)', () => {
    const session = sides(mode);
    session.request('initiator', request(mode));
    const userInformation = mode === 'normal' ? rtorj : fromHex('B203800102');
    session.request('responder', { type: 'A-ASSOCIATE.response', result: 'reject', transient: false, userInformation });
    expect(session.asked.responder).toEqual([
      {
        type: 'S-CONNECT.response',
        result: 'reject',
        reason: 2,
        userData: mode === 'normal' ? cpr : fromHex('3103800102'),
      },
    ]);
    expect(session.told('initiator')).toMatchObject([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-user', transient: false },
        userInformation,
      },
    ]);
  });

  it('release', () => {
    const session = associated(mode);
    session.request('initiator', { type: 'A-RELEASE.request' });
    expect(session.told('responder')).toEqual([{ type: 'A-RELEASE.indication' }]);
    session.request('responder', { type: 'A-RELEASE.response' });
    expect(session.told('initiator')).toEqual([{ type: 'A-RELEASE.confirm' }]);
    const [finish] = session.asked.initiator.slice(-1);
    const [disconnect] = session.asked.responder.slice(-1);
    const data = (hex: string) => (mode === 'normal' ? { userData: fromHex(hex) } : {});
    expect(finish).toEqual({ type: 'S-RELEASE.request', ...data('610C300A020101A0056203800100') });
    expect(disconnect).toEqual({ type: 'S-RELEASE.response', ...data('610C300A020101A0056303800100') });
  });

  it('transfer and abort: data arrive, then the RTAB', () => {
    const session = associated(mode);
    const userData = ByteList.of(fromHex('0403616263'));
    session.request('initiator', { type: 'P-DATA.request', abstractSyntax: rtseAbstractSyntax, userData });
    const [data] = session.told('responder') as { userData: ByteList }[];
    expect(data?.userData.toUint8Array()).toEqual(userData.toUint8Array());
    session.request('responder', { type: 'A-ABORT.request', userInformation: rtab });
    expect(session.told('initiator')).toEqual([{ type: 'A-ABORT.indication', source: 'user', userInformation: rtab }]);
    const [abort] = session.asked.responder.slice(-1);
    expect(abort).toEqual({
      type: 'S-U-ABORT.request',
      userData:
        mode === 'normal'
          ? fromHex(`A030 A012 3007020101 06025101 3007020103 06025101 611A 3018 020101 A013
              6411800100 BE0C280A020103A005B603800104`)
          : fromHex('3103800104'),
    });
  });
});

describe('two sides of normal mode', () => {
  it('in session version 1 abort without what does not fit (A-014)', () => {
    const session = associated('normal', 1);
    session.request('responder', { type: 'A-ABORT.request', userInformation: rtab });
    expect(session.asked.responder.slice(-1)).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex('A000') }]);
    expect(session.told('initiator')).toEqual([{ type: 'A-ABORT.indication', source: 'user' }]);
  });

  it('do not associate for an application context that is not taken (A-003)', () => {
    const session = sides('normal');
    session.request('initiator', { ...associateRequest, applicationContext: '2.6.0.1.7' });
    expect(session.told('responder')).toEqual([]);
    expect(session.told('initiator')).toMatchObject([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-user', transient: false, code: 2, text: 'application context name not supported' },
      },
    ]);
  });

  it('carry any user information', () => {
    const member = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(member, (content) => {
        const session = sides('normal');
        const userInformation = encodeMember(content);
        session.request('initiator', { ...associateRequest, userInformation });
        expect(session.told('responder')).toMatchObject([{ type: 'A-ASSOCIATE.indication', userInformation }]);
      }),
      { numRuns: 50 },
    );
  });
});

function encodeMember(content: Uint8Array): Uint8Array {
  return berOctets(context(16), 'constructed', berOctets(context(0), 'primitive', content));
}
