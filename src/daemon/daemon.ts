import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { serveReadings } from '../admin/readings.js';
import { serveAdmin, type AdminPorts } from '../admin/server.js';
import { TraceHub } from '../admin/trace-hub.js';
import { problemText } from '../config/problem.js';
import { compareForReload, type SiteChange } from '../config/reload.js';
import type { Site } from '../config/site.js';
import { Engine } from '../engine/engine.js';
import { easeCollector } from '../host/collector.js';
import { listen, type Listener } from '../host/listeners.js';
import type { NumberedSteps } from '../host/numbered-steps.js';
import { createNodeWorld } from '../host/node-world.js';
import { loadSiteFile } from '../host/site-files.js';
import { startWorkerStore, type WorkerStore } from '../host/worker-store.js';
import type { StoreAnswer, StoreOutput } from '../queue/store.js';
import { createMetrics } from './metrics.js';
import { openLog, type DaemonLog } from './log.js';

/** The whole of a shutdown: interrupted activities, the last commits, the log; milliseconds. Operators are promised ten seconds. */
const shutdownMillisecondsMax = 9500;

export interface DaemonArguments {
  readonly sitePath: string;
  readonly logLevel: string;
  /** Only in tests of crashes. */
  readonly steps?: NumberedSteps;
}

/** Runs the daemon in the foreground until SIGTERM or SIGINT; resolves with its exit code. */
export async function runDaemon({ sitePath, logLevel, steps }: DaemonArguments, site: Site): Promise<number> {
  easeCollector();
  mkdirSync(site.dataDirectory, { recursive: true });
  const log = await openLog(site.dataDirectory, logLevel);
  try {
    const daemon = await startDaemon({ sitePath, site, log, steps });
    await daemon.ended;
    return 0;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    log.observe({ event: 'failed', level: 'error', fields: { text } });
    return 1;
  } finally {
    log.flush();
  }
}

interface DaemonParts {
  readonly sitePath: string;
  readonly site: Site;
  readonly log: DaemonLog;
  readonly steps: NumberedSteps | undefined;
}

async function startDaemon({ sitePath, site, log, steps }: DaemonParts): Promise<{ readonly ended: Promise<void> }> {
  const traces = new TraceHub();
  const metrics = createMetrics();
  const world = createNodeWorld({
    observe: (observation) => {
      metrics.observe(observation);
      log.observe(observation);
    },
    tap: (event) => {
      traces.tap(event);
    },
  });
  const { store, opened } = await openStore(site, steps);
  const engine = new Engine(site, world, store, opened);
  const ports: AdminPorts = {
    engine,
    traces,
    reload: () => {
      const { changes, problems } = reload(engine, sitePath, log);
      return problems.length === 0 ? Promise.resolve(changes) : Promise.reject(new Error(problems.join('\n')));
    },
    metrics: () => metrics.text(engine),
  };
  const doors = await openDoors(site, engine, ports).catch(async (error: unknown) => {
    await store.terminate();
    throw error;
  });
  engine.start();
  const ended = new Promise<void>((resolveEnded) => {
    let ending = false;
    const end = (signal: string): void => {
      if (ending) return;
      ending = true;
      log.observe({ event: 'stopping', level: 'info', fields: { signal } });
      // Also where all is done, for a peer that does not close its end of a connection.
      const force = setTimeout(() => {
        process.exit(0);
      }, shutdownMillisecondsMax);
      doors.close();
      engine.stop(() => {
        store.execute('close', {}, () => {
          void store.terminate().then(() => {
            force.unref();
            log.observe({ event: 'stopped', level: 'info', fields: { signal } });
            resolveEnded();
          });
        });
      });
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    // A mistake of ours in one place must not take every association and the queue with it; what is durable is durable.
    process.on('uncaughtException', (error) => {
      log.observe({ event: 'internal-error', level: 'error', fields: { text: error.message, stack: error.stack } });
    });
    process.on('SIGHUP', () => {
      reload(engine, sitePath, log);
    });
  });
  // Not before signals are heard: who waits for this line may send one at once.
  log.observe({
    event: 'ready',
    level: 'info',
    fields: {
      mta: site.mta.name,
      listen: doors.listeners.map(({ address }) => `${address.host}:${String(address.port)}`).join(' '),
      admin: site.admin.socket,
      pid: process.pid,
    },
  });
  return { ended };
}

/** Rejects when another daemon has the data directory, or it cannot be read. */
async function openStore(
  site: Site,
  steps: NumberedSteps | undefined,
): Promise<{ readonly store: WorkerStore; readonly opened: StoreOutput<'open'> }> {
  const { dataDirectory, limits } = site;
  const store = await startWorkerStore({
    dataDirectory,
    reserveOctets: limits.diskReserveOctets,
    queueOctetsMax: limits.queueOctetsMax,
    ...(steps === undefined ? {} : { steps }),
  });
  const input = { duplicateRetentionSeconds: limits.duplicateHistorySeconds };
  const answer = await new Promise<StoreAnswer<'open'>>((answered) => {
    store.execute('open', input, answered);
  });
  if (answer.ok) return { store, opened: answer.value };
  await store.terminate();
  const { code, text } = answer.failure;
  const reason = code === 'in-use' ? 'another daemon is using it' : text;
  throw new Error(`the data directory ${dataDirectory} cannot be opened: ${reason}`);
}

interface Doors {
  readonly listeners: readonly Listener[];
  close(): void;
}

/** Where peers and operators come in. Rejects, with none left open, when one cannot be opened. */
async function openDoors(site: Site, engine: Engine, ports: AdminPorts): Promise<Doors> {
  const listeners: Listener[] = [];
  const servers: { close(): void }[] = [];
  const close = (): void => {
    for (const listener of listeners) void listener.close();
    for (const server of servers) server.close();
  };
  try {
    for (const place of site.listen) {
      listeners.push(await listen(place, (connection) => engine.accept(connection, place.selectors)));
    }
    servers.push(await serveAdmin(site.admin.socket, ports));
    if (site.admin.http !== undefined) servers.push(await serveReadings(site.admin.http, ports));
    return { listeners, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface Reload {
  readonly changes: readonly string[];
  readonly problems: readonly string[];
}

/** Applies what can be applied of the site file as it is now; a file with errors changes nothing. */
function reload(engine: Engine, sitePath: string, log: DaemonLog): Reload {
  const load = loadSiteFile(resolve(sitePath));
  if (!load.valid) {
    const problems = load.problems.map(problemText);
    log.observe({ event: 'reload.refused', level: 'error', fields: { text: problems.join('; ') } });
    return { changes: [], problems };
  }
  const running = engine.site;
  const texts = compareForReload(running, load.site).map(changeText);
  engine.reload({
    ...load.site,
    mta: { ...load.site.mta, name: running.mta.name, globalDomain: running.mta.globalDomain },
    listen: running.listen,
    dataDirectory: running.dataDirectory,
    admin: running.admin,
  });
  log.observe({ event: 'reloaded', level: 'info', fields: { changes: texts.join('; ') } });
  return { changes: texts, problems: [] };
}

function changeText({ setting, before, after, applies }: SiteChange): string {
  const when = { 'at-once': 'at once', 'next-association': 'from the next association on', restart: 'after a restart' }[
    applies
  ];
  return `${setting}: ${before ?? 'nothing'} -> ${after ?? 'nothing'} (${when})`;
}
