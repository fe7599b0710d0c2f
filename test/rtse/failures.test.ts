import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/bytes/octets.js';
import { Driver, openedInitiator, sending, sentAll, transfer } from './harness.js';

const ed = (reason: number) => ({ type: 'S-U-EXCEPTION-REPORT.indication', reason }) as const;
const er = { type: 'S-P-EXCEPTION-REPORT.indication' } as const;
const mia = (serialNumber: number) => ({ type: 'S-SYNC-MINOR.confirm', serialNumber }) as const;
const aia = { type: 'S-ACTIVITY-INTERRUPT.confirm' } as const;
const ada = { type: 'S-ACTIVITY-DISCARD.confirm' } as const;

/** Requests to session and confirms to the user alone. */
function deeds(told: readonly string[]): string[] {
  return told.filter((line) => /^(S-|A-|P-|RT-)/.test(line));
}

const resumed =
  'S-ACTIVITY-RESUME.request activityIdentifier=020102 link={oldActivityIdentifier=020101 serialNumber=1}';
const restarted = 'S-ACTIVITY-START.request activityIdentifier=020102';
const failed = (text: string): string => `RT-TRANSFER.confirm result=failed text=${text} resumable=false`;

describe.each([
  ['while sending', sending],
  ['behind ACTIVITY END', sentAll],
])('an exception report %s (R-027)', (_when, at) => {
  it('with reason 5 interrupts and resumes behind the last confirmed checkpoint (R-030, R-055)', () => {
    const driver = at(1);
    expect(deeds(driver.below(ed(5)))).toEqual(['S-ACTIVITY-INTERRUPT.request reason=0']);
    expect(deeds(driver.below(mia(2)))).toEqual([]);
    const told = driver.below(aia);
    expect(deeds(told)).toEqual([resumed]);
    expect(told).toContain('TRANSFER-STARTED.indication originalActivityIdentifier=020101 fromOffset=1024');
  });

  it('with reason 5 and nothing confirmed discards and starts anew (R-055)', () => {
    const driver = at(0);
    expect(deeds(driver.below(ed(5)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    const told = driver.below(ada);
    expect(deeds(told)).toEqual([restarted]);
    expect(told).toContain('TRANSFER-STARTED.indication originalActivityIdentifier=020102 fromOffset=0');
  });

  it.each([3, 6])('with reason %i starts anew from octet 0, whatever is confirmed (R-054)', (reason) => {
    const driver = at(1);
    expect(deeds(driver.below(ed(reason)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(driver.below(ada))).toEqual([restarted]);
  });

  it.each([0, 128, 99])('with reason %i is worth one retry (R-054)', (reason) => {
    const driver = at(1);
    expect(deeds(driver.below(ed(reason)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(driver.below(ada))).toEqual([restarted]);
    expect(deeds(driver.below(ed(reason)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(driver.below(ada))).toEqual([failed(`exception report of the receiver, reason ${String(reason)}`)]);
    expect(deeds(driver.above(transfer(1)))).toEqual(['S-ACTIVITY-START.request activityIdentifier=020103']);
  });

  it('with reason 1 ends the transfer and the association, and asks for a pause (R-047, R-053)', () => {
    const driver = at(1);
    expect(deeds(driver.below(ed(1)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(driver.below(ada))).toEqual([
      'A-ABORT.request userInformation=b603800103',
      'RT-TRANSFER.confirm result=lost text=exception report of the receiver, reason 1; the receiver can take nothing now resumable=false pauseSeconds=10',
      'RT-P-ABORT.indication origin=local cause=abort reason=temporary-problem recoverable=false pauseSeconds=10 text=the receiver can take nothing now',
    ]);
  });

  it('with reason 1 ends the association at once when the discard is not answered (R-053)', () => {
    const driver = at(1);
    driver.below(ed(1));
    expect(deeds(driver.timer('acknowledgement'))[0]).toBe('A-ABORT.request userInformation=b603800103');
  });

  it('of the provider is handled like reason 5 (R-028, R-055)', () => {
    const driver = at(1);
    expect(deeds(driver.below(er))).toEqual(['S-ACTIVITY-INTERRUPT.request reason=0']);
    expect(deeds(driver.below(aia))).toEqual([resumed]);
    const other = at(0);
    expect(deeds(other.below(er))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(other.below(ada))).toEqual([restarted]);
  });

  it('is followed by no answer but to INTERRUPT or DISCARD: what crossed it is dropped', () => {
    const driver = at(1);
    driver.below(ed(5));
    for (const late of [mia(2), { type: 'S-ACTIVITY-END.confirm' } as const, ed(0), er]) {
      expect(driver.below(late)).toEqual([]);
    }
  });
});

describe('retries', () => {
  it('are counted over one APDU and then end in a negative confirm (R-054)', () => {
    const driver = sending(0);
    for (let i = 0; i < 3; i++) {
      driver.below(ed(6));
      expect(deeds(driver.below(ada))[0]).toContain('S-ACTIVITY-START.request');
    }
    driver.below(ed(6));
    expect(deeds(driver.below(ada))).toEqual([failed('exception report of the receiver, reason 6')]);
    const resume = { originalActivityIdentifier: fromHex('020104'), serialNumber: 1, offset: 1024 };
    expect(deeds(driver.above({ ...transfer(2500), resume }))[0]).toContain('S-ACTIVITY-START.request');
  });

  it('fall back to a new activity when resuming fails at once', () => {
    const driver = sending(1);
    driver.below(ed(5));
    driver.below(aia);
    expect(deeds(driver.below(ed(5)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    expect(deeds(driver.below(ada))).toEqual(['S-ACTIVITY-START.request activityIdentifier=020103']);
  });

  it('never resume on an association whose peer has lost step (reason 6 or 3)', () => {
    const driver = sending(0);
    driver.below(ed(6));
    driver.below(ada);
    driver.read(1024, 1024);
    driver.read(0, 1024);
    driver.below(mia(1));
    expect(deeds(driver.below(ed(5)))).toEqual(['S-ACTIVITY-DISCARD.request reason=0']);
    driver.below(ada);
    driver.above({ type: 'TRANSFER-DISCARD.request' });
    driver.below(ada);
    const resume = { originalActivityIdentifier: fromHex('020101'), serialNumber: 1, offset: 1024 };
    expect(deeds(driver.above({ ...transfer(2500), resume }))[0]).toContain('S-ACTIVITY-START.request');
  });

  it('name the activity and the session connection as it was first started, however often it is resumed (R-058)', () => {
    const driver = openedInitiator();
    const originalSessionConnection = { calling: fromHex('4F'), common: fromHex('50') };
    const originalActivityIdentifier = fromHex('020107');
    const resume = { originalActivityIdentifier, originalSessionConnection, serialNumber: 1, offset: 1024 };
    const link = (serialNumber: number): string =>
      `link={oldActivityIdentifier=020107 serialNumber=${String(serialNumber)} oldSessionConnection={calling=4f common=50}}`;
    expect(deeds(driver.above({ ...transfer(5000), resume }))).toEqual([
      `S-ACTIVITY-RESUME.request activityIdentifier=020101 ${link(1)}`,
    ]);
    expect(deeds(driver.read(1024, 1024))).toContain('S-SYNC-MINOR.request');
    driver.below(mia(2));
    driver.below(ed(5));
    expect(deeds(driver.below(aia))).toEqual([`S-ACTIVITY-RESUME.request activityIdentifier=020102 ${link(2)}`]);
  });

  it('of a new activity may resume again, by the identifier and on the association of that activity (R-058)', () => {
    const driver = openedInitiator();
    const originalSessionConnection = { calling: fromHex('4F'), common: fromHex('50') };
    const resume = {
      originalActivityIdentifier: fromHex('020107'),
      originalSessionConnection,
      serialNumber: 3,
      offset: 3072,
    };
    driver.above({ ...transfer(5000), resume });
    driver.below(ed(0));
    expect(deeds(driver.below(ada))).toEqual(['S-ACTIVITY-START.request activityIdentifier=020102']);
    driver.read(3072, 1);
    driver.read(0, 1024);
    driver.below(mia(1));
    expect(deeds(driver.below(ed(5)))).toEqual(['S-ACTIVITY-INTERRUPT.request reason=0']);
    expect(deeds(driver.below(aia))).toEqual([
      'S-ACTIVITY-RESUME.request activityIdentifier=020103 link={oldActivityIdentifier=020102 serialNumber=1}',
    ]);
    driver.above({ type: 'TRANSFER-INTERRUPT.request' });
    expect(deeds(driver.below(aia))[0]).toContain(
      'resume={originalActivityIdentifier=020102 serialNumber=1 offset=1024}',
    );
  });

  it('ask for octets anew, and drop the answer to an older question', () => {
    const driver = sending(1);
    expect(driver.below(ed(5))).not.toContain('APDU-READ.indication');
    expect(driver.below(aia).join()).not.toContain('APDU-READ.indication');
    expect(driver.read(1024, 7)).toEqual(['APDU-READ.indication offset=1024 octetsMax=1024']);
    const answered = sending(1);
    answered.below(ed(5));
    expect(answered.read(1024, 1024)).toEqual([]);
    expect(answered.below(aia)).toContain('APDU-READ.indication offset=1024 octetsMax=1024');
  });
});

describe('the transfer timer', () => {
  it.each([
    ['while sending', sending],
    ['behind ACTIVITY END', sentAll],
  ])('discards %s; the association goes on (R-026, R-055)', (_when, at) => {
    const driver = at(1);
    expect(deeds(driver.timer('transfer'))).toEqual(['S-ACTIVITY-DISCARD.request reason=5']);
    expect(driver.below(ada)).toEqual(['clear transfer', failed('not transferred in time'), 'clear acknowledgement']);
    expect(deeds(driver.above(transfer(1)))).toEqual([restarted]);
  });

  it('while an interruption is under way resumes to discard (R-026)', () => {
    const driver = sending(1);
    driver.below(ed(5));
    expect(driver.timer('transfer')).toEqual([]);
    expect(deeds(driver.below(aia))).toEqual([resumed, 'S-ACTIVITY-DISCARD.request reason=5']);
    expect(deeds(driver.below(ada))).toEqual([failed('not transferred in time')]);
  });

  it('while a discard is under way forbids the retry (R-026)', () => {
    const driver = sending(0);
    driver.below(ed(6));
    driver.timer('transfer');
    expect(deeds(driver.below(ada))).toEqual([failed('not transferred in time')]);
  });

  it('of a transfer that is over does nothing', () => {
    const driver = sentAll(1);
    driver.below({ type: 'S-ACTIVITY-END.confirm' });
    expect(driver.timer('transfer')).toEqual([]);
  });
});

describe('an answer that does not come', () => {
  const lost = (driver: Driver): string[] => deeds(driver.timer('acknowledgement'));

  it('to ACTIVITY END or INTERRUPT ends the association; the transfer can be resumed on another', () => {
    const resume = 'resume={originalActivityIdentifier=020101 serialNumber=1 offset=1024';
    expect(lost(sentAll(1))).toEqual([
      'A-ABORT.request userInformation=b603800100',
      `RT-TRANSFER.confirm result=lost text=no answer from the peer resumable=true ${resume} endWasSent=true}`,
      'RT-P-ABORT.indication origin=local cause=abort reason=local-system-problem recoverable=true text=no answer from the peer',
    ]);
    const interrupted = sending(1);
    interrupted.below(ed(5));
    expect(lost(interrupted)[1]).toContain(`resumable=true ${resume}}`);
  });

  it('to DISCARD ends the association; nothing is left to resume', () => {
    const driver = sending(1);
    driver.timer('transfer');
    expect(lost(driver)[1]).toBe(
      'RT-TRANSFER.confirm result=lost text=not transferred in time; no answer from the peer resumable=false',
    );
    const retrying = sending(1);
    retrying.below(ed(6));
    expect(lost(retrying)[1]).toBe('RT-TRANSFER.confirm result=lost text=no answer from the peer resumable=false');
  });

  it('to INTERRUPT leaves nothing to resume once the time of the transfer is over (R-026)', () => {
    const driver = sending(1);
    driver.below(ed(5));
    driver.timer('transfer');
    expect(lost(driver)[1]).toBe(
      'RT-TRANSFER.confirm result=lost text=not transferred in time; no answer from the peer resumable=false',
    );
  });
});

describe('our user', () => {
  it('can interrupt a transfer, to resume it later; without a checkpoint it is discarded (R-055)', () => {
    const driver = sending(1);
    expect(deeds(driver.above({ type: 'TRANSFER-INTERRUPT.request' }))).toEqual([
      'S-ACTIVITY-INTERRUPT.request reason=5',
    ]);
    expect(deeds(driver.below(aia))).toEqual([
      'RT-TRANSFER.confirm result=interrupted text=interrupted at our request resumable=true resume={originalActivityIdentifier=020101 serialNumber=1 offset=1024}',
    ]);
    const early = sending(0);
    expect(deeds(early.above({ type: 'TRANSFER-INTERRUPT.request' }))).toEqual(['S-ACTIVITY-DISCARD.request reason=5']);
    expect(deeds(early.below(ada))).toEqual([
      'RT-TRANSFER.confirm result=interrupted text=interrupted at our request resumable=false',
    ]);
  });

  it('that interrupts behind ACTIVITY END waits for its answer, and stops where it would be tried again', () => {
    const driver = sentAll(1);
    expect(driver.above({ type: 'TRANSFER-INTERRUPT.request' })).toEqual([]);
    expect(deeds(driver.below({ type: 'S-ACTIVITY-END.confirm' }))[0]).toContain('result=transferred');
    const refused = sentAll(1);
    refused.above({ type: 'TRANSFER-INTERRUPT.request' });
    refused.below(ed(5));
    expect(deeds(refused.below(aia))[0]).toContain('result=interrupted');
  });

  it('can interrupt while a resumption or a retry is being prepared', () => {
    const driver = sending(1);
    driver.below(ed(5));
    expect(driver.above({ type: 'TRANSFER-INTERRUPT.request' })).toEqual([]);
    expect(deeds(driver.below(aia))[0]).toContain('result=interrupted text=interrupted at our request resumable=true');
    const retried = sending(1);
    retried.below(ed(6));
    retried.above({ type: 'TRANSFER-INTERRUPT.request' });
    expect(deeds(retried.below(ada))[0]).toContain(
      'result=interrupted text=interrupted at our request resumable=false',
    );
  });

  it('can give a transfer up, at any time, and hears of it once (R-055)', () => {
    const driver = sending(1);
    expect(deeds(driver.above({ type: 'TRANSFER-DISCARD.request' }))).toEqual(['S-ACTIVITY-DISCARD.request reason=5']);
    expect(driver.above({ type: 'TRANSFER-DISCARD.request' })).toEqual([]);
    expect(deeds(driver.below(ada))).toEqual([failed('discarded at our request')]);
    expect(driver.above({ type: 'TRANSFER-DISCARD.request' })).toEqual([]);
    expect(driver.above({ type: 'TRANSFER-INTERRUPT.request' })).toEqual([]);
  });
});
