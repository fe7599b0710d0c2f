import type { Site } from '../config/site.js';
import { siteOf } from '../simulation/virtual-agent.js';

export const ownMailbox = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';
export const otherMailbox = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';

/** A site with a way for every kind of address: to a mailbox, to peers of both versions, to nobody. */
export function fuzzedSite(): Site {
  const connector = (name: string, p1: '1988' | '1984', pattern: string) => ({
    name,
    mode: 'x410-1984',
    p1,
    remote: { mtaName: `MTA-${name}`, password: 'secret', host: 'peer', port: 201 },
    addressSpace: [{ pattern }],
  });
  return siteOf({
    mta: { name: 'MTA-BETA', password: 'secret', globalDomain: { country: 'GB', admd: ' ', prmd: 'BETA' } },
    listen: [{ host: '127.0.0.1', port: 101 }],
    dataDirectory: '/data',
    connectors: [
      connector('alpha', '1984', 'C=GB;ADMD= ;PRMD=ALPHA'),
      connector('gamma', '1988', 'C=GB'),
      connector('delta', '1984', 'C=DE'),
    ],
    mailboxes: [{ name: 'bob', address: ownMailbox }],
  });
}
