/** What the refusals of the layers below the bind mean to the operators of the two ends. */
import type { Cause } from './bind-causes.js';
import type { Check, Layer } from './live-row.js';
import type { PeerRefusal, Reached } from './report.js';

const peerLog: Check = { end: 'peer', text: 'its log at this moment: the true reason of a refusal stands there' };
const retry: Check = { end: 'here', text: 'nothing: try again in a minute' };

function selectorChecks(layer: string): readonly Check[] {
  return [
    {
      end: 'here',
      text: `remote.${layer}Selector of the connector: text, or {"hex": "..."} for octets; letters count as they are`,
    },
    { end: 'peer', text: `the ${layer} selector that its MTA listens with` },
  ];
}

/** The reason of a DR (X.224 §13.5.3). */
export function drCauses(reason: number): Cause {
  switch (reason) {
    case 3:
      return {
        meaning: 'the peer has nobody at the transport selector that was called',
        checks: selectorChecks('transport'),
      };
    case 2:
      return {
        meaning: 'the transport selector is known to the peer, but no MTA is attached to it now',
        checks: [{ end: 'peer', text: 'whether its MTA runs' }, ...selectorChecks('transport')],
      };
    case 1:
    case 129:
      return { meaning: 'the peer has too many connections', checks: [peerLog, retry] };
    case 130:
    case 133:
    case 136:
    case 138:
      return {
        meaning: `the peer does not like the connection request (DR reason ${reason})`,
        checks: [{ end: 'here', text: 'tpduSizeOffer: "2048" or "none", for peers of the first years' }, peerLog],
      };
    default:
      return {
        meaning: `the peer refuses the transport connection without saying why (DR reason ${reason})`,
        checks: [...selectorChecks('transport'), peerLog],
      };
  }
}

/** PI 50 of a REFUSE (X.225 §8.3.5). */
export function refuseSpduCauses(reason: number | undefined): Cause {
  switch (reason) {
    case 129:
      return {
        meaning: 'the peer has nobody at the session selector that was called',
        checks: selectorChecks('session'),
      };
    case 130:
      return {
        meaning: 'the session selector is known to the peer, but no MTA is attached to it now',
        checks: [{ end: 'peer', text: 'whether its MTA runs' }, ...selectorChecks('session')],
      };
    case 1:
    case 131:
      return { meaning: 'the peer has too many session connections', checks: [peerLog, retry] };
    case 132:
      return {
        meaning: 'the two ends have no version of the session protocol in common',
        checks: [
          { end: 'here', text: 'mode: x410-1984 offers version 1, normal offers 1 and 2' },
          { end: 'peer', text: 'whether its connector for us has the same mode' },
        ],
      };
    case 134:
      return {
        meaning: 'the peer cannot do what was asked of its session layer (an implementation restriction)',
        checks: [
          {
            end: 'peer',
            text: 'the functional units of its session layer: half-duplex, minor synchronize, activities, exceptions',
          },
        ],
      };
    default:
      return {
        meaning: 'the peer refuses the session connection without saying why',
        checks: [{ end: 'here', text: 'mode of the connector: a peer of the other mode often refuses so' }, peerLog],
      };
  }
}

/** provider-reason of a CPR (X.226 §8.2); undefined where an acceptance lacked a context. */
export function cprCauses(reason: number | undefined): Cause {
  switch (reason) {
    case 3:
      return {
        meaning:
          'the peer has nobody at the presentation selector that was called, or wants a session selector called too',
        checks: [...selectorChecks('presentation'), ...selectorChecks('session')],
      };
    case 1:
    case 7:
      return { meaning: 'the presentation layer of the peer has no room now', checks: [peerLog, retry] };
    case undefined:
      return {
        meaning: 'the peer does not take all presentation contexts that mail needs (ACSE, RTSE, MTSE)',
        checks: [
          {
            end: 'peer',
            text: 'whether this address is that of an MTA with P1 of 1988, and not of another application',
          },
          { end: 'here', text: 'mode: a peer of 1984 wants x410-1984' },
        ],
      };
    default:
      return {
        meaning: `the peer cannot take our presentation connection (CPR reason ${reason})`,
        checks: [{ end: 'here', text: 'mode of the connector' }, peerLog],
      };
  }
}

/** The diagnostic of an AARE's service user (X.227 §9). */
export function aareUserCauses(diagnostic: number | undefined): Cause {
  if (diagnostic === 2) return otherApplication;
  if (diagnostic !== undefined && diagnostic >= 3 && diagnostic <= 10) {
    return {
      meaning: `the peer wants titles of application entities that it knows (AARE diagnostic ${diagnostic}); we give none`,
      checks: [{ end: 'peer', text: 'let its connector for us take associations without AP title and AE qualifier' }],
    };
  }
  if (diagnostic !== undefined && diagnostic >= 11) {
    return {
      meaning: `the peer wants authentication at association control (AARE diagnostic ${diagnostic}); ours is in the bind`,
      checks: [{ end: 'peer', text: 'let it authenticate us by MTA name and password of the bind' }],
    };
  }
  return {
    meaning: 'the peer rejects the association without a bind error: most often it does not know us, or our password',
    checks: [
      { end: 'here', text: 'local.mtaName and local.password of the connector (else mta.name and mta.password)' },
      peerLog,
    ],
  };
}

/** The diagnostic of an AARE's service provider; undefined where what came as an AARE was none, or named another application context. */
export function aareProviderCauses(diagnostic: number | undefined): Cause {
  if (diagnostic === undefined) return otherApplication;
  if (diagnostic === 2) return { meaning: 'the two ends have no version of ACSE in common', checks: [peerLog] };
  return { meaning: 'the association control of the peer rejects without saying why', checks: [peerLog] };
}

const otherApplication: Cause = {
  meaning: 'the peer does not serve the application context mts-transfer at this address',
  checks: [
    { end: 'here', text: 'remote.port and the selectors: another application of the peer may listen there' },
    { end: 'here', text: 'mode and p1: a peer of 1984 wants x410-1984' },
    { end: 'peer', text: 'the application contexts of its MTA' },
  ],
};

const addressChecks: readonly Check[] = [
  { end: 'here', text: 'remote.host and remote.port of the connector, and remote.via where it is set' },
  { end: 'peer', text: 'whether its MTA runs, and on which address and port it listens' },
  { end: 'between', text: 'firewalls and routes' },
];

/** Words of the system, by what they mean. */
const networkCauses: readonly {
  readonly words: RegExp;
  readonly meaning: string;
  readonly checks: readonly Check[];
}[] = [
  {
    words: /ECONNREFUSED/,
    meaning: 'the host is there, and nobody listens on this port',
    checks: [
      { end: 'peer', text: 'whether its MTA runs, and on which port it listens' },
      { end: 'here', text: 'remote.port' },
      { end: 'between', text: 'a firewall that refuses' },
    ],
  },
  {
    words: /ENOTFOUND|EAI_/,
    meaning: 'the name of the host cannot be resolved',
    checks: [{ end: 'here', text: 'remote.host, and the name service of this machine' }],
  },
  { words: /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, meaning: 'the host cannot be reached', checks: addressChecks },
];

/** A connection that ended where an answer should have come, or never came about. */
export function connectionCauses(
  reached: Reached,
  { text, timedOut }: PeerRefusal,
): { readonly layer: Layer; readonly cause: Cause } {
  if (reached === 'nothing') {
    const known = networkCauses.find(({ words }) => words.test(text));
    const meaning = known?.meaning ?? (timedOut ? 'nothing answers at this address' : 'no TCP connection');
    return { layer: 'tcp', cause: { meaning, checks: known?.checks ?? addressChecks } };
  }
  const layer = reached === 'tcp' ? 'transport' : 'session';
  if (timedOut) {
    const meaning = `the TCP connection stands, and the peer does not answer ${layer === 'transport' ? 'the connection request' : 'CONNECT and bind'}`;
    const checks: readonly Check[] = [
      { end: 'here', text: 'remote.port: something that is no MTA may listen there' },
      { end: 'peer', text: 'whether its MTA hangs or waits for something (name service, directory, disk)' },
      { end: 'here', text: 'a longer --timeout, on a very slow line' },
    ];
    return { layer, cause: { meaning, checks } };
  }
  if (layer === 'transport') {
    const meaning =
      'the peer closes the connection instead of answering the connection request: so do many that do not know the transport selector';
    return {
      layer,
      cause: { meaning, checks: [...selectorChecks('transport'), ...addressChecks.slice(0, 1), peerLog] },
    };
  }
  const meaning = 'the peer ends the connection instead of answering CONNECT and bind';
  const checks: readonly Check[] = [
    peerLog,
    { end: 'here', text: 'mode of the connector, and the session and presentation selectors' },
  ];
  return { layer, cause: { meaning, checks } };
}
