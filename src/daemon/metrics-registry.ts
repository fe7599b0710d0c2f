import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { stored } from '../admin/submissions.js';
import type { Engine } from '../engine/engine.js';
import type { EventCounts } from './metrics.js';

/** What Prometheus is told whenever it asks: counts of events, and gauges read from the engine; also those of the process, which begin here. */
export function createRegistry({ events, refusals }: EventCounts, engine: Engine): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = [
    new Counter({
      name: 'mta_events_total',
      help: 'Log events by name and connector.',
      labelNames: ['event', 'connector'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [event, counts] of events) {
          for (const [connector, count] of counts) this.inc({ event, connector }, count);
        }
      },
    }),
    new Counter({
      name: 'mta_refusals_total',
      help: 'Callers that were refused, by cause; also those whose line was left out of the log.',
      labelNames: ['cause'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [cause, count] of refusals) this.inc({ cause }, count);
      },
    }),
  ];
  for (const counter of counters) counter.reset();
  const gauge = (name: string, help: string, read: (set: (connector: string, value: number) => void) => void): void => {
    const made = new Gauge({
      name,
      help,
      labelNames: ['connector'],
      registers: [registry],
      collect() {
        read((connector, value) => {
          this.set({ connector }, value);
        });
      },
    });
    made.reset();
  };
  gauge('mta_queue_length', 'Copies queued to a connector.', (set) => {
    for (const { name, queued } of engine.status().connectors) set(name, queued);
  });
  gauge('mta_associations', 'Associations of a connector, both directions.', (set) => {
    for (const { name, associations } of engine.status().connectors) set(name, associations);
  });
  gauge('mta_octets_resent', 'APDU octets sent again since the start.', (set) => {
    for (const { name, octetsResent } of engine.status().connectors) set(name, octetsResent);
  });
  const quarantine = new Gauge({
    name: 'mta_quarantine_entries',
    help: 'Messages put aside that could not be decoded or processed.',
    registers: [registry],
    async collect() {
      this.set((await stored(engine.store, 'counts', {})).quarantined);
    },
  });
  quarantine.reset();
  gauge('mta_rts_mismatches', 'Proposals and answers that differ from our values, since the start.', (set) => {
    for (const { name, mismatches } of engine.status().connectors) set(name, mismatches);
  });
  return registry;
}
