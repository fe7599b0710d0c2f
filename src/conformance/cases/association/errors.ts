/** What breaks X.227, and other forms of what does not, where the implementation under test responds. */
import { fromHex } from '../../../bytes/octets.js';
import { acseIn } from '../../listening/upper-layers.js';
import { ber, berInteger, integerIn, memberOf } from '../../octets/ber.js';
import { aarq, connectSpdu, rtorqMembers } from '../../octets/opening.js';
import { dataTransfer, finish } from '../../octets/spdu.js';
import { applicationContext, objectIdentifiers, ownContexts, presentationData } from '../../octets/upper-layers.js';
import { anyOf, spdu } from '../../script/patterns.js';
import { activityOpen, bound, transportOpen } from '../../script/preambles.js';
import { close, expect, send } from '../../script/steps.js';
import type { Conversation } from '../../script/conversation.js';
import type { TestCase } from '../../script/test-case.js';

const common = {
  subject: 'association',
  role: 'responder',
  modes: ['normal'],
  clause: 'X.227 §7.1',
  preamble: transportOpen,
} as const;

/** source acse-service-provider, without user information (X.227 §7.3.3). */
const abrtOfProvider = spdu('AB', 'ABORT with an ABRT of the provider', (heard) => {
  const abrt = acseIn(heard);
  if (abrt?.identifier !== 0x64) return 'it carries no ABRT';
  const source = integerIn(memberOf(abrt, 0x80));
  return source === 1 ? undefined : `its source is ${String(source)}`;
});

const externals: readonly { readonly what: string; readonly made: (rtorq: Uint8Array) => Uint8Array }[] = [
  {
    what: 'with a direct reference too',
    made: (rtorq) => ber(0x28, fromHex('06025101'), berInteger(ownContexts.reliableTransfer), ber(0xa0, rtorq)),
  },
  { what: 'octet-aligned', made: (rtorq) => ber(0x28, berInteger(ownContexts.reliableTransfer), ber(0x81, rtorq)) },
  {
    what: 'an arbitrary bit string',
    made: (rtorq) => ber(0x28, berInteger(ownContexts.reliableTransfer), ber(0x82, fromHex('00'), rtorq)),
  },
];

const wrongAarqs: readonly { readonly what: string; readonly made: (c: Conversation) => Uint8Array }[] = [
  { what: 'an AARQ without application context', made: () => fromHex('6000') },
  {
    what: 'an AARE in place of the AARQ',
    made: (c) => {
      const octets = Uint8Array.from(aarq(c));
      octets[0] = 0x61;
      return octets;
    },
  },
  { what: 'an AARQ whose EXTERNAL has no value', made: () => fromHex('600fa106060456000106be052803020103') },
];

const wrongReleases = [
  { what: 'an AARQ', apdu: '6008a106060456000106' },
  { what: 'an RLRE', apdu: '6303800100' },
] as const;

export const errors: readonly TestCase[] = [
  ...externals.map(({ what, made }, index): TestCase => ({
    ...common,
    id: `ACS-R-VA-02${String(index)}`,
    points: ['A-012'],
    purpose: `Finds the RTORQ in an EXTERNAL ${what}.`,
    steps: [
      send(`CONNECT, EXTERNAL ${what}`, (c) => {
        const external = made(ber(0xb0, ...rtorqMembers(c)));
        return connectSpdu(c, {
          aarq: ber(0x60, applicationContext(objectIdentifiers.mtsTransfer), ber(0xbe, external)),
        });
      }),
      expect(spdu('AC')),
    ],
  })),
  ...wrongAarqs.map(({ what, made }, index): TestCase => ({
    ...common,
    id: `ACS-R-IV-01${String(index)}`,
    clause: 'X.227 §7.3.3',
    points: ['A-011'],
    purpose: `Aborts as provider, or refuses, on ${what}.`,
    steps: [
      send(`CONNECT with ${what}`, (c) => connectSpdu(c, { aarq: made(c) })),
      expect(anyOf('ABORT with an ABRT of the provider, or REFUSE', abrtOfProvider, spdu('RF'))),
      close,
    ],
    octets: 'malformed',
  })),
  ...wrongReleases.map(({ what, apdu }, index): TestCase => ({
    ...common,
    id: `ACS-R-IV-02${String(index)}`,
    clause: 'X.227 §7.3.3',
    points: ['A-011'],
    purpose: `Aborts as provider on a FINISH with ${what} in place of the RLRQ.`,
    preamble: bound(),
    steps: [
      send(`FINISH with ${what}`, finish(presentationData(ownContexts.acse, fromHex(apdu)))),
      expect(abrtOfProvider),
      close,
    ],
    octets: 'malformed',
  })),
  {
    ...common,
    id: 'ACS-R-IV-030',
    clause: 'X.227 §7.3.3',
    points: ['A-011', 'R-046'],
    purpose: 'Aborts on an APDU of association control in DATA TRANSFER.',
    preamble: [...bound(), ...activityOpen],
    steps: [
      send('DATA TRANSFER with an RLRQ', dataTransfer(presentationData(ownContexts.acse, fromHex('6203800100')))),
      expect(spdu('AB')),
      close,
    ],
    octets: 'malformed',
  },
];
