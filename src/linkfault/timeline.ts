/** What a link writes down of a run: one entry a line, in the order in which it happened. */
import type { PduName, Place, Stream } from '../faults/pdu-trigger.js';
import type { Scenario } from '../faults/scenario.js';
import type { LinkFaultKind } from '../faults/schedule.js';
import type { ToxicSettings } from '../faults/toxics.js';

/** How a connection ended: by the end that made it or took it, by a fault or a toxic, or with the link. */
export type Ender = 'client' | 'server' | 'fault' | 'toxic' | 'link';

/** Who wanted a toxic: the scenario, or whoever uses the API. */
export type Author = 'scenario' | 'operator';

export type Event =
  | {
      readonly type: 'started';
      /** ISO 8601; all other times count from here. */
      readonly time: string;
      readonly listen: string;
      readonly upstream: string;
      readonly scenario: Scenario;
    }
  | { readonly type: 'opened'; readonly connection: number }
  | { readonly type: 'refused'; readonly connection: number; readonly text: string }
  /** Came, with what the PDU says; `to` is behind its last octet. Of a DATA TRANSFER when its last octet came, or the connection ended. */
  | {
      readonly type: 'passed';
      readonly connection: number;
      readonly stream: Stream;
      readonly pdus: readonly PduName[];
      readonly from: number;
      readonly to: number;
      readonly [fact: string]: unknown;
    }
  | { readonly type: 'unrecognised'; readonly connection: number; readonly stream: Stream; readonly text: string }
  | {
      readonly type: 'struck';
      readonly kind: LinkFaultKind['kind'];
      /** Its list in the scenario, its place there, from 0, and the round, from 1. */
      readonly list: 'timeline' | 'faults';
      readonly fault: number;
      readonly round: number;
      readonly connection?: number;
      readonly stream?: Stream;
      readonly pdus?: readonly PduName[];
      readonly place?: Place;
      /** Of the first octet of the PDU. */
      readonly from?: number;
      /** Where the PDU did not have the field that was to be changed. */
      readonly text?: string;
    }
  | { readonly type: 'toxic.added'; readonly by: Author; readonly toxic: ToxicSettings }
  | { readonly type: 'toxic.updated'; readonly toxic: ToxicSettings }
  | { readonly type: 'toxic.removed'; readonly by: Author; readonly name: string }
  | { readonly type: 'toxic.expired'; readonly name: string }
  | {
      readonly type: 'closed';
      readonly connection: number;
      readonly by: Ender;
      /** Octets that arrived. */
      readonly upstream: number;
      readonly downstream: number;
    }
  | { readonly type: 'finished'; readonly rounds: number };

/** `at`: milliseconds since the link started. */
export type Entry = { readonly at: number; readonly link: string } & Event;

const decimals = 3;

export function printEntry(entry: Entry): string {
  return `${JSON.stringify({ ...entry, at: Number(entry.at.toFixed(decimals)) })}\n`;
}

/** Throws an Error that names the line. */
export function parseTimeline(text: string, name: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    entries.push(parseLine(line, `${name}:${String(i + 1)}`));
  }
  if (entries[0]?.type !== 'started')
    throw new Error(`${name} is no timeline: it does not begin with a line of type "started"`);
  return entries;
}

function parseLine(line: string, place: string): Entry {
  const wrong = new Error(`${place}: no line of a timeline, which is a JSON object with "at" and "type"`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong;
  }
  if (typeof value !== 'object' || value === null || !('at' in value) || !('type' in value)) throw wrong;
  return value as Entry; // what else is in it is looked at where it is used
}
