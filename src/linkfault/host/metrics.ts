import { Counter, Gauge, Registry } from 'prom-client';
import type { Entry } from '../timeline.js';
import type { LinkObserver } from './tcp-link.js';

export interface LinkMetrics extends LinkObserver {
  text(): Promise<string>;
}

/** Counts what passes and what strikes, as Prometheus text. */
export function createLinkMetrics(): LinkMetrics {
  const registers = [new Registry()];
  const [registry] = registers;
  const octets = new Counter({
    name: 'linkfault_octets_total',
    help: 'Octets that arrived.',
    labelNames: ['link', 'stream'],
    registers,
  });
  const pdus = new Counter({
    name: 'linkfault_pdus_total',
    help: 'PDUs that passed, by name.',
    labelNames: ['link', 'stream', 'pdu'],
    registers,
  });
  const faults = new Counter({
    name: 'linkfault_faults_total',
    help: 'Faults that struck, by kind.',
    labelNames: ['link', 'kind'],
    registers,
  });
  const connections = new Counter({
    name: 'linkfault_connections_total',
    help: 'Connections that were made, or refused.',
    labelNames: ['link', 'outcome'],
    registers,
  });
  const open = new Gauge({
    name: 'linkfault_connections_open',
    help: 'Connections that there are.',
    labelNames: ['link'],
    registers,
  });
  const count = (entry: Entry): void => {
    const { link } = entry;
    switch (entry.type) {
      case 'opened':
        connections.inc({ link, outcome: 'opened' });
        open.inc({ link });
        return;
      case 'refused':
        connections.inc({ link, outcome: 'refused' });
        return;
      case 'closed':
        open.dec({ link });
        return;
      case 'passed':
        for (const pdu of entry.pdus) pdus.inc({ link, stream: entry.stream, pdu });
        return;
      case 'struck':
        faults.inc({ link, kind: entry.kind });
        return;
      default:
    }
  };
  return {
    entry: count,
    sent(link, _connection, stream, { length }) {
      octets.inc({ link, stream }, length);
    },
    text: () => registry?.metrics() ?? Promise.resolve(''),
  };
}
