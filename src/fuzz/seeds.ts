import { fromHex, joinOctets } from '../bytes/octets.js';
import { carriedBy, packetsOf } from './packet-mutator.js';
import { encodeScript, type Step } from './script.js';
import type { Material } from './target.js';

/** Seeds above this length are left out: what is in them is in shorter ones. */
const seedOctetsMax = 16 * 1024;

function* hexIn(value: unknown): Generator<Uint8Array> {
  if (typeof value === 'string') {
    if (value.length >= 4 && value.length % 2 === 0 && /^[0-9a-f]+$/.test(value)) yield fromHex(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) yield* hexIn(member);
  }
}

/** All octets that stand in hexadecimal anywhere in the named vectors. */
export function vectors(material: readonly Material[], ...names: readonly string[]): readonly Uint8Array[] {
  return material
    .filter(({ name }) => names.includes(name))
    .flatMap(({ text }) => [...hexIn(JSON.parse(text))])
    .filter(({ length }) => length <= seedOctetsMax);
}

type Side = 'initiator' | 'responder';

interface Capture {
  readonly steps: readonly { readonly from: Side; readonly octets?: string; readonly closed?: string }[];
}

function captures(material: readonly Material[]): readonly Capture[] {
  return material
    .filter(({ name }) => name.startsWith('captures/'))
    .map(({ text }) => JSON.parse(text) as Capture) // files of our own
    .filter((_, i, all) => JSON.stringify(all[i]).length < 4 * seedOctetsMax);
}

/** Everything that one side sent, as a stream. */
export function streams(material: readonly Material[]): readonly Uint8Array[] {
  return captures(material).flatMap(({ steps }) =>
    (['initiator', 'responder'] as const).map((side) =>
      joinOctets(steps.flatMap(({ from, octets }) => (from === side && octets !== undefined ? [fromHex(octets)] : []))),
    ),
  );
}

/** The TSDUs that came in one DT each. */
export function tsdus(material: readonly Material[]): readonly Uint8Array[] {
  return streams(material).flatMap((stream) =>
    packetsOf(stream).flatMap((packet) => {
      const carried = carriedBy(packet);
      return carried === undefined ? [] : [carried];
    }),
  );
}

/** What one side did, packet by packet; where the other end spoke, our own side may want to. */
export function scripts(material: readonly Material[], side: Side): readonly Uint8Array[] {
  return captures(material).map(({ steps }) =>
    encodeScript(
      steps.flatMap(({ from, octets, closed }): readonly Step[] => {
        if (from !== side) return octets === undefined ? [] : [{ kind: 'want', what: 0 }];
        if (octets !== undefined) return packetsOf(fromHex(octets)).map((packet) => ({ kind: 'data', octets: packet }));
        return closed === undefined ? [] : [{ kind: 'close' }];
      }),
    ),
  );
}
