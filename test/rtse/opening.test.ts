import { describe, expect, it } from 'vitest';
import { fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { encodeRtoac, encodeRtorj, encodeRtorq } from '../../src/rtse/codec.js';
import type { ConnectionData, RtseRequest } from '../../src/rtse/service.js';
import {
  associateConfirm,
  associateIndication,
  Driver,
  initiatorOptions,
  modes,
  noData,
  openedInitiator,
  openedResponder,
  openRequest,
  responderOptions,
  transfer,
} from './harness.js';

const recovery: ConnectionData = {
  kind: 'recover',
  identifier: { callingReference: latin1Octets('MTA1'), commonReference: latin1Octets('261122073000Z') },
};
const bind: ConnectionData = { kind: 'open', userData: fromHex('B0 02 05 00') };
const values = { checkpointSizeK: 15, windowSize: 3 };

function initiator(mode: 'normal' | 'x410-1984' = 'normal'): Driver {
  return new Driver({ ...initiatorOptions, mode });
}

/** A responder that has been asked. */
function asked(
  mode: 'normal' | 'x410-1984',
  data = bind,
  turn: 'initiator' | 'responder' | 'called-user' = 'initiator',
) {
  const driver = new Driver(responderOptions);
  const rtorq = encodeRtorq({
    mode,
    proposal: values,
    dialogueMode: 'monologue',
    connectionData: data,
    applicationProtocol: 12,
  });
  return { driver, told: driver.below(associateIndication(rtorq, mode, turn)) };
}

const accept = { type: 'RT-OPEN.response', result: 'accept', initialTurn: 'initiator' } as const;
const reject = { type: 'RT-OPEN.response', result: 'reject' } as const;

describe('opening an association', () => {
  it.each(modes)('sends RTORQ with and without user data, %s mode (R-007)', (mode) => {
    const octets = {
      normal: 'b00e80010f810103a306a004b0020500',
      'x410-1984': 'b01180010f810103a306a004b002050084010c',
    };
    expect(
      initiator(mode)
        .above(openRequest({ mode, values, connectionData: bind }))
        .join(),
    ).toContain(`userInformation=${octets[mode]}`);
    const empty = { normal: 'b00c80010f810103a304a0020500', 'x410-1984': 'b00f80010f810103a304a002050084010c' };
    expect(initiator(mode).above(openRequest({ mode, values })).join()).toContain(`userInformation=${empty[mode]}`);
  });

  it.each(modes)('indicates RTORQ with and without user data, %s mode (R-007)', (mode) => {
    expect(asked(mode).told.join()).toContain('connectionData={kind=open userData=b0020500}');
    expect(asked(mode, noData).told.join()).toContain('connectionData={kind=open}');
    expect(asked(mode).told.join()).toContain('proposal={checkpointSizeK=15 windowSize=3}');
  });

  it('gives the initial turn to the initiator or to the responder (R-011)', () => {
    expect(
      initiator()
        .above(openRequest({ turn: 'responder' }))
        .join(),
    ).toContain('initialTokens=responder');
    expect(() => openedInitiator().above(transfer(1))).not.toThrow();
    expect(() => openedInitiator({ turn: 'responder' }).above(transfer(1))).toThrow(AssertionError);
    expect(() => openedResponder().above(transfer(1))).toThrow(AssertionError);
    expect(() => openedResponder({ turn: 'responder' }).above(transfer(1))).not.toThrow();
  });

  it('follows the turn that the caller set, and chooses only where it was left to us (R-011)', () => {
    const response = { ...accept, initialTurn: 'responder', limits: values, connectionData: bind } as const;
    const { driver } = asked('normal');
    expect(driver.above(response).join()).toContain('initialTokens=initiator');
    expect(() => driver.above(transfer(1))).toThrow(AssertionError);
    const chosen = asked('normal', bind, 'called-user').driver;
    expect(chosen.above(response).join()).toContain('initialTokens=responder');
    expect(() => chosen.above(transfer(1))).not.toThrow();
  });

  it('answers not above the proposal and says what was agreed (R-008, R-009)', () => {
    const limits = { checkpointSizeK: 30, windowSize: 2 };
    expect(asked('normal').driver.above({ ...accept, limits, connectionData: bind })).toEqual([
      'A-ASSOCIATE.response result=accept initialTokens=initiator userInformation=b10e80010f810102a206a004b0020500',
      'RT-OPEN.completed negotiated={checkpointSizeK=15 windowSize=2}',
    ]);
  });

  it('brings an answer above the offer down to it and remarks it (R-008, R-009)', () => {
    const driver = initiator();
    driver.above(openRequest({ values: { checkpointSizeK: 2, windowSize: 2 } }));
    const told = driver.below(associateConfirm(fromHex('B1 09 80 01 05 A2 04 A0 02 05 00')));
    expect(told[0]).toBe('observe rts.answer-out-of-range');
    expect(told[1]).toContain('negotiated={checkpointSizeK=2 windowSize=2}');
  });

  it('aborts an answer that cannot be read or answers another question', () => {
    const unreadable = initiator();
    unreadable.above(openRequest());
    expect(unreadable.below(associateConfirm(fromHex('B1 01 80')))).toEqual([
      'observe rts.protocol-error',
      'A-ABORT.request userInformation=b603800104',
      expect.stringContaining('RT-OPEN.confirm result=reject refusal={source=acse-provider transient=true'),
    ]);
    const other = initiator();
    other.above(openRequest());
    expect(other.below(associateConfirm(encodeRtoac(values, recovery, 'normal')))).toContain(
      'A-ABORT.request userInformation=b603800104',
    );
  });

  it('aborts an RTORQ that cannot be read, without a word to the user', () => {
    const driver = new Driver(responderOptions);
    expect(driver.below(associateIndication(fromHex('B0 00')))).toEqual([
      'observe rts.protocol-error',
      'A-ABORT.request userInformation=b603800104',
    ]);
  });

  it('ends an attempt that is aborted as refused for now', () => {
    const driver = initiator();
    driver.above(openRequest());
    expect(driver.below({ type: 'A-ABORT.indication', source: 'user' })).toEqual([
      'RT-OPEN.confirm result=reject refusal={source=acse-user transient=true text=aborted by the peer: no reason given}',
    ]);
    const cut = initiator();
    cut.above(openRequest());
    expect(cut.below({ type: 'A-P-ABORT.indication', cause: 'transport', origin: 'peer', text: 'gone' })).toEqual([
      'RT-OPEN.confirm result=reject refusal={source=transport transient=true text=gone}',
    ]);
  });
});

describe('refusing an association', () => {
  it('says why in X.410-1984 mode and carries the bind error in normal mode (R-003, R-010)', () => {
    expect(asked('x410-1984').driver.above({ ...reject, reason: 'unacceptable-dialogue-mode' })).toEqual([
      'A-ASSOCIATE.response result=reject transient=false userInformation=b203800103',
    ]);
    expect(asked('x410-1984').driver.above({ ...reject, reason: 'busy' })).toEqual([
      'A-ASSOCIATE.response result=reject transient=true userInformation=b203800100',
    ]);
    const userData = fromHex('B2 03 02 01 03');
    expect(asked('normal').driver.above({ ...reject, reason: 'unacceptable-dialogue-mode', userData })).toEqual([
      'A-ASSOCIATE.response result=reject transient=false userInformation=b207a105b203020103',
    ]);
    expect(asked('normal').driver.above({ ...reject, reason: 'busy' })).toEqual([
      'A-ASSOCIATE.response result=reject transient=true userInformation=b200',
    ]);
  });

  it.each([
    ['84 01 63', 'b203800102'],
    ['84 01 07', 'b203800102'],
  ])('refuses application protocol field %s for good, without asking (R-052)', (field, rtorj) => {
    const octets = fromHex(`A3 04 A0 02 05 00 ${field}`);
    const rtorq = Uint8Array.of(0xb0, octets.length, ...octets);
    expect(new Driver(responderOptions).below(associateIndication(rtorq, 'x410-1984'))).toEqual([
      'observe rts.refused',
      `A-ASSOCIATE.response result=reject transient=false userInformation=${rtorj}`,
    ]);
  });

  it.each([
    ['84 01 0C', 12],
    ['84 01 01', 1],
    ['', 1],
    ['84 02 0C 00', 12],
  ])('takes application protocol field "%s" as %s (R-052)', (field, protocol) => {
    const octets = fromHex(`A3 04 A0 02 05 00 ${field}`);
    const rtorq = Uint8Array.of(0xb0, octets.length, ...octets);
    const told = new Driver(responderOptions).below(associateIndication(rtorq, 'x410-1984'));
    expect(told.join()).toContain(`applicationProtocol=${String(protocol)}`);
  });

  it.each([
    ['normal' as const, 'b200'],
    ['x410-1984' as const, 'b203800103'],
  ])('refuses a dialogue mode that nobody has, %s mode (R-010)', (mode, rtorj) => {
    const rtorq = fromHex('B0 09 82 01 05 A3 04 A0 02 05 00');
    expect(new Driver(responderOptions).below(associateIndication(rtorq, mode)).at(-1)).toBe(
      `A-ASSOCIATE.response result=reject transient=false userInformation=${rtorj}`,
    );
  });

  it('tells the opener the reason of X.410-1984 mode, and whether it may pass (R-003, R-057)', () => {
    const refusal = { source: 'acse-user', transient: false, text: 'refused' } as const;
    const told = (userInformation: Uint8Array): string => {
      const driver = initiator('x410-1984');
      driver.above(openRequest({ mode: 'x410-1984' }));
      return driver.below({ type: 'A-ASSOCIATE.confirm', result: 'reject', refusal, userInformation }).join();
    };
    expect(told(encodeRtorj({ reason: 'busy' }))).toContain('transient=true text=refused} reason=busy');
    expect(told(encodeRtorj({ reason: 'validation-failure' }))).toContain('transient=false text=refused} reason=valid');
    expect(told(fromHex('B2 03 80 05 01'))).toBe(
      'RT-OPEN.confirm result=reject refusal={source=acse-user transient=false text=refused}',
    );
  });

  it('tells the opener the bind error of normal mode (R-003)', () => {
    const driver = initiator();
    driver.above(openRequest());
    const refusal = { source: 'acse-user', transient: false, text: 'refused' } as const;
    const userInformation = encodeRtorj({ userData: fromHex('B2 03 02 01 02') });
    expect(driver.below({ type: 'A-ASSOCIATE.confirm', result: 'reject', refusal, userInformation })).toEqual([
      'RT-OPEN.confirm result=reject refusal={source=acse-user transient=false text=refused} userData=b203020102',
    ]);
  });
});

describe('recovering an association', () => {
  it.each(modes)('asks with the identifier and is accepted with it, %s mode (R-038)', (mode) => {
    const driver = initiator(mode);
    const tag = { normal: '04', 'x410-1984': '14' };
    expect(driver.above(openRequest({ mode, connectionData: recovery })).join()).toContain(
      `a115${tag[mode]}044d544131170d3236313132323037333030305a`,
    );
    const other = mode === 'normal' ? 'x410-1984' : 'normal';
    expect(driver.below(associateConfirm(encodeRtoac(values, recovery, other))).join()).toContain(
      'connectionData={kind=recover identifier={callingReference=4d544131 commonReference=3236313132323037333030305a}}',
    );
  });

  it.each(modes)(
    'indicates the identifier, in whichever form it comes, and answers recover by recover, %s mode (R-038)',
    (mode) => {
      const { driver, told } = asked(mode, recovery);
      expect(told.join()).toContain('callingReference=4d544131');
      expect(() => driver.above({ ...accept, limits: values, connectionData: bind })).toThrow(AssertionError);
      expect(driver.above({ ...accept, limits: values, connectionData: recovery }).at(-1)).toContain(
        'RT-OPEN.completed',
      );
    },
  );

  it('is refused by RTORJ in X.410-1984 mode, by an empty RTORJ in normal mode (R-039, R-057)', () => {
    const cannot = { ...reject, reason: 'cannot-recover' } as const;
    const busy = { ...reject, reason: 'busy' } as const;
    const said = (
      mode: 'normal' | 'x410-1984',
      response: Extract<RtseRequest, { type: 'RT-OPEN.response' }>,
    ): string | undefined => asked(mode, recovery).driver.above(response)[0];
    const line = 'A-ASSOCIATE.response result=reject';
    expect(said('x410-1984', cannot)).toBe(`${line} transient=false userInformation=b203800101`);
    expect(said('x410-1984', busy)).toBe(`${line} transient=true userInformation=b203800100`);
    expect(said('normal', cannot)).toBe(`${line} transient=false userInformation=b200`);
    expect(said('normal', busy)).toBe(`${line} transient=true userInformation=b200`);
    const withError = { ...busy, userData: fromHex('B2 03 02 01 00') };
    expect(said('normal', withError)).toBe(`${line} transient=true userInformation=b200`);
    expect(() => asked('normal').driver.above(cannot)).toThrow(AssertionError);
  });

  it.each([
    [true, 'busy'],
    [false, 'cannot-recover'],
  ])('in normal mode is told apart by the result of AARE alone, transient: %s (R-057)', (transient, reason) => {
    const driver = initiator();
    driver.above(openRequest({ connectionData: recovery }));
    const refusal = { source: 'acse-user', transient, text: '' } as const;
    const told = driver.below({
      type: 'A-ASSOCIATE.confirm',
      result: 'reject',
      refusal,
      userInformation: fromHex('B2 00'),
    });
    expect(told.join()).toContain(`reason=${reason}`);
  });

  it('does not take a provider that refuses for a peer that cannot recover (R-057)', () => {
    const driver = initiator();
    driver.above(openRequest({ connectionData: recovery }));
    const refusal = { source: 'session', transient: false, text: '' } as const;
    expect(driver.below({ type: 'A-ASSOCIATE.confirm', result: 'reject', refusal }).join()).not.toContain('reason=');
  });
});

describe('closing an association', () => {
  it('is for the initiator, with the turn (R-022, R-025)', () => {
    const driver = openedInitiator();
    expect(driver.above({ type: 'RT-CLOSE.request' })).toEqual(['A-RELEASE.request', 'set close']);
    expect(driver.below({ type: 'A-RELEASE.confirm' })).toEqual(['RT-CLOSE.confirm', 'clear close']);
    expect(() => openedInitiator({ turn: 'responder' }).above({ type: 'RT-CLOSE.request' })).toThrow(AssertionError);
    expect(() => openedResponder({ turn: 'responder' }).above({ type: 'RT-CLOSE.request' })).toThrow(AssertionError);
  });

  it('waits for the user before it is answered (R-025)', () => {
    const driver = openedResponder();
    expect(driver.below({ type: 'A-RELEASE.indication' })).toEqual(['RT-CLOSE.indication']);
    expect(driver.above({ type: 'RT-CLOSE.response' })).toEqual(['A-RELEASE.response']);
  });

  it('is taken from a responder that has the turn (R-025)', () => {
    const driver = openedInitiator({ turn: 'responder' });
    expect(driver.below({ type: 'A-RELEASE.indication' })).toEqual(['RT-CLOSE.indication']);
  });

  it('ends in an abort when no answer comes', () => {
    const driver = openedInitiator();
    driver.above({ type: 'RT-CLOSE.request' });
    expect(driver.timer('close')).toEqual([
      'A-ABORT.request userInformation=b603800100',
      'RT-P-ABORT.indication origin=local cause=abort reason=local-system-problem recoverable=false text=no answer from the peer',
      'clear close',
    ]);
  });
});
