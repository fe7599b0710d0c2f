/** What the peer's answer to our bind says of the peer (X.411 §12.1.1): its name, and whether its password is the one that we expect. */
import { DecodeError } from '../bytes/decode-error.js';
import { equalOctets } from '../bytes/octets.js';
import type { Connector } from '../config/site.js';
import { decodeBindResult, passwordOf, type MtaBind } from '../p1/bind.js';
import type { ConnectionData } from '../rtse/service.js';

export type BindAnswer =
  | { readonly kind: 'unnamed' }
  | {
      readonly kind: 'named';
      readonly mtaName: string;
      /** `none expected`: the connector has no remote.password. `not a password`: credentials of another kind. */
      readonly password: 'matches' | 'differs' | 'none expected' | 'not a password';
    }
  | { readonly kind: 'unreadable'; readonly text: string };

export function readBindAnswer(connector: Connector, answer: ConnectionData): BindAnswer {
  if (answer.kind !== 'open') return { kind: 'unreadable', text: 'the peer answered an open with a recovery' };
  let bind: MtaBind;
  try {
    bind = decodeBindResult(answer.userData);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'unreadable', text: error.message };
    throw error;
  }
  if (bind.kind === 'unauthenticated') return { kind: 'unnamed' };
  return { kind: 'named', mtaName: bind.mtaName, password: judgePassword(connector, passwordOf(bind)) };
}

function judgePassword(
  { remote }: Connector,
  said: Uint8Array | undefined,
): Extract<BindAnswer, { kind: 'named' }>['password'] {
  if (remote.password === undefined) return 'none expected';
  if (said === undefined) return 'not a password';
  return equalOctets(new TextEncoder().encode(remote.password.reveal()), said) ? 'matches' : 'differs';
}
