import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../src/host/pcapng.js';
import { segmentOctetsMax, TcpConversation, type Side } from '../../src/host/tcp-conversation.js';

const startNanoseconds = 1_700_000_000_123_456_789n;

function captureOf(packets: readonly Uint8Array[]): Buffer {
  const blocks = packets.map((packet, i) => enhancedPacket(0, startNanoseconds + BigInt(i) * 1000n, packet));
  return Buffer.concat([sectionHeader('mta test'), interfaceDescription('connector beta'), ...blocks]);
}

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/ /g, ''), 'hex'));

/** The blocks of a file as a reader sees them, forwards. */
function blocksOf(file: Buffer): { type: number; body: Buffer }[] {
  const blocks: { type: number; body: Buffer }[] = [];
  for (let offset = 0; offset < file.length;) {
    const length = file.readUInt32LE(offset + 4);
    expect(length % 4).toBe(0);
    expect(file.readUInt32LE(offset + length - 4)).toBe(length);
    blocks.push({ type: file.readUInt32LE(offset), body: file.subarray(offset + 8, offset + length - 4) });
    offset += length;
  }
  return blocks;
}

describe('a pcapng file', () => {
  it('begins with a section and an interface of IPv4 packets with nanoseconds', () => {
    const [section, description] = blocksOf(captureOf([]));
    expect(section?.type).toBe(0x0a0d0d0a);
    expect(section?.body.readUInt32LE(0)).toBe(0x1a2b3c4d);
    expect(section?.body.toString('latin1')).toContain('mta test');
    expect(description?.type).toBe(1);
    expect(description?.body.readUInt16LE(0)).toBe(228);
    expect(description?.body.includes(Buffer.from([9, 0, 1, 0, 9, 0, 0, 0]))).toBe(true);
  });

  it('holds each packet with its time and its comment, in blocks of whole words', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (packet, time) => {
        const [block] = blocksOf(Buffer.from(enhancedPacket(3, time, packet, 'café')));
        expect(block?.type).toBe(6);
        const body = block?.body ?? Buffer.alloc(0);
        expect(body.readUInt32LE(0)).toBe(3);
        expect((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))).toBe(time);
        expect(body.readUInt32LE(12)).toBe(packet.length);
        expect(body.subarray(20, 20 + packet.length).equals(packet)).toBe(true);
        expect(body.toString('utf8')).toContain('café');
      }),
      { numRuns: 50 },
    );
  });
});

const tshark = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
const noTshark =
  tshark.status === 0 ? undefined : `tshark does not run here: ${tshark.error?.message ?? tshark.stderr}`;

describe.skipIf(noTshark !== undefined)('a capture read by tshark', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mta-pcapng-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** One line a packet with the fields asked for; checksums are verified. */
  function read(packets: readonly Uint8Array[], ...fields: readonly string[]): string[][] {
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, captureOf(packets));
    const verify = [
      '-o',
      'ip.check_checksum:TRUE',
      '-o',
      'tcp.check_checksum:TRUE',
      '-o',
      'tcp.relative_sequence_numbers:FALSE',
    ];
    const wanted = fields.flatMap((field) => ['-e', field]);
    const output = execFileSync('tshark', ['-r', file, ...verify, '-T', 'fields', ...wanted], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
    return output
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t'));
  }

  /** What tshark remarks on every SYN, FIN and RST, and on the TPDUs that open and end a connection. */
  const ordinary =
    /^(Connection (establish|finish|reset)|This frame (initiates|undergoes) the connection closing|(Connection|Disconnect) Request|Connection Confirm)/;

  /** Packets in which tshark finds something wrong: malformed, a bad checksum, or a remark of its TCP analysis. */
  function faults(packets: readonly Uint8Array[]): string[][] {
    const fields = [
      '_ws.malformed',
      'ip.checksum.status',
      'tcp.checksum.status',
      'tcp.analysis.flags',
      '_ws.expert.message',
    ];
    return read(packets, 'frame.number', ...fields).filter(([, malformed, ip, tcp, analysis, remarks = '']) => {
      const remarkable = remarks.split(',').some((remark) => remark !== '' && !ordinary.test(remark));
      return malformed !== '' || ip !== '1' || tcp !== '1' || analysis !== '' || remarkable;
    });
  }

  const connection = (port = 102, initialSequence?: number): TcpConversation =>
    new TcpConversation({ address: '127.0.0.1', port: 40000 }, { address: '127.0.0.2', port }, initialSequence);
  const request = octets('0300001510e00000152900c2055254533834c0010b');
  const confirm = octets('0300000e09d01529152a00c0010b');

  it('has nothing malformed, and TPKT and COTP are found on port 102 of the responder', () => {
    const tcp = connection();
    const packets = [
      ...tcp.open(),
      ...tcp.data('initiator', request),
      ...tcp.data('responder', confirm),
      ...tcp.data('initiator', octets('0300000e02f080 01001903320105')),
      ...tcp.close('initiator'),
      ...tcp.close('responder'),
    ];
    expect(faults(packets)).toEqual([]);
    expect(read(packets, '_ws.col.Protocol', 'cotp.type').filter(([, type]) => type !== '')).toMatchObject([
      [expect.any(String), '0x0e'],
      [expect.any(String), '0x0d'],
      [expect.any(String), '0x0f'],
    ]);
    expect(read(packets, 'frame.time_epoch')[1]).toEqual(['1700000000.123457789']);
    expect(read(packets, 'tcp.completeness').at(-1)).toEqual(['31']); // SYN, SYN/ACK, ACK, data and FIN were seen
  });

  it('cuts what does not fit one packet, and keeps counting across 2^32', () => {
    const tcp = connection(9999, 0xffff_ff00);
    const long = new Uint8Array(200_000).fill(0x20);
    const packets = [
      ...tcp.open(),
      ...tcp.data('initiator', request),
      ...tcp.data('initiator', long),
      ...tcp.data('responder', long.subarray(0, segmentOctetsMax)),
      ...tcp.reset('responder'),
    ];
    expect(faults(packets)).toEqual([]);
    const lengths = read(packets, 'tcp.len', 'ip.len').filter(([length]) => length !== '0');
    expect(lengths).toEqual([
      ['21', '61'],
      ['65495', '65535'],
      ['65495', '65535'],
      ['65495', '65535'],
      ['3515', '3555'],
      ['65495', '65535'],
    ]);
    const sequence = read(packets, 'tcp.seq_raw').flat();
    expect([sequence[0], sequence[5], sequence[7]]).toEqual(['4294967040', '4294967062', '65261']);
  });

  it('is clean whatever the two sides send, and tshark puts the same octets together again', () => {
    const turn = fc.record({
      from: fc.constantFrom<Side>('initiator', 'responder'),
      data: fc.uint8Array({ minLength: 1, maxLength: 50 }),
    });
    const conversation = fc.record({
      turns: fc.array(turn, { maxLength: 20 }),
      initialSequence: fc.nat(2 ** 31 - 10_000),
    });
    const address = { initiator: '192.0.2.1', responder: '10.1.2.3' };
    fc.assert(
      fc.property(fc.array(conversation, { minLength: 20, maxLength: 20 }), (conversations) => {
        const packets = conversations.flatMap(({ turns, initialSequence }, i) => {
          const responder = { address: '::ffff:10.1.2.3', port: 9999 };
          const tcp = new TcpConversation({ address: '::1', port: 40000 + i }, responder, initialSequence);
          const opening = tcp.open();
          const data = turns.flatMap((sent) => tcp.data(sent.from, sent.data));
          return [...opening, ...data, ...tcp.close('responder'), ...tcp.close('initiator')];
        });
        expect(faults(packets)).toEqual([]);
        const seen = read(packets, 'ip.src', 'tcp.payload').filter(([, payload]) => payload !== '');
        const sent = conversations.flatMap(({ turns }) => turns);
        expect(seen).toEqual(sent.map(({ from, data }) => [address[from], Buffer.from(data).toString('hex')]));
      }),
      { numRuns: 1 },
    );
  });

  it('may begin in the middle of a connection', () => {
    const tcp = connection();
    expect(faults([...tcp.data('responder', confirm), ...tcp.data('initiator', octets('0300000802f08041'))])).toEqual(
      [],
    );
  });
});

if (noTshark !== undefined) it.skip(`a capture is not read by tshark: ${noTshark}`);
