import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { AssertionError } from '../../src/osi/machine.js';
import { Driver, openedInitiator, sending, sentAll, transfer } from './harness.js';

const data = (length: number): string => `P-DATA.request abstractSyntax=2.6.0.2.12 userData=<${String(length)}>`;
const started = 'TRANSFER-STARTED.indication originalActivityIdentifier=020101 fromOffset=0';
const mia = (serialNumber: number) => ({ type: 'S-SYNC-MINOR.confirm', serialNumber }) as const;

/** All that the machine does while it is given whatever it asks for. */
function run(driver: Driver, apduOctets: number): string[] {
  const done: string[] = [];
  const queue = driver.above(transfer(apduOctets));
  for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
    done.push(line);
    const read = /^APDU-READ.indication offset=(\d+) octetsMax=(\d+)$/.exec(line);
    if (read !== null) queue.push(...driver.read(Number(read[1]), Number(read[2])));
  }
  return done.filter((line) => /^(P-|S-)/.test(line));
}

describe('sending an APDU', () => {
  it('goes step by step as in X.228: 2500 octets, checkpoint size 1, window 2 (R-013, R-016, R-017, R-020)', () => {
    const driver = openedInitiator();
    expect(driver.above(transfer(2500))).toEqual([
      'set transfer',
      'S-ACTIVITY-START.request activityIdentifier=020101',
      started,
      'APDU-READ.indication offset=0 octetsMax=1024',
    ]);
    expect(driver.read(0, 1024)).toEqual([
      data(1028),
      'S-SYNC-MINOR.request',
      'CHECKPOINT-SENT.indication serialNumber=1 offset=1024 outstanding=1',
      'APDU-READ.indication offset=1024 octetsMax=1024',
    ]);
    expect(driver.read(1024, 1024)).toEqual([
      data(1028),
      'S-SYNC-MINOR.request',
      'CHECKPOINT-SENT.indication serialNumber=2 offset=2048 outstanding=2',
      'APDU-READ.indication offset=2048 octetsMax=452',
    ]);
    expect(driver.read(2048, 452)).toEqual([data(456), 'S-ACTIVITY-END.request', 'set acknowledgement']);
    expect(driver.below(mia(2))).toEqual([
      'CHECKPOINT-CONFIRMED.indication serialNumber=2 offset=2048 outstanding=0',
      'set acknowledgement',
    ]);
    expect(driver.below({ type: 'S-ACTIVITY-END.confirm' })).toEqual([
      'clear transfer',
      'RT-TRANSFER.confirm result=transferred text= resumable=false',
      'clear acknowledgement',
    ]);
  });

  it('gives raw octets to S-DATA in X.410-1984 mode (R-048)', () => {
    const driver = openedInitiator({ mode: 'x410-1984' });
    driver.above(transfer(3));
    const octets = ByteList.of(Uint8Array.of(1, 2, 3));
    expect(driver.above({ type: 'APDU-READ.response', offset: 0, octets })[0]).toBe(
      'P-DATA.request abstractSyntax=2.6.0.2.12 userData=010203',
    );
  });

  it('collects answers that are shorter than asked for into one piece, as views', () => {
    const driver = openedInitiator();
    driver.above(transfer(2500));
    expect(driver.read(0, 1000)).toEqual(['APDU-READ.indication offset=1000 octetsMax=24']);
    expect(driver.read(1000, 23)).toEqual(['APDU-READ.indication offset=1023 octetsMax=1']);
    const piece = new Uint8Array(1);
    const octets = ByteList.of(piece);
    const effects = driver.machine.fromAbove({ type: 'APDU-READ.response', offset: 1023, octets });
    const [sent] = effects;
    expect(sent?.to === 'below' && sent.primitive.type === 'P-DATA.request' && sent.primitive.userData.length).toBe(
      1028,
    );
    expect(
      sent?.to === 'below' &&
        sent.primitive.type === 'P-DATA.request' &&
        sent.primitive.userData.chunks.includes(piece),
    ).toBe(true);
  });

  it.each([
    [1, 0],
    [1023, 0],
    [1024, 0],
    [1025, 1],
    [2048, 1],
    [2049, 2],
    [5 * 1024, 4],
  ])('of %i octets sets %i checkpoints of 1024 octets before ACTIVITY END (R-014, R-015)', (octets, checkpoints) => {
    const done = run(openedInitiator({ values: { checkpointSizeK: 1, windowSize: 100 } }), octets);
    expect(done.filter((line) => line === 'S-SYNC-MINOR.request')).toHaveLength(checkpoints);
    expect(done.at(-1)).toBe('S-ACTIVITY-END.request');
  });

  it('without checkpoints is one S-DATA, or several without synchronization where one would be too large (R-012)', () => {
    const values = { checkpointSizeK: 0, windowSize: 3 };
    expect(run(openedInitiator({ values }), 5000)).toEqual([
      'S-ACTIVITY-START.request activityIdentifier=020101',
      data(5004),
      'S-ACTIVITY-END.request',
    ]);
    expect(run(openedInitiator({ values }), 12_000)).toEqual([
      'S-ACTIVITY-START.request activityIdentifier=020101',
      data(5004),
      data(5004),
      data(2004),
      'S-ACTIVITY-END.request',
    ]);
  });

  it('sends data up to the next checkpoint while the window is full, reads one piece ahead, and no more (R-016)', () => {
    const driver = openedInitiator({ values: { checkpointSizeK: 1, windowSize: 1 } });
    driver.above(transfer(10_000));
    driver.read(0, 1024);
    expect(driver.read(1024, 1024)).toEqual([data(1028), 'APDU-READ.indication offset=2048 octetsMax=1024']);
    expect(driver.read(2048, 1024)).toEqual([]);
    expect(driver.below(mia(1))).toEqual([
      'CHECKPOINT-CONFIRMED.indication serialNumber=1 offset=1024 outstanding=0',
      'S-SYNC-MINOR.request',
      'CHECKPOINT-SENT.indication serialNumber=2 offset=2048 outstanding=1',
      data(1028),
      'APDU-READ.indication offset=3072 octetsMax=1024',
    ]);
  });

  it('does not hold ACTIVITY END back for the window (R-016)', () => {
    const driver = openedInitiator({ values: { checkpointSizeK: 1, windowSize: 1 } });
    driver.above(transfer(2000));
    driver.read(0, 1024);
    expect(driver.read(1024, 976)).toContain('S-ACTIVITY-END.request');
  });

  it('asks for the last piece once its window opens, and then ends', () => {
    const driver = openedInitiator({ values: { checkpointSizeK: 1, windowSize: 1 } });
    driver.above(transfer(2500));
    driver.read(0, 1024);
    driver.read(1024, 1024);
    expect(driver.read(2048, 452)).toEqual([]);
    expect(driver.below(mia(1))).toEqual([
      'CHECKPOINT-CONFIRMED.indication serialNumber=1 offset=1024 outstanding=0',
      'S-SYNC-MINOR.request',
      'CHECKPOINT-SENT.indication serialNumber=2 offset=2048 outstanding=1',
      data(456),
      'S-ACTIVITY-END.request',
      'set acknowledgement',
    ]);
  });

  it('numbers activities from 1 on each association, one up for each, whatever became of them (R-051)', () => {
    const driver = openedInitiator();
    const identifiers = Array.from({ length: 130 }, () => {
      const [, start] = driver.above(transfer(1));
      driver.read(0, 1);
      driver.below({ type: 'S-ACTIVITY-END.confirm' });
      return start?.replace('S-ACTIVITY-START.request activityIdentifier=', '');
    });
    expect(identifiers.slice(0, 2)).toEqual(['020101', '020102']);
    expect(identifiers.slice(126)).toEqual(['02017f', '02020080', '02020081', '02020082']);
  });

  it('goes on without checkpoints when their numbers are used up: ACTIVITY END needs the last (X.225 §8.3.20)', () => {
    const driver = openedInitiator({ values: { checkpointSizeK: 1, windowSize: 5 } });
    const resume = { originalActivityIdentifier: Uint8Array.of(1), serialNumber: 999_997, offset: 10 };
    driver.above({ ...transfer(10 + 3 * 1024), resume });
    expect(driver.read(10, 1024)).toContain('CHECKPOINT-SENT.indication serialNumber=999998 offset=1034 outstanding=1');
    expect(driver.read(1034, 1024)).toEqual([data(1028), 'APDU-READ.indication offset=2058 octetsMax=1024']);
    expect(driver.read(2058, 1024)).toEqual([data(1028), 'S-ACTIVITY-END.request', 'set acknowledgement']);
  });

  it('refuses a second APDU while one is outstanding (R-021)', () => {
    expect(() => sending(1).above(transfer(1))).toThrow(AssertionError);
    expect(() => sentAll(1).above(transfer(1))).toThrow(AssertionError);
  });

  it('refuses misuse: octets that were not asked for, none, too many, an empty APDU', () => {
    const driver = openedInitiator();
    expect(() => driver.above(transfer(0))).toThrow(AssertionError);
    const reading = openedInitiator();
    reading.above(transfer(2000));
    expect(() => reading.read(1, 10)).toThrow(AssertionError);
    expect(() => reading.read(0, 0)).toThrow(AssertionError);
    expect(() => reading.read(0, 1025)).toThrow(AssertionError);
  });

  it('takes MIA for a checkpoint that is not outstanding for a protocol error', () => {
    expect(sending(1).below(mia(1))).toContain('A-ABORT.request userInformation=b603800104');
  });

  it('confirms nothing on the confirmation of all checkpoints alone (R-020)', () => {
    const driver = sentAll(0);
    expect(driver.below(mia(2)).join()).not.toContain('RT-TRANSFER.confirm');
  });
});
