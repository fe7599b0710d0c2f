/** Why connections end, in numbers and words: the reasons of DR (X.224 §13.5.3) and the causes of ER (X.224 §13.12.3). */
import type { ConnectSelectors, Event } from './events.js';
import type { TransportDisconnectReason } from './service.js';
import type { State } from './state-table.js';

interface ReasonRow {
  readonly text: string;
  readonly transient: boolean;
}

const reasonRows: Readonly<Record<number, ReasonRow>> = {
  0: { text: 'reason not specified', transient: true },
  1: { text: 'congestion at the transport selector', transient: true },
  2: { text: 'nobody is attached to the transport selector', transient: false },
  3: { text: 'transport selector unknown', transient: false },
  128: { text: 'normal disconnect', transient: true }, // of class 1 to 4, but ISODE ends every connection with it
  129: { text: 'congestion of the transport entity', transient: true },
  130: { text: 'no common transport class', transient: false },
  131: { text: 'duplicate source reference', transient: true },
  132: { text: 'mismatched references', transient: true },
  133: { text: 'protocol error', transient: true },
  135: { text: 'reference overflow', transient: true },
  136: { text: 'connection refused on this network connection', transient: true },
  138: { text: 'header or parameter length invalid', transient: true },
};

const causeTexts: Readonly<Record<number, string>> = {
  0: 'cause not specified',
  1: 'invalid parameter code',
  2: 'invalid TPDU type',
  3: 'invalid parameter value',
};

/** What a DR says, in words. */
export function disconnectText(reason: number): string {
  return reasonRows[reason]?.text ?? 'unknown reason';
}

/** What is known of a connection when it ends. */
export interface Circumstances {
  readonly state: State;
  readonly selectors: ConnectSelectors;
  /** `partial`: a TPKT or a TSDU had begun and is lost. */
  readonly received: 'whole' | 'partial';
}

/** What the event that ends a connection tells the user. */
export function reasonOf(event: Event, circumstances: Circumstances): TransportDisconnectReason {
  const wasOpen = circumstances.state === 'OPEN';
  switch (event.type) {
    case 'DR': {
      const text = `DR ${event.reason}: ${disconnectText(event.reason)}`;
      return { origin: 'peer', transient: reasonRows[event.reason]?.transient ?? true, code: event.reason, text };
    }
    case 'ER': {
      const text = `ER ${event.rejectCause}: ${causeTexts[event.rejectCause] ?? 'unknown cause'}`;
      return { origin: 'peer', transient: wasOpen, text }; // the same CR would be rejected again
    }
    case 'NDISind':
      return { origin: 'network', transient: true, text: networkText(event.text, circumstances) };
    case 'invalid TPDU':
    case 'invalid TPKT':
      return { origin: 'local', transient: wasOpen, text: `protocol error of the peer: ${event.fault.text}` };
    case 'DT':
      return { origin: 'local', transient: false, text: 'the peer sends a TSDU longer than the limit' };
    case 'TS1':
      return { origin: 'local', transient: true, text: `no answer in time to ${connectText(circumstances.selectors)}` };
    default:
      return { origin: 'local', transient: true, text: `ended at ${event.type}` };
  }
}

function networkText(text: string, { state, selectors, received }: Circumstances): string {
  if (state === 'WFCC') return `${text}, instead of an answer to ${connectText(selectors)}`; // so peers refuse unknown selectors
  return received === 'partial' ? `${text}, inside a unit of data` : text;
}

function connectText({ calledSelector, callingSelector }: ConnectSelectors): string {
  return `the connection request (called selector ${selectorText(calledSelector)}, calling selector ${selectorText(callingSelector)})`;
}

/** Printable selectors as text, others as hexadecimal octets. */
export function selectorText(selector: Uint8Array | undefined): string {
  if (selector === undefined) return 'none';
  const octets = [...selector];
  if (octets.length > 0 && octets.every((octet) => octet > 0x20 && octet < 0x7f)) {
    return `"${String.fromCharCode(...octets)}"`;
  }
  return `0x${octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')}`;
}
