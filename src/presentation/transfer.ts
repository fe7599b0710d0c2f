/** Actions of the state table in the data phase, on release and on aborts. */
import { ByteList } from '../bytes/byte-list.js';
import { encodeAbort, membersOf, rtabTag } from './codec.js';
import { above, below, observe, type Connection, type PresentationEffect } from './connection.js';
import { as, type PresentationEvent } from './events.js';
import { abortEvents, abortReasons, type AbortReason } from './reasons.js';
import { berTransferSyntax, type PresentationData, type PresentationIndication } from './service.js';
import type { Action } from './state-table.js';
import { embed, wrapValue } from './user-data.js';

type Perform = (connection: Connection, event: PresentationEvent) => readonly PresentationEffect[];
type TransferAction = Exclude<Action, `CP${string}` | `P-CON${string}`>;

/** User data of ABORT in session version 1 (X.225 §8.3.9). */
const abortDataOctetsMaxInVersionOne = 9;

/** Members of RTAB with abortReason protocolError: a 1984 peer knows no ARP. */
const protocolError = Uint8Array.of(0x80, 1, 4);

/** Reasons of ARP that need no event identifier (X.226 §6.4). */
const reasonsWithoutEvent: readonly AbortReason[] = ['reason not specified', 'unrecognized PPDU'];

export const transferActions: Readonly<Record<TransferAction, Perform>> = {
  TD(connection, event) {
    const { abstractSyntax, userData } = as(event, 'P-DTreq').request;
    const octets =
      connection.mode === 'normal' ? wrapValue(connection.contexts, { abstractSyntax, octets: userData }) : userData;
    return [below({ type: 'S-DATA.request', userData: octets })];
  },

  'P-DTind': (_, event) =>
    as(event, 'TD').values.map(({ abstractSyntax, octets }) =>
      above({ type: 'P-DATA.indication', abstractSyntax, userData: octets }),
    ),

  'S-TPreq'(connection, event) {
    const { tokens, userData } = as(event, 'P-TPreq').request;
    return [below({ type: 'S-TOKEN-PLEASE.request', tokens, ...data(connection, userData) })];
  },

  'P-TPind'(_, event) {
    const { indication, userData } = as(event, 'S-TPind');
    const { tokens } = indication;
    return [above({ type: 'P-TOKEN-PLEASE.indication', tokens, ...(userData && { userData }) })];
  },

  'S-RELreq': (connection, event) => [
    below({ type: 'S-RELEASE.request', ...releaseData(connection, as(event, 'P-RELreq').userData) }),
  ],

  'S-RELrsp': (connection, event) => [
    below({ type: 'S-RELEASE.response', ...releaseData(connection, as(event, 'P-RELrsp').userData) }),
  ],

  'P-RELind'(_, event) {
    const { userData } = as(event, 'S-RELind');
    return [above({ type: 'P-RELEASE.indication', ...(userData && { userData }) })];
  },

  'P-RELcnf'(_, event) {
    const { userData } = as(event, 'S-RELcnf');
    return [above({ type: 'P-RELEASE.confirm', ...(userData && { userData }) })];
  },

  'S-req': (_, event) => [below(as(event, 'S-req').request)],

  'S-ind': (_, event) => [above(as(event, 'S-ind').indication)],

  ARU(connection, event) {
    const { userData, abstractSyntaxes } = as(event, 'P-UABreq').request;
    if (connection.mode === 'x410-1984') {
      const aru = userData && encodeAbort({ kind: 'aruX410Mode', value: membersOf(userData.octets, rtabTag) });
      return [below({ type: 'S-U-ABORT.request', ...(aru && { userData: aru }) })];
    }
    const empty = encodeAbort({ kind: 'aru', value: {} });
    if (userData === undefined) return [below({ type: 'S-U-ABORT.request', userData: empty })];
    const contextIdentifiers = abstractSyntaxes.map((abstractSyntax) => ({
      identifier: connection.contexts.identifierOf(abstractSyntax),
      transferSyntax: berTransferSyntax,
    }));
    const aru = encodeAbort({
      kind: 'aru',
      value: { contextIdentifiers, userData: embed(connection.contexts, userData) },
    });
    const fits = connection.sessionVersion !== 1 || aru.length <= abortDataOctetsMaxInVersionOne;
    return [below({ type: 'S-U-ABORT.request', userData: fits ? aru : empty })];
  },

  ARP(connection, event) {
    const { fault } = as(event, 'invalid PPDU');
    const { at, text } = fault;
    const reason =
      at === undefined && !reasonsWithoutEvent.includes(fault.reason) ? 'reason not specified' : fault.reason;
    const arp =
      connection.mode === 'normal'
        ? encodeAbort({
            kind: 'arp',
            value: {
              providerReason: abortReasons.indexOf(reason),
              ...(at !== undefined && { eventIdentifier: abortEvents.indexOf(at) }),
            },
          })
        : encodeAbort({ kind: 'aruX410Mode', value: protocolError });
    return [
      observe('presentation.protocol-error', 'warn', { reason: fault.reason, at, text }),
      below({ type: 'S-U-ABORT.request', userData: arp }),
    ];
  },

  'P-UABind'(_, event) {
    const { userData } = as(event, 'ARU');
    return [above({ type: 'P-U-ABORT.indication', ...(userData && { userData }) })];
  },

  'P-PABind': (_, event) => [above(providerAbort(event))],
};

function providerAbort(event: PresentationEvent): Extract<PresentationIndication, { type: 'P-P-ABORT.indication' }> {
  const type = 'P-P-ABORT.indication';
  if (event.name === 'S-PABind') {
    const { cause, origin, text } = event.indication;
    return { type, cause: cause === 'transport' ? 'transport' : 'session', origin, text };
  }
  if (event.name === 'ARP') return { type, cause: 'presentation', origin: 'peer', text: event.text };
  return { type, cause: 'presentation', origin: 'local', text: as(event, 'invalid PPDU').fault.text };
}

/** The user data of a session primitive other than S-DATA. */
function data(connection: Connection, value: PresentationData | undefined): { readonly userData?: Uint8Array } {
  if (value === undefined) return {};
  const { abstractSyntax, octets } = value;
  if (connection.mode === 'x410-1984') return { userData: octets };
  return { userData: wrapValue(connection.contexts, { abstractSyntax, octets: ByteList.of(octets) }).toUint8Array() };
}

/** X.410-1984 mode knows no data on release. */
function releaseData(connection: Connection, value: PresentationData | undefined): { readonly userData?: Uint8Array } {
  return connection.mode === 'normal' ? data(connection, value) : {};
}
