import { concatOctets, joinOctets, latin1Octets } from '../bytes/octets.js';
import type { Random } from '../faults/random.js';
import { spduTables } from '../session/pdu.js';
import { mutateBer } from './ber-mutator.js';
import { mutateOctets, type Mutator } from './mutator.js';

/** PGI or PI of X.225 table 11 and what follows; a group holds further units. */
interface Unit {
  code: number;
  longForm: boolean;
  /** Instead of the right length. */
  length: number | undefined;
  content: Uint8Array | Unit[];
}

interface TakenApart {
  readonly units: Unit[];
  readonly rest: Uint8Array;
}

/** Connection Identifier, Connect/Accept Item, Linking Information. */
const groups: readonly number[] = [1, 5, 33];
const userDataCodes: readonly number[] = [193, 194];
const serialNumberCodes: readonly number[] = [42, 55, 56];
const parameterCodes = [...groups, ...userDataCodes, ...serialNumberCodes, 7, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22];
const moreParameterCodes = [23, 24, 25, 26, 41, 49, 50, 51, 52, 60, 200, 255];
const spduCodes = Object.values(spduTables).map(({ code }) => code);
const longLength = 0xff;
const parametersMax = 600;

function lengthAt(octets: Uint8Array, position: number): { length: number; next: number; longForm: boolean } {
  const first = octets[position] ?? 0;
  if (first !== longLength) return { length: first, next: position + 1, longForm: false };
  return {
    length: (octets[position + 1] ?? 0) * 0x100 + (octets[position + 2] ?? 0),
    next: position + 3,
    longForm: true,
  };
}

/** Units one behind the other for as long as they fit. */
function unitsOf(octets: Uint8Array): TakenApart {
  const units: Unit[] = [];
  let position = 0;
  while (position + 1 < octets.length) {
    const { length, next, longForm } = lengthAt(octets, position + 1);
    if (next + length > octets.length) break;
    const content = octets.subarray(next, next + length);
    const code = octets[position] ?? 0;
    const inner = groups.includes(code) ? unitsOf(content) : undefined;
    units.push({ code, longForm, length: undefined, content: inner?.rest.length === 0 ? inner.units : content });
    position = next + length;
  }
  return { units, rest: octets.subarray(position) };
}

function octetsOf({ code, longForm, length, content }: Unit): Uint8Array {
  const inner = content instanceof Uint8Array ? content : joinOctets(content.map(octetsOf));
  const said = length ?? inner.length;
  const head =
    longForm || said >= longLength ? Uint8Array.of(code, longLength, said >> 8, said) : Uint8Array.of(code, said);
  return concatOctets(head, inner);
}

function changeUnit(random: Random, unit: Unit, other: Uint8Array): void {
  switch (random.between(0, 4)) {
    case 0:
      unit.code = random.pick([...parameterCodes, ...moreParameterCodes]);
      return;
    case 1:
      unit.longForm = !unit.longForm;
      return;
    case 2:
      unit.length = random.pick([0, 1, 254, 255, 256, 0xfffe, 0xffff]);
      return;
    default:
      changeContent(random, unit, other);
  }
}

function changeContent(random: Random, unit: Unit, other: Uint8Array): void {
  if (!(unit.content instanceof Uint8Array)) {
    changeAmong(random, unit.content, other);
  } else if (userDataCodes.includes(unit.code)) {
    unit.content = mutateBer(random, unit.content, other);
  } else if (serialNumberCodes.includes(unit.code) && random.chance(0.7)) {
    unit.content = latin1Octets(random.pick(['0', '1', '2', '3', '10', '000001', '999998', '999999', '1000000', ' 1']));
  } else {
    unit.content = mutateOctets(random, unit.content, other);
  }
}

/** Drops, doubles, moves, adds or changes one of the units. */
function changeAmong(random: Random, units: Unit[], other: Uint8Array): void {
  const at = random.between(0, Math.max(units.length - 1, 0));
  const unit = units[at];
  switch (random.between(0, 5)) {
    case 0:
      units.splice(at, 1);
      return;
    case 1:
      if (unit !== undefined)
        units.splice(at, 0, ...Array.from({ length: random.magnitude(1, parametersMax) }, () => unit));
      return;
    case 2:
      if (unit !== undefined) units.splice(random.between(0, units.length - 1), 0, ...units.splice(at, 1));
      return;
    case 3: {
      const code = random.pick(parameterCodes);
      const content = random.octets(random.magnitude(1, 16));
      units.splice(at, 0, { code, longForm: false, length: undefined, content });
      return;
    }
    default:
      if (unit !== undefined) changeUnit(random, unit, other);
  }
}

/** Changes an SPDU by its structure: type, parameters, forms of length, order, what stands before and behind it (X.225 §8.2). */
export const mutateTsdu: Mutator = (random, input, other) => {
  const { units, rest } = unitsOf(input);
  const [spdu] = units;
  if (spdu === undefined) return mutateOctets(random, input, other);
  switch (random.between(0, 7)) {
    case 0:
      spdu.code = random.pick(spduCodes);
      break;
    case 1:
      units.unshift({ code: random.pick([1, 2]), longForm: false, length: undefined, content: new Uint8Array(0) });
      break;
    case 2:
      return concatOctets(input, other);
    case 3:
      return concatOctets(joinOctets(units.map(octetsOf)), mutateBer(random, rest, other));
    case 4:
      changeAmong(random, units, other);
      break;
    default: {
      const chosen = random.pick(units);
      const inner =
        chosen.content instanceof Uint8Array ? unitsOf(chosen.content) : { units: chosen.content, rest: undefined };
      changeAmong(random, inner.units, other);
      chosen.content = concatOctets(joinOctets(inner.units.map(octetsOf)), inner.rest ?? new Uint8Array(0));
    }
  }
  return concatOctets(joinOctets(units.map(octetsOf)), rest);
};
