import { concatOctets } from '../../bytes/octets.js';
import type { Ber } from '../octets/ber.js';
import type { Heard, HeardSpdu, HeardTpdu } from '../listening/heard.js';
import type { Peer } from '../peer/peer-file.js';

/** Something that a step needs was never said. Makes a case inconclusive, as it shows nothing about what the case is for. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/** What a step may look at to make its octets: who the two ends are, and what has been said on this connection. */
export class Conversation {
  readonly peer: Peer;
  /** Of this case in this run and of no other, from 1: makes references and identifiers unique. */
  readonly number: number;
  /** A word for the whole run, for the same reason. */
  readonly runWord: string;
  /** Milliseconds since 1970, when the case began. */
  readonly now: number;
  /** What was heard on the current connection, and consumed by a step. */
  heard: Heard[] = [];
  /** The TPDUs of the current connection as they came. */
  tpdus: readonly Uint8Array[] = [];
  /** Connections so far; the current one has this number. */
  connections = 0;
  /** Octets of the messages that steps have transferred or named, by the name that a step gave them. */
  readonly noted = new Map<string, Uint8Array>();

  /** The MTS-APDUs that the implementation under test has transferred in this case, on whatever connection, in order. */
  readonly received: Ber[] = [];

  constructor(peer: Peer, run: { readonly number: number; readonly word: string; readonly now: number }) {
    this.peer = peer;
    this.number = run.number;
    this.runWord = run.word;
    this.now = run.now;
  }

  tpdu(name: HeardTpdu['name']): HeardTpdu {
    const found = this.heard.findLast((heard) => heard.kind === 'tpdu' && heard.name === name);
    if (found?.kind !== 'tpdu') throw new ScriptError(`no ${name} was heard`);
    return found;
  }

  spdu(name: HeardSpdu['name']): HeardSpdu {
    const found = this.heard.findLast((heard) => heard.kind === 'spdu' && heard.name === name);
    if (found?.kind !== 'spdu') throw new ScriptError(`no ${name} was heard`);
    return found;
  }

  spdus(name: HeardSpdu['name']): readonly HeardSpdu[] {
    return this.heard.filter((heard): heard is HeardSpdu => heard.kind === 'spdu' && heard.name === name);
  }

  /** The user information of every DATA TRANSFER on this connection, joined. */
  data(): Uint8Array {
    return concatOctets(...this.spdus('DT').map((spdu) => spdu.userInformation));
  }
}
