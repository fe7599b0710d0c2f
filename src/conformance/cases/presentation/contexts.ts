/** Presentation contexts, versions and selectors that a CP proposes (X.226 §6.2). */
import { fromHex, latin1Octets, toHex } from '../../../bytes/octets.js';
import { ppduIn, userDataIn } from '../../listening/upper-layers.js';
import { ber, integerIn, memberOf, readWholeBer } from '../../octets/ber.js';
import { messageApdu } from '../../octets/message.js';
import { connectSpdu, contextDefinition, rtorqMembers } from '../../octets/opening.js';
import { activityEnd, activityStart, dataTransfer, finish } from '../../octets/spdu.js';
import {
  applicationContext,
  external,
  objectIdentifiers as names,
  ownContexts,
  presentationData,
  rlrq,
  type ContextIdentifiers,
} from '../../octets/upper-layers.js';
import { refusal, serialSpdu, spdu } from '../../script/patterns.js';
import { activityIdentifier, called, transportOpen } from '../../script/preambles.js';
import { check, close, expect, observe, send } from '../../script/steps.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const common = { subject: 'presentation', role: 'responder', modes: ['normal'], preamble: transportOpen } as const;
const modeSelector = fromHex('a003800101');

/** 2.1.2.1, the distinguished encoding rules: not what an MTA of X.419 uses. */
const distinguishedEncoding = '510201';

/** A CP of these contexts, with members in front of them. */
function connectPpduOf(
  c: Conversation,
  contexts: ContextIdentifiers,
  leading: readonly Uint8Array[] = [],
  transferSyntaxes: readonly string[] = [names.ber],
): Uint8Array {
  const { presentationSelector } = c.peer.implementation;
  const rtorq = ber(0xb0, ...rtorqMembers(c));
  const aarq = ber(0x60, applicationContext(names.mtsTransfer), ber(0xbe, external(contexts.reliableTransfer, rtorq)));
  return ber(
    0x31,
    modeSelector,
    ber(
      0xa2,
      ...leading,
      ...(presentationSelector === undefined ? [] : [ber(0x82, presentationSelector)]),
      ber(
        0xa4,
        contextDefinition(contexts.messageTransfer, names.messageTransfer, ...transferSyntaxes),
        contextDefinition(contexts.acse, names.acse, names.ber),
        contextDefinition(contexts.reliableTransfer, names.reliableTransfer, ...transferSyntaxes),
      ),
      presentationData(contexts.acse, aarq),
    ),
  );
}

const identifiers: readonly (ContextIdentifiers & { readonly describe: string })[] = [
  { describe: 'in another order', acse: 5, reliableTransfer: 1, messageTransfer: 3 },
  { describe: 'of two octets', acse: 129, reliableTransfer: 32_767, messageTransfer: 255 },
  { describe: 'far apart', acse: 101, reliableTransfer: 7, messageTransfer: 65_535 },
];

function dataIn(context: number): Pattern {
  return spdu('DN', `DISCONNECT with data in context ${String(context)}`, (heard) => {
    const found = integerIn(memberOf(readWholeBer(userDataIn(heard)), 0x30, 0x02));
    return found === context ? undefined : `its data are in context ${String(found)}`;
  });
}

/** Results and transfer syntaxes of a CPA: `0 5101, 2/2`. */
function accepts(wanted: string): Pattern {
  return spdu('AC', `AC with context results ${wanted}`, (heard) => {
    const results = memberOf(ppduIn(heard), 0xa2, 0xa5)?.children ?? [];
    const found = results
      .map((result) => {
        const code = String(integerIn(memberOf(result, 0x80)));
        const syntax = memberOf(result, 0x81);
        return syntax === undefined
          ? `${code}/${String(integerIn(memberOf(result, 0x82)))}`
          : `${code} ${toHex(syntax.content)}`;
      })
      .join(', ');
    return found === wanted ? undefined : `they are ${found}`;
  });
}

function refusedFor(reason: number): Pattern {
  return spdu('RF', `REFUSE with a CPR of reason ${String(reason)}`, (heard) => {
    const ppdu = ppduIn(heard);
    const found = integerIn(memberOf(ppdu, 0x8a));
    return ppdu?.identifier === 0x30 && found === reason ? undefined : `its reason is ${String(found)}`;
  });
}

const opens = (what: string, ppdu: (c: Conversation) => Uint8Array, pattern: Pattern): readonly Step[] => [
  send(what, (c) => connectSpdu(c, { ppdu: ppdu(c) })),
  expect(pattern),
];

const versions = [
  { describe: 'of version 1', member: '80020780', number: 10 },
  { describe: 'of versions 1 and 2', member: '800206c0', number: 11 },
] as const;

/** What is wrong with the contexts that the implementation under test proposes. */
function proposalFault(c: Conversation): string | undefined {
  const definitions = memberOf(ppduIn(c.spdu('CN')), 0xa2, 0xa4)?.children ?? [];
  const proposed = definitions.map((definition) => integerIn(memberOf(definition, 0x02)) ?? 0);
  if (new Set(proposed).size !== proposed.length) return `an identifier comes twice: ${proposed.join(' ')}`;
  if (proposed.some((identifier) => identifier % 2 === 0)) return `an identifier is even: ${proposed.join(' ')}`;
  const syntaxes = definitions.map((definition) => toHex(memberOf(definition, 0x06)?.content ?? new Uint8Array(0)));
  const missing = [names.acse, names.reliableTransfer, names.messageTransfer].find((name) => !syntaxes.includes(name));
  if (missing !== undefined) return `no context for ${missing}`;
  const withBer = definitions.filter((definition) =>
    memberOf(definition, 0x30)?.children.some(({ content }) => toHex(content) === names.ber),
  );
  return withBer.length === definitions.length ? undefined : 'a context is not offered with BER';
}

export const contexts: readonly TestCase[] = [
  {
    ...common,
    id: 'PRE-I-VA-001',
    clause: 'X.226 §6.2',
    role: 'initiator',
    points: ['P-003'],
    purpose: 'Proposes contexts for association control, reliable and message transfer: odd, distinct, with BER.',
    preamble: called(),
    steps: [check('the contexts of the CP', proposalFault)],
  },
  ...identifiers.map((identifier, index): TestCase => ({
    ...common,
    id: `PRE-R-VA-02${String(index)}`,
    clause: 'X.226 §6.2',
    points: ['P-004'],
    purpose: `Uses the context identifiers of the initiator, ${identifier.describe}, from the CP to the release.`,
    octets: 'uncommon',
    steps: [
      ...opens('CONNECT', (c) => connectPpduOf(c, identifier), accepts('0 5101, 0 5101, 0 5101')),
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      send('DATA TRANSFER', (c) => {
        const apdu = external(identifier.messageTransfer, messageApdu(c, 'message'));
        return dataTransfer(presentationData(identifier.reliableTransfer, ber(0x04, apdu)));
      }),
      send('ACTIVITY END 1', activityEnd(1)),
      expect(serialSpdu('AEA', 1)),
      observe('delivered', 'message'),
      send('FINISH', finish(presentationData(identifier.acse, rlrq))),
      expect(dataIn(identifier.acse)),
      close,
    ],
  })),
  {
    ...common,
    id: 'PRE-R-VA-025',
    clause: 'X.226 §6.2',
    points: ['P-006'],
    purpose: 'Chooses BER where several transfer syntaxes are offered.',
    steps: opens(
      'CONNECT, two transfer syntaxes for each context but that of association control',
      (c) => connectPpduOf(c, ownContexts, [], [distinguishedEncoding, names.ber]),
      accepts('0 5101, 0 5101, 0 5101'),
    ),
  },
  {
    ...common,
    id: 'PRE-R-VA-026',
    clause: 'X.226 §6.2',
    points: ['P-005', 'P-006'],
    purpose: 'Rejects a context without BER for its transfer syntaxes, reason 2, and accepts the others.',
    steps: [
      send('CONNECT, context 7 without BER', (c) =>
        connectSpdu(c, {
          contexts: [
            contextDefinition(7, names.messageTransfer, distinguishedEncoding),
            contextDefinition(ownContexts.acse, names.acse, names.ber),
            contextDefinition(ownContexts.reliableTransfer, names.reliableTransfer, names.ber),
            contextDefinition(ownContexts.messageTransfer, names.messageTransfer, names.ber),
          ],
        }),
      ),
      expect(accepts('2/2, 0 5101, 0 5101, 0 5101')),
    ],
  },
  {
    ...common,
    id: 'PRE-R-IV-010',
    clause: 'X.226 §6.2',
    points: ['P-012'],
    needs: ['called-presentation-selector'],
    purpose: 'Refuses a called presentation selector that nobody has: reason 3.',
    steps: [
      send('CONNECT, called presentation selector NOWHERE', (c) =>
        connectSpdu(c, { calledPresentationSelector: 'NOWHERE' }),
      ),
      expect(refusedFor(3)),
      close,
    ],
  },
  {
    ...common,
    id: 'PRE-R-IV-011',
    clause: 'X.226 §6.2',
    points: ['P-012'],
    needs: ['called-presentation-selector'],
    purpose: 'Does not take a called presentation selector that only begins like its own.',
    steps: [
      send('CONNECT, called presentation selector with one octet more', (c) => {
        const own = c.peer.implementation.presentationSelector ?? latin1Octets('');
        return connectSpdu(c, { calledPresentationSelector: `${String.fromCharCode(...own)}X` });
      }),
      expect(refusal(2)),
      close,
    ],
  },
  ...versions.map(({ describe, member, number }): TestCase => ({
    ...common,
    id: `PRE-R-VA-0${String(number)}`,
    clause: 'X.226 §8.2',
    points: ['P-013'],
    purpose: `Accepts a CP ${describe} as one that leaves the version out.`,
    steps: opens(
      `CONNECT, CP ${describe}`,
      (c) => connectPpduOf(c, ownContexts, [fromHex(member)]),
      accepts('0 5101, 0 5101, 0 5101'),
    ),
  })),
  {
    ...common,
    id: 'PRE-R-IV-012',
    clause: 'X.226 §6.2',
    points: ['P-013'],
    purpose: 'Refuses a CP of version 2 alone: reason 4.',
    steps: [
      ...opens('CONNECT, CP of version 2', (c) => connectPpduOf(c, ownContexts, [fromHex('80020640')]), refusedFor(4)),
      close,
    ],
  },
];
