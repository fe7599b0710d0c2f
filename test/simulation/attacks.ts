import { fromHex, latin1Octets, latin1Text, toHex } from '../../src/bytes/octets.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import { messages } from '../conformance/traffic.js';

/** What a well-behaved peer sends and hears, packet by packet, to be misused. */
export interface Recording {
  readonly connectionRequest: Uint8Array;
  readonly connect: Uint8Array;
  readonly activityStart: Uint8Array;
  /** A whole short message. */
  readonly data: Uint8Array;
  readonly activityEnd: Uint8Array;
  /** From its ACTIVITY START to its ACTIVITY END, a message with more checkpoints than the window of 5 allows outstanding. */
  readonly longActivity: readonly Uint8Array[];
  readonly release: Uint8Array;
  readonly all: readonly Uint8Array[];
  readonly connectionConfirm: Uint8Array;
  readonly accept: Uint8Array;
}

/** Packets of RFC 1006, one after another. */
function packetsOf(octets: Uint8Array): readonly Uint8Array[] {
  const packets: Uint8Array[] = [];
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  for (let offset = 0; offset < octets.length; offset += view.getUint16(offset + 2)) {
    packets.push(octets.slice(offset, offset + view.getUint16(offset + 2)));
  }
  return packets;
}

/** Of another life of the process: what this one says is never taken for what the agent of the test says. */
function ofAnotherLife(octets: Uint8Array): Uint8Array {
  const birthmark = /MTA-ALPHA\.([0-9a-z]+)\./.exec(latin1Text(octets))?.[1];
  return birthmark === undefined ? octets : withText(octets, `.${birthmark}.`, `.${'z'.repeat(birthmark.length)}.`);
}

function record(mode: ReliableTransferMode): Recording {
  const traffic = messages({ mode });
  const packets = (kind: 'sent' | 'received'): readonly Uint8Array[] =>
    traffic
      .flatMap((event) => (event.kind === kind && event.octets instanceof Uint8Array ? packetsOf(event.octets) : []))
      .map(ofAnotherLife);
  const [connectionRequest, connect, activityStart, data, activityEnd, ...rest] = packets('sent');
  const [connectionConfirm, accept] = packets('received');
  const release = rest.at(-1);
  if (
    connectionRequest === undefined ||
    connect === undefined ||
    activityStart === undefined ||
    data === undefined ||
    activityEnd === undefined ||
    release === undefined ||
    connectionConfirm === undefined ||
    accept === undefined
  ) {
    throw new Error('too little was said');
  }
  return {
    connectionRequest,
    connect,
    activityStart,
    data,
    activityEnd,
    longActivity: rest.slice(0, -1),
    release,
    all: packets('sent'),
    connectionConfirm,
    accept,
  };
}

const recordings = new Map<ReliableTransferMode, Recording>();

export function recordingOf(mode: ReliableTransferMode): Recording {
  const recording = recordings.get(mode) ?? record(mode);
  recordings.set(mode, recording);
  return recording;
}

/** The same octets with other text of the same length in them. */
export function withText(octets: Uint8Array, text: string, other: string): Uint8Array {
  const changed = toHex(octets).replaceAll(toHex(latin1Octets(text)), toHex(latin1Octets(other)));
  return fromHex(changed);
}

/** A CONNECT whose presentation data claim to be four thousand million octets. */
function withAbsurdLength(connect: Uint8Array): Uint8Array {
  const modeSelector = /a00380010[01]/.exec(toHex(connect));
  if (modeSelector === null) throw new Error('no mode selector');
  const changed = connect.slice();
  changed[modeSelector.index / 2 + 6] = 0x84;
  return changed.fill(0xff, modeSelector.index / 2 + 7, modeSelector.index / 2 + 11);
}

export type Move = Uint8Array | 'close';

export interface Attack {
  readonly what: string;
  readonly moves: (recording: Recording) => readonly Move[];
  /** The one line about it. */
  readonly line: { readonly event: string; readonly cause: string; readonly text: RegExp };
}

function refused(cause: string, text: RegExp): Attack['line'] {
  return { event: 'association.refused', cause, text };
}

function lost(cause: string, text: RegExp): Attack['line'] {
  return { event: 'association.lost', cause, text };
}

const minorSyncPoint = (serialNumber: number): Uint8Array => fromHex(`0300000e02f080010031032a013${serialNumber}`);
const activityEndAck = fromHex('0300000e02f08002002a032a0131');
const finish = fromHex('0300000c02f0800903110101');

/** Whoever calls, without having bound. */
export const attacksOfStrangers: readonly Attack[] = [
  {
    what: 'another protocol',
    moves: () => [latin1Octets('GET / HTTP/1.1\r\nHost: mta\r\n\r\n')],
    line: refused('protocol-error', /^TPKT version 71/),
  },
  {
    what: 'a packet too short for anything',
    moves: () => [fromHex('03000003')],
    line: refused('protocol-error', /^TPKT of 3 octets/),
  },
  {
    what: 'a first packet of absurd length',
    moves: () => [fromHex('0300ffff02f080')],
    line: refused('protocol-error', /^TPKT of 65535 octets/),
  },
  {
    what: 'nothing at all',
    moves: () => [],
    line: refused('no-bind', /^no connection request in time$/),
  },
  {
    what: 'nothing, and then the end',
    moves: () => ['close'],
    line: refused('no-bind', /^closed by the peer$/),
  },
  {
    what: 'half a connection request',
    moves: ({ connectionRequest }) => [connectionRequest.subarray(0, 10)],
    line: refused('no-bind', /^no connection request in time$/),
  },
  {
    what: 'half a bind',
    moves: ({ connectionRequest, connect }) => [connectionRequest, connect.subarray(0, 50)],
    line: refused('no-bind', /^no bind in time/),
  },
  {
    what: 'half a bind, and then the end',
    moves: ({ connectionRequest, connect }) => [connectionRequest, connect.subarray(0, 50), 'close'],
    line: refused('no-bind', /^closed by the peer, inside a unit of data$/),
  },
  {
    what: 'no bind',
    moves: ({ connectionRequest }) => [connectionRequest],
    line: refused('no-bind', /^no bind in time$/),
  },
  {
    what: 'a transport selector that nobody has',
    moves: ({ connectionRequest }) => [withText(connectionRequest, 'MTA', 'XYZ')],
    line: refused('not-served', /^transport selector unknown: called selector "XYZ"$/),
  },
  {
    what: 'an SPDU of absurd length',
    moves: ({ connectionRequest }) => [connectionRequest, fromHex('0300000e02f0800dff4000050613')],
    line: refused('protocol-error', /^unit of 16384 octets is cut off/),
  },
  {
    what: 'presentation data of absurd length',
    moves: ({ connectionRequest, connect }) => [connectionRequest, withAbsurdLength(connect)],
    line: refused('protocol-error', /length/),
  },
  {
    what: 'a TPDU that class 0 does not have',
    moves: ({ connectionRequest }) => [connectionRequest, fromHex('0300000702a080')],
    line: refused('protocol-error', /^TPDU code a0/),
  },
  {
    what: 'two connection requests',
    moves: ({ connectionRequest }) => [connectionRequest, connectionRequest],
    line: refused('protocol-error', /^CR in state OPEN$/),
  },
  {
    what: 'an activity before the bind',
    moves: ({ connectionRequest, activityStart }) => [connectionRequest, activityStart],
    line: refused('protocol-error', /^ACTIVITY START instead of a CONNECT$/),
  },
  {
    what: 'an unknown name',
    moves: ({ connectionRequest, connect }) => [connectionRequest, withText(connect, 'MTA-ALPHA', 'MTA-OMEGA')],
    line: refused('unknown-peer', /"MTA-OMEGA"/),
  },
  {
    what: 'a wrong password',
    moves: ({ connectionRequest, connect }) => [connectionRequest, withText(connect, 'alpha-secret', 'alpha-guess!')],
    line: refused('bad-password', /^connector alpha: a wrong password$/),
  },
];

/** A peer that has bound, and then misbehaves. */
export const attacksOfPeers: readonly Attack[] = [
  {
    what: 'a second bind',
    moves: ({ connect }) => [connect],
    line: lost('protocol', /^CONNECT: CN is not allowed now$/),
  },
  {
    what: 'a checkpoint outside of an activity',
    moves: () => [minorSyncPoint(1)],
    line: lost('protocol', /^MINOR SYNC POINT: MIP is not allowed now$/),
  },
  {
    what: 'data outside of an activity',
    moves: ({ data }) => [data],
    line: lost('protocol', /^RTTR in state R0$/),
  },
  {
    what: 'an acknowledgement of nothing',
    moves: () => [activityEndAck],
    line: lost('protocol', /^ACTIVITY END ACK: /),
  },
  {
    what: 'a checkpoint with a wrong number',
    moves: ({ activityStart, data }) => [activityStart, data, minorSyncPoint(3)],
    line: lost('protocol', /^MINOR SYNC POINT: MIP 3 came, MIP 1 was due$/),
  },
  {
    what: 'a release in the middle of an activity',
    moves: ({ activityStart, data }) => [activityStart, data, finish],
    line: lost('protocol', /^FINISH: /),
  },
  {
    what: 'silence in the middle of an activity',
    moves: ({ activityStart, data }) => [activityStart, data],
    line: lost('transport', /^the peer is silent$/),
  },
  {
    what: 'the end of the connection in the middle of an activity',
    moves: ({ activityStart, data }) => [activityStart, data, 'close'],
    line: lost('transport', /^closed by the peer$/),
  },
  {
    what: 'the end of the connection in the middle of a packet',
    moves: ({ activityStart, data }) => [activityStart, data.subarray(0, data.length - 1), 'close'],
    line: lost('transport', /^closed by the peer, inside a unit of data$/),
  },
  {
    what: 'nothing more',
    moves: () => [],
    line: lost('abort', /^idle for too long$/),
  },
];
