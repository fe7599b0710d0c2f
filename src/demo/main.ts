import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { callAdminJson } from '../admin/client.js';
import { mailboxesPath, statusPath } from '../admin/protocol.js';
import { socketOf } from '../cli/options.js';
import { renderTable } from '../cli/table.js';
import type { AssociationStatus, StatusReport } from '../engine/status.js';
import { createSlowLink } from '../host/slow-link.js';
import { mta, startDaemon, type Daemon, type LogLine } from './processes.js';
import { showProgress, type Progress } from './progress.js';
import { freePort, writeSites } from './sites.js';

const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
const bob = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';

const fileOctets = 20 * 1024 * 1024;
const linkOctetsPerSecond = 3 * 1024 * 1024;
const linkLatencyMilliseconds = 10;

/** The link is cut when this part of the file is confirmed, and stays down for so long. */
const cutAt = 0.45;
const downMilliseconds = 1500;

/** The whole transfer, cut included, milliseconds. */
const transferMillisecondsMax = 45_000;

/** Two agents, a slow link that breaks, and a file that arrives whole all the same. */
async function demonstrate(folder: string, say: (text: string) => void): Promise<void> {
  const linkPort = await freePort();
  const sites = await writeSites(folder, linkPort);
  const link = await createSlowLink({
    listenPort: linkPort,
    targetHost: '127.0.0.1',
    targetPort: sites.betaPort,
    octetsPerSecond: linkOctetsPerSecond,
    latencyMilliseconds: linkLatencyMilliseconds,
  });
  const daemons: Daemon[] = [];
  try {
    const beta = await startDaemon('beta', sites.beta);
    daemons.push(beta);
    const alpha = await startDaemon('alpha', sites.alpha);
    daemons.push(alpha);
    say(`Two agents are running, MTA-ALPHA and MTA-BETA, on a link of ${octetsText(linkOctetsPerSecond)} a second.`);

    const text = join(folder, 'note.txt');
    writeFileSync(text, 'Good morning, Bob.\n');
    await mta(
      'submit',
      '--site',
      sites.alpha,
      '--from',
      anna,
      '--to',
      bob,
      '--subject',
      'Good morning',
      '--text',
      text,
      '--wait',
    );
    const [note] = await mailbox(sites.beta, 1);
    say(`A short message arrived: "${String(note?.subject)}", ${String(note?.mtsIdentifier)}`);

    const file = join(folder, 'large.bin');
    writeFileSync(file, randomFillSync(Buffer.alloc(fileOctets)));
    const started = Date.now();
    await mta(
      'submit',
      '--site',
      sites.alpha,
      '--from',
      anna,
      '--to',
      bob,
      '--subject',
      'A large file',
      '--attach',
      file,
    );
    say(`A file of ${octetsText(fileOctets)} is on its way; the link will be cut at ${String(cutAt * 100)} %.`);
    const last = await watchTransfer(sites.alpha, sites.beta, {
      cut: async () => {
        link.refuse();
        link.cut();
        await wait(downMilliseconds);
        link.allow();
      },
    });
    const seconds = (Date.now() - started) / 1000;

    const resumed = alpha.lines.find((line) => line['event'] === 'transfer.resumed');
    const completed = alpha.lines.findLast((line) => line['event'] === 'transfer.completed');
    if (resumed === undefined || completed === undefined) throw new Error('the transfer was not resumed');
    const entry = (await mailbox(sites.beta, 2)).find(({ subject }) => subject === 'A large file');
    if (entry === undefined) throw new Error('the file did not arrive');
    await checkArrival(sites.beta, entry.id, file, folder);
    say('The file at the other end has the same SHA-256.\n');
    say(renderTable(['WHAT', 'VALUE'], summary(last, resumed, completed, alpha.lines, seconds)));
  } finally {
    for (const daemon of daemons) await daemon.stop();
    await link.close();
  }
}

interface MailboxRow {
  readonly id: string;
  readonly subject: string;
  readonly mtsIdentifier: string;
}

async function mailbox(site: string, atLeast: number): Promise<readonly MailboxRow[]> {
  const deadline = Date.now() + transferMillisecondsMax;
  for (;;) {
    const rows = await mailboxRows(site);
    if (rows.length >= atLeast) return rows;
    if (Date.now() > deadline)
      throw new Error(`${String(rows.length)} entries in the mailbox, ${String(atLeast)} expected`);
    await wait(200);
  }
}

/** Shows the transfer, cuts the link in the middle of it, and returns how it looked last. */
async function watchTransfer(
  alphaSite: string,
  betaSite: string,
  link: { cut(): Promise<void> },
): Promise<AssociationStatus | undefined> {
  const progress: Progress = showProgress(fileOctets);
  const deadline = Date.now() + transferMillisecondsMax;
  let last: AssociationStatus | undefined;
  let cut: 'to-come' | 'done' = 'to-come';
  try {
    while (Date.now() < deadline) {
      const status = await callAdminJson<StatusReport>({
        socket: socketOf(alphaSite),
        method: 'GET',
        path: statusPath,
      });
      const association = status.associations.find(({ octets }) => octets.total > fileOctets);
      if (association !== undefined) {
        last = association;
        progress.show(association);
        if (cut === 'to-come' && association.octets.confirmed > fileOctets * cutAt) {
          cut = 'done';
          progress.note(`link cut, ${octetsText(association.octets.confirmed)} confirmed`);
          await link.cut();
          progress.note('link up again');
        }
      } else if (last !== undefined && (await mailboxRows(betaSite)).length === 2) return last;
      await wait(100);
    }
  } finally {
    progress.end();
  }
  throw new Error('the transfer took too long');
}

async function mailboxRows(site: string): Promise<readonly MailboxRow[]> {
  return callAdminJson({ socket: socketOf(site), method: 'GET', path: `${mailboxesPath}/bob` });
}

async function checkArrival(site: string, id: string, file: string, folder: string): Promise<void> {
  const out = join(folder, 'export');
  await mta('mailbox', 'export', 'bob', id, '--site', site, '--out', out);
  const arrived = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .map((name) => join(out, name))
    .find((path) => statSync(path).size === fileOctets);
  if (arrived === undefined) throw new Error('the export holds no file of the right size');
  if ((await sha256(arrived)) !== (await sha256(file)))
    throw new Error('the file that arrived is not the one that was sent');
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function summary(
  last: AssociationStatus | undefined,
  resumed: LogLine,
  completed: LogLine,
  lines: readonly LogLine[],
  seconds: number,
): readonly (readonly string[])[] {
  const negotiated = last?.rts?.negotiated;
  const { checkpointSizeK = 0, windowSize = 0 } = negotiated ?? {};
  const bound = (windowSize + 1) * checkpointSizeK * 1024;
  const octets = Number(completed['octets']);
  const resent = Number(completed['octetsResent']);
  if (resent > bound) throw new Error(`${String(resent)} octets were sent again, the bound is ${String(bound)}`);
  const opened = lines.filter((line) => line['event'] === 'association.opened').length;
  return [
    ['Negotiated checkpoint size', `${String(checkpointSizeK)} K`],
    ['Negotiated window', String(windowSize)],
    ['Octets of the APDU', String(octets)],
    ['Checkpoints', String(Math.ceil(octets / (checkpointSizeK * 1024)) - 1)],
    ['Resumed from octet', String(resumed['fromOctet'])],
    ['Octets sent again', `${String(resent)} (bound ${String(bound)})`],
    ['Associations opened', String(opened)],
    ['Time, the cut included', `${seconds.toFixed(1)} s`],
    ['Goodput', `${octetsText(octets / seconds)} a second`],
  ];
}

function octetsText(octets: number): string {
  return `${(octets / (1024 * 1024)).toFixed(1)} MiB`;
}

const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'mta-demo-'));
try {
  await demonstrate(folder, (text) => {
    process.stdout.write(`${text}\n`);
  });
} catch (error) {
  process.stderr.write(`demonstration failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  if (keep) process.stdout.write(`data kept in ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}
