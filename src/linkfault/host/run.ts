/** One link, with everything that watches and controls it, until it is told to end. */
import type { Server } from 'node:http';
import type { Scenario } from '../../faults/scenario.js';
import { serveApi } from './api.js';
import { createLinkMetrics } from './metrics.js';
import { recordCapture, recordTimeline, type Recorder } from './recorder.js';
import { placeOf, TcpLink, type LinkObserver } from './tcp-link.js';
import { showLive } from './text-view.js';

export interface RunSettings {
  /** Without one the API starts with none. */
  readonly link?: { readonly name: string; readonly listen: string; readonly upstream: string };
  readonly scenario: Scenario;
  /** Where the API listens. */
  readonly api?: string;
  readonly timeline?: string;
  readonly capture?: string;
  readonly view?: { readonly isTTY?: boolean; write(text: string): unknown };
}

export interface RunningLinks {
  readonly links: ReadonlyMap<string, TcpLink>;
  /** Resolves when every fault of the scenario has struck as often as it was to. */
  readonly played: Promise<void>;
  close(): Promise<void>;
}

/** Rejects when a port or a file cannot be had. */
export async function runLinks({ link, scenario, api, timeline, capture, view }: RunSettings): Promise<RunningLinks> {
  const metrics = createLinkMetrics();
  const recorders: Recorder[] = [
    ...(timeline === undefined ? [] : [recordTimeline(timeline)]),
    ...(capture === undefined ? [] : [recordCapture(capture)]),
    ...(view === undefined ? [] : [showLive(view)]),
  ];
  const watchers: readonly LinkObserver[] = [metrics, ...recorders];
  let finish = (): void => undefined;
  const played = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const observer: LinkObserver = {
    entry(entry) {
      for (const watcher of watchers) watcher.entry(entry);
      if (entry.type === 'finished') finish();
    },
    sent(...sent) {
      for (const watcher of watchers) watcher.sent(...sent);
    },
  };
  const links = new Map<string, TcpLink>();
  let server: Server | undefined;
  const close = async (): Promise<void> => {
    server?.close();
    server?.closeAllConnections();
    for (const each of links.values()) await each.close();
    for (const recorder of recorders) await recorder.close();
  };
  try {
    if (link !== undefined) {
      const made = new TcpLink(link, scenario, observer);
      links.set(link.name, made);
      await made.start();
    }
    if (api !== undefined) server = await serveApi(placeOf(api), { links, observer, metrics: () => metrics.text() });
  } catch (error) {
    await close();
    throw error;
  }
  return { links, played, close };
}
