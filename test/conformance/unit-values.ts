import { fromHex } from '../../src/bytes/octets.js';
import type { AbortReason, ConnectionData, NegotiatedValues, RtseRequest } from '../../src/rtse/service.js';
import type { Unit } from './units.js';

export function unitNamed(units: readonly Unit[], name: string): Unit {
  const unit = units.find((candidate) => candidate.unit === name);
  if (unit === undefined) throw new Error(`no ${name}`);
  return unit;
}

interface WrittenValue {
  readonly contextIdentifier: number;
  readonly value: { readonly [member: string]: unknown; readonly userInformation?: readonly { value: unknown }[] };
}

interface WrittenRtorq {
  readonly proposal: NegotiatedValues;
  readonly dialogueMode: 'monologue' | 'two-way-alternate';
  readonly connectionData: { readonly kind: 'open'; readonly userData?: string };
}

interface WrittenRtoac {
  readonly answer: NegotiatedValues;
  readonly connectionData: { readonly kind: 'open'; readonly userData?: string };
}

/** The APDU of reliable transfer that a connection SPDU carries, in either mode. */
function openingApdu(unit: Unit, x410Member: string): unknown {
  const data = unit['userData'] as { readonly [member: string]: unknown; readonly userData?: readonly WrittenValue[] };
  return data[x410Member] ?? data.userData?.[0]?.value.userInformation?.[0]?.value;
}

/** The bind error in a refusal. */
export function bindErrorIn(unit: Unit): Uint8Array | undefined {
  const { userData } = openingApdu(unit, 'rtorj') as { readonly userData?: string };
  return userData === undefined ? undefined : fromHex(userData);
}

export function rtoacIn(unit: Unit): WrittenRtoac {
  return openingApdu(unit, 'rtoac') as WrittenRtoac;
}

export function abortReasonIn(unit: Unit): AbortReason | undefined {
  if (unit['userData'] === undefined) return undefined;
  return (openingApdu(unit, 'rtab') as { reason?: AbortReason } | undefined)?.reason;
}

export function openRequestOf(cr: Unit, cn: Unit): Extract<RtseRequest, { type: 'RT-OPEN.request' }> {
  const { proposal, dialogueMode, connectionData } = openingApdu(cn, 'rtorq') as WrittenRtorq;
  const { calling = '', common = '' } = cn['identifier'] as { calling?: string; common?: string };
  const { tokenSettingItem } = cn['connectAcceptItem'] as { tokenSettingItem: number };
  const { contextDefinitions = [] } = cn['userData'] as {
    contextDefinitions?: readonly { identifier: number; abstractSyntax: string }[];
  };
  return {
    type: 'RT-OPEN.request',
    addresses: { called: { transport: fromHex(String(cr['calledSelector'])) }, calling: {} },
    identifier: { calling: fromHex(calling), common: fromHex(common) },
    dialogueMode,
    initialTurn: tokenSettingItem === 0 ? 'initiator' : 'responder',
    proposal,
    connectionData: connectionDataOf(connectionData),
    contexts: contextDefinitions.map(({ identifier, abstractSyntax }) => ({ identifier, abstractSyntax })),
    applicationContext: '2.6.0.1.6',
    applicationProtocol: protocolIn(cn),
  };
}

function protocolIn(cn: Unit): 12 | 1 {
  const { applicationProtocol } = openingApdu(cn, 'rtorq') as { applicationProtocol?: unknown };
  return applicationProtocol === 1 ? 1 : 12;
}

export function connectionDataOf({ kind, userData }: WrittenRtoac['connectionData']): ConnectionData {
  return { kind, ...(userData === undefined ? {} : { userData: fromHex(userData) }) };
}

/** The octets of the APDU in a DT. */
export function pieceOf(unit: Unit): Uint8Array {
  const data = unit['userInformation'];
  if (typeof data === 'string') return fromHex(data);
  if (!Array.isArray(data)) return new Uint8Array(0); // malformed
  const [written] = data as readonly WrittenValue[];
  return fromHex((written?.value['contents'] ?? '') as string);
}

export function priorityIn(unit: Unit): number {
  const data = unit['userData'];
  return typeof data === 'number' ? data : ((data as readonly WrittenValue[])[0]?.value['priority'] as number);
}
