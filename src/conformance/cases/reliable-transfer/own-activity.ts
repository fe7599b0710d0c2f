/** An activity of ours, in pieces of 1 K, that stops and goes on at a checkpoint. */
import { longMessageApdu } from '../../octets/message.js';
import { activityEnd, activityStart, dataTransfer, minorSyncPoint } from '../../octets/spdu.js';
import { pieceData, transferOctets } from '../../octets/upper-layers.js';
import { serialSpdu } from '../../script/patterns.js';
import { activityIdentifier } from '../../script/preambles.js';
import { expect, observe, send } from '../../script/steps.js';
import type { Conversation } from '../../script/conversation.js';
import type { Step } from '../../script/test-case.js';

export const pieceOctets = 1024;
export const contentOctets = 2500;

function wholeTransfer(c: Conversation): Uint8Array {
  return transferOctets(c, longMessageApdu(c, 'long', contentOctets));
}

/** Octets of our APDU from one to another, as a DATA TRANSFER. */
export const octetsFrom =
  (start: number, end?: number) =>
  (c: Conversation): Uint8Array =>
    dataTransfer(pieceData(c, wholeTransfer(c).subarray(start, end)));

/** An activity of ours with so many checkpoints confirmed, and nothing behind. */
export function begun(checkpoints: number): readonly Step[] {
  const numbers = Array.from({ length: checkpoints }, (_, index) => index + 1);
  return [
    send('ACTIVITY START', activityStart(activityIdentifier(1))),
    ...numbers.flatMap((number) => [
      send(`piece ${String(number)}`, octetsFrom((number - 1) * pieceOctets, number * pieceOctets)),
      send(`checkpoint ${String(number)}`, minorSyncPoint(number)),
      expect(serialSpdu('MIA', number)),
    ]),
  ];
}

/** The rest behind a checkpoint, and the end. */
export function ends(checkpoint: number): readonly Step[] {
  return [
    send('the rest', octetsFrom(checkpoint * pieceOctets)),
    send('ACTIVITY END', activityEnd(checkpoint + 1)),
    expect(serialSpdu('AEA', checkpoint + 1)),
    observe('delivered', 'long'),
  ];
}
