/** Which cases there are, and which of them apply to an implementation under test. */
import { associationCases } from '../cases/association/all.js';
import { messageTransferCases } from '../cases/message-transfer/all.js';
import { presentationCases } from '../cases/presentation/all.js';
import { reliableTransferCases } from '../cases/reliable-transfer/all.js';
import { sessionCases } from '../cases/session/all.js';
import { transportCases } from '../cases/transport/all.js';
import type { Peer } from '../peer/peer-file.js';
import { deliversAgain, opensAgain } from './preambles.js';
import type { Role, Step, TestCase } from './test-case.js';

export const allCases: readonly TestCase[] = [
  ...transportCases,
  ...sessionCases,
  ...presentationCases,
  ...associationCases,
  ...reliableTransferCases,
  ...messageTransferCases,
];

/** The proof, after each case, that the implementation under test still works. */
export const postambles: Readonly<Record<Role, readonly Step[]>> = {
  responder: opensAgain,
  initiator: deliversAgain,
  exchange: opensAgain,
};

/** What the peer file says of items that cases need beside those of the PICS. */
const facts: Readonly<Record<string, (peer: Peer) => string | undefined>> = {
  'two-way-alternate': ({ dialogue }) =>
    dialogue === 'two-way-alternate' ? undefined : 'PICS item P1-067: it is configured for monologue',
  'p1-1988': ({ p1 }) => (p1 === '1988' ? undefined : 'PICS item P1-003: it is configured for P1 of 1984'),
  'p1-1984': ({ p1 }) => (p1 === '1984' ? undefined : 'PICS item P1-003: it is configured for P1 of 1988'),
  checkpoints: ({ reliableTransfer }) =>
    reliableTransfer.checkpointSizeK > 0 ? undefined : 'PICS item R-008: it is configured for no checkpoints',
  password: ({ tester }) =>
    tester.password === undefined ? 'PICS item P1-006: it is configured for binds without names' : undefined,
  'apdu-limit': ({ limits }) =>
    limits.apduOctetsMax === undefined ? 'PICS item S-030: no limit of an APDU is known' : undefined,
  'urgent-expiry': ({ limits }) =>
    limits.urgentExpirySeconds === undefined ? 'PICS item P1-026: no life of urgent messages is known' : undefined,
  'any-administration': ({ recipient }) =>
    recipient.standardAttributes.administrationDomainName?.value.trim() === ''
      ? undefined
      : 'PICS item P1-034: its addresses name an ADMD',
  'called-selector': ({ implementation }) =>
    implementation.transportSelector === undefined ? 'PICS item T-013: it has no transport selector' : undefined,
  'session-selector': ({ implementation }) =>
    implementation.sessionSelector === undefined ? 'PICS item S-018: it has no session selector' : undefined,
  'called-presentation-selector': ({ implementation }) =>
    implementation.presentationSelector === undefined ? 'PICS item P-012: it has no presentation selector' : undefined,
};

/** Why a case does not apply, with the PICS item that says so; undefined if it does. */
export function inapplicability(test: TestCase, peer: Peer): string | undefined {
  if (!test.modes.includes(peer.mode)) {
    return `PICS item ${test.modes.includes('normal') ? 'P1-001' : 'P1-002'}: it is configured for ${peer.mode} mode`;
  }
  for (const need of test.needs ?? []) {
    const fact = facts[need];
    if (fact === undefined && peer.pics[need] === false) return `PICS item ${need} is not supported`;
    const missing = fact?.(peer);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
