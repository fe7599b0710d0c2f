import type { Unit } from './units.js';

/** A member that two good implementations may fill in differently. */
interface Difference {
  /** In these units. */
  readonly units: readonly string[];
  /** Names on the way to it from the unit; `*` is any number of names. */
  readonly member: readonly string[];
  readonly because: string;
}

export const differences: readonly Difference[] = [
  {
    units: ['CC TPDU'],
    member: ['calledSelector'],
    because: 'we name the responding selector, which X.224 §13.4.4 allows; they leave it out',
  },
  {
    units: ['CR TPDU'],
    member: ['preferredTpduSize'],
    because: 'we offer the preferred maximum TPDU size of later editions, which they do not know',
  },
  {
    units: ['CN SPDU'],
    member: ['connectAcceptItem', 'tsduMaximumSize'],
    because: 'they would like TSDUs of 2041 octets, we ask for no limit',
  },
  {
    units: ['CN SPDU'],
    member: ['connectAcceptItem', 'versionNumber'],
    because: 'in X.410-1984 mode we propose session version 1 alone',
  },
  {
    units: ['AC SPDU', 'RF SPDU'],
    member: ['identifier'],
    because: 'they give our references back, which nobody needs: those of the caller name the connection',
  },
  {
    units: ['CN SPDU', 'AC SPDU', 'RF SPDU'],
    member: ['*', 'directReference'],
    because: 'they name BER in the EXTERNAL of ACSE beside the presentation context, which implies it (X.227 §7.1.3)',
  },
  {
    units: ['AS SPDU'],
    member: ['activityIdentifier'],
    because: 'each sender names its activities as it likes; one of their programs begins with 0',
  },
];

/** Class 0 has no DR on an open connection; they send one whenever they close, and it is the close. */
export const DISCONNECT_UNIT = 'DR TPDU';

/** What two ends that agree have in common. */
export function comparable(units: readonly Unit[]): readonly unknown[] {
  return units.filter(({ unit }) => unit !== DISCONNECT_UNIT).map((unit) => commonPart(unit));
}

/** Whether the two units differ in just this way. */
export function differ(difference: Difference, ours: Unit, theirs: Unit): boolean {
  const others = differences.filter((other) => other !== difference);
  return JSON.stringify(commonPart(ours, others)) !== JSON.stringify(commonPart(theirs, others));
}

function commonPart(unit: Unit, apart: readonly Difference[] = differences): unknown {
  const members = apart.filter(({ units }) => units.includes(unit.unit)).map(({ member }) => member);
  return sorted(members.reduce<unknown>((rest, member) => without(rest, member), unit));
}

function without(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => without(member, path));
  const members = Object.entries(value as Record<string, unknown>);
  if (name === '*') {
    return Object.fromEntries(
      members.filter(([member]) => member !== rest[0]).map(([member, inner]) => [member, without(inner, path)]),
    );
  }
  return Object.fromEntries(
    members
      .filter(([member]) => member !== name || rest.length > 0)
      .map(([member, inner]) => [member, member === name ? without(inner, rest) : inner]),
  );
}

/** The context identifiers of an abort are a set in all but name. */
function sorted(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) =>
      name === 'contextIdentifiers' && Array.isArray(member)
        ? member.map((element) => JSON.stringify(element)).sort()
        : member,
    ),
  );
}
