import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { framesWithData } from '../../src/analysis/frame.js';
import { dissected, valueSeparator } from '../../src/analysis/tshark.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../src/host/pcapng.js';
import { TcpConversation } from '../../src/host/tcp-conversation.js';
import { joinOctets } from '../../src/bytes/octets.js';
import type { Conversation } from './conversation.js';

const fields = {
  stream: 'tcp.stream',
  protocols: 'frame.protocols',
  info: '_ws.col.Info',
  malformed: '_ws.malformed',
  expert: '_ws.expert.message',
  severity: '_ws.expert.severity',
  subject: 'p22.subject',
  recover: 'rtse.recover_element',
} as const;

/** What tshark says of one packet with data. */
export type Dissection = Readonly<Record<keyof typeof fields, string>>;

/** Severities from this one on are faults: below are notes on the life of TCP. */
const warning = 0x600000;

export function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Packets with data, as tshark reads them, in order. */
export async function dissect(capture: Uint8Array): Promise<readonly Dissection[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mta-tshark-'));
  try {
    const file = join(directory, 'capture.pcapng');
    writeFileSync(file, capture);
    const rows = await dissected(file, framesWithData, Object.values(fields));
    return rows.map(
      (values) =>
        Object.fromEntries(
          Object.keys(fields).map((name, i) => [name, values[i]?.replaceAll(valueSeparator, ',') ?? '']),
        ) as unknown as Dissection,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The faults that tshark finds in a packet. */
export function faultsOf({ expert, severity, malformed }: Dissection): readonly string[] {
  const severities = severity.split(',');
  const told = expert.split(',').filter((_, i) => Number(severities[i]) >= warning);
  return told.length > 0 || malformed === '' ? told : [malformed];
}

/** The layers above TCP, as tshark names them, without repetitions. */
export function layersOf({ protocols }: Dissection): string {
  return protocols.slice(protocols.indexOf('tcp:') + 4);
}

/** The conversation of another implementation, in the packets of ours. */
export function captureOf({ steps }: Conversation): Uint8Array {
  const tcp = new TcpConversation({ address: '192.0.2.1', port: 40_000 }, { address: '192.0.2.2', port: 102 });
  const packets = [
    ...tcp.open(),
    ...steps.flatMap((step) => ('octets' in step ? tcp.data(step.from, step.octets) : [])),
  ];
  return joinOctets([
    sectionHeader('mta'),
    interfaceDescription('peer'),
    ...packets.map((packet, i) => enhancedPacket(0, BigInt(i), packet)),
  ]);
}
