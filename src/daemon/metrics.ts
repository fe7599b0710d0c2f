import type { Registry } from 'prom-client';
import type { Engine } from '../engine/engine.js';
import type { Observation } from '../osi/machine.js';

/** Since the start of the daemon. */
export interface EventCounts {
  /** By name and connector; that of an event which concerns none is empty. */
  readonly events: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Callers that we refused, by cause. */
  readonly refusals: ReadonlyMap<string, number>;
}

export interface Metrics {
  observe(observation: Observation): void;
  /** In Prometheus' format. */
  text(engine: Engine): Promise<string>;
}

/** Counts of events and gauges read from the engine. Until somebody asks for them they are counted and nothing more. */
export function createMetrics(): Metrics {
  const events = new Map<string, Map<string, number>>();
  const refusals = new Map<string, number>();
  let registry: Promise<Registry> | undefined;
  return {
    observe({ event, fields }) {
      let counts = events.get(event);
      if (counts === undefined) events.set(event, (counts = new Map<string, number>()));
      count(counts, String(fields['connector'] ?? ''));
      if (event === 'association.refused' && fields['role'] === 'responder') count(refusals, String(fields['cause']));
    },
    async text(engine) {
      registry ??= import('./metrics-registry.js').then(({ createRegistry }) =>
        createRegistry({ events, refusals }, engine),
      );
      return (await registry).metrics();
    },
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
