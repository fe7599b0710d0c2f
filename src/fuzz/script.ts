import { joinOctets } from '../bytes/octets.js';
import type { Mutator } from './mutator.js';
import { mutateOctets } from './mutator.js';
import { carriedBy, mutatePacket, packetAround } from './packet-mutator.js';

/** What happens to an end of a connection, one thing after another: the input of targets that are whole stacks. */
export type Step =
  /** The peer sends. */
  | { readonly kind: 'data'; readonly octets: Uint8Array }
  /** Time passes. */
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** The peer closes TCP. */
  | { readonly kind: 'close' }
  /** Our own side wants something; the target says what the numbers mean. */
  | { readonly kind: 'want'; readonly what: number };

const codes = { data: 0, wait: 1, close: 2, want: 3 } as const;
const stepsMax = 200;
const waitUnitMilliseconds = 50;
const waitUnitsMax = 255;

/** Any octets are some script: what does not fit is cut off. */
export function decodeScript(input: Uint8Array): readonly Step[] {
  const steps: Step[] = [];
  let position = 0;
  while (position < input.length && steps.length < stepsMax) {
    const code = (input[position] ?? 0) % 4;
    const argument = input[position + 1] ?? 0;
    position += 2;
    if (code === codes.data) {
      const length = argument * 0x100 + (input[position] ?? 0);
      position += 1;
      const octets = input.subarray(position, position + length);
      if (octets.length > 0) steps.push({ kind: 'data', octets });
      position += length;
    } else if (code === codes.wait) {
      steps.push({ kind: 'wait', milliseconds: argument * argument * waitUnitMilliseconds });
    } else steps.push(code === codes.close ? { kind: 'close' } : { kind: 'want', what: argument });
  }
  return steps;
}

export function encodeScript(steps: readonly Step[]): Uint8Array {
  return joinOctets(
    steps.flatMap((step) => {
      switch (step.kind) {
        case 'data': {
          const octets = step.octets.subarray(0, 0xffff);
          return [Uint8Array.of(codes.data, octets.length >> 8, octets.length), octets];
        }
        case 'wait': {
          const units = Math.round(Math.sqrt(step.milliseconds / waitUnitMilliseconds));
          return [Uint8Array.of(codes.wait, Math.min(units, waitUnitsMax))];
        }
        case 'close':
          return [Uint8Array.of(codes.close, 0)];
        case 'want':
          return [Uint8Array.of(codes.want, step.what)];
      }
    }),
  );
}

/** Steps and packets in wrong order and number, and changed. */
export const mutateScript: Mutator = (random, input, other) => {
  const steps = [...decodeScript(input)];
  const others = decodeScript(other);
  const at = random.between(0, Math.max(steps.length - 1, 0));
  const step = steps[at];
  if (step === undefined) return mutateOctets(random, input, other);
  const borrowed = others.length === 0 ? step : random.pick(others);
  switch (random.between(0, 11)) {
    case 0:
      steps.splice(at, 1);
      break;
    case 1:
      steps.splice(at, 0, step);
      break;
    case 2:
      steps.splice(random.between(0, steps.length - 1), 0, ...steps.splice(at, 1));
      break;
    case 3:
      steps.splice(at, random.between(0, 1), borrowed);
      break;
    case 4:
      steps.splice(at, 0, ...others.slice(random.between(0, others.length)));
      break;
    case 5:
      steps.splice(at, 0, { kind: 'wait', milliseconds: random.magnitude(1, 3_000_000) });
      break;
    case 6:
      steps.splice(at, 0, random.chance(0.8) ? { kind: 'want', what: random.between(0, 15) } : { kind: 'close' });
      break;
    case 7: {
      if (step.kind !== 'data') break;
      const middle = random.between(0, step.octets.length);
      const halves = [step.octets.subarray(0, middle), step.octets.subarray(middle)];
      steps.splice(at, 1, ...halves.map((octets) => ({ kind: 'data' as const, octets })));
      break;
    }
    default: {
      if (step.kind !== 'data') break;
      const from = borrowed.kind === 'data' ? borrowed.octets : step.octets;
      const isPacket = step.octets[0] === 3 || carriedBy(step.octets) !== undefined;
      const changed = isPacket ? mutatePacket(random, step.octets, from) : packetAround(step.octets);
      steps[at] = { kind: 'data', octets: changed };
    }
  }
  return encodeScript(steps);
};
