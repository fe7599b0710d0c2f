import { describe, expect, it } from 'vitest';
import type { AcseIndication } from '../../src/acse/service.js';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import {
  type Driver,
  modes,
  openedInitiator,
  openedResponder,
  openRequest,
  receiving,
  sending,
  sentAll,
  transfer,
} from './harness.js';

const rtab = (hex: string): AcseIndication => ({
  type: 'A-ABORT.indication',
  source: 'user',
  userInformation: fromHex(hex),
});
const cut: AcseIndication = { type: 'A-P-ABORT.indication', cause: 'transport', origin: 'peer', text: 'reset' };
const resume = 'resume={originalActivityIdentifier=020101 serialNumber=1 offset=1024}';

function told(driver: Driver, indication: AcseIndication): string[] {
  return driver.below(indication).filter((line) => /^RT-/.test(line));
}

describe('the loss of an association', () => {
  it('hands the APDU back with where to resume it, before it says that the association is gone (R-037, R-047)', () => {
    expect(told(sending(1), cut)).toEqual([
      `RT-TRANSFER.confirm result=lost text=reset resumable=true ${resume}`,
      'RT-P-ABORT.indication origin=peer cause=transport recoverable=true text=reset',
    ]);
    expect(told(sending(0), cut)).toEqual([
      'RT-TRANSFER.confirm result=lost text=reset resumable=false',
      'RT-P-ABORT.indication origin=peer cause=transport recoverable=true text=reset',
    ]);
  });

  it('tells the receiver that it may be recovered: what was confirmed is to be kept (R-037)', () => {
    expect(told(receiving(), cut)).toEqual([
      'RT-P-ABORT.indication origin=peer cause=transport recoverable=true text=reset',
    ]);
  });

  it('is not worth a recovery while it is being opened or closed (R-041)', () => {
    const closing = openedInitiator();
    closing.above({ type: 'RT-CLOSE.request' });
    expect(told(closing, cut)).toEqual([
      'RT-P-ABORT.indication origin=peer cause=transport recoverable=false text=reset',
    ]);
  });

  it('by a provider below counts as a fault in the protocol', () => {
    const indication = { type: 'A-P-ABORT.indication', cause: 'session', origin: 'local', text: 'bad SPDU' } as const;
    expect(told(openedResponder(), indication)).toEqual([
      'RT-P-ABORT.indication origin=local cause=protocol recoverable=true text=bad SPDU',
    ]);
  });

  it('starts nothing by itself: opening another association is for the user (R-041)', () => {
    const effects = openedInitiator().machine.fromBelow(cut);
    expect(effects.filter((effect) => effect.to === 'below')).toEqual([]);
  });

  it('is final for this machine: what comes late is ignored, and another association needs another machine', () => {
    const driver = sending(1);
    driver.below(cut);
    expect(driver.below(cut)).toEqual([]);
    expect(driver.read(1024, 1024)).toEqual([]);
    expect(driver.timer('transfer')).toEqual([]);
    expect(driver.above(transfer(1))).toEqual([]);
    expect(() => driver.above(openRequest())).toThrow(AssertionError);
  });
});

describe('an abort of the peer', () => {
  it.each([
    ['B6 03 80 01 00', 'local-system-problem', ''],
    ['B6 00', 'local-system-problem', ''],
    ['36 03 80 01 00', 'local-system-problem', ''],
    ['B6 03 80 01 04', 'protocol-error', ''],
    ['B6 06 80 01 01 81 01 00', 'invalid-parameter', ''],
    ['B6 03 80 01 03', 'temporary-problem', ' pauseSeconds=10'],
    ['B6 03 80 01 63', 'local-system-problem', ''],
  ])('%s (%s) leaves the transfer to be resumed (R-004, R-043, R-050)', (hex, reason, pause) => {
    const [confirm, indication, ...rest] = told(sending(1), rtab(hex));
    expect(confirm).toContain('RT-TRANSFER.confirm result=lost');
    expect(confirm).toContain(`resumable=true ${resume}${pause}`);
    expect(indication).toContain(`origin=peer cause=abort reason=${reason} recoverable=true${pause}`);
    expect(rest).toEqual([]);
  });

  it('tells which parameters it reflects (R-004)', () => {
    expect(told(openedInitiator(), rtab('B6 07 80 01 01 81 02 02 84'))[0]).toContain(
      'invalid-parameter (parameters 0, 5)',
    );
  });

  it('without an RTAB, or with one that cannot be read, counts as a local problem of the peer', () => {
    const line =
      'RT-P-ABORT.indication origin=peer cause=abort recoverable=true text=aborted by the peer: no reason given';
    expect(told(openedInitiator(), { type: 'A-ABORT.indication', source: 'user' })).toEqual([line]);
    expect(told(openedInitiator(), rtab('B6 05 80'))).toEqual([line]);
    expect(told(openedInitiator(), { type: 'A-ABORT.indication', source: 'provider' })[0]).toContain(
      'cause=protocol recoverable=true',
    );
  });

  it('unrecognizedActivity: the transfer is never resumed (R-056)', () => {
    expect(told(sending(1), rtab('B6 03 80 01 02'))).toEqual([
      'RT-TRANSFER.confirm result=lost text=aborted by the peer: unrecognized-activity resumable=false',
      'RT-P-ABORT.indication origin=peer cause=abort reason=unrecognized-activity recoverable=false text=aborted by the peer: unrecognized-activity',
    ]);
  });

  it.each(modes)('permanentProblem: no recovery, also where it should not occur, %s mode (R-059)', (mode) => {
    const lines = told(sending(1, { mode }), rtab('B6 03 80 01 05'));
    expect(lines[0]).toContain('result=lost text=aborted by the peer: permanent-problem resumable=false');
    expect(lines[1]).toContain('reason=permanent-problem recoverable=false');
  });

  it('transferCompleted: the peer has the APDU if ACTIVITY END was sent for it (R-036)', () => {
    expect(told(sentAll(1), rtab('B6 03 80 01 07'))).toEqual([
      'RT-TRANSFER.confirm result=transferred text= resumable=false',
      expect.stringContaining('RT-P-ABORT.indication origin=peer cause=abort reason=transfer-completed'),
    ]);
    const discarding = sentAll(1);
    discarding.timer('transfer');
    expect(told(discarding, rtab('B6 03 80 01 07'))[0]).toContain('result=transferred');
    const lines = told(sending(1), rtab('B6 03 80 01 07'));
    expect(lines[0]).toContain(`result=lost text=aborted by the peer: transfer-completed resumable=true ${resume}`);
    expect(lines[1]).toContain('recoverable=true');
  });

  it('transferCompleted: also if ACTIVITY END was sent on the association on which it began (R-036)', () => {
    const driver = openedInitiator();
    const from = { originalActivityIdentifier: fromHex('020101'), serialNumber: 1, offset: 1024, endWasSent: true };
    driver.above({ ...transfer(2500), resume: from });
    expect(told(driver, rtab('B6 03 80 01 07'))[0]).toContain('result=transferred');
    const anew = openedInitiator();
    anew.above({ ...transfer(2500), resume: from });
    anew.below({ type: 'S-U-EXCEPTION-REPORT.indication', reason: 6 });
    anew.below({ type: 'S-ACTIVITY-DISCARD.confirm' });
    expect(told(anew, rtab('B6 03 80 01 07'))[0]).toContain('result=lost');
  });

  it('userError: is the abort of its user, with its data (R-044)', () => {
    expect(told(sending(1), rtab('B6 07 80 01 06 A2 02 05 00'))).toEqual([
      'RT-TRANSFER.confirm result=lost text=aborted by the peer: user-error resumable=false',
      'RT-U-ABORT.indication userData=0500',
    ]);
    expect(told(openedInitiator(), rtab('B6 03 80 01 06'))).toEqual(['RT-U-ABORT.indication']);
    expect(told(openedInitiator({ mode: 'x410-1984' }), rtab('B6 03 80 01 06'))[0]).toContain(
      'RT-P-ABORT.indication origin=peer cause=abort reason=user-error recoverable=false',
    );
  });
});

describe('an abort of ours', () => {
  it('by the user carries its data in normal mode and is refused in X.410-1984 mode (R-044, R-045)', () => {
    expect(openedInitiator().above({ type: 'RT-U-ABORT.request', userData: fromHex('0500') })).toEqual([
      'A-ABORT.request userInformation=b607800106a2020500',
    ]);
    expect(sending(1).above({ type: 'RT-U-ABORT.request' })).toEqual([
      'A-ABORT.request userInformation=b603800106',
      'clear transfer',
      'RT-TRANSFER.confirm result=lost text=aborted by our user resumable=false',
    ]);
    expect(() => openedInitiator({ mode: 'x410-1984' }).above({ type: 'RT-U-ABORT.request' })).toThrow(AssertionError);
  });

  it('for a problem of ours leaves the transfer to be resumed (R-047)', () => {
    expect(sending(1).above({ type: 'RT-P-ABORT.request', reason: 'local-system-problem' })).toEqual([
      'A-ABORT.request userInformation=b603800100',
      'clear transfer',
      `RT-TRANSFER.confirm result=lost text=aborted at our request resumable=true ${resume}`,
      'RT-P-ABORT.indication origin=local cause=abort reason=local-system-problem recoverable=true text=aborted at our request',
    ]);
  });

  it('for good is permanentProblem in normal mode, and never a reason above 4 in X.410-1984 mode (R-045)', () => {
    const abort = { type: 'RT-P-ABORT.request', reason: 'permanent-problem' } as const;
    expect(openedInitiator().above(abort)[0]).toBe('A-ABORT.request userInformation=b603800105');
    expect(openedInitiator({ mode: 'x410-1984' }).above(abort)).toEqual([
      'A-ABORT.request userInformation=b603800100',
      'RT-P-ABORT.indication origin=local cause=abort reason=permanent-problem recoverable=false text=aborted at our request',
    ]);
    const userError = { type: 'RT-P-ABORT.request', reason: 'user-error' } as const;
    expect(() => openedInitiator({ mode: 'x410-1984' }).above(userError)).toThrow(AssertionError);
  });

  it('of an association that is being opened ends the attempt', () => {
    const driver = openedResponder();
    expect(driver.above({ type: 'RT-P-ABORT.request', reason: 'temporary-problem' })[0]).toContain('b603800103');
  });
});

describe('what has no place', () => {
  it.each<[string, () => Driver, AcseIndication]>([
    ['an answer to nothing', openedInitiator, { type: 'S-ACTIVITY-END.confirm' }],
    [
      'an activity of the side without the turn',
      openedInitiator,
      { type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex('00') },
    ],
    ['a second activity', receiving, { type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex('00') }],
    ['a release inside an activity', receiving, { type: 'A-RELEASE.indication' }],
    ['a second association', openedInitiator, { type: 'A-RELEASE.confirm' }],
  ])('%s is answered by RTAB 4 and told to the user (R-046)', (_what, at, indication) => {
    const done = at().below(indication);
    expect(done[0]).toBe('observe rts.protocol-error');
    expect(done[1]).toBe('A-ABORT.request userInformation=b603800104');
    expect(done[2]).toContain('RT-P-ABORT.indication origin=local cause=protocol reason=protocol-error');
  });
});
