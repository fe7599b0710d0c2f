/** One packet with data, as the analyser reads it. */
import { valueSeparator } from './tshark.js';

/** Who sent a packet of a conformance case. */
export interface Sender {
  readonly caseId: string;
  readonly is: 'tester' | 'implementation';
}

export interface Frame {
  readonly number: number;
  /** Of the TCP connection. */
  readonly stream: number;
  readonly from: 'client' | 'server';
  /** Of data, in octets. */
  readonly octets: number;
  /** In a capture of a conformance run. */
  readonly sender?: Sender;
  readonly spdus: readonly number[];
  /** The mode-selector of a CP or CPA in it. */
  readonly mode?: 'normal' | 'x410-1984';
  /** The innermost layer that was recognised. */
  readonly layer: string;
  readonly info: string;
  /** What is wrong, in the words of the analyser. */
  readonly faults: readonly string[];
}

/** SPDU identifiers by name (X.225 §8.3), as far as a reader of captures asks for them. */
export const spdu = { DT: 1, PT: 2, CN: 13, AC: 14, CDO: 15, AI: 25, AR: 29, AE: 41, AD: 57 } as const;

/** GIVE TOKENS and PLEASE TOKENS, which stand before the SPDUs of category 2. */
const prefixes: readonly number[] = [1, 2];
/** Behind a prefix the code of ABORT is that of ACTIVITY INTERRUPT, so these count behind a prefix only. */
const behindPrefix: readonly number[] = [spdu.DT, spdu.AI, spdu.AR, spdu.AE, spdu.AD];

/** Only these are asked for. */
export const framesWithData = 'tcp.len > 0';

export const frameFields = [
  'frame.number',
  'tcp.stream',
  'tcp.srcport',
  'tcp.len',
  'frame.comment',
  'ses.type',
  'pres.mode_value',
  'frame.protocols',
  '_ws.col.Info',
  '_ws.malformed',
  '_ws.expert.message',
  '_ws.expert.severity',
] as const;

/** Severities from this one on are faults; below are notes on the life of TCP. */
const warning = 0x60_0000;

/** The port of the server in every capture of ours. */
const serverPort = '102';

/** The comment of each packet in captures of a conformance run. */
const senderComment = /^(\S+), sent by the (tester|implementation)$/;

function senderIn(comment: string | undefined): { readonly sender?: Sender } {
  const [, caseId, is] = senderComment.exec(comment ?? '') ?? [];
  return caseId === undefined ? {} : { sender: { caseId, is: is === 'tester' ? is : 'implementation' } };
}

export function frameOf(values: readonly string[]): Frame {
  const field = (name: (typeof frameFields)[number]): string => values[frameFields.indexOf(name)] ?? '';
  const list = (name: (typeof frameFields)[number]): readonly string[] =>
    field(name) === '' ? [] : field(name).split(valueSeparator);
  const [mode] = list('pres.mode_value');
  const severities = list('_ws.expert.severity');
  const told = list('_ws.expert.message').filter((_, i) => Number(severities[i]) >= warning);
  return {
    number: Number(field('frame.number')),
    stream: Number(field('tcp.stream')),
    from: field('tcp.srcport') === serverPort ? 'server' : 'client',
    octets: Number(field('tcp.len')),
    ...senderIn(list('frame.comment')[0]),
    spdus: spdusOf(list('ses.type').map(Number)),
    ...(mode === undefined ? {} : { mode: mode === '0' ? 'x410-1984' : 'normal' }),
    layer: field('frame.protocols').split(':').at(-1) ?? '',
    info: list('_ws.col.Info').join(', '),
    faults: [...new Set(told.length === 0 ? list('_ws.malformed') : told)],
  };
}

/** Without prefixes; those that have a meaning of their own behind a prefix are left out where there is none. */
function spdusOf(codes: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const next = codes[i + 1];
    if (prefixes.includes(code) && next !== undefined) {
      found.push(next);
      i++;
    } else if (!behindPrefix.includes(code)) found.push(code);
  }
  return found;
}
