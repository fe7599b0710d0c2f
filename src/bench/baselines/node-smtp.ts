import { join } from 'node:path';
import { until, type Lab } from '../lab.js';
import { readProcess } from '../process-readings.js';

export interface NodeSmtpChain {
  /** Seconds from the first octet of the source to the last of so many messages kept by the second relay. */
  measure(count: number, octets: number): Promise<number>;
  /** Of both together. */
  cpuSeconds(): number;
}

interface Listening {
  readonly port: number;
}

/** Two relays in a row; see programs/smtp-relay.ts. Their source is that of Postfix. */
export async function startNodeSmtpChain(lab: Lab, sessions: number): Promise<NodeSmtpChain> {
  const last = await lab.program<Listening>('smtp-relay', { spool: join(lab.folder, 'smtp-b'), sessions });
  const input = { spool: join(lab.folder, 'smtp-a'), nextPort: last.ready.port, sessions };
  const first = await lab.program<Listening>('smtp-relay', input);
  const kept = (): Promise<number> => last.ask<number>({});
  return {
    cpuSeconds: () => readProcess(first.pid).cpuSeconds + readProcess(last.pid).cpuSeconds,
    measure: async (count, octets) => {
      const wanted = (await kept()) + count;
      const began = performance.now();
      const numbers = ['-s', String(sessions), '-m', String(count), '-l', String(octets)];
      const words = ['-d', ...numbers, '-f', 'anna@alpha.test', '-t', 'ben@beta.test'];
      await lab.run('/usr/sbin/smtp-source', [...words, `127.0.0.1:${String(first.ready.port)}`]);
      await until(async () => ((await kept()) >= wanted ? true : undefined));
      return (performance.now() - began) / 1000;
    },
  };
}
