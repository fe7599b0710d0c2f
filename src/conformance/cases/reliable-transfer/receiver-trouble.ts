/** A receiver that cannot take what comes: it says so once, and waits for the end (X.225 Annex A, state 19). */
import { concatOctets } from '../../../bytes/octets.js';
import { longMessageApdu, messageApdu } from '../../octets/message.js';
import { activityDiscard, activityEnd, activityStart, dataTransfer, minorSyncPoint } from '../../octets/spdu.js';
import { tsduPackets } from '../../octets/tpdu.js';
import { pieceData, transferOctets } from '../../octets/upper-layers.js';
import { spdu } from '../../script/patterns.js';
import { activityIdentifier, bound, transferred } from '../../script/preambles.js';
import { expect, observe, send, sendRaw, silence } from '../../script/steps.js';
import { tpduOctetsMax } from '../../script/transport-values.js';
import type { Conversation } from '../../script/conversation.js';
import type { TestCase } from '../../script/test-case.js';

const pieceOctets = 256 * 1024;

/** The first pieces of a message that is longer than the implementation under test takes. */
function tooMuch(c: Conversation): Uint8Array {
  const octetsMax = c.peer.limits.apduOctetsMax ?? 0;
  const octets = transferOctets(c, longMessageApdu(c, 'long', octetsMax + 2 * pieceOctets));
  const count = Math.ceil(octetsMax / pieceOctets) + 1;
  const pieces = Array.from({ length: count }, (_, i) => octets.subarray(i * pieceOctets, (i + 1) * pieceOctets));
  return concatOctets(...pieces.map((piece) => tsduPackets(dataTransfer(pieceData(c, piece)), tpduOctetsMax(c))));
}

export const receiverTrouble: readonly TestCase[] = [
  {
    subject: 'reliable-transfer',
    role: 'responder',
    modes: ['normal', 'x410-1984'],
    id: 'RTS-R-VA-090',
    clause: 'X.225 §7.31.2',
    points: ['S-030', 'R-029'],
    needs: ['apdu-limit'],
    purpose:
      'Reports an exception on an APDU that is too long, drops what comes then, and is usable when it is discarded.',
    preamble: [...bound({ checkpointSizeK: 0 }), send('ACTIVITY START', activityStart(activityIdentifier(1)))],
    steps: [
      sendRaw('DATA TRANSFERs of too much', tooMuch),
      expect(spdu('ED')),
      send('DATA TRANSFER', (c) => dataTransfer(pieceData(c, new Uint8Array(1)))),
      send('MINOR SYNC POINT 1', minorSyncPoint(1)),
      send('ACTIVITY END 2', activityEnd(2)),
      silence(),
      send('ACTIVITY DISCARD', activityDiscard(0)),
      expect(spdu('ADA')),
      ...transferred((c) => messageApdu(c, 'next'), 2),
      observe('delivered once', 'next'),
    ],
  },
];
