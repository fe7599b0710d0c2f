import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, freePort, type MailboxRow } from './agent.js';

const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
const ben = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Ben';
const nobody = 'C=GB;ADMD= ;PRMD=BETA;S=Nobody';

/** Each small and each large message is one of its own: contents tell which is which. */
const sizes = [1_000, 300_000] as const;

const lookMilliseconds = 25;
const runMillisecondsMax = 90_000;

export type Victim = 'sender' | 'receiver';

/** Who dies when: the step of each life after which another begins, the last of them endless. */
export interface Death {
  readonly victim: Victim;
  readonly steps: readonly number[];
}

export interface CrashResult {
  /** Lives that ended at their step; a run may come to its end before. */
  readonly deaths: number;
  /** Names of the steps of the victim's last life. */
  readonly steps: readonly string[];
  readonly violations: readonly string[];
}

interface Submitted {
  readonly content: Buffer;
  readonly to: string;
  /** Undefined: the answer did not come, nobody knows whether it was taken. */
  readonly mtsIdentifier: string | undefined;
}

/** Two daemons, three messages, one of them to nobody; the victim dies at its steps and is started again; then everything is counted. */
export async function runCrash(death: Death): Promise<CrashResult> {
  const folder = mkdtempSync(join(tmpdir(), 'mta-crash-'));
  const agents = await makePair(folder);
  try {
    const lives = [...death.steps, 0];
    const victim = death.victim === 'sender' ? agents.sender : agents.receiver;
    const other = death.victim === 'sender' ? agents.receiver : agents.sender;
    let deaths = 0;
    await Promise.all([victim.start(lives.shift() ?? 0), other.start(0)]);
    const revive = async (): Promise<void> => {
      while (victim.isDead) {
        deaths += 1;
        await victim.start(lives.shift() ?? 0);
      }
    };
    const submitted = await submitAll(agents.sender, revive);
    await settled(agents, submitted, revive);
    const violations = await audit(agents, submitted, revive);
    return { deaths, steps: victim.steps, violations };
  } finally {
    await Promise.all([agents.sender.kill(), agents.receiver.kill()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pair {
  readonly sender: Agent;
  readonly receiver: Agent;
}

async function makePair(folder: string): Promise<Pair> {
  const ports = [await freePort(), await freePort()] as const;
  const site = (us: 'ALPHA' | 'BETA', them: 'ALPHA' | 'BETA', mailbox: object) => (dataDirectory: string) => ({
    mta: { name: `MTA-${us}`, password: us, globalDomain: { country: 'GB', admd: ' ', prmd: us } },
    listen: [{ host: '127.0.0.1', port: ports[us === 'ALPHA' ? 0 : 1], transportSelector: 'MTA' }],
    dataDirectory,
    connectors: [
      {
        name: them.toLowerCase(),
        remote: {
          mtaName: `MTA-${them}`,
          password: them,
          host: '127.0.0.1',
          port: ports[them === 'ALPHA' ? 0 : 1],
          transportSelector: 'MTA',
        },
        addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${them}` }],
        override: {
          rts: { checkpointSizeK: 40, windowSize: 2, recoveryTimeoutSeconds: 3, stallTimeoutSeconds: 3 },
          retry: { openIntervalSeconds: 1, transferIntervalSeconds: 1 },
        },
      },
    ],
    mailboxes: [mailbox],
  });
  return {
    sender: new Agent(folder, 'alpha', site('ALPHA', 'BETA', { name: 'anna', address: anna })),
    receiver: new Agent(folder, 'beta', site('BETA', 'ALPHA', { name: 'ben', address: ben })),
  };
}

/** Each until it is answered for: one that was not may be there or not. */
async function submitAll(sender: Agent, revive: () => Promise<void>): Promise<readonly Submitted[]> {
  const submitted: Submitted[] = [];
  for (const [to, octets] of [
    [ben, sizes[0]],
    [nobody, 100],
    [ben, sizes[1]],
  ] as const) {
    for (;;) {
      const content = Buffer.alloc(octets, submitted.length + 1);
      const mtsIdentifier = await attempt(() =>
        sender.submit(
          {
            from: anna,
            to: [to],
            contentType: '0',
            contentOctets: octets,
            priority: 'normal',
            reports: 'non-delivery',
            subject: '',
            encodedInformationTypes: { builtIn: [0], extended: [] },
          },
          content,
        ),
      );
      submitted.push({ content, to, mtsIdentifier });
      if (mtsIdentifier !== undefined) break;
      await revive();
      await sleep(lookMilliseconds);
    }
  }
  return submitted;
}

/** Everything has arrived that was answered for, and nothing is queued any more. */
async function settled(
  { sender, receiver }: Pair,
  submitted: readonly Submitted[],
  revive: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + runMillisecondsMax;
  const wanted = submitted.filter(({ mtsIdentifier }) => mtsIdentifier !== undefined);
  while (Date.now() < deadline) {
    await revive();
    const found = await attempt(async () => {
      const delivered = await receiver.mailbox('ben');
      const reports = await sender.mailbox('anna');
      const left = await Promise.all([sender.status(), receiver.status()]);
      return { rows: [...delivered, ...reports], queued: left.reduce((sum, { queue }) => sum + queue.messages, 0) };
    });
    if (found?.queued === 0 && wanted.every((message) => found.rows.some((row) => concerns(row, message)))) return;
    await sleep(lookMilliseconds);
  }
}

function concerns(row: MailboxRow, { to, mtsIdentifier }: Submitted): boolean {
  return to === ben ? row.mtsIdentifier === mtsIdentifier : row.subjectIdentifier === mtsIdentifier;
}

/** What is not as it should be: each message once and whole, each failure reported once, nothing left behind. */
async function audit(
  { sender, receiver }: Pair,
  submitted: readonly Submitted[],
  revive: () => Promise<void>,
): Promise<readonly string[]> {
  const violations: string[] = [];
  const ask = <Answer>(what: () => Promise<Answer>): Promise<Answer> => persist(what, revive);
  const delivered = await ask(() => receiver.mailbox('ben'));
  const reports = await ask(() => sender.mailbox('anna'));
  for (const message of submitted) {
    const { mtsIdentifier, to } = message;
    if (mtsIdentifier === undefined) continue;
    const rows = [...delivered, ...reports].filter((row) => concerns(row, message));
    const what = to === ben ? 'delivered' : 'reported';
    if (rows.length !== 1) violations.push(`${mtsIdentifier} is ${what} ${String(rows.length)} times`);
  }
  const contents: Buffer[] = [];
  for (const { id } of delivered) contents.push(await ask(() => receiver.content('ben', id)));
  for (const [i, content] of contents.entries()) {
    const row = delivered[i]?.mtsIdentifier ?? '';
    const same = submitted.filter((message) => message.to === ben && message.content.equals(content));
    if (same.length !== 1) violations.push(`${row} is nothing that was submitted`);
    if (contents.findIndex((other) => other.equals(content)) !== i) violations.push(`${row} is there twice`);
  }
  for (const [agent, mailbox, rows] of [
    [receiver, 'ben', delivered],
    [sender, 'anna', reports],
  ] as const) {
    for (const { id } of rows) await ask(() => removeEntry(agent, mailbox, id));
    const quarantined = await ask(() => agent.quarantined());
    if (quarantined > 0) violations.push(`${agent.name} has ${String(quarantined)} entries in quarantine`);
  }
  return [...violations, ...(await filesLeft([sender, receiver], revive))];
}

/** Once, although nobody may have heard the answer. */
async function removeEntry(agent: Agent, mailbox: string, id: string): Promise<void> {
  const rows = await agent.mailbox(mailbox);
  if (rows.some((row) => row.id === id)) await agent.remove(mailbox, id);
}

/** Partial transfers that nobody resumes go after the recovery timeout. */
async function filesLeft(agents: readonly Agent[], revive: () => Promise<void>): Promise<readonly string[]> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    await revive();
    const files = agents.flatMap((agent) => agent.files);
    if (files.length === 0 || Date.now() > deadline) return files.map((file) => `${file} is left`);
    await sleep(lookMilliseconds);
  }
}

/** Undefined where the daemon does not answer: it has died, or is about to. */
async function attempt<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** Until it is answered, by whichever life. */
async function persist<Answer>(ask: () => Promise<Answer>, revive: () => Promise<void>): Promise<Answer> {
  const deadline = Date.now() + runMillisecondsMax;
  while (Date.now() < deadline) {
    await revive();
    const answer = await attempt(async () => ({ answer: await ask() }));
    if (answer !== undefined) return answer.answer;
    await sleep(lookMilliseconds);
  }
  return ask();
}
