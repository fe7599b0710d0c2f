import { VirtualAgent, siteOf } from './virtual-agent.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualNetwork } from './virtual-network.js';

export const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
export const bob = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';

export interface PairOptions {
  readonly mode?: 'normal' | 'x410-1984';
  readonly p1?: '1988' | '1984';
  readonly dialogue?: 'monologue' | 'two-way-alternate';
  readonly rts?: object;
  readonly betaRts?: object;
  readonly retry?: object;
  readonly transferTimeout?: object;
  readonly betaPassword?: string;
  readonly betaDialogue?: 'monologue' | 'two-way-alternate';
  /** Of both sites. */
  readonly limits?: object;
  readonly makeNetwork?: (clock: VirtualClock) => VirtualNetwork;
}

/** Two agents that know each other, not started yet. */
export function makePair(options: PairOptions = {}) {
  const clock = new VirtualClock();
  const network = options.makeNetwork?.(clock) ?? new VirtualNetwork(clock);
  const {
    mode = 'normal',
    p1 = '1988',
    dialogue = 'monologue',
    betaDialogue = dialogue,
    betaPassword = 'beta-secret',
  } = options;
  const connector = (peer: 'ALPHA' | 'BETA', port: number, rts: object | undefined, talk: string) => ({
    name: peer.toLowerCase(),
    mode,
    p1,
    dialogue: talk,
    remote: {
      mtaName: `MTA-${peer}`,
      password: peer === 'BETA' ? 'beta-secret' : 'alpha-secret',
      host: 'peer',
      port,
      transportSelector: 'MTA',
    },
    addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${peer}` }],
    override: {
      ...(rts === undefined ? {} : { rts }),
      ...(options.retry === undefined ? {} : { retry: options.retry }),
      ...(options.transferTimeout === undefined ? {} : { transferTimeout: options.transferTimeout }),
    },
  });
  const site = (name: 'ALPHA' | 'BETA', password: string, port: number, peer: object, mailbox: object) => ({
    mta: { name: `MTA-${name}`, password, globalDomain: { country: 'GB', admd: ' ', prmd: name } },
    listen: [{ host: '127.0.0.1', port, transportSelector: 'MTA' }],
    dataDirectory: '/data',
    connectors: [peer],
    mailboxes: [mailbox],
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const alpha = new VirtualAgent(
    clock,
    network,
    siteOf(
      site('ALPHA', 'alpha-secret', 101, connector('BETA', 201, options.rts, dialogue), {
        name: 'anna',
        address: anna,
      }),
    ),
  );
  const beta = new VirtualAgent(
    clock,
    network,
    siteOf(
      site('BETA', betaPassword, 201, connector('ALPHA', 101, options.betaRts ?? options.rts, betaDialogue), {
        name: 'bob',
        address: bob,
      }),
    ),
  );
  return { clock, network, alpha, beta };
}

/** Octets that differ from place to place, so that one out of place is seen. */
export function testOctets(length: number): Uint8Array {
  const octets = new Uint8Array(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    octets[i] = state >>> 16;
  }
  return octets;
}
