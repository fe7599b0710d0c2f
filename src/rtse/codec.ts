/** The connection-time APDUs, RTTP and RTAB between octets and the words of the service. Decoding throws DecodeError and nothing else. */
import { decodeWithAsn1js } from '../asn1/asn1js-node.js';
import { encode } from '../asn1/type.js';
import { latin1Octets, latin1Text } from '../bytes/octets.js';
import type { ReliableTransferMode } from '../presentation/service.js';
import {
  absentCheckpointSize,
  absentWindowSize,
  abortReasons,
  dialogueModes,
  refuseReasons,
  receivedRtab,
  rtab,
  rtoac,
  rtorj,
  rtorq,
  rttp,
  type ConnectionDataValue,
} from './pdu.js';
import type {
  AbortReason,
  ApplicationProtocol,
  ConnectionData,
  DialogueMode,
  NegotiatedValues,
  RefuseReason,
} from './service.js';

export interface OpenRequest {
  /** As it stands, defaults filled in; not yet checked against what is legal. */
  readonly proposal: NegotiatedValues;
  /** Undefined for a value that X.228 does not have. */
  readonly dialogueMode: DialogueMode | undefined;
  readonly connectionData: ConnectionData;
  /** `unknown` for one that we do not have. Only X.410-1984 mode gives it a meaning. */
  readonly applicationProtocol: ApplicationProtocol | 'unknown';
}

export interface OpenAnswer {
  readonly answer: NegotiatedValues;
  readonly connectionData: ConnectionData;
}

export interface OpenRefusal {
  readonly reason?: RefuseReason;
  readonly userData?: Uint8Array;
}

export interface Abort {
  readonly reason: AbortReason;
  /** Bit n: parameter n of the refused primitive. With `invalid-parameter` only. */
  readonly reflectedParameter?: readonly number[];
  readonly userData?: Uint8Array;
}

/** 3072 is 12 with its octets swapped, 8883 the 1984 protocol in a European profile; both are seen. Absent is 1984 (X.419). */
const applicationProtocols: ReadonlyMap<number | undefined, ApplicationProtocol> = new Map([
  [12, 12],
  [3072, 12],
  [1, 1],
  [8883, 1],
  [undefined, 1],
]);

function keyOf<Key extends string>(names: Readonly<Record<Key, number>>, code: number | undefined): Key | undefined {
  return (Object.keys(names) as Key[]).find((name) => names[name] === code);
}

function encodeConnectionData(data: ConnectionData, mode: ReliableTransferMode): ConnectionDataValue {
  if (data.kind === 'open') return { kind: 'open', value: data.userData };
  const { callingReference, commonReference, additionalReference } = data.identifier;
  return {
    kind: 'recover',
    value: {
      callingSSuserReference:
        mode === 'normal'
          ? { kind: 'normal', value: callingReference }
          : { kind: 'x410-1984', value: latin1Text(callingReference) },
      commonReference: latin1Text(commonReference),
      ...(additionalReference === undefined ? {} : { additionalReferenceInformation: latin1Text(additionalReference) }),
    },
  };
}

function decodeConnectionData(data: ConnectionDataValue): ConnectionData {
  if (data.kind === 'open') return { kind: 'open', ...(data.value === undefined ? {} : { userData: data.value }) };
  const { callingSSuserReference: reference, commonReference, additionalReferenceInformation: additional } = data.value;
  return {
    kind: 'recover',
    identifier: {
      callingReference: reference.kind === 'normal' ? reference.value : latin1Octets(reference.value),
      commonReference: latin1Octets(commonReference),
      ...(additional === undefined ? {} : { additionalReference: latin1Octets(additional) }),
    },
  };
}

interface OpenRequestValues {
  readonly mode: ReliableTransferMode;
  readonly proposal: NegotiatedValues;
  readonly dialogueMode: DialogueMode;
  readonly connectionData: ConnectionData;
  readonly applicationProtocol: ApplicationProtocol;
}

/** The window always stands there: peers take an absent one for 3 whatever they would like. */
export function encodeRtorq(values: OpenRequestValues): Uint8Array {
  const { mode, proposal, dialogueMode, connectionData, applicationProtocol } = values;
  return encode(rtorq, {
    ...(proposal.checkpointSizeK === absentCheckpointSize ? {} : { checkpointSize: proposal.checkpointSizeK }),
    windowSize: proposal.windowSize,
    ...(dialogueMode === 'monologue' ? {} : { dialogueMode: dialogueModes[dialogueMode] }),
    connectionDataRQ: encodeConnectionData(connectionData, mode),
    ...(mode === 'normal' ? {} : { applicationProtocol }),
  });
}

export function decodeRtorq(octets: Uint8Array): OpenRequest {
  const apdu = decodeWithAsn1js(rtorq, octets);
  return {
    proposal: {
      checkpointSizeK: apdu.checkpointSize ?? absentCheckpointSize,
      windowSize: apdu.windowSize ?? absentWindowSize,
    },
    dialogueMode: keyOf(dialogueModes, apdu.dialogueMode ?? dialogueModes.monologue),
    connectionData: decodeConnectionData(apdu.connectionDataRQ),
    applicationProtocol: applicationProtocols.get(apdu.applicationProtocol) ?? 'unknown',
  };
}

export function encodeRtoac(answer: NegotiatedValues, data: ConnectionData, mode: ReliableTransferMode): Uint8Array {
  return encode(rtoac, {
    ...(answer.checkpointSizeK === absentCheckpointSize ? {} : { checkpointSize: answer.checkpointSizeK }),
    windowSize: answer.windowSize,
    connectionDataAC: encodeConnectionData(data, mode),
  });
}

export function decodeRtoac(octets: Uint8Array): OpenAnswer {
  const apdu = decodeWithAsn1js(rtoac, octets);
  return {
    answer: {
      checkpointSizeK: apdu.checkpointSize ?? absentCheckpointSize,
      windowSize: apdu.windowSize ?? absentWindowSize,
    },
    connectionData: decodeConnectionData(apdu.connectionDataAC),
  };
}

export function encodeRtorj(refusal: OpenRefusal): Uint8Array {
  return encode(rtorj, {
    ...(refusal.reason === undefined ? {} : { refuseReason: refuseReasons[refusal.reason] }),
    ...(refusal.userData === undefined ? {} : { userDataRJ: refusal.userData }),
  });
}

export function decodeRtorj(octets: Uint8Array): OpenRefusal {
  const apdu = decodeWithAsn1js(rtorj, octets);
  const reason = keyOf(refuseReasons, apdu.refuseReason);
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(apdu.userDataRJ === undefined ? {} : { userData: apdu.userDataRJ }),
  };
}

export function encodeRtab(reason: AbortReason, userData?: Uint8Array): Uint8Array {
  return encode(rtab, {
    abortReason: abortReasons[reason],
    ...(userData === undefined ? {} : { userdataAB: userData }),
  });
}

/** A reason that is absent or unknown is taken as localSystemProblem. */
export function decodeRtab(octets: Uint8Array): Abort {
  const apdu = decodeWithAsn1js(receivedRtab, octets);
  return {
    reason: keyOf(abortReasons, apdu.abortReason) ?? 'local-system-problem',
    ...(apdu.reflectedParameter === undefined ? {} : { reflectedParameter: apdu.reflectedParameter.bits() }),
    ...(apdu.userdataAB === undefined ? {} : { userData: apdu.userdataAB }),
  };
}

export function encodeRttp(priority: number): Uint8Array {
  return encode(rttp, priority);
}

/** RTTP left out: priority 0 (X.228 §7.4). */
export const absentPriority = 0;

export function decodeRttp(octets: Uint8Array): number {
  return decodeWithAsn1js(rttp, octets);
}
