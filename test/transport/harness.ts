/** What the tests of the transport machine share: options, effects in a comparable form, and two machines joined by octets. */
import { readFileSync } from 'node:fs';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { createTransportMachine } from '../../src/transport/machine.js';
import type { TransportEffect } from '../../src/transport/outbox.js';
import { packetHead } from '../../src/transport/tpkt.js';
import type { TransportMachine, TransportOptions, TransportRequest } from '../../src/transport/service.js';

export const initiatorOptions: TransportOptions = {
  role: 'initiator',
  reference: 1,
  sizeOffer: 'preferred',
  tsduOctetsMax: 100_000,
  connectMilliseconds: 30_000,
  errorMilliseconds: 10_000,
};
export const responderOptions: TransportOptions = { ...initiatorOptions, role: 'responder', reference: 0x42 };

/** Effects as text, one a line: octets in hexadecimal; observations only by name. */
export function lines(effects: readonly TransportEffect[]): string[] {
  return effects.map((effect) => {
    switch (effect.to) {
      case 'timer':
        return `${effect.action} ${effect.name}`;
      case 'observer':
        return `observe ${effect.observation.event}`;
      default:
        return memberText(effect.primitive);
    }
  });
}

/** As `lines`, without observations. */
export function deeds(effects: readonly TransportEffect[]): string[] {
  return lines(effects.filter((effect) => effect.to !== 'observer'));
}

function memberText({ type, ...members }: { type: string; [name: string]: unknown }): string {
  return [type, ...Object.entries(members).map(([name, value]) => `${name}=${valueText(value)}`)].join(' ');
}

function valueText(value: unknown): string {
  if (value instanceof ByteList) return toHex(value.toUint8Array());
  if (value instanceof Uint8Array) return toHex(value);
  return JSON.stringify(value);
}

export function sentOctets(effects: readonly TransportEffect[]): Uint8Array {
  const lists = effects.flatMap((effect) =>
    effect.to === 'below' && effect.primitive.type === 'N-DATA.request' ? [effect.primitive.userData] : [],
  );
  return ByteList.from(lists).toUint8Array();
}

/** A TPDU in its TPKT, in hexadecimal digits. */
export function packet(tpdu: string): string {
  return toHex(packetHead(fromHex(tpdu), 0));
}

export function received(machine: TransportMachine, hex: string): readonly TransportEffect[] {
  return machine.fromBelow({ type: 'N-DATA.indication', userData: fromHex(hex) });
}

/** An initiator that has sent its CR. */
export function calling(
  options: Partial<TransportOptions> = {},
  selectors: Omit<Extract<TransportRequest, { type: 'T-CONNECT.request' }>, 'type'> = {},
): { machine: TransportMachine; effects: readonly TransportEffect[] } {
  const machine = createTransportMachine({ ...initiatorOptions, ...options });
  machine.fromAbove({ type: 'T-CONNECT.request', ...selectors });
  return { machine, effects: machine.fromBelow({ type: 'N-CONNECT.confirm' }) };
}

/** A responder whose TCP connection has been accepted. */
export function listening(options: Partial<TransportOptions> = {}): TransportMachine {
  const machine = createTransportMachine({ ...responderOptions, ...options });
  machine.fromBelow({ type: 'N-CONNECT.indication' });
  return machine;
}

/** A responder with an open connection, after a CR without size parameters unless another is given. */
export function opened(
  options: Partial<TransportOptions> = {},
  request = '03000011 0ce00000000100 c2045031 5356',
): TransportMachine {
  const machine = listening(options);
  received(machine, request);
  machine.fromAbove({ type: 'T-CONNECT.response' });
  return machine;
}

/** Both ends open. What the one sends is given to the other as one chunk by `carry`. */
export function pair(
  initiator: Partial<TransportOptions> = {},
  responder: Partial<TransportOptions> = {},
): { initiator: TransportMachine; responder: TransportMachine } {
  const { machine, effects } = calling(initiator);
  const other = listening(responder);
  carry(effects, other);
  carry(other.fromAbove({ type: 'T-CONNECT.response' }), machine);
  return { initiator: machine, responder: other };
}

export function carry(effects: readonly TransportEffect[], to: TransportMachine): readonly TransportEffect[] {
  return to.fromBelow({ type: 'N-DATA.indication', userData: sentOctets(effects) });
}

export interface PacketVector {
  readonly name: string;
  readonly packet: string;
  readonly tpdu: Readonly<Record<string, string | number | boolean>>;
  readonly reserved?: string;
}

export interface ConversationVector {
  readonly name: string;
  readonly initiator: { readonly octets: string; readonly tsdus: readonly string[] };
  readonly responder: { readonly octets: string; readonly tsdus: readonly string[] };
}

export const vectors = JSON.parse(
  readFileSync(new URL('../../conformance/vectors/transport.json', import.meta.url), 'utf8'),
) as { readonly packets: readonly PacketVector[]; readonly conversations: readonly ConversationVector[] };
