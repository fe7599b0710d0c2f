/** SPDUs taken apart into their units and put together again in another way. */
import { concatOctets } from '../../bytes/octets.js';
import { unit } from './spdu.js';

/** A unit as it stands, header and all. */
interface Unit {
  readonly code: number;
  readonly octets: Uint8Array;
}

const longLength = 255;

function bodyOf(octets: Uint8Array, offset: number): { readonly start: number; readonly end: number } {
  const length = octets[offset + 1] ?? 0;
  if (length < longLength) return { start: offset + 2, end: offset + 2 + length };
  return { start: offset + 4, end: offset + 4 + (octets[offset + 2] ?? 0) * 256 + (octets[offset + 3] ?? 0) };
}

/** A right SPDU of category 1 with its units, which stay whole, changed. */
export function withUnits(spdu: Uint8Array, change: (units: readonly Unit[]) => readonly Unit[]): Uint8Array {
  const { start, end } = bodyOf(spdu, 0);
  const units: Unit[] = [];
  for (let offset = start; offset < end;) {
    const next = bodyOf(spdu, offset).end;
    units.push({ code: spdu[offset] ?? 0, octets: spdu.subarray(offset, next) });
    offset = next;
  }
  return unit(spdu[0] ?? 0, concatOctets(...change(units).map(({ octets }) => octets)));
}
