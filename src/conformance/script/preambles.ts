/** Ways into the states that cases start from, and the proof afterwards that all is well. */
import { acceptSpdu, connectionConfirm, refusalPpdu, type Answer } from '../octets/answer.js';
import { connectionRequest, connectSpdu, type Opening } from '../octets/opening.js';
import {
  activityEnd,
  activityEndAck,
  activityStart,
  dataTransfer,
  finish,
  minorSyncAck,
  refuse,
  units,
} from '../octets/spdu.js';
import { pieceData, releaseData, rlrq, transferOctets } from '../octets/upper-layers.js';
import { unitOf } from '../listening/heard.js';
import { reliableTransferIn } from '../listening/upper-layers.js';
import { memberOf } from '../octets/ber.js';
import type { Conversation } from './conversation.js';
import { anyOf, ended, serialSpdu, spdu, tpdu } from './patterns.js';
import {
  answer as answeredCall,
  close,
  connect,
  expect,
  expectOneOf,
  repeat,
  send,
  sendTpdu,
  settle,
  trigger,
} from './steps.js';
import type { Pattern, Step, TriggerSize } from './test-case.js';

/** A transport connection that we opened. */
export const transportOpen: readonly Step[] = [
  connect,
  sendTpdu('CR', (conversation) => connectionRequest(conversation)),
  expect(tpdu('CC')),
];

/** An association that we opened: session state 713, all tokens ours, no activity. */
export function bound(opening: Opening = {}): readonly Step[] {
  return [...transportOpen, send('CONNECT', (conversation) => connectSpdu(conversation, opening)), expect(spdu('AC'))];
}

/** The activity identifier that the lower tester gives its nth activity: an INTEGER in BER. */
export function activityIdentifier(number: number): Uint8Array {
  return Uint8Array.of(2, 1, number);
}

/** An activity of ours with nothing in it yet. */
export const activityOpen: readonly Step[] = [send('ACTIVITY START', activityStart(activityIdentifier(1)))];

/** An activity of ours with this APDU, whole, in one piece, up to the ACTIVITY END, which has serial number 1. */
export function transferring(apdu: (conversation: Conversation) => Uint8Array, number = 1): readonly Step[] {
  return [
    send('ACTIVITY START', activityStart(activityIdentifier(number))),
    send('DATA TRANSFER', (conversation) =>
      dataTransfer(pieceData(conversation, transferOctets(conversation, apdu(conversation)))),
    ),
    send('ACTIVITY END', activityEnd(1)),
  ];
}

export function transferred(apdu: (conversation: Conversation) => Uint8Array, number = 1): readonly Step[] {
  return [...transferring(apdu, number), expect(serialSpdu('AEA', 1))];
}

/** Orderly release of an association of ours, to the end of TCP, which is ours to bring about. */
export const released: readonly Step[] = [
  send('FINISH', (conversation) => finish(releaseData(conversation, rlrq))),
  expect(spdu('DN')),
  close,
];

const answersCall: readonly Step[] = [
  answeredCall,
  expect(tpdu('CR')),
  sendTpdu('CC', (conversation) => connectionConfirm(conversation)),
];

/** The identifier octet of the connection data of a recovery. */
const recoverIdentifier = 0xa1;

function connectOf(kind: 'open' | 'recover'): Pattern {
  return spdu('CN', kind === 'open' ? 'CONNECT' : 'CONNECT of a recovery', (heard, { peer }) => {
    const data = memberOf(reliableTransferIn(heard, peer.mode), 0xa3)?.children[0];
    const recovers = data?.identifier === recoverIdentifier;
    if (data === undefined) return 'it has no connection data';
    return recovers === (kind === 'recover') ? undefined : `it is one of ${recovers ? 'a recovery' : 'an opening'}`;
  });
}

const cannotRecover = 1;

/** The serial number of the MIP or AE that was heard last. */
export function lastSerial(conversation: Conversation, name: 'MIP' | 'AE'): string {
  return new TextDecoder().decode(unitOf(conversation.spdu(name), units.serialNumber));
}

/** Everything of the transfer under way is taken, checkpoints and all, up to the ACTIVITY END, which is not yet answered. */
export const tookTransfer: Step = repeat(
  { pattern: anyOf('ACTIVITY START, RESUME or DATA TRANSFER', spdu('AS'), spdu('AR'), spdu('DT')), next: 'again' },
  {
    pattern: spdu('MIP'),
    then: [send('MINOR SYNC ACK', (conversation) => minorSyncAck(lastSerial(conversation, 'MIP')))],
    next: 'again',
  },
  { pattern: spdu('AE'), next: 'leave' },
);

export const confirmedTransfer: readonly Step[] = [
  send('ACTIVITY END ACK', (conversation) => activityEndAck(lastSerial(conversation, 'AE'))),
  settle,
];

/** A call is answered up to its CONNECT. What it would recover of cases before is refused. */
export const openedByIt: readonly Step[] = [
  ...answersCall,
  expectOneOf(
    { pattern: connectOf('open') },
    {
      pattern: connectOf('recover'),
      then: [
        send('REFUSE, cannot recover', (conversation) =>
          refuse(2, refusalPpdu(conversation, cannotRecover, 'permanent')),
        ),
        expect(ended),
        ...answersCall,
        expect(connectOf('open')),
      ],
    },
  ),
];

/** Whatever it has not got rid of comes again, and is taken. */
export const deliversAgain: readonly Step[] = [
  {
    do: 'whileOutstanding',
    steps: [
      ...openedByIt,
      send('ACCEPT', (conversation) => acceptSpdu(conversation)),
      tookTransfer,
      ...confirmedTransfer,
      close,
    ],
  },
];

/** The implementation under test has a message of this size for us, and no other, and has called. */
export function calls(size: TriggerSize): readonly Step[] {
  return [...deliversAgain, trigger(size), connect];
}

/** It calls us, and we have its CONNECT. */
export function called(size: TriggerSize = 'short'): readonly Step[] {
  return [...deliversAgain, trigger(size), ...openedByIt];
}

/** The implementation under test has opened an association and has the turn. */
export function accepted(answer: Answer = {}, size: TriggerSize = 'short'): readonly Step[] {
  return [...called(size), send('ACCEPT', (conversation) => acceptSpdu(conversation, answer))];
}

/** Afterwards, where the implementation under test responds: a new association can be opened and released. */
export const opensAgain: readonly Step[] = [...bound(), ...released];
