/** What holds for the pieces and checkpoints of a transfer that the implementation under test has sent (X.228 §7.3). */
import { concatOctets } from '../../../bytes/octets.js';
import { readWholeBer } from '../../octets/ber.js';
import { pieceIn } from '../../octets/upper-layers.js';
import type { HeardSpdu } from '../../listening/heard.js';
import type { Conversation } from '../../script/conversation.js';

const octetsPerK = 1024;
const externalTag = 0x28;

/** What was heard from the last ACTIVITY START or RESUME on. */
function lastActivity(c: Conversation): readonly HeardSpdu[] {
  const spdus = c.heard.filter((heard): heard is HeardSpdu => heard.kind === 'spdu');
  const start = spdus.findLastIndex(({ name }) => name === 'AS' || name === 'AR');
  return spdus.slice(Math.max(start, 0));
}

/** Octets of the APDU, joined, since then. */
export function lastTransfer(c: Conversation): Uint8Array {
  return concatOctets(
    ...lastActivity(c)
      .filter(({ name }) => name === 'DT')
      .map((spdu) => pieceIn(spdu, c.peer.mode)),
  );
}

/** No more than the checkpoint size between two checkpoints, none behind the last piece, and a whole APDU; size 0: no checkpoint at all. */
export function transferFault(c: Conversation, checkpointSizeK: number): string | undefined {
  const intervals: number[] = [0];
  for (const spdu of lastActivity(c)) {
    if (spdu.name === 'MIP') intervals.push(0);
    if (spdu.name === 'DT') intervals.push((intervals.pop() ?? 0) + pieceIn(spdu, c.peer.mode).length);
  }
  if (checkpointSizeK === 0) {
    return intervals.length === 1 ? wholeFault(c) : `${String(intervals.length - 1)} checkpoints instead of none`;
  }
  const empty = intervals.findIndex((octets) => octets === 0);
  if (empty >= 0) return `no data behind checkpoint ${String(empty)}`;
  const large = intervals.find((octets) => octets > checkpointSizeK * octetsPerK);
  return large === undefined ? wholeFault(c) : `${String(large)} octets between two checkpoints`;
}

/** In normal mode an EXTERNAL around the MTS-APDU, else the MTS-APDU itself. */
export function wholeFault(c: Conversation): string | undefined {
  return apduFault(c, lastTransfer(c));
}

export function apduFault({ peer }: Conversation, octets: Uint8Array): string | undefined {
  const { identifier } = readWholeBer(octets);
  const isExternal = identifier === externalTag;
  return isExternal === (peer.mode === 'normal') ? undefined : `the APDU begins with ${identifier.toString(16)}`;
}
