/** One of our own daemons as an implementation under test: how it is made to send, and what it has delivered. */
import { Readable } from 'node:stream';
import { callAdminJson } from '../admin/client.js';
import { mailboxesPath } from '../admin/protocol.js';
import { submit } from '../cli/submit.js';
import type { TriggerSize } from '../conformance/script/test-case.js';
import type { Commands } from '../host/lower-tester.js';
import { originatorOf, type Lane } from './sites.js';
import { setTimeout as wait } from 'node:timers/promises';

/** Five checkpoints of 4 K, or twenty of 1 K. */
const contentOctets = { short: 200, long: 20_000 } as const;

const lookMilliseconds = 100;
/** How long a delivery may take. */
const deliveryMilliseconds = 2000;

interface MailboxRow {
  readonly mtsIdentifier: string;
}

export function commandsOf(socket: string, lane: Lane): Commands {
  return {
    trigger: async (size: TriggerSize) => {
      const octets = contentOctets[size];
      await submit(
        socket,
        {
          from: 'C=GB;ADMD= ;PRMD=IUT;S=Test;G=Iris',
          to: [originatorOf(lane)],
          contentType: '0',
          contentOctets: octets,
          priority: 'normal',
          reports: 'none',
          subject: '',
          encodedInformationTypes: { builtIn: [0], extended: [] },
        },
        {
          request: {
            contentType: '0',
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
        if (rows.some(({ mtsIdentifier }) => mtsIdentifier.includes(identifier))) return 'yes';
        await wait(lookMilliseconds);
      } while (Date.now() < deadline);
      return 'no';
    },
  };
}
