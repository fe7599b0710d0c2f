import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { frameFields, frameOf, framesWithData, spdu, type Frame } from '../../src/analysis/frame.js';
import { readingOf, type Reading } from '../../src/analysis/reading.js';
import { dissected, TsharkError, valueSeparator } from '../../src/analysis/tshark.js';
import { fromHex, joinOctets } from '../../src/bytes/octets.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../src/host/pcapng.js';
import { TcpConversation } from '../../src/host/tcp-conversation.js';
import { hasTshark } from '../conformance/tshark.js';

const malformed = 'Malformed Packet (Exception occurred)';

let made = 0;
function frame(given: Partial<Frame>): Frame {
  made += 1;
  return {
    number: made,
    stream: 0,
    from: 'client',
    octets: 30,
    spdus: [],
    layer: 'ses',
    info: '',
    faults: [],
    ...given,
  };
}

const read = (...frames: readonly Frame[]): Reading => readingOf('a', frames, new Set(['ODD']));

const unexplained = (...frames: readonly Frame[]): readonly (readonly string[])[] =>
  read(...frames).unexplained.map(({ faults }) => faults);

const tester = (caseId: string) => ({ sender: { caseId, is: 'tester' } }) as const;
const implementation = (caseId: string) => ({ sender: { caseId, is: 'implementation' } }) as const;
const connect = frame({ spdus: [spdu.CN], mode: 'normal' });
const piece = frame({ spdus: [spdu.DT], layer: 'rtse' });
const faultyEnd = frame({ spdus: [spdu.AE], layer: 'rtse', faults: [malformed] });

describe('the reading of a capture', () => {
  it('finds what is malformed, and counts packets', () => {
    const reading = read(connect, frame({ spdus: [49], faults: [malformed] }));
    expect(reading).toMatchObject({ frames: 2, faulty: 1, intended: 0 });
    expect(reading.unexplained).toMatchObject([{ file: 'a', faults: [malformed] }]);
  });

  it('takes what the tester sends in a case of odd octets as it is meant, and nothing in another', () => {
    const faults = [malformed];
    expect(read(frame({ ...tester('ODD'), faults })).intended).toBe(1);
    expect(unexplained(frame({ ...tester('EVEN'), faults }))).toEqual([faults]);
  });

  it('lets the tester send unknown elements in every case', () => {
    const faults = ['BER Error: Unknown field in SET class:CONTEXT(2) tag:20', 'Unknown standard-extension'];
    expect(unexplained(frame({ ...tester('EVEN'), faults }))).toEqual([]);
    expect(unexplained(frame({ faults }))).toEqual([faults]);
  });

  it('lets the implementation relay what was sent to it in the same case, and send nothing odd of its own', () => {
    const [sent, own] = ['Size constraint: string too long: 40 (1 .. 16)', malformed];
    const relayed = frame({ ...implementation('ODD'), faults: [sent] });
    expect(unexplained(frame({ ...tester('ODD'), faults: [sent] }), relayed)).toEqual([]);
    expect(unexplained(relayed)).toEqual([[sent]]);
    expect(
      unexplained(
        frame({ ...tester('ODD'), faults: [sent] }),
        frame({ ...implementation('ODD'), faults: [sent, own] }),
      ),
    ).toEqual([[own]]);
  });

  it('expects an APDU to be whole at ACTIVITY END, but for what was torn', () => {
    expect(unexplained(connect, piece, faultyEnd)).toEqual([[malformed]]);
    for (const code of [spdu.AR, spdu.AI, spdu.AD]) {
      expect(unexplained(connect, frame({ spdus: [code] }), piece, faultyEnd)).toEqual([]);
    }
    expect(unexplained(connect, piece, frame({ ...faultyEnd, from: 'server' }))).toEqual([]);
    expect(unexplained(connect, faultyEnd)).toEqual([]);
  });

  it('excuses a torn APDU once, and on its connection only', () => {
    const torn = [connect, frame({ spdus: [spdu.AR] }), piece, faultyEnd];
    expect(unexplained(...torn, piece, faultyEnd)).toEqual([[malformed]]);
    expect(
      unexplained(...torn, frame({ ...piece, stream: 1 }), frame({ ...faultyEnd, stream: 1, mode: 'normal' })),
    ).toEqual([[malformed]]);
  });

  it('excuses data of X.410-1984 mode, and no other SPDU there', () => {
    const opened = frame({ spdus: [spdu.CN], mode: 'x410-1984' });
    expect(unexplained(opened, frame({ spdus: [spdu.DT, 49], faults: [malformed] }))).toEqual([]);
    expect(unexplained(opened, frame({ spdus: [49], faults: [malformed] }))).toEqual([[malformed]]);
  });

  it('excuses what is read of content that nobody knows, and nothing before it', () => {
    const unknown = 'P1 Unknown Content (unknown built-in content-type)';
    const before = 'Size constraint: too many items: 513 (1 .. 512)';
    expect(unexplained(frame({ faults: [unknown, malformed] }))).toEqual([]);
    expect(unexplained(frame({ faults: [before, unknown] }))).toEqual([[before]]);
  });

  it('excuses a bind of normal mode behind one of X.410-1984 mode', () => {
    const faults = ['Internal error, zero-byte P1 PDU'];
    const bind = frame({ spdus: [spdu.CN], mode: 'normal', faults });
    expect(unexplained(bind)).toEqual([faults]);
    expect(unexplained(frame({ stream: 1, spdus: [spdu.CN], mode: 'x410-1984' }), bind)).toEqual([]);
    expect(
      unexplained(frame({ stream: 1, spdus: [spdu.CN], mode: 'x410-1984' }), connect, frame({ spdus: [49], faults })),
    ).toEqual([faults]);
  });

  it('excuses unknown contexts where there was no CONNECT that it could read', () => {
    const accept = frame({ spdus: [14], faults: ['Dissector is not available'] });
    expect(unexplained(connect, accept)).toEqual([['Dissector is not available']]);
    expect(unexplained(accept)).toEqual([]);
  });
});

describe('a packet as fields', () => {
  const line = (fields: Partial<Record<(typeof frameFields)[number], string>>): Frame =>
    frameOf(frameFields.map((name) => fields[name] ?? ''));

  it('knows SPDUs behind GIVE TOKENS from those that stand alone', () => {
    const codes = (...list: readonly number[]): readonly number[] =>
      line({ 'ses.type': list.join(valueSeparator) }).spdus;
    expect(codes(1, 1, 1, 49)).toEqual([spdu.DT, 49]);
    expect(codes(25)).toEqual([]); // ABORT, where behind a prefix the code would be that of ACTIVITY INTERRUPT
    expect(codes(1, 25, 2, 26)).toEqual([spdu.AI, 26]);
    expect(codes(2)).toEqual([spdu.PT]);
    expect(codes(1)).toEqual([]);
  });

  it('has faults from the severity of a warning on', () => {
    const told = (severity: number): readonly string[] =>
      line({ '_ws.expert.message': 'what', '_ws.expert.severity': String(severity) }).faults;
    expect([0x40_0000, 0x60_0000, 0x80_0000].map(told)).toEqual([[], ['what'], ['what']]);
  });

  it('names the case and its sender', () => {
    expect(line({ 'frame.comment': 'SES-R-IV-100, sent by the tester' })).toMatchObject(tester('SES-R-IV-100'));
    expect(line({ 'frame.comment': 'anything' })).not.toHaveProperty('sender');
  });
});

describe.skipIf(!hasTshark())('tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mta-analysis-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** A MINOR SYNC POINT whose serial number is longer than the SPDU that holds it. */
  const overrun = fromHex('0300000e02f080010031032a0531');

  it('is given a capture and finds in it what is wrong: another than what the case means is unexplained', async () => {
    const tcp = new TcpConversation({ address: '192.0.2.1', port: 40_000 }, { address: '192.0.2.2', port: 102 });
    const comments = ['ODD, sent by the tester', 'EVEN, sent by the tester', 'EVEN, sent by the implementation'];
    const file = join(folder, 'overrun.pcapng');
    const packets = comments.flatMap((comment, i) =>
      tcp.data('initiator', overrun).map((octets) => enhancedPacket(0, BigInt(i), octets, comment)),
    );
    writeFileSync(file, joinOctets([sectionHeader('mta'), interfaceDescription('test'), ...packets]));
    const frames = (await dissected(file, framesWithData, frameFields)).map(frameOf);
    expect(frames.map(({ spdus }) => spdus)).toEqual([[49], [49], [49]]);
    const reading = read(...frames);
    expect(reading).toMatchObject({ frames: 3, faulty: 3, intended: 1 });
    expect(reading.unexplained.map((one) => one.frame.sender)).toEqual([
      { caseId: 'EVEN', is: 'tester' },
      { caseId: 'EVEN', is: 'implementation' },
    ]);
  });

  it('says so when there is no capture to read', async () => {
    await expect(dissected(join(folder, 'none'), framesWithData, frameFields)).rejects.toThrow(TsharkError);
  });
});
