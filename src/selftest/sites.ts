/** Site and peer files of our own daemons as implementations under test: one for each mode, with a lane for each tester that works on it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../conformance/peer/peer-file.js';
import { apduLimits } from '../p1/apdu-head.js';
import { readPeer } from '../conformance/peer/peer-file.js';
import type { TestCase } from '../conformance/script/test-case.js';

export interface Profile {
  readonly name: string;
  readonly mode: 'normal' | 'x410-1984';
  readonly p1: '1988' | '1984';
  readonly dialogue: 'monologue' | 'two-way-alternate';
  /** Low limits, for the cases that reach them. */
  readonly limits?: {
    readonly messageOctetsMax: number;
    readonly apduOctetsMax: number;
    readonly urgentExpirySeconds: number;
  };
}

const lowMessageOctetsMax = 10_000;

export const profiles: readonly Profile[] = [
  { name: 'normal', mode: 'normal', p1: '1988', dialogue: 'monologue' },
  { name: 'x410', mode: 'x410-1984', p1: '1988', dialogue: 'monologue' },
  { name: 'p1-1984', mode: 'x410-1984', p1: '1984', dialogue: 'monologue' },
  { name: 'turns', mode: 'normal', p1: '1988', dialogue: 'two-way-alternate' },
  {
    name: 'limits',
    mode: 'normal',
    p1: '1988',
    dialogue: 'monologue',
    limits: {
      messageOctetsMax: lowMessageOctetsMax,
      apduOctetsMax: lowMessageOctetsMax + apduLimits.envelopeOctetsMax,
      urgentExpirySeconds: 5,
    },
  },
  { name: 'turns-x410', mode: 'x410-1984', p1: '1988', dialogue: 'two-way-alternate' },
];

const needsOfLimits = ['apdu-limit', 'urgent-expiry'];

/**
 * Below P1 the year of P1 makes no difference, and monologue serves for all that is not about the turn, high limits for all that is not about
 * limits: that is not run again.
 */
export function isForProfile(
  { p1, dialogue, limits: low }: Profile,
  { subject, needs = [] }: Pick<TestCase, 'subject' | 'needs'>,
): boolean {
  const isAboutLimits = needs.some((need) => needsOfLimits.includes(need));
  if (isAboutLimits || low !== undefined) return isAboutLimits && low !== undefined;
  if (dialogue === 'two-way-alternate') return needs.includes('two-way-alternate');
  return p1 === '1988' || subject === 'message-transfer';
}

/** Time limits of the daemon, seconds: short enough to be waited for, long enough for a busy machine. */
const limits = {
  bindTimeoutSeconds: 4,
  acknowledgementTimeoutSeconds: 4,
  idleTimeoutSeconds: 30,
  traceElementsMax: 64,
  messageOctetsMax: 100_000_000,
};

/** Longer than each of the limits above and below. */
const supervisionSeconds = 12;

const checkpointSizeK = 4;
const windowSize = 3;

export interface Lane {
  readonly name: string;
  /** Where a tester listens for the calls of the daemon. */
  readonly port: number;
}

const passwords = { implementation: 'under-test', tester: 'lower-tester' } as const;

/** A caller of X.410-1984 mode names no session selector, and must be taken without. */
const selectors = { transportSelector: 'IUT', sessionSelector: 'IUT-S', presentationSelector: 'IUT-P' } as const;

/** Without what is no member of a site file. */
function limitsOf({ limits: low }: Profile): object {
  return low === undefined
    ? limits
    : { ...limits, messageOctetsMax: low.messageOctetsMax, urgentExpirySeconds: low.urgentExpirySeconds };
}

function siteValue(profile: Profile, folder: string, port: number, lanes: readonly Lane[]): object {
  return {
    mta: {
      name: 'MTA-IUT',
      password: passwords.implementation,
      globalDomain: { country: 'GB', admd: ' ', prmd: 'IUT' },
    },
    listen: [
      {
        host: '127.0.0.1',
        port,
        ...selectors,
      },
    ],
    dataDirectory: join(folder, profile.name),
    siteDefaults: {
      rts: { checkpointSizeK, windowSize, recoveryTimeoutSeconds: 20, stallTimeoutSeconds: 6 },
      association: { lifetimeSeconds: 1, disconnectSeconds: 4, maximum: 1 },
      retry: { maxOpenRetries: 10_000, maxTransferRetries: 10_000, openIntervalSeconds: 1, transferIntervalSeconds: 1 },
    },
    connectors: lanes.map((lane) => connectorValue(profile, lane)),
    mailboxes: [{ name: 'iris', address: 'C=GB;ADMD= ;PRMD=IUT;S=Test;G=Iris' }],
    limits: limitsOf(profile),
  };
}

function connectorValue({ mode, p1, dialogue }: Profile, lane: Lane): object {
  return {
    name: lane.name,
    mode,
    p1,
    dialogue,
    remote: {
      mtaName: `MTA-${lane.name.toUpperCase()}`,
      password: passwords.tester,
      host: '127.0.0.1',
      port: lane.port,
      transportSelector: 'LT',
    },
    addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${lane.name.toUpperCase()}` }],
  };
}

/** Writes the site file; its path. */
export function writeSite(profile: Profile, folder: string, port: number, lanes: readonly Lane[]): string {
  const path = join(folder, `${profile.name}.json`);
  writeFileSync(path, JSON.stringify(siteValue(profile, folder, port, lanes), undefined, 2), { mode: 0o600 });
  return path;
}

/** The peer file of a lane: what its tester knows of the daemon. */
export function peerOf(profile: Profile, lane: Lane): Peer {
  const load = readPeer({
    implementation: {
      mtaName: 'MTA-IUT',
      password: passwords.implementation,
      ...selectors,
    },
    tester: {
      mtaName: `MTA-${lane.name.toUpperCase()}`,
      password: passwords.tester,
      transportSelector: 'LT',
      country: 'GB',
      prmd: lane.name.toUpperCase(),
      originator: originatorOf(lane),
    },
    recipient: 'C=GB;ADMD= ;PRMD=IUT;S=Test;G=Iris',
    unknownRecipient: 'C=GB;ADMD= ;PRMD=IUT;S=Nobody',
    mode: profile.mode,
    p1: profile.p1,
    dialogue: profile.dialogue,
    reliableTransfer: { checkpointSizeK, windowSize },
    observe: ['mailbox'],
    ...(profile.limits === undefined
      ? {}
      : {
          limits: {
            apduOctetsMax: profile.limits.apduOctetsMax,
            urgentExpirySeconds: profile.limits.urgentExpirySeconds,
          },
        }),
    times: { answerSeconds: 8, silenceSeconds: 0.2, callSeconds: 20, supervisionSeconds },
  });
  if (!load.valid) throw new Error(`the peer file of ${lane.name}: ${load.faults.join('; ')}`);
  return load.peer;
}

export function originatorOf(lane: Lane): string {
  return `C=GB;ADMD= ;PRMD=${lane.name.toUpperCase()};S=Tester;G=Laura`;
}
