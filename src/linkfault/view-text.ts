import type { Stream } from '../faults/pdu-trigger.js';
import type { ConnectionState, LineState } from './line-state.js';
import type { Entry } from './timeline.js';

type Octets = Readonly<Record<Stream, number>>;

const connectionsMax = 20;

/** What is shown of a link; `before` are the octets one `period` (milliseconds) ago. */
export function renderView(
  name: string,
  state: LineState,
  before: Octets | undefined,
  period: number,
  form: 'page' | 'line',
): string {
  const { connections, octets, opened, refused, struck } = state;
  const rate = (stream: Stream): string => {
    const perSecond = ((octets[stream] - (before?.[stream] ?? 0)) * 1000) / period;
    return `${countText(octets[stream])} (${countText(perSecond)}/s)`;
  };
  const injected = Array.from(struck, ([kind, times]) => `${kind} ${String(times)}`).join(', ');
  const summary =
    `${name}: connections ${String(connections.size)} open, ${String(opened)} made, ${String(refused)} refused; ` +
    `octets up ${rate('upstream')}, down ${rate('downstream')}; injected: ${injected === '' ? 'nothing' : injected}\n`;
  if (form === 'line') return summary;
  const rows = Array.from(connections.values()).slice(-connectionsMax).map(connectionText);
  const recent = state.recent.map((entry) => `  ${secondsText(entry.at)}  ${entryText(entry)}\n`);
  return [
    summary,
    '\n',
    '  CONNECTION  ACTIVITY  CHECKPOINTS  WINDOW  NEGOTIATED  LAST PDU\n',
    ...rows,
    '\n',
    ...recent,
    '\n',
  ].join('');
}

function connectionText(state: ConnectionState): string {
  const { connection, activity, sent, acknowledged, checkpointSizeK, windowSize, lastPdu } = state;
  const negotiated = checkpointSizeK === undefined ? '-' : `${String(checkpointSizeK)}K/${String(windowSize)}`;
  const window = activity === undefined ? '-' : `${String(sent - acknowledged)}/${String(windowSize ?? '?')}`;
  const checkpoints = activity === undefined ? '-' : `${String(acknowledged)}/${String(sent)}`;
  const cells = [
    String(connection).padEnd(10),
    (activity ?? '-').padEnd(8),
    checkpoints.padEnd(11),
    window.padEnd(6),
    negotiated.padEnd(10),
    lastPdu,
  ];
  return `  ${cells.join('  ')}\n`;
}

/** A fault, or a change of toxics, in one line. */
function entryText(entry: Entry): string {
  switch (entry.type) {
    case 'struck': {
      const where = entry.connection === undefined ? '' : ` on connection ${String(entry.connection)}`;
      const pdus =
        entry.pdus === undefined ? '' : ` ${entry.place ?? 'at'} ${entry.pdus.join(' + ')} ${entry.stream ?? ''}`;
      return `${entry.kind}${pdus}${where}, round ${String(entry.round)}`;
    }
    case 'toxic.added':
    case 'toxic.updated':
      return `${entry.type} ${entry.toxic.name ?? ''} ${JSON.stringify(entry.toxic.attributes)}`;
    case 'toxic.removed':
    case 'toxic.expired':
      return `${entry.type} ${entry.name}`;
    case 'unrecognised':
      return `${entry.stream} of connection ${String(entry.connection)} is not followed any more: ${entry.text}`;
    case 'finished':
      return `every fault has struck, ${String(entry.rounds)} rounds`;
    default:
      return entry.type;
  }
}

function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(8)} s`;
}

function countText(octets: number): string {
  const units = ['', 'k', 'M', 'G'];
  let value = octets;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(Math.round(value)) : value.toFixed(1)}${units[unit] ?? ''}`;
}
