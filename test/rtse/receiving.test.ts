import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { mtseAbstractSyntax, rtseAbstractSyntax } from '../../src/presentation/service.js';
import { modes, openedResponder, receiving } from './harness.js';

const mip = (serialNumber: number) =>
  ({ type: 'S-SYNC-MINOR.indication', serialNumber, explicitConfirmation: true }) as const;
const ae = (serialNumber: number) => ({ type: 'S-ACTIVITY-END.indication', serialNumber }) as const;
const secured = (serialNumber: number) => ({ type: 'APDU-SECURE.response', serialNumber }) as const;
const taken = { type: 'RT-TRANSFER.response', result: 'secured' } as const;
const interrupt = { type: 'S-ACTIVITY-INTERRUPT.indication', activityInProgress: true } as const;
const discard = { type: 'S-ACTIVITY-DISCARD.indication', activityInProgress: true } as const;

describe('receiving an APDU', () => {
  it.each(modes)('gives data, checkpoints and the end to the user in their order, %s mode (R-019, R-048)', (mode) => {
    const driver = receiving({ mode });
    expect(driver.data(Uint8Array.of(1, 2), mode)).toEqual(['APDU-WRITE.indication offset=0 octets=0102']);
    expect(driver.below(mip(1))).toEqual(['APDU-SECURE.indication serialNumber=1 offset=2']);
    expect(driver.data(Uint8Array.of(3), mode)).toEqual(['APDU-WRITE.indication offset=2 octets=03']);
    expect(driver.above(secured(1))).toEqual([
      'S-SYNC-MINOR.response serialNumber=1',
      'CHECKPOINT-ANSWERED.indication serialNumber=1 offset=2',
    ]);
    expect(driver.below(ae(2))).toEqual(['RT-TRANSFER.indication apduOctets=3']);
    expect(driver.above(taken)).toEqual(['S-ACTIVITY-END.response']);
  });

  it('takes the identifier of the activity as opaque octets (R-051)', () => {
    const driver = openedResponder();
    const activityIdentifier = fromHex('00 FF 00 FF 00 FF');
    expect(driver.below({ type: 'S-ACTIVITY-START.indication', activityIdentifier })).toEqual([
      'ACTIVITY-START.indication activityIdentifier=00ff00ff00ff',
    ]);
  });

  it('takes RTTR in one piece or in segments, and nothing for an empty one (R-005)', () => {
    const driver = receiving();
    const rttr = (hex: string): string[] =>
      driver.below({
        type: 'P-DATA.indication',
        abstractSyntax: rtseAbstractSyntax,
        userData: ByteList.of(fromHex(hex)),
      });
    expect(rttr('24 80 04 01 0A 04 01 0B 00 00')).toEqual(['APDU-WRITE.indication offset=0 octets=0a0b']);
    expect(rttr('04 00')).toEqual([]);
    expect(rttr('24 00')).toEqual([]);
  });

  it('takes the EXTERNAL of normal mode as it comes, definite or indefinite, cut anywhere (R-049)', () => {
    const driver = receiving();
    expect(driver.data(fromHex('28 80 02 01 05 A0'))).toEqual(['APDU-WRITE.indication offset=0 octets=2880020105a0']);
    expect(driver.data(fromHex('80 A2 00 00 00 00 00'))).toEqual([
      'APDU-WRITE.indication offset=6 octets=80a20000000000',
    ]);
  });

  it('confirms several checkpoints by one answer, and those below a later one not at all (R-017)', () => {
    const driver = receiving({ values: { checkpointSizeK: 1, windowSize: 5 } });
    for (const serialNumber of [1, 2, 3]) {
      driver.data(Uint8Array.of(serialNumber));
      driver.below(mip(serialNumber));
    }
    expect(driver.above(secured(2))).toEqual([
      'S-SYNC-MINOR.response serialNumber=2',
      'CHECKPOINT-ANSWERED.indication serialNumber=2 offset=2',
    ]);
    expect(driver.above(secured(1))).toEqual([]);
    expect(driver.above(secured(3))[0]).toBe('S-SYNC-MINOR.response serialNumber=3');
    expect(() => driver.above(secured(4))).toThrow(AssertionError);
  });

  it('bears with checkpoints that nobody agreed, larger pieces, a checkpoint behind the last piece, a window exceeded (R-018)', () => {
    const driver = receiving({ values: { checkpointSizeK: 0, windowSize: 1 } });
    expect(driver.data(new Uint8Array(3000))).toEqual(['APDU-WRITE.indication offset=0 octets=<3000>']);
    expect(driver.below(mip(1))).toEqual(['APDU-SECURE.indication serialNumber=1 offset=3000']);
    expect(driver.below(mip(2))).toEqual([
      'observe rts.window-exceeded',
      'APDU-SECURE.indication serialNumber=2 offset=3000',
    ]);
    expect(driver.below(mip(3))).toEqual(['APDU-SECURE.indication serialNumber=3 offset=3000']);
    expect(driver.below(ae(4))).toEqual(['RT-TRANSFER.indication apduOctets=3000']);
    expect(driver.above(secured(2))[0]).toBe('S-SYNC-MINOR.response serialNumber=2');
    expect(driver.above(taken)).toEqual(['S-ACTIVITY-END.response']);
  });

  it('answers ACTIVITY END only when the user has secured the APDU (R-019)', () => {
    const driver = receiving();
    driver.data(Uint8Array.of(1));
    expect(driver.below(ae(1))).toEqual(['RT-TRANSFER.indication apduOctets=1']);
    expect(driver.timer('acknowledgement')).toEqual([]);
    expect(() => receiving().above(taken)).toThrow(AssertionError);
  });

  it('reports an exception when the user refuses the APDU (R-029)', () => {
    const driver = receiving();
    driver.below(ae(1));
    expect(driver.above({ type: 'RT-TRANSFER.response', result: 'refused', reason: 0 })).toEqual([
      'S-U-EXCEPTION-REPORT.request reason=0',
      'observe rts.exception-report',
      'set acknowledgement',
    ]);
    expect(driver.below(discard)).toEqual([
      'S-ACTIVITY-DISCARD.response',
      'ACTIVITY-DISCARD.indication',
      'clear acknowledgement',
    ]);
  });

  it('refuses an APDU that is too large and deletes it at once (R-029)', () => {
    const driver = receiving({ options: { apduOctetsMax: 10 } });
    expect(driver.data(new Uint8Array(10))).toHaveLength(1);
    expect(driver.data(new Uint8Array(1))).toEqual([
      'S-U-EXCEPTION-REPORT.request reason=0',
      'observe rts.apdu-too-large',
      'ACTIVITY-DISCARD.indication',
      'set acknowledgement',
    ]);
    expect(driver.below(discard)).toEqual(['S-ACTIVITY-DISCARD.response', 'clear acknowledgement']);
  });

  it('reports trouble, drops what follows, and waits for the sender to stop (R-029)', () => {
    const driver = receiving();
    expect(driver.above({ type: 'RECEIVE-TROUBLE.request', reason: 5 })[0]).toBe(
      'S-U-EXCEPTION-REPORT.request reason=5',
    );
    expect(driver.data(Uint8Array.of(1))).toEqual([]);
    expect(driver.below(mip(1))).toEqual([]);
    expect(driver.below(ae(2))).toEqual([]);
    expect(driver.above(secured(1))).toEqual([]);
    expect(driver.below({ ...interrupt, reason: 128 })).toEqual([
      'S-ACTIVITY-INTERRUPT.response',
      'ACTIVITY-INTERRUPT.indication',
      'clear acknowledgement',
    ]);
  });

  it('aborts when the sender does not stop in time (R-029)', () => {
    const driver = receiving();
    driver.above({ type: 'RECEIVE-TROUBLE.request', reason: 5 });
    expect(driver.timer('acknowledgement').slice(0, 2)).toEqual([
      'A-ABORT.request userInformation=b603800100',
      'RT-P-ABORT.indication origin=local cause=abort reason=local-system-problem recoverable=true text=no answer from the peer',
    ]);
  });

  it.each([0, 1, 3, 5, 6, 128, undefined])(
    'deletes a discarded APDU, keeps an interrupted one, reason %s (R-034, R-055)',
    (reason) => {
      const why = reason === undefined ? {} : { reason };
      expect(receiving().below({ ...discard, ...why })).toEqual([
        'S-ACTIVITY-DISCARD.response',
        'ACTIVITY-DISCARD.indication',
      ]);
      expect(receiving().below({ ...interrupt, ...why })).toEqual([
        'S-ACTIVITY-INTERRUPT.response',
        'ACTIVITY-INTERRUPT.indication',
      ]);
    },
  );

  it('lets the user decide what an end means that comes while it secures the APDU (R-035)', () => {
    const complete = () => {
      const driver = receiving();
      driver.below(ae(1));
      return driver;
    };
    const refused = { type: 'RT-TRANSFER.response', result: 'refused', reason: 0 } as const;
    const interrupted = complete();
    expect(interrupted.below(interrupt)).toEqual([]);
    expect(interrupted.above(taken)).toEqual(['S-ACTIVITY-INTERRUPT.response']);
    const kept = complete();
    kept.below(interrupt);
    expect(kept.above(refused)).toEqual(['S-ACTIVITY-INTERRUPT.response', 'ACTIVITY-INTERRUPT.indication']);
    const completed = complete();
    expect(completed.below(discard)).toEqual([]);
    expect(completed.above(taken)[0]).toBe('A-ABORT.request userInformation=b603800107');
    const discarded = complete();
    discarded.below(discard);
    expect(discarded.above(refused)).toEqual(['S-ACTIVITY-DISCARD.response', 'ACTIVITY-DISCARD.indication']);
  });

  it('answers an end that crossed ACTIVITY END ACK: RTAB 7 to a discard, INTERRUPT ACK to an interrupt (R-035)', () => {
    const done = () => {
      const driver = receiving();
      driver.below(ae(1));
      driver.above(taken);
      return driver;
    };
    expect(done().below({ ...discard, activityInProgress: false })).toEqual([
      'A-ABORT.request userInformation=b603800107',
      expect.stringContaining('reason=transfer-completed recoverable=false'),
    ]);
    expect(done().below({ ...interrupt, activityInProgress: false })).toEqual(['S-ACTIVITY-INTERRUPT.response']);
    expect(openedResponder().below({ ...discard, activityInProgress: false })).toEqual(['S-ACTIVITY-DISCARD.response']);
  });

  it('remembers that the last activity is complete only until the next one (R-035)', () => {
    const late = { ...discard, activityInProgress: false };
    const next = receiving();
    next.below(ae(1));
    next.above(taken);
    next.below({ type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex('02 01 02') });
    next.below(interrupt);
    expect(next.below(late)).toEqual(['S-ACTIVITY-DISCARD.response']);
    const resumed = receiving();
    resumed.below(ae(1));
    resumed.above(taken);
    const link = { oldActivityIdentifier: fromHex('02 01 07'), serialNumber: 1 };
    resumed.below({ type: 'S-ACTIVITY-RESUME.indication', activityIdentifier: fromHex('02 01 02'), link });
    resumed.above({ type: 'ACTIVITY-LOOKUP.response', result: 'partial', offset: 1 });
    resumed.below(interrupt);
    expect(resumed.below(late)).toEqual(['S-ACTIVITY-DISCARD.response']);
  });

  it('takes data of another abstract syntax, or none that is RTTR, for a protocol error (R-046)', () => {
    const userData = ByteList.of(fromHex('04 01 00'));
    const abort = 'A-ABORT.request userInformation=b603800104';
    expect(receiving().below({ type: 'P-DATA.indication', abstractSyntax: mtseAbstractSyntax, userData })).toContain(
      abort,
    );
    const rttp = {
      type: 'P-DATA.indication',
      abstractSyntax: rtseAbstractSyntax,
      userData: ByteList.of(fromHex('020101')),
    };
    expect(receiving().below(rttp as { type: 'P-DATA.indication' } & typeof rttp)).toContain(abort);
  });
});

describe('a resumed activity', () => {
  const resume = (serialNumber: number) =>
    ({
      type: 'S-ACTIVITY-RESUME.indication',
      activityIdentifier: fromHex('02 01 02'),
      link: { oldActivityIdentifier: fromHex('02 01 01'), serialNumber },
    }) as const;
  const lookup = (result: 'partial' | 'completed' | 'unknown', offset = 0) =>
    ({ type: 'ACTIVITY-LOOKUP.response', result, offset }) as const;

  it('asks the user, and goes on writing where it kept octets, numbering on (R-030, R-031)', () => {
    const driver = openedResponder();
    expect(driver.below(resume(1))).toEqual([
      'ACTIVITY-LOOKUP.indication activityIdentifier=020102 oldActivityIdentifier=020101 serialNumber=1',
    ]);
    expect(driver.above(lookup('partial', 1024))).toEqual([]);
    expect(driver.data(Uint8Array.of(7))).toEqual(['APDU-WRITE.indication offset=1024 octets=07']);
    expect(driver.below(mip(2))).toEqual(['APDU-SECURE.indication serialNumber=2 offset=1025']);
    expect(driver.below(ae(3))).toEqual(['RT-TRANSFER.indication apduOctets=1025']);
  });

  it('names the session connection on which it was started, if another (R-042)', () => {
    const driver = openedResponder();
    const oldSessionConnection = { calling: fromHex('41'), common: fromHex('42'), additional: fromHex('43') };
    const link = { ...resume(1).link, oldSessionConnection };
    expect(driver.below({ ...resume(1), link }).join()).toContain(
      'sessionConnection={calling=41 common=42 additional=43} serialNumber=1',
    );
  });

  it('keeps what follows until the user has answered', () => {
    const driver = openedResponder();
    driver.below(resume(1));
    expect(driver.data(Uint8Array.of(7))).toEqual([]);
    expect(driver.below(mip(2))).toEqual([]);
    expect(driver.below(ae(3))).toEqual([]);
    expect(driver.above(lookup('partial', 5))).toEqual([
      'APDU-WRITE.indication offset=5 octets=07',
      'APDU-SECURE.indication serialNumber=2 offset=6',
      'RT-TRANSFER.indication apduOctets=6',
    ]);
  });

  it('is refused by RTAB 2 when it is unknown (R-032)', () => {
    const driver = openedResponder();
    driver.below(resume(4));
    driver.data(Uint8Array.of(7));
    expect(driver.above(lookup('unknown'))).toEqual([
      'A-ABORT.request userInformation=b603800102',
      expect.stringContaining(
        'RT-P-ABORT.indication origin=local cause=abort reason=unrecognized-activity recoverable=false',
      ),
    ]);
  });

  it('is swallowed when it is complete here: confirmed, and given to nobody twice (R-033)', () => {
    const driver = openedResponder();
    driver.below(resume(1));
    driver.data(Uint8Array.of(7));
    expect(driver.above(lookup('completed'))).toEqual([]);
    expect(driver.data(Uint8Array.of(8))).toEqual([]);
    expect(driver.below(mip(2))).toEqual(['S-SYNC-MINOR.response serialNumber=2']);
    expect(driver.below(ae(3))).toEqual(['S-ACTIVITY-END.response']);
    expect(driver.below({ type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex('020103') })).toHaveLength(
      1,
    );
  });

  it('that is complete here can be interrupted, but not discarded (R-033, R-035)', () => {
    const swallowing = () => {
      const driver = openedResponder();
      driver.below(resume(1));
      driver.above(lookup('completed'));
      return driver;
    };
    expect(swallowing().below(interrupt)).toEqual(['S-ACTIVITY-INTERRUPT.response']);
    expect(swallowing().below(discard)[0]).toBe('A-ABORT.request userInformation=b603800107');
  });

  it('may be discarded at once, to clean up (R-034)', () => {
    const driver = openedResponder();
    driver.below(resume(1));
    driver.below(discard);
    expect(driver.above(lookup('partial', 1024))).toEqual([
      'S-ACTIVITY-DISCARD.response',
      'ACTIVITY-DISCARD.indication',
    ]);
  });

  it('counts what was kept towards the largest APDU', () => {
    const driver = openedResponder({ options: { apduOctetsMax: 1030 } });
    driver.below(resume(1));
    driver.above(lookup('partial', 1024));
    expect(driver.data(new Uint8Array(7))[0]).toBe('S-U-EXCEPTION-REPORT.request reason=0');
  });
});
