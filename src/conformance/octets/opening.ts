/** What the lower tester says when it opens an association: each part right unless a case asks for another. */
import { fromHex, latin1Octets } from '../../bytes/octets.js';
import type { Conversation } from '../script/conversation.js';
import { ber, berHex, berInteger } from './ber.js';
import { bindValue, tagged } from './bind.js';
import { reliableTransferRequirements, unit, units } from './spdu.js';
import { connectionTpdu, tpduCodes, transportParameter, transportParameters } from './tpdu.js';
import { applicationContext, external, objectIdentifiers, ownContexts, presentationData } from './upper-layers.js';

/** Everything about an opening that cases vary. What is left out is as the peer file wants it; `absent` leaves the member out. */
export interface Opening {
  /** Units of the CONNECT. */
  readonly version?: number | 'absent';
  readonly protocolOptions?: number;
  readonly requirements?: number | 'absent';
  readonly tokenSetting?: number | 'absent';
  /** Text, or `absent`. */
  readonly calledSessionSelector?: string;
  /** Further units of the CONNECT, in front of the user data. */
  readonly units?: readonly Uint8Array[];
  /** Further units in the Connect/Accept Item, behind the others. */
  readonly connectItems?: readonly Uint8Array[];
  /** The session user data, whole. */
  readonly ppdu?: Uint8Array;
  readonly modeSelector?: Uint8Array;
  /** Text, or `absent`. */
  readonly calledPresentationSelector?: string;
  /** The context definition list. */
  readonly contexts?: readonly Uint8Array[];
  /** Further members of the CP's normal-mode-parameters, in front of the contexts. */
  readonly presentationMembers?: readonly Uint8Array[];
  /** The AARQ, whole. */
  readonly aarq?: Uint8Array;
  readonly applicationContextName?: string;
  /** Further members of the AARQ: in front of the application context, and behind it. */
  readonly aarqLeading?: readonly Uint8Array[];
  readonly aarqMembers?: readonly Uint8Array[];
  readonly checkpointSizeK?: number | 'absent';
  readonly windowSize?: number | 'absent';
  readonly dialogueMode?: number | 'absent';
  readonly applicationProtocol?: number | 'absent';
  /** The members of the RTORQ, whole. */
  readonly rtorqMembers?: readonly Uint8Array[];
  /** The connection data: open or recover. */
  readonly connectionData?: Uint8Array;
  /** The bind argument without the tag of normal mode. */
  readonly bind?: Uint8Array;
}

export const testerReference = 0x0101;

/** A CR to the implementation under test with its selectors; no size is offered, so that TPDUs may fill a TPKT. */
export function connectionRequest(conversation: Conversation, ...parameters: readonly Uint8Array[]): Uint8Array {
  const { implementation, tester } = conversation.peer;
  const selector = (code: number, value: Uint8Array | undefined): readonly Uint8Array[] =>
    value === undefined ? [] : [transportParameter(code, value)];
  return connectionTpdu(tpduCodes.CR, {
    destinationReference: 0,
    sourceReference: testerReference,
    parameters: [
      ...selector(transportParameters.callingSelector, tester.transportSelector),
      ...selector(transportParameters.calledSelector, implementation.transportSelector),
      ...parameters,
    ],
  });
}

/** References of a session connection that no other in this run has. */
export function referenceUnits(
  conversation: Conversation,
  connection = conversation.connections,
): readonly Uint8Array[] {
  const reference = `${conversation.runWord}.${String(conversation.number)}.${String(connection)}`;
  return [unit(units.callingReference, reference), unit(units.commonReference, commonReference)];
}

/** A common reference is a time; the calling reference tells connections apart. */
const commonReference = '261122073000Z';

function selectorOf(chosen: string | undefined, usual: Uint8Array | undefined): Uint8Array | undefined {
  if (chosen === undefined) return usual;
  return chosen === 'absent' ? undefined : latin1Octets(chosen);
}

export function connectSpdu(conversation: Conversation, opening: Opening = {}): Uint8Array {
  const { implementation, tester, mode } = conversation.peer;
  const octet = (code: number, value: number | 'absent' | undefined, usual: number): readonly Uint8Array[] =>
    value === 'absent' ? [] : [unit(code, value ?? usual)];
  const usualVersion = mode === 'normal' ? 3 : 1;
  const requirements = opening.requirements ?? reliableTransferRequirements;
  const called = selectorOf(opening.calledSessionSelector, implementation.sessionSelector);
  const ppdu = opening.ppdu ?? connectPpdu(conversation, opening);
  return unit(
    13,
    unit(units.connectionIdentifier, ...referenceUnits(conversation)),
    unit(
      units.connectAcceptItem,
      unit(units.protocolOptions, opening.protocolOptions ?? 0),
      ...octet(units.version, opening.version, usualVersion),
      ...octet(units.tokenSetting, opening.tokenSetting, 0),
      ...(opening.connectItems ?? []),
    ),
    ...(requirements === 'absent' ? [] : [unit(units.requirements, requirements >> 8, requirements & 0xff)]),
    ...(mode === 'x410-1984' || tester.sessionSelector === undefined
      ? []
      : [unit(units.callingSelector, tester.sessionSelector)]),
    ...(mode === 'x410-1984' || called === undefined ? [] : [unit(units.calledSelector, called)]),
    ...(opening.units ?? []),
    unit(ppdu.length > 512 ? units.extendedUserData : units.userData, ppdu),
  );
}

/** One definition of a presentation context, with these transfer syntaxes. */
export function contextDefinition(
  identifier: number,
  abstractSyntax: string,
  ...transferSyntaxes: readonly string[]
): Uint8Array {
  return ber(
    0x30,
    berInteger(identifier),
    berHex(0x06, abstractSyntax),
    ber(0x30, ...transferSyntaxes.map((syntax) => berHex(0x06, syntax))),
  );
}

const usualContexts = [
  contextDefinition(ownContexts.acse, objectIdentifiers.acse, objectIdentifiers.ber),
  contextDefinition(ownContexts.reliableTransfer, objectIdentifiers.reliableTransfer, objectIdentifiers.ber),
  contextDefinition(ownContexts.messageTransfer, objectIdentifiers.messageTransfer, objectIdentifiers.ber),
];

const modeSelectors = { normal: fromHex('a003800101'), 'x410-1984': fromHex('a003800100') } as const;

export function connectPpdu(conversation: Conversation, opening: Opening = {}): Uint8Array {
  const { implementation, tester, mode } = conversation.peer;
  const modeSelector = opening.modeSelector ?? modeSelectors[mode];
  if (mode === 'x410-1984') return ber(0x31, modeSelector, ber(0xa1, ...rtorqMembers(conversation, opening)));
  const called = selectorOf(opening.calledPresentationSelector, implementation.presentationSelector);
  return ber(
    0x31,
    modeSelector,
    ber(
      0xa2,
      ...(tester.presentationSelector === undefined ? [] : [ber(0x81, tester.presentationSelector)]),
      ...(called === undefined ? [] : [ber(0x82, called)]),
      ...(opening.presentationMembers ?? []),
      ber(0xa4, ...(opening.contexts ?? usualContexts)),
      presentationData(ownContexts.acse, opening.aarq ?? aarq(conversation, opening)),
    ),
  );
}

export function aarq(conversation: Conversation, opening: Opening = {}): Uint8Array {
  return ber(
    0x60,
    ...(opening.aarqLeading ?? []),
    applicationContext(opening.applicationContextName ?? objectIdentifiers.mtsTransfer),
    ...(opening.aarqMembers ?? []),
    ber(0xbe, external(ownContexts.reliableTransfer, ber(0xb0, ...rtorqMembers(conversation, opening)))),
  );
}

const dialogueModes = { monologue: 0, 'two-way-alternate': 1 } as const;
const applicationProtocols = { '1988': 12, '1984': 1 } as const;

export function rtorqMembers(conversation: Conversation, opening: Opening = {}): readonly Uint8Array[] {
  if (opening.rtorqMembers !== undefined) return opening.rtorqMembers;
  const { peer } = conversation;
  const { checkpointSizeK, windowSize } = peer.reliableTransfer;
  const member = (identifier: number, value: number | 'absent'): readonly Uint8Array[] =>
    value === 'absent' ? [] : [berInteger(value, identifier)];
  const bind = opening.bind ?? bindValue(peer, peer.tester.mtaName, peer.tester.password);
  const connectionData = opening.connectionData ?? ber(0xa0, tagged(peer, 'argument', bind));
  return [
    ...member(0x80, opening.checkpointSizeK ?? checkpointSizeK),
    ...member(0x81, opening.windowSize ?? windowSize),
    ...member(0x82, opening.dialogueMode ?? dialogueModes[peer.dialogue]),
    ber(0xa3, connectionData),
    ...(peer.mode === 'normal' ? [] : member(0x84, opening.applicationProtocol ?? applicationProtocols[peer.p1])),
  ];
}
