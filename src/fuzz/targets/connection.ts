/** What passes before and while an association is open, layer by layer. */
import { isDeepStrictEqual } from 'node:util';
import { decodeAare, decodeAarq, decodeAbrt, expectRelease, informationIn } from '../../acse/codec.js';
import { aare, aarq, abrt } from '../../acse/pdu.js';
import { encode, type Type } from '../../asn1/type.js';
import { ByteList } from '../../bytes/byte-list.js';
import { equalOctets } from '../../bytes/octets.js';
import { associationContexts } from '../../association/contexts.js';
import { decodeBindArgument, decodeBindError, decodeBindResult } from '../../p1/bind.js';
import { decodeAbort, decodeCp, decodeCpa, decodeCpr, readableUserData } from '../../presentation/codec.js';
import { DefinedContextSet } from '../../presentation/contexts.js';
import { abort, cp, cpa, cpr } from '../../presentation/pdu.js';
import { embeddedValue, unwrapValues } from '../../presentation/user-data.js';
import { decodeRtab, decodeRtoac, decodeRtorj, decodeRtorq, decodeRttp } from '../../rtse/codec.js';
import { decodeRttr } from '../../rtse/rttr.js';
import { decodeTsdu, encodeTsdu } from '../../session/concatenation.js';
import type { DecodedSpdu } from '../../session/codec.js';
import { decodeTpdu, encodeTpduHeader } from '../../transport/codec.js';
import type { Tpdu } from '../../transport/pdu.js';
import { tpktOctetsMax, TpktReader } from '../../transport/tpkt.js';
import { TsduReassembly } from '../../transport/tsdu.js';
import { mutateBer } from '../ber-mutator.js';
import { comparable, fresh } from '../fresh.js';
import { mutateOctets } from '../mutator.js';
import { mutatePackets } from '../packet-mutator.js';
import { streams, tsdus, vectors } from '../seeds.js';
import { mutateTsdu } from '../session-mutator.js';
import { attempt, must, targetDefaults, type Attempt, type Target } from '../target.js';

const tsduOctetsMax = 64 * 1024;

/** Octets that are cut into pieces at places that follow from themselves. */
function cutAnywhere(octets: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < octets.length;) {
    const end = Math.min(start + 1 + (((octets[start] ?? 0) * 7 + start) % 11), octets.length);
    pieces.push(octets.subarray(start, end));
    start = end;
  }
  return pieces;
}

function tpdusIn(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const reader = new TpktReader();
  const tpdus: Uint8Array[] = [];
  for (const chunk of chunks) {
    for (const tpdu of reader.read(chunk, () => tpktOctetsMax)) tpdus.push(tpdu.toUint8Array().slice());
  }
  return tpdus;
}

const tpkt: Target = {
  ...targetDefaults,
  name: 'tpkt',
  mutators: [mutatePackets, mutateOctets],
  seeds: (material) => [...streams(material), ...vectors(material, 'vectors/transport.json')],
  run(input) {
    const whole = attempt(() => tpdusIn([input]));
    const inPieces = attempt(() => tpdusIn(cutAnywhere(input)));
    must(isDeepStrictEqual(whole, inPieces), 'packets depend on how the stream is cut');
    if ('fault' in whole) return [whole.fault];
    const tsdu = new TsduReassembly(tsduOctetsMax);
    return whole.value.map((octets) => {
      const decoded = attempt(() => decodeTpdu(ByteList.of(octets)));
      if ('fault' in decoded) return decoded.fault;
      const { tpdu } = decoded.value;
      if (tpdu.type !== 'DT' || !tsdu.accepts(tpdu)) return tpdu.type;
      return tsdu.append(tpdu) === undefined ? 'DT' : 'TSDU';
    });
  },
};

/** User data are not part of what is compared: they follow the header as they are. */
function withoutUserData(tpdu: Tpdu): object {
  return 'userData' in tpdu ? { ...tpdu, userData: undefined } : tpdu;
}

const tpdu: Target = {
  ...targetDefaults,
  name: 'tpdu',
  octetsMax: 1024,
  mutators: [mutateOctets],
  seeds: (material) => streams(material).flatMap((stream) => tpdusIn([stream])),
  run(input) {
    const decoded = attempt(() => decodeTpdu(ByteList.of(input)));
    if ('fault' in decoded) return [decoded.fault];
    const { tpdu: first, skippedParameters } = decoded.value;
    const again = decodeTpdu(ByteList.of(encodeTpduHeader(first))).tpdu;
    must(isDeepStrictEqual(withoutUserData(first), withoutUserData(again)), `${first.type} changes when it is written`);
    return [first.type, `skipped ${String(skippedParameters.length > 0)}`];
  },
};

function plainSpdu(spdu: DecodedSpdu): object {
  return 'spdu' in spdu && spdu.spdu === 'DT'
    ? { ...spdu, userInformation: spdu.userInformation.toUint8Array() }
    : spdu;
}

/** Parameters and groups without content are not written: they say what absent ones say (X.225 §8.2.6). */
function withoutEmpty(value: object): object {
  const members = Object.entries(value)
    .map(([name, member]: [string, unknown]) => [name, isGroup(member) ? withoutEmpty(member) : member] as const)
    .filter(([, member]) => !isEmpty(member));
  return Object.fromEntries(members);
}

function isGroup(member: unknown): member is object {
  return typeof member === 'object' && member !== null && !(member instanceof Uint8Array);
}

function isEmpty(member: unknown): boolean {
  return member instanceof Uint8Array ? member.length === 0 : isGroup(member) && Object.keys(member).length === 0;
}

const session: Target = {
  ...targetDefaults,
  name: 'session',
  weight: 2,
  mutators: [mutateTsdu, mutateTsdu, mutateOctets],
  seeds: (material) => [...tsdus(material), ...vectors(material, 'vectors/session.json')],
  run(input) {
    const whole = attempt(() => decodeTsdu(ByteList.of(input)).map(plainSpdu));
    const inPieces = attempt(() => decodeTsdu(ByteList.from(cutAnywhere(input))).map(plainSpdu));
    must(isDeepStrictEqual(whole, inPieces), 'SPDUs depend on how the TSDU is cut');
    if ('fault' in whole) return [whole.fault];
    return decodeTsdu(ByteList.of(input)).map((spdu) => {
      if ('continues' in spdu) return `continues ${spdu.continues}`;
      const again = decodeTsdu(encodeTsdu(spdu));
      const said = withoutEmpty(plainSpdu(spdu));
      const same = again.some((other) => isDeepStrictEqual(withoutEmpty(plainSpdu(other)), said));
      must(same, `${spdu.spdu} changes when it is written`);
      return `${spdu.spdu} ${Object.keys(spdu).join(' ')}`;
    });
  },
};

/** Decodes, writes what was read from the values alone, and reads that again. */
function rewritten<Value>(type: Type<Value>, decode: (octets: Uint8Array) => Value, input: Uint8Array): string {
  const first = attempt(() => decode(input));
  if ('fault' in first) return `${type.name} ${first.fault}`;
  const written = encode(type, fresh(first.value));
  const again = decode(written);
  must(isDeepStrictEqual(comparable(first.value), comparable(again)), `${type.name} changes when it is written`);
  return `${type.name} ${keysOf(first.value)}`;
}

function keysOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.keys(value).join(' ') : typeof value;
}

const contexts = new DefinedContextSet(associationContexts);
const only = new DefinedContextSet(associationContexts.slice(0, 1));

function outcome(name: string, result: Attempt<unknown>): string {
  return `${name} ${'fault' in result ? result.fault : keysOf(result.value)}`;
}

const presentation: Target = {
  ...targetDefaults,
  name: 'presentation',
  mutators: [mutateBer, mutateBer, mutateOctets],
  seeds: (material) => vectors(material, 'vectors/presentation.json'),
  run(input) {
    const offer = attempt(() => decodeCp(input));
    const data = 'fault' in offer ? undefined : offer.value.cp.normalParameters?.userData;
    const copies = 'fault' in offer ? new Uint8Array(0) : offer.value.copies;
    const values = attempt(() => unwrapValues(contexts, ByteList.of(input)).map(({ octets }) => octets.toUint8Array()));
    const cut = attempt(() =>
      unwrapValues(contexts, ByteList.from(cutAnywhere(input))).map(({ octets }) => octets.toUint8Array()),
    );
    must(isDeepStrictEqual(values, cut), 'values depend on how the user data are cut');
    return [
      rewritten(cp, (octets) => decodeCp(octets).cp, input),
      rewritten(cpa, decodeCpa, input),
      rewritten(cpr, decodeCpr, input),
      rewritten(abort, decodeAbort, input),
      outcome('values', values),
      outcome(
        'only',
        attempt(() => unwrapValues(only, ByteList.of(input)).length),
      ),
      ...(data === undefined
        ? []
        : [
            outcome(
              'embedded',
              attempt(() => embeddedValue(contexts, readableUserData(data, copies))),
            ),
          ]),
    ];
  },
};

const acse: Target = {
  ...targetDefaults,
  name: 'acse',
  mutators: [mutateBer, mutateBer, mutateOctets],
  seeds: (material) => vectors(material, 'vectors/acse.json'),
  run(input) {
    const request = attempt(() => informationIn(associationContexts, decodeAarq(input).userInformation));
    return [
      rewritten(aarq, decodeAarq, input),
      rewritten(aare, decodeAare, input),
      rewritten(abrt, decodeAbrt, input),
      outcome(
        'RLRQ',
        attempt(() => {
          expectRelease('RLRQ', input);
        }),
      ),
      outcome(
        'RLRE',
        attempt(() => {
          expectRelease('RLRE', input);
        }),
      ),
      outcome('information', request),
    ];
  },
};

const rtse: Target = {
  ...targetDefaults,
  name: 'rtse',
  mutators: [mutateBer, mutateBer, mutateOctets],
  seeds: (material) => vectors(material, 'vectors/rtse.json'),
  run(input) {
    const whole = attempt(() => decodeRttr(ByteList.of(input)).toUint8Array());
    const cut = attempt(() => decodeRttr(ByteList.from(cutAnywhere(input))).toUint8Array());
    must('fault' in whole === 'fault' in cut, 'an RTTR depends on how it is cut');
    if ('value' in whole && 'value' in cut)
      must(equalOctets(whole.value, cut.value), 'an RTTR depends on how it is cut');
    return [
      outcome('RTTR', whole),
      outcome(
        'RTORQ',
        attempt(() => decodeRtorq(input)),
      ),
      outcome(
        'RTOAC',
        attempt(() => decodeRtoac(input)),
      ),
      outcome(
        'RTORJ',
        attempt(() => decodeRtorj(input)),
      ),
      outcome(
        'RTAB',
        attempt(() => decodeRtab(input)),
      ),
      outcome(
        'RTTP',
        attempt(() => decodeRttp(input)),
      ),
    ];
  },
};

const bind: Target = {
  ...targetDefaults,
  name: 'bind',
  octetsMax: 2048,
  mutators: [mutateBer, mutateBer, mutateOctets],
  seeds: (material) => vectors(material, 'vectors/p1-binds.json', 'vectors/rtse.json'),
  run: (input) => [
    outcome(
      'argument',
      attempt(() => decodeBindArgument(input)),
    ),
    outcome(
      'result',
      attempt(() => decodeBindResult(input)),
    ),
    outcome(
      'error',
      attempt(() => decodeBindError(input)),
    ),
  ],
};

export const connectionTargets: readonly Target[] = [tpkt, tpdu, session, presentation, acse, rtse, bind];
