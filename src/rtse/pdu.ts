/**
 * The APDUs of X.228 §9 as types. At connection time they carry the tags [16] to [18] and [22] in both modes; the presentation layer drops
 * and restores them in X.410-1984 mode. Fields that a peer adds are ignored (X.228 §7.10).
 */
import { DecodeError } from '../bytes/decode-error.js';
import { fromHex } from '../bytes/octets.js';
import { nodeOctets, type BerNode } from '../asn1/ber-node.js';
import { any, bitString, integer, octetString, teletexString, utcTime } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, sequence, set } from '../asn1/structured-types.js';
import { context, universal } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';
import type { AbortReason, RefuseReason } from './service.js';

const nullOctets = fromHex('05 00');

/** NULL, as it should be and as it is seen: the tag alone, and an implicit NULL within the explicit tag. */
function isNull(value: BerNode): boolean {
  return (
    !value.constructed && value.contentStart === value.contentEnd && [universal(5), context(0)].includes(value.tag)
  );
}

/** `open [0] ANY`: undefined where the user gave nothing, which is written as NULL. */
const openUserData: Type<Uint8Array | undefined> = {
  name: 'open',
  tags: [context(0)],
  decodeNode(node) {
    const [value, surplus] = node.children;
    if (surplus !== undefined) throw new DecodeError('open holds more than one value', 'X.228 §9', surplus.start);
    return value === undefined || isNull(value) ? undefined : nodeOctets(value);
  },
  encodeValue: (value) => ({ tag: context(0), form: 'constructed', content: value ?? nullOctets }),
  check: () => undefined,
};

/** The user reference is an OCTET STRING in normal mode, a T61String in X.410-1984 mode; either is taken in both. */
const sessionConnectionIdentifier = sequence('SessionConnectionIdentifier', {
  callingSSuserReference: choice('CallingSSuserReference', { normal: octetString(), 'x410-1984': teletexString() }),
  commonReference: utcTime,
  additionalReferenceInformation: optional(implicit(context(0), teletexString())),
});

const connectionData = choice('ConnectionData', {
  open: openUserData,
  recover: implicit(context(1), sessionConnectionIdentifier),
});

export const rtorq = implicit(
  context(16),
  set('RTORQapdu', {
    checkpointSize: optional(implicit(context(0), integer())),
    windowSize: optional(implicit(context(1), integer())),
    dialogueMode: optional(implicit(context(2), integer())),
    connectionDataRQ: explicit(context(3), connectionData),
    applicationProtocol: optional(implicit(context(4), integer())),
  }),
);

export const rtoac = implicit(
  context(17),
  set('RTOACapdu', {
    checkpointSize: optional(implicit(context(0), integer())),
    windowSize: optional(implicit(context(1), integer())),
    connectionDataAC: explicit(context(2), connectionData),
  }),
);

export const rtorj = implicit(
  context(18),
  set('RTORJapdu', {
    refuseReason: optional(implicit(context(0), integer())),
    userDataRJ: optional(explicit(context(1), any)),
  }),
);

export const rtab = implicit(
  context(22),
  set('RTABapdu', {
    abortReason: optional(implicit(context(0), integer())),
    reflectedParameter: optional(implicit(context(1), bitString({ max: 8 }))),
    userdataAB: optional(explicit(context(2), any)),
  }),
);

/** As it comes: provider aborts of some peers have the universal tag 22 in place of [22]. */
export const receivedRtab: typeof rtab = { ...rtab, tags: [context(22), universal(22)] };

/** RT-TURN-PLEASE: the priority. */
export const rttp = integer();

export type ConnectionDataValue = ValueOf<typeof connectionData>;

/** Values of fields that a peer leaves out (X.228 §9). */
export const absentCheckpointSize = 0;
export const absentWindowSize = 3;

export const dialogueModes = { monologue: 0, 'two-way-alternate': 1 } as const;

/** X.410-1984 mode only. */
export const refuseReasons: Readonly<Record<RefuseReason, number>> = {
  busy: 0,
  'cannot-recover': 1,
  'validation-failure': 2,
  'unacceptable-dialogue-mode': 3,
};

export const abortReasons: Readonly<Record<AbortReason, number>> = {
  'local-system-problem': 0,
  'invalid-parameter': 1,
  'unrecognized-activity': 2,
  'temporary-problem': 3,
  'protocol-error': 4,
  'permanent-problem': 5,
  'user-error': 6,
  'transfer-completed': 7,
};
