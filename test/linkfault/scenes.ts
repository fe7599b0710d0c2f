/** Where each PDU passes between two daemons, so that it can be cut there. */
import { places, type PduName, type Stream } from '../../src/faults/pdu-trigger.js';
import type { LinkFault } from '../../src/faults/schedule.js';

export type SceneName =
  'transfer' | 'recovery' | 'resumption' | 'abort' | 'interruption' | 'opening' | 'release' | 'turn' | 'trouble';

interface Scene {
  readonly in: readonly SceneName[];
  readonly stream: Stream;
  readonly nth?: number;
}

/** Two daemons never send these to one another while a message is on its way, and why. */
interface Never {
  readonly never: string;
}

const scenes: Readonly<Record<PduName, Scene | Never>> = {
  'CR TPDU': { in: ['recovery'], stream: 'upstream' },
  'CC TPDU': { in: ['recovery'], stream: 'downstream' },
  'DR TPDU': { never: 'refuses a transport connection: nothing is under way' },
  'ER TPDU': { never: 'answers a malformed TPDU' },
  CONNECT: { in: ['recovery', 'opening'], stream: 'upstream' },
  'OVERFLOW ACCEPT': { never: 'no bind is so long' },
  'CONNECT DATA OVERFLOW': { never: 'no bind is so long' },
  ACCEPT: { in: ['recovery', 'opening'], stream: 'downstream' },
  REFUSE: { never: 'refuses an association: nothing is under way' },
  FINISH: { in: ['release'], stream: 'upstream' },
  DISCONNECT: { in: ['release'], stream: 'downstream' },
  ABORT: { in: ['abort'], stream: 'downstream' },
  'ABORT ACCEPT': { never: 'every ABORT ends the transport connection, too' },
  'GIVE TOKENS CONFIRM': { in: ['turn'], stream: 'upstream' },
  'GIVE TOKENS ACK': { in: ['turn'], stream: 'downstream' },
  'GIVE TOKENS': { never: 'the turn is given by GIVE TOKENS CONFIRM' },
  'PLEASE TOKENS': { in: ['turn'], stream: 'downstream' },
  'DATA TRANSFER': { in: ['transfer'], stream: 'upstream', nth: 4 },
  'MINOR SYNC POINT': { in: ['transfer'], stream: 'upstream', nth: 3 },
  'MINOR SYNC ACK': { in: ['transfer'], stream: 'downstream', nth: 3 },
  'ACTIVITY START': { in: ['transfer'], stream: 'upstream' },
  'ACTIVITY RESUME': { in: ['resumption'], stream: 'upstream' },
  'ACTIVITY INTERRUPT': { in: ['interruption'], stream: 'upstream' },
  'ACTIVITY INTERRUPT ACK': { in: ['interruption'], stream: 'downstream' },
  'ACTIVITY DISCARD': { in: ['trouble'], stream: 'upstream' },
  'ACTIVITY DISCARD ACK': { in: ['trouble'], stream: 'downstream' },
  'ACTIVITY END': { in: ['transfer'], stream: 'upstream' },
  'ACTIVITY END ACK': { in: ['transfer'], stream: 'downstream' },
  'EXCEPTION REPORT': { never: 'a protocol error is answered by ABORT' },
  'EXCEPTION DATA': { in: ['trouble'], stream: 'downstream' },
  RTORQ: { in: ['recovery'], stream: 'upstream' },
  RTOAC: { in: ['recovery'], stream: 'downstream' },
  RTORJ: { never: 'refuses an association: nothing is under way' },
  RTTP: { in: ['turn'], stream: 'downstream' },
  RTAB: { never: 'the aborts of these daemons are of the session provider' },
};

export interface Cut {
  /** As in `after MINOR SYNC ACK`. */
  readonly text: string;
  readonly fault: LinkFault;
}

/** A cut before, within and after each PDU of a scene. */
export function cutsIn(name: SceneName): readonly Cut[] {
  return Object.entries(scenes).flatMap(([pdu, scene]) => {
    if ('never' in scene || !scene.in.includes(name)) return [];
    const { stream, nth = 1 } = scene;
    return places.map((place): Cut => {
      const when = { on: pdu as PduName, place, stream, nth };
      return { text: `${place} ${pdu}${nth > 1 ? ` number ${String(nth)}` : ''}`, fault: { kind: 'cut', when } };
    });
  });
}

/** Those of what has passed that are in no scene. */
export function unforeseen(passed: readonly PduName[]): readonly PduName[] {
  return [...new Set(passed)].filter((name) => 'never' in scenes[name]);
}
