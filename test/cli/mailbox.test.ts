import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandOutput } from '../../src/cli/command.js';
import { runMailboxExport, runMailboxList, runMailboxRemove, runMailboxShow } from '../../src/cli/mailbox.js';
import { latin1Octets } from '../../src/bytes/octets.js';
import { startAdminServer, type AdminServer, type HeldEntry } from './admin-server.js';
import {
  deliveredMessage,
  deliveredReport,
  interpersonalContent,
  interpersonalPlan,
  messageIdentifier,
} from './delivered.js';
import { captureOutput } from './site-directory.js';

const name = 'anna maria';
const id = '1-7';

let server: AdminServer | undefined;

const folders: string[] = [];

afterEach(() => {
  server?.close();
  server = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function serving(...entries: readonly HeldEntry[]): Promise<string> {
  server = await startAdminServer(entries);
  return server.socket;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mta-export-'));
  folders.push(folder);
  return folder;
}

const text = { kind: 'text', text: 'Dear Jones,\nplease send more.\n' } as const;
const pdf = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);

function file(fileName: string, octets = pdf.length, index = 0) {
  return { kind: 'file', content: { file: index, octets }, fileName, modifiedMilliseconds: 1_700_000_000_000 } as const;
}

/** Exports the only entry into a new folder. */
async function exported(entry: HeldEntry) {
  const socket = await serving(entry);
  const folder = newFolder();
  const output = captureOutput();
  const exitCode = await runMailboxExport({ socket, name, id: entry.id, raw: false, out: folder, json: true }, output);
  const { files } = JSON.parse(output.out()) as { files: { path: string; kind: string; octets: number }[] };
  return { exitCode, folder, files, err: output.err() };
}

describe('mta mailbox ls', () => {
  it('prints one line an entry', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text])), deliveredReport());
    const output = captureOutput();
    expect(await runMailboxList({ socket, name, json: false }, output)).toBe(0);
    const lines = output.out().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^ID +KIND +DELIVERED +FROM +SUBJECT +TYPE +OCTETS +MTS IDENTIFIER$/);
    expect(lines[1]).toMatch(/^1-7 +message +2026-11-22T08:00:00\.000Z +C=GB;.* +Order 7 +22 +\d+ +\[\/PRMD=ACME/);
  });

  it('prints every member as JSON, identifiers as strings', async () => {
    const socket = await serving(deliveredReport());
    const output = captureOutput();
    expect(await runMailboxList({ socket, name, json: true }, output)).toBe(0);
    expect(JSON.parse(output.out())).toEqual([
      {
        id: '1-8',
        kind: 'report',
        mtsIdentifier: expect.stringMatching(/;B2\.0001\]$/) as string,
        subjectIdentifier: messageIdentifier,
        from: 'C=GB;ADMD= ;PRMD=ACME;S=Smith',
        to: 'C=US;ADMD=TELE;PRMD=BETA;S=Jones',
        subject: `Report on ${messageIdentifier}`,
        contentType: '22',
        sizeOctets: 0,
        deliveredAt: '2026-11-22T08:00:00.000Z',
      },
    ]);
  });

  it('keeps control characters of subjects off the terminal', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text]), { subject: 'a\u001b[2Jb\nc' }));
    const output = captureOutput();
    await runMailboxList({ socket, name, json: false }, output);
    expect(output.out()).toContain('a [2Jb c');
  });

  it('says so when the mailbox is empty, when there is none, and when no daemon answers', async () => {
    const socket = await serving();
    const output = captureOutput();
    expect(await runMailboxList({ socket, name, json: false }, output)).toBe(0);
    expect(output.out()).toBe('mailbox anna maria is empty\n');
    await expect(runMailboxList({ socket, name: 'bob', json: false }, output)).rejects.toThrow(
      'there is no mailbox bob',
    );
    const nowhere = join(newFolder(), 'admin.sock');
    await expect(runMailboxList({ socket: nowhere, name, json: false }, output)).rejects.toThrow(
      /no daemon answers on/,
    );
  });
});

describe('mta mailbox show', () => {
  it('prints what the envelope says and the content as text', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text, file('order.pdf')], [pdf])));
    const output = captureOutput();
    expect(await runMailboxShow({ socket, name, id, json: false }, output)).toBe(0);
    const shown = output.out();
    expect(shown).toContain(`Message: ${messageIdentifier}\n`);
    expect(shown).toMatch(/^Originator: .*S=Smith/m);
    expect(shown).toMatch(/^Recipient: .*CN=Postmaster/m);
    expect(shown).toMatch(/^Priority: urgent$/m);
    expect(shown).toMatch(/^Content identifier: Order 7$/m);
    expect(shown).toMatch(/^Content: type 22 \(interpersonal-messaging-1988\), \d+ octets$/m);
    expect(shown).toMatch(/^Trace: 2026-11-22T08:00:00Z relayed \/PRMD=ACME\/ADMD= \/C=GB\/$/m);
    expect(shown).toMatch(/^Trace: 2026-11-22T08:00:00Z relayed mta1 of \/PRMD=ACME\/ADMD= \/C=GB\/$/m);
    expect(shown).toMatch(/^Subject: Order 7$/m);
    expect(shown).toContain('Dear Jones,\nplease send more.\n');
    expect(shown).toContain('file-transfer, "order.pdf", 1000 octets');
  });

  it('prints the same as JSON', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text])));
    const output = captureOutput();
    expect(await runMailboxShow({ socket, name, id, json: true }, output)).toBe(0);
    expect(JSON.parse(output.out())).toMatchObject({
      id,
      kind: 'message',
      mtsIdentifier: messageIdentifier,
      priority: 'urgent',
      recipients: [expect.stringContaining('CN=Postmaster')],
      trace: [
        { arrivedAt: '2026-11-22T08:00:00Z', domain: '/PRMD=ACME/ADMD= /C=GB/', action: 'relayed' },
        { mtaName: 'mta1' },
      ],
      content: { kind: 'message', text: expect.stringContaining('please send more.') as string },
    });
  });

  it('names the outcome for each recipient of a report, with reason and diagnostic', async () => {
    const socket = await serving(deliveredReport());
    const output = captureOutput();
    expect(await runMailboxShow({ socket, name, id: '1-8', json: false }, output)).toBe(0);
    const shown = output.out();
    expect(shown).toContain(`Subject message: ${messageIdentifier}\n`);
    expect(shown).toMatch(/^Delivered to: .*CN=Postmaster, at 2026-11-22T08:00:00Z$/m);
    expect(shown).toMatch(
      /^Not delivered to: .*G=Jane.*, reason unable-to-transfer \(1\), diagnostic unrecognised-OR-name \(0\), nobody of that name$/m,
    );
    expect(shown).toMatch(/^Returned content: none$/m);
    const json = captureOutput();
    await runMailboxShow({ socket, name, id: '1-8', json: true }, json);
    expect(JSON.parse(json.out())).toMatchObject({
      kind: 'report',
      subjectIdentifier: messageIdentifier,
      outcomes: [
        { outcome: 'delivered', deliveredAt: '2026-11-22T08:00:00Z' },
        {
          outcome: 'not-delivered',
          reason: { code: 1, name: 'unable-to-transfer' },
          diagnostic: { code: 0, name: 'unrecognised-OR-name' },
          information: 'nobody of that name',
        },
      ],
      content: { kind: 'none' },
    });
  });

  it('shows the content that a report returns', async () => {
    const socket = await serving(deliveredReport(interpersonalContent([text])));
    const output = captureOutput();
    await runMailboxShow({ socket, name, id: '1-8', json: false }, output);
    expect(output.out()).toContain('please send more.\n');
  });

  it.each([
    ['35', 'content type 35 (edi-messaging) is no interpersonal message'],
    ['77', 'content type 77 is no interpersonal message'],
    ['22', 'the content is a malformed interpersonal message: '],
  ])('says of content of type %s that it is none it knows, with type and size', async (contentType, reason) => {
    const socket = await serving(deliveredMessage(latin1Octets('UNA:+.? '), { contentType }));
    const output = captureOutput();
    expect(await runMailboxShow({ socket, name, id, json: false }, output)).toBe(0);
    expect(output.out()).toMatch(new RegExp(`^Content: type ${contentType}.*, 8 octets$`, 'm'));
    expect(output.out()).toContain(`\nNot shown: ${reason}`);
  });

  it('fails for an entry that is not there', async () => {
    const socket = await serving();
    await expect(runMailboxShow({ socket, name, id, json: false }, captureOutput())).rejects.toThrow(
      'mailbox anna maria has no entry 1-7',
    );
  });
});

describe('mta mailbox rm', () => {
  it('removes one entry, and fails when it is gone', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text])), deliveredReport());
    const output = captureOutput();
    expect(await runMailboxRemove({ socket, name, id, json: false }, output)).toBe(0);
    expect(output.out()).toBe('removed 1-7 from mailbox anna maria\n');
    expect(server?.entries.map((entry) => entry.id)).toEqual(['1-8']);
    await expect(runMailboxRemove({ socket, name, id, json: false }, output)).rejects.toThrow('has no entry 1-7');
  });
});

describe('mta mailbox export --raw', () => {
  const content = new Uint8Array(randomBytes(300_000));

  it('writes the content octets exactly, to a file or to what reads its output', async () => {
    const socket = await serving(deliveredMessage(content, { contentType: '77' }));
    const out = join(newFolder(), 'content');
    const output = captureOutput();
    expect(await runMailboxExport({ socket, name, id, raw: true, out, json: true }, output)).toBe(0);
    expect(readFileSync(out).equals(content)).toBe(true);
    expect(JSON.parse(output.out())).toEqual({ path: out, octets: content.length });
    const stdout = new PassThrough();
    const [read, exitCode] = await Promise.all([
      buffer(stdout),
      runMailboxExport({ socket, name, id, raw: true, json: false }, { stdout, stderr: output.stderr }),
    ]);
    expect(exitCode).toBe(0);
    expect(read.equals(content)).toBe(true);
  });

  it('does not write to a terminal', async () => {
    const socket = await serving(deliveredMessage(content));
    const captured = captureOutput();
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const output: CommandOutput = { stdout, stderr: captured.stderr };
    expect(await runMailboxExport({ socket, name, id, raw: true, json: false }, output)).toBe(2);
    expect(stdout.read()).toBeNull();
    expect(captured.err()).toContain('give --out FILE');
  });

  it('fails when the daemon breaks off', async () => {
    const socket = await serving(deliveredMessage(content, { announcedOctets: content.length + 1 }));
    const out = join(newFolder(), 'content');
    await expect(runMailboxExport({ socket, name, id, raw: true, out, json: false }, captureOutput())).rejects.toThrow(
      'the daemon broke off before the end of the content',
    );
  });
});

describe('mta mailbox export', () => {
  it('writes text in UTF-8 with line ends of this system, and attachments octet for octet with their time', async () => {
    const second = latin1Octets('second');
    const content = interpersonalContent(
      [text, { kind: 'text', text: 'Grüße\n' }, file('order.pdf'), file('ORDER.pdf', second.length, 1)],
      [pdf, second],
    );
    const { exitCode, folder, files, err } = await exported(deliveredMessage(content));
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(readdirSync(folder).sort()).toEqual(['ORDER (2).pdf', 'order.pdf', 'text (2).txt', 'text.txt']);
    expect(readFileSync(join(folder, 'text.txt'), 'utf8')).toBe(text.text);
    expect(readFileSync(join(folder, 'text (2).txt'), 'utf8')).toBe('Grüße\n');
    expect(new Uint8Array(readFileSync(join(folder, 'order.pdf')))).toEqual(pdf);
    expect(statSync(join(folder, 'order.pdf')).mtimeMs).toBe(1_700_000_000_000);
    expect(readFileSync(join(folder, 'ORDER (2).pdf'), 'latin1')).toBe('second');
    expect(files).toContainEqual({ path: join(folder, 'order.pdf'), kind: 'file-transfer', octets: pdf.length });
  });

  it('writes texts too long to be read whole: ASCII as text, others as they came', async () => {
    const ascii = 'line\n'.repeat(220_000);
    const polish = 'zażółć\n'.repeat(140_000);
    const content = interpersonalContent([
      { kind: 'text', text: ascii },
      { kind: 'text', text: polish },
    ]);
    const { folder } = await exported(deliveredMessage(content));
    expect(readdirSync(folder).sort()).toEqual(['general-text.bin', 'text.txt']);
    expect(readFileSync(join(folder, 'text.txt'), 'latin1') === ascii).toBe(true);
    expect(readFileSync(join(folder, 'general-text.bin')).toString('latin1', 0, 8)).toBe('\u001b(B\u001b-B\u001b~');
  });

  it('makes a folder named as the entry where none is given', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([text])));
    const before = process.cwd();
    const folder = newFolder();
    process.chdir(folder);
    try {
      await runMailboxExport({ socket, name, id, raw: false, json: false }, captureOutput());
    } finally {
      process.chdir(before);
    }
    expect(readdirSync(join(folder, id))).toEqual(['text.txt']);
  });

  it('overwrites nothing and leaves nothing but the parts', async () => {
    const socket = await serving(deliveredMessage(interpersonalContent([file('order.pdf')], [pdf])));
    const folder = newFolder();
    writeFileSync(join(folder, 'order.pdf'), 'mine');
    await runMailboxExport({ socket, name, id, raw: false, out: folder, json: false }, captureOutput());
    expect(readdirSync(folder).sort()).toEqual(['order (2).pdf', 'order.pdf']);
    expect(readFileSync(join(folder, 'order.pdf'), 'utf8')).toBe('mine');
  });

  it('writes a forwarded message into a folder of its own, with its heading (IPM-016)', async () => {
    const inner = interpersonalContent([text]);
    const forwarded = {
      kind: 'message',
      content: { file: 0, octets: inner.length },
      contentType: 22,
      encodedInformationTypes: { builtIn: [2], extended: [] },
      parameters: {},
    } as const;
    const { folder } = await exported(deliveredMessage(interpersonalContent([forwarded], [inner])));
    expect(readdirSync(folder)).toEqual(['message']);
    expect(readdirSync(join(folder, 'message')).sort()).toEqual(['heading.txt', 'text.txt']);
    expect(readFileSync(join(folder, 'message', 'heading.txt'), 'utf8')).toMatch(/^Subject: Order 7$/m);
  });

  it('writes what a report says, and the content that it returns', async () => {
    const { folder } = await exported(deliveredReport(interpersonalContent([text])));
    expect(readdirSync(folder).sort()).toEqual(['report.txt', 'text.txt']);
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toMatch(/^Not delivered to: /m);
  });

  it('writes content that it does not know as it is, and says so', async () => {
    const { exitCode, folder, files, err } = await exported(deliveredMessage(pdf, { contentType: '35' }));
    expect(exitCode).toBe(0);
    expect(err).toContain('content type 35 (edi-messaging) is no interpersonal message');
    expect(files).toEqual([{ path: join(folder, 'content.bin'), kind: 'content', octets: pdf.length }]);
    expect(new Uint8Array(readFileSync(join(folder, 'content.bin')))).toEqual(pdf);
  });

  it('holds no attachment in memory: 128 MiB of it cost less than 64', async () => {
    const octets = 128 * 1024 * 1024;
    const content = join(newFolder(), 'content');
    const descriptor = openSync(content, 'w');
    for (const segment of interpersonalPlan([file('disk.img', octets)])) {
      if (segment.kind === 'octets') writeSync(descriptor, segment.octets);
      else {
        const end = statSync(content).size + segment.octets;
        truncateSync(content, end);
        writeSync(descriptor, new Uint8Array([0]), 0, 1, end - 1);
      }
    }
    closeSync(descriptor);
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const { folder, files } = await exported(deliveredMessage(content));
    clearInterval(watch);
    peak = Math.max(peak, process.memoryUsage().rss);
    expect(files).toEqual([{ path: join(folder, 'disk.img'), kind: 'file-transfer', octets }]);
    expect(peak - before).toBeLessThan(64 * 1024 * 1024);
  });
});
