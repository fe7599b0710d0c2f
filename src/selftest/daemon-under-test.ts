/** One of our own daemons as an implementation under test: how it is made to send, and what it has delivered. */
import { Readable } from 'node:stream';
import { callAdminJson } from '../admin/client.js';
import { mailboxesPath } from '../admin/protocol.js';
import { submit } from '../cli/submit.js';
import type { TriggerSize } from '../conformance/script/test-case.js';
import type { Commands } from '../host/lower-tester.js';
import { originatorOf, type Lane, type Profile } from './sites.js';
import { setTimeout as wait } from 'node:timers/promises';

/** Five checkpoints of 4 K, or twenty of 1 K. */
const contentOctets = { short: 200, long: 20_000 } as const;

const lookMilliseconds = 100;
/** How long a delivery may take. */
const deliveryMilliseconds = 2000;

interface MailboxRow {
  readonly mtsIdentifier: string;
}

/** The content type of what it sends; to a system of 1984 goes none but 2. */
const contentTypeFor = { '1988': '0', '1984': '2' } as const;

export function commandsOf(socket: string, lane: Lane, p1: Profile['p1']): Commands {
  const contentType = contentTypeFor[p1];
  return {
    trigger: async (size: TriggerSize) => {
      const octets = contentOctets[size];
      await submit(
        socket,
        {
          from: 'C=GB;ADMD= ;PRMD=IUT;S=Test;G=Iris',
          to: [originatorOf(lane)],
          contentType,
          contentOctets: octets,
          priority: 'normal',
          reports: 'none',
          subject: '',
          encodedInformationTypes: { builtIn: [0], extended: [] },
        },
        {
          request: {
            contentType,
            contentOctets: octets,
            subject: '',
            encodedInformationTypes: { builtIn: [0], extended: [] },
          },
          octets: () => Readable.from([Buffer.alloc(octets, 0x41)]),
        },
        'return',
      );
    },
    observe: async (identifier: string) => {
      const deadline = Date.now() + deliveryMilliseconds;
      do {
        const rows = await callAdminJson<readonly MailboxRow[]>({
          socket,
          method: 'GET',
          path: `${mailboxesPath}/iris`,
        });
        const count = rows.filter(({ mtsIdentifier }) => mtsIdentifier.includes(identifier)).length;
        if (count > 0) return count === 1 ? 'once' : 'more than once';
        await wait(lookMilliseconds);
      } while (Date.now() < deadline);
      return 'never';
    },
  };
}
