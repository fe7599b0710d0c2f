import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mta, mtaJson, Neighbourhood, testMilliseconds, type Daemon, type MailboxRow } from './daemons.js';
import { anna, bob, secrets, testOctets } from './sites.js';

const place = new Neighbourhood();
let alpha: Daemon;
let beta: Daemon;

beforeAll(async () => {
  ({ alpha, beta } = await place.pair());
}, testMilliseconds);

afterAll(async () => {
  await place.close();
});

const submit = (...words: readonly string[]): string[] => [
  'submit',
  '--site',
  alpha.site.path,
  '--from',
  anna,
  ...words,
];

function file(name: string, octets: Uint8Array | string): string {
  const path = join(place.folder, name);
  writeFileSync(path, octets);
  return path;
}

async function arrived(mtsIdentifier: string): Promise<MailboxRow> {
  const rows = await beta.mailbox('bob');
  const row = rows.find((entry) => entry.mtsIdentifier === mtsIdentifier);
  if (row === undefined) throw new Error(`${mtsIdentifier} is not among ${JSON.stringify(rows)}`);
  return row;
}

describe('a message', { timeout: testMilliseconds }, () => {
  it('with text from standard input and an attachment is listed, shown, exported octet for octet and removed', async () => {
    const attachment = testOctets(300_000);
    const words = ['--to', bob, '--subject', 'Größe', '--text', '-', '--attach', file('plan.bin', attachment)];
    const answer = await mtaJson<{ mtsIdentifier: string; outcome: string }>(
      submit(...words, '--wait'),
      'Dear Bob,\nall of it.\n',
    );
    expect(answer.mtsIdentifier).toMatch(/^\[\/PRMD=ALPHA\/ADMD= \/C=GB\/;MTA-ALPHA\.\S+\]$/);
    expect(answer.outcome).toBe('left');

    const listed = await mtaJson<MailboxRow[]>(['mailbox', 'ls', 'bob', '--site', beta.site.path]);
    const [row] = listed.filter(({ mtsIdentifier }) => mtsIdentifier === answer.mtsIdentifier);
    expect(row).toEqual({
      id: expect.any(String) as string,
      kind: 'message',
      mtsIdentifier: answer.mtsIdentifier,
      from: anna,
      to: bob,
      subject: 'Größe',
      contentType: '22',
      sizeOctets: expect.any(Number) as number,
      deliveredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    });
    const id = row?.id ?? '';

    const shown = await mta(['mailbox', 'show', 'bob', id, '--site', beta.site.path]);
    expect(shown.stdout).toContain('all of it.');
    expect(shown.stdout).toContain(answer.mtsIdentifier);

    const folder = join(place.folder, 'exported');
    await mta(['mailbox', 'export', 'bob', id, '--site', beta.site.path, '--out', folder]);
    expect(readdirSync(folder).sort()).toEqual(['plan.bin', 'text.txt']);
    expect(readFileSync(join(folder, 'plan.bin')).equals(attachment)).toBe(true);
    expect(readFileSync(join(folder, 'text.txt'), 'utf8')).toBe('Dear Bob,\nall of it.\n');

    const raw = join(place.folder, 'raw.ber');
    await mta(['mailbox', 'export', 'bob', id, '--site', beta.site.path, '--raw', '--out', raw]);
    expect(readFileSync(raw).length).toBe(row?.sizeOctets);
    const decoded = await mta(['decode', raw]);
    expect(decoded.code).toBe(0);
    expect(decoded.stdout).toContain('Dear Bob,\\r\\nall of it.');

    expect((await mta(['mailbox', 'rm', 'bob', id, '--site', beta.site.path])).code).toBe(0);
    expect(await beta.mailbox('bob')).toEqual([]);
    const again = await mta(['mailbox', 'rm', 'bob', id, '--site', beta.site.path]);
    expect([again.code, again.stderr]).toEqual([1, `mta: mailbox bob has no entry ${id}\n`]);
  });

  it.each(['1.3.26.0.4406.0.4.1', '22'])('of content type %s arrives octet for octet as it was given', async (type) => {
    const content = testOctets(100_001);
    const words = submit('--to', bob, '--content', file('content.ber', content), '--content-type', type);
    const { mtsIdentifier } = await mtaJson<MailboxRow>([...words, '--wait']);
    const row = await arrived(mtsIdentifier);
    expect([row.contentType, row.sizeOctets]).toEqual([type, content.length]);
    const out = join(place.folder, `raw-${type}.ber`);
    await mta(['mailbox', 'export', 'bob', row.id, '--site', beta.site.path, '--raw', '--out', out]);
    expect(readFileSync(out).equals(content)).toBe(true);
  });

  it('to an unknown recipient brings a report into the mailbox of its sender', async () => {
    const nobody = 'C=GB;ADMD= ;PRMD=BETA;S=Nobody';
    const { code, stdout, stderr } = await mta(submit('--to', nobody, '--text', '-', '--wait'), 'Hello?');
    expect([code, stderr]).toEqual([0, 'delivered or transferred for every recipient\n']);
    const [report] = await alpha.delivered('anna', 1);
    expect(report).toMatchObject({ kind: 'report', subjectIdentifier: stdout.trim(), to: anna });
    const shown = await mta(['mailbox', 'show', 'anna', report?.id ?? '', '--site', alpha.site.path]);
    expect(shown.stdout).toContain('reason unable-to-transfer (1), diagnostic unrecognised-OR-name (0)');
    expect(beta.events('message.reported')[0]?.['outcomes']).toContain('(1/0)');
  });

  it('without a route is accepted, answered by a report, and makes a submission that waits end with 1', async () => {
    const before = (await alpha.mailbox('anna')).length;
    const words = submit('--to', 'C=US;ADMD=TELE;S=Smith', '--text', '-', '--wait');
    const { code, stdout, stderr } = await mta(words, 'Hello?');
    expect(stderr).toContain('(1/0)');
    expect(code).toBe(1);
    const rows = await alpha.delivered('anna', before + 1);
    expect(rows.map(({ subjectIdentifier }) => subjectIdentifier)).toContain(stdout.trim());
  });

  it('that nobody can receive leaves nothing of its content on the disk', async () => {
    const before = (await alpha.mailbox('anna')).length;
    const path = file('unroutable.bin', testOctets(300_000));
    await mta(submit('--to', 'C=US;ADMD=TELE;S=Smith', '--text', '-', '--attach', path), 'Hello?');
    await alpha.delivered('anna', before + 1);
    expect(
      readdirSync(join(alpha.site.dataDirectory, 'content')).filter((name) => name.startsWith('submitted')),
    ).toEqual([]);
  });

  it('leaves its life in the tracking logs of both agents, one JSON object a line', async () => {
    const { mtsIdentifier } = await mtaJson<MailboxRow>([...submit('--to', bob, '--text', '-', '--wait')], 'Tracked.');
    const lifeAt = (daemon: Daemon): unknown[] =>
      daemon
        .trackingLog()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line['mts'] === mtsIdentifier)
        .map((line) => line['event']);
    await beta.until('transfer.completed', (line) => line['mts'] === mtsIdentifier);
    expect(lifeAt(alpha)).toEqual(['message.submitted', 'transfer.started', 'transfer.completed']);
    expect(lifeAt(beta)).toEqual(['message.accepted', 'message.delivered', 'transfer.completed']);
  });
});

describe('many messages', { timeout: testMilliseconds }, () => {
  it('are submitted by one command, which tells the rate and the identifiers, and all arrive', async () => {
    const before = (await beta.mailbox('bob')).length;
    const words = ['load', '--site', alpha.site.path, '--from', anna, '--to', bob, '--size', '2000'];
    const result = await mtaJson<Record<string, unknown>>([...words, '--count', '40', '--parallel', '4']);
    expect(result).toMatchObject({ count: 40, sizeOctets: 2000 });
    expect(result['messagesPerSecond']).toBeGreaterThan(0);
    const rows = await beta.delivered('bob', before + 40);
    const identifiers = rows.slice(before).map(({ mtsIdentifier }) => mtsIdentifier);
    expect(new Set(identifiers).size).toBe(40);
    expect(identifiers).toEqual(expect.arrayContaining([result['first'], result['last']]));
    const { code, stdout } = await mta([...words, '--count', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 messages of 2000 octets accepted in [\d.]+ s, [\d.]+ a second, \S.* to \S.*\n$/);
  });
});

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) process.stderr.write('test/daemon: tshark is not installed, no trace is held against it\n');

describe('a trace', { timeout: testMilliseconds }, () => {
  it.skipIf(!hasTshark)(
    'is a capture in which tshark sees the protocol of every layer, and no secret stands beside the octets',
    async () => {
      const out = join(place.folder, 'trace.pcapng');
      const trace = mta(['trace', '--site', alpha.site.path, '--connector', 'beta', '--out', out, '--seconds', '6']);
      const ended = trace.then(() => 'ended' as const);
      // Recording begins when the daemon has answered; until then mail leaves no mark in the file.
      for (let turn: 'ended' | 'sent' = 'sent'; turn === 'sent';) {
        turn = await Promise.race([
          ended,
          mta(submit('--to', bob, '--text', '-', '--wait'), 'Seen?').then(() => 'sent' as const),
        ]);
      }
      expect((await trace).code).toBe(0);
      const { stdout, stderr } = spawnSync('tshark', ['-r', out, '-T', 'fields', '-e', 'frame.protocols'], {
        encoding: 'utf8',
      });
      expect(stdout, stderr).toMatch(/^ip:tcp:tpkt:cotp:ses:pres/m);
      for (const block of metadataBlocks(readFileSync(out))) {
        for (const secret of Object.values(secrets)) expect(block.includes(secret)).toBe(false);
      }
    },
  );
});

describe('secrets', { timeout: testMilliseconds }, () => {
  it('stand in no log, no status and no listing, though both agents have bound with them', async () => {
    expect(alpha.events('association.opened').length).toBeGreaterThan(0);
    const commands = [
      ['status', '--site', alpha.site.path],
      ['status', '--site', alpha.site.path, '--json'],
      ['check', '--site', alpha.site.path, '--json'],
    ];
    const said = await Promise.all(commands.map((words) => mta(words)));
    const texts = [
      ...[alpha, beta].flatMap((daemon) => [daemon.text, daemon.errorText, daemon.trackingLog()]),
      ...said.map(({ stdout, stderr }) => stdout + stderr),
    ];
    expect(texts.join('').length).toBeGreaterThan(5000);
    for (const text of texts) for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });
});

/** All but the packets. */
function metadataBlocks(capture: Buffer): readonly Buffer[] {
  const enhancedPacketBlock = 6;
  const blocks: Buffer[] = [];
  for (let offset = 0; offset < capture.length;) {
    const length = capture.readUInt32LE(offset + 4);
    if (capture.readUInt32LE(offset) !== enhancedPacketBlock) blocks.push(capture.subarray(offset, offset + length));
    offset += length;
  }
  return blocks;
}
