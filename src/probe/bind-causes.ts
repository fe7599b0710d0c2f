/** What the refusals of reliable transfer (X.228 §9) and of the bind (X.411 §12.1.1) mean to the operators of the two ends. */
import type { RefuseReason } from '../rtse/service.js';
import type { Check } from './live-row.js';

export interface Cause {
  /** One sentence. */
  readonly meaning: string;
  readonly checks: readonly Check[];
}

const peerLog: Check = {
  end: 'peer',
  text: 'the line about this refusal in its log: it alone says which of name, password, mode and selectors it was',
};

const unknownToPeer: Cause = {
  meaning: 'the peer does not accept who we say that we are: our name, our password, or the mode with this name',
  checks: [
    { end: 'here', text: 'local.mtaName and local.password of the connector (else mta.name and mta.password)' },
    { end: 'here', text: 'passwordType: peers of 1984 want "ia5"' },
    { end: 'peer', text: 'the connector that it has for us: MTA name, password, mode, p1' },
    peerLog,
  ],
};

const wrongDialogue: Cause = {
  meaning: 'the peer does not take this dialogue',
  checks: [
    { end: 'here', text: 'dialogue of the connector: the other of "monologue" and "two-way-alternate"' },
    { end: 'peer', text: 'the dialogue of its connector for us' },
  ],
};

const busy: Cause = {
  meaning: 'the peer is busy: it has as many associations as it takes, or is shutting down',
  checks: [
    { end: 'peer', text: 'how many associations it allows this MTA: a running daemon of ours may hold them all' },
    { end: 'here', text: 'nothing: try again in a minute' },
  ],
};

const wrongSecurity: Cause = {
  meaning: 'the peer wants security services at the bind that a password does not give',
  checks: [{ end: 'peer', text: 'let it take simple authentication from this MTA' }],
};

/** The bind error of normal mode, by its name. */
export function bindCauses(bindError: string): Cause {
  switch (bindError) {
    case 'busy':
      return busy;
    case 'unacceptable-dialogue-mode':
      return wrongDialogue;
    case 'unacceptable-security-context':
    case 'inadequate-association-confidentiality':
      return wrongSecurity;
    default:
      return unknownToPeer;
  }
}

/** The refuseReason of RTORJ, which only X.410-1984 mode carries; undefined where none was given. */
export function refuseCauses(reason: RefuseReason | undefined): Cause {
  switch (reason) {
    case 'busy':
      return busy;
    case 'unacceptable-dialogue-mode':
      return wrongDialogue;
    case 'validation-failure':
    case 'cannot-recover':
    case undefined:
      return unknownToPeer;
  }
}
