/** What the lower tester answers when it is called: each part right unless a case asks for another. */
import { fromHex } from '../../bytes/octets.js';
import { parameterOf, unitOf } from '../listening/heard.js';
import { ppduIn, valuesIn } from '../listening/upper-layers.js';
import type { Conversation } from '../script/conversation.js';
import { ber, berInteger, memberOf } from './ber.js';
import { bindValue, tagged } from './bind.js';
import { reliableTransferRequirements, unit, units } from './spdu.js';
import { connectionTpdu, tpduCodes, transportParameter, transportParameters } from './tpdu.js';
import { applicationContext, objectIdentifiers, presentationData, contextsOf, external } from './upper-layers.js';

export interface Answer {
  readonly version?: number | 'absent';
  readonly requirements?: number | 'absent';
  readonly tokenSetting?: number | 'absent';
  readonly units?: readonly Uint8Array[];
  readonly connectItems?: readonly Uint8Array[];
  readonly ppdu?: Uint8Array;
  readonly modeSelector?: Uint8Array;
  /** The context result list. */
  readonly results?: readonly Uint8Array[];
  readonly presentationMembers?: readonly Uint8Array[];
  readonly aare?: Uint8Array;
  readonly applicationContextName?: string;
  readonly aareMembers?: readonly Uint8Array[];
  readonly checkpointSizeK?: number | 'absent';
  readonly windowSize?: number | 'absent';
  readonly rtoacMembers?: readonly Uint8Array[];
  readonly connectionData?: Uint8Array;
  /** The bind result without the tag of normal mode. */
  readonly bind?: Uint8Array;
}

export const answeringReference = 0x0202;

/** The source reference in a CR or CC. */
export function sourceReferenceOf(tpdu: Uint8Array): number {
  return (tpdu[4] ?? 0) * 256 + (tpdu[5] ?? 0);
}

/** A CC for the CR that was heard: the preferred size where one was offered, else the size, else none. */
export function connectionConfirm(conversation: Conversation): Uint8Array {
  const request = conversation.tpdu('CR');
  const echoed = [transportParameters.preferredSize, transportParameters.size].flatMap((code) => {
    const value = parameterOf(request, code);
    return value === undefined ? [] : [transportParameter(code, value)];
  });
  const called = parameterOf(request, transportParameters.calledSelector);
  return connectionTpdu(tpduCodes.CC, {
    destinationReference: sourceReferenceOf(request.octets),
    sourceReference: answeringReference,
    parameters: [
      ...echoed.slice(0, 1),
      ...(called === undefined ? [] : [transportParameter(transportParameters.calledSelector, called)]),
    ],
  });
}

export function acceptSpdu(conversation: Conversation, answer: Answer = {}): Uint8Array {
  const connect = conversation.spdu('CN');
  const offered = unitOf(connect, units.version)?.[0] ?? 1;
  const usualVersion = (offered & 2) === 0 ? 1 : 2;
  const requirements = answer.requirements ?? reliableTransferRequirements;
  const octet = (code: number, value: number | 'absent' | undefined, usual: number): readonly Uint8Array[] =>
    value === 'absent' ? [] : [unit(code, value ?? usual)];
  const references = [units.callingReference, units.commonReference].flatMap((code) => {
    const value = unitOf(connect, code);
    // The caller's reference comes back as its own; ours is the same text under the code of the called user.
    return value === undefined ? [] : [unit(code === units.callingReference ? units.calledReference : code, value)];
  });
  return unit(
    14,
    unit(units.connectionIdentifier, ...references),
    unit(
      units.connectAcceptItem,
      unit(units.protocolOptions, 0),
      ...octet(units.version, answer.version, usualVersion),
      ...octet(units.tokenSetting, answer.tokenSetting, unitOf(connect, units.tokenSetting)?.[0] ?? 0),
      ...(answer.connectItems ?? []),
    ),
    ...(requirements === 'absent' ? [] : [unit(units.requirements, requirements >> 8, requirements & 0xff)]),
    ...(answer.units ?? []),
    unit(units.userData, answer.ppdu ?? acceptPpdu(conversation, answer)),
  );
}

/** A result of a context: accepted with BER. */
export const acceptedContext = fromHex('300780010081025101');

/** How many contexts the CP that was heard defines. */
export function definedContexts(conversation: Conversation): number {
  return memberOf(ppduIn(conversation.spdu('CN')), 0xa2, 0xa4)?.children.length ?? 0;
}

const modeSelectors = { normal: fromHex('a003800101'), 'x410-1984': fromHex('a003800100') } as const;

export function acceptPpdu(conversation: Conversation, answer: Answer = {}): Uint8Array {
  const { mode } = conversation.peer;
  const modeSelector = answer.modeSelector ?? modeSelectors[mode];
  if (mode === 'x410-1984') return ber(0x31, modeSelector, ber(0xa1, ...rtoacMembers(conversation, answer)));
  const results = answer.results ?? Array.from({ length: definedContexts(conversation) }, () => acceptedContext);
  return ber(
    0x31,
    modeSelector,
    ber(
      0xa2,
      ...(answer.presentationMembers ?? []),
      ber(0xa5, ...results),
      presentationData(contextsOf(conversation).acse, answer.aare ?? aare(conversation, answer)),
    ),
  );
}

const acceptedResult = fromHex('a203020100');
const nullDiagnostic = fromHex('a305a103020100');

export function aare(conversation: Conversation, answer: Answer = {}): Uint8Array {
  const rtoac = ber(0xb1, ...rtoacMembers(conversation, answer));
  return ber(
    0x61,
    applicationContext(answer.applicationContextName ?? objectIdentifiers.mtsTransfer),
    acceptedResult,
    nullDiagnostic,
    ...(answer.aareMembers ?? []),
    ber(0xbe, external(contextsOf(conversation).reliableTransfer, rtoac)),
  );
}

/** The smallest checkpoints and the window that was offered, unless the case says otherwise. */
export function rtoacMembers(conversation: Conversation, answer: Answer = {}): readonly Uint8Array[] {
  if (answer.rtoacMembers !== undefined) return answer.rtoacMembers;
  const { peer } = conversation;
  const offered = valuesIn(conversation.spdu('CN'), peer.mode);
  const bind = answer.bind ?? bindValue(peer, peer.tester.mtaName, peer.tester.password);
  const member = (identifier: number, value: number | 'absent'): readonly Uint8Array[] =>
    value === 'absent' ? [] : [berInteger(value, identifier)];
  return [
    ...member(0x80, answer.checkpointSizeK ?? 1),
    ...member(0x81, answer.windowSize ?? offered.windowSize),
    ber(0xa2, answer.connectionData ?? ber(0xa0, tagged(peer, 'result', bind))),
  ];
}

/** A CPR with an RTORJ (in normal mode an empty one for a recovery): `reason` is the refuse reason of X.410-1984 mode, and the bind error of normal mode. */
export function refusalPpdu(
  conversation: Conversation,
  reason: number,
  lasting: 'permanent' | 'transient',
): Uint8Array {
  const { peer } = conversation;
  if (peer.mode === 'x410-1984') return ber(0x31, berInteger(reason, 0x80));
  const result = ber(0xa2, berInteger(lasting === 'permanent' ? 1 : 2));
  const recovers = reason === 1;
  const rtorj = ber(0xb2, ...(recovers ? [] : [ber(0xa1, tagged(peer, 'error', berInteger(reason)))]));
  const rejected = ber(
    0x61,
    applicationContext(objectIdentifiers.mtsTransfer),
    result,
    fromHex('a305a103020101'),
    ber(0xbe, external(contextsOf(conversation).reliableTransfer, rtorj)),
  );
  const results = Array.from({ length: definedContexts(conversation) }, () => acceptedContext);
  return ber(0x30, ber(0xa5, ...results), presentationData(contextsOf(conversation).acse, rejected));
}
