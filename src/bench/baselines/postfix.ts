/**
 * Two Postfix in a row, of this system's package but with configuration, queues and ports of their own: A takes mail by SMTP and relays it
 * to B, B delivers into a maildir. Everything that bears on durability is as it comes. Must be run by root, as Postfix must.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { freePort } from '../../demo/sites.js';
import { until, type Lab } from '../lab.js';
import { familyCpuSeconds } from '../process-readings.js';

const programs = ['/usr/sbin/postfix', '/usr/sbin/smtp-source', '/usr/sbin/postconf'];
const domain = 'beta.test';
const address = `ben@${domain}`;

/** Services of Postfix that such a chain uses, none in a chroot: {port} is where it listens. */
const services = `
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Why it cannot be measured here; undefined when it can. */
export function postfixMissing(): string | undefined {
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length > 0) return `${missing.join(', ')} not installed (Debian package postfix)`;
  return process.getuid?.() === 0 ? undefined : 'Postfix must be started by root';
}

export interface PostfixChain {
  /** Seconds from the first octet of the source to the last of so many messages in the maildir. */
  measure(count: number, octets: number): Promise<number>;
  /** Of both, all their processes together. */
  cpuSeconds(): number;
}

/** Starts both; `sessions` at a time between source, A, B and the maildir. */
export async function startPostfixChain(lab: Lab, sessions: number): Promise<PostfixChain> {
  const [firstPort, secondPort] = [await freePort(), await freePort()];
  const owner = ownerOf('postfix');
  const mail = join(lab.folder, 'maildir');
  const concurrency = `default_destination_concurrency_limit = ${String(sessions)}
initial_destination_concurrency = ${String(sessions)}
default_process_limit = ${String(Math.max(sessions + 20, 100))}
smtpd_client_connection_count_limit = 0
`;
  await startPostfix(
    lab,
    'postfix-a',
    firstPort,
    owner,
    `${concurrency}relayhost = [127.0.0.1]:${String(secondPort)}\n`,
  );
  await startPostfix(
    lab,
    'postfix-b',
    secondPort,
    owner,
    `${concurrency}virtual_mailbox_domains = ${domain}
virtual_mailbox_base = ${mail}
virtual_mailbox_maps = static:ben/
virtual_uid_maps = static:${String(owner.uid)}
virtual_gid_maps = static:${String(owner.gid)}
virtual_minimum_uid = 1
`,
  );
  mkdirSync(mail);
  chownSync(mail, owner.uid, owner.gid);
  const delivered = join(mail, 'ben', 'new');
  return {
    cpuSeconds: () => ['postfix-a', 'postfix-b'].reduce((sum, name) => sum + masterCpuSeconds(lab, name), 0),
    measure: async (count, octets) => {
      rmSync(join(mail, 'ben'), { recursive: true, force: true });
      const began = performance.now();
      const numbers = ['-s', String(sessions), '-m', String(count), '-l', String(octets)];
      const words = ['-d', ...numbers, '-f', 'anna@alpha.test', '-t', address, `127.0.0.1:${String(firstPort)}`];
      await lab.run('/usr/sbin/smtp-source', words);
      await until(() => (existsSync(delivered) && readdirSync(delivered).length >= count ? true : undefined));
      return (performance.now() - began) / 1000;
    },
  };
}

function masterCpuSeconds(lab: Lab, name: string): number {
  return familyCpuSeconds(Number(readFileSync(join(lab.folder, name, 'queue', 'pid', 'master.pid'), 'utf8')));
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function ownerOf(name: string): Owner {
  const number = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

async function startPostfix(lab: Lab, name: string, port: number, owner: Owner, settings: string): Promise<void> {
  const folder = join(lab.folder, name);
  const configuration = join(folder, 'configuration');
  const data = join(folder, 'data');
  const queue = join(folder, 'queue');
  for (const path of [folder, configuration, data, queue]) mkdirSync(path, { mode: 0o755 });
  chownSync(data, owner.uid, owner.gid);
  const common = `compatibility_level = 3.6
myhostname = ${name}.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = ${queue}
data_directory = ${data}
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
`;
  writeFileSync(join(configuration, 'main.cf'), common + settings);
  writeFileSync(join(configuration, 'master.cf'), services.replace('{port}', `127.0.0.1:${String(port)}`));
  for (const path of [dirname(lab.folder), lab.folder]) chmodSync(path, 0o755); // Postfix gives up being root
  await lab.run('/usr/sbin/postfix', ['-c', configuration, 'start']);
  lab.atEnd(async () => {
    await lab.run('/usr/sbin/postfix', ['-c', configuration, 'stop']);
  });
  await until(() => answers(port));
}

async function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
    socket.once('error', () => {
      resolve(undefined);
    });
  });
}
