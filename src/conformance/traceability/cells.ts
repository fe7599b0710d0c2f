/**
 * The cells of the session state tables (X.225 Annex A) that a peer can provoke: which there are is read from the tables themselves, so that
 * one without a case is listed, not guessed. A cell is named by state and event; `invalid` behind it stands for what is blank in the table,
 * or for the same cell when none of its predicates holds.
 */
import { annexA } from '../../session/state-table/session-state-table.js';
import type { SessionEvent, SessionPredicate, SessionRow, SessionState } from '../../session/state-table/names.js';

const rows = Object.values(annexA).flat();

/** States in which a peer can hold an implementation, whatever its user does. */
export const heldStates: readonly SessionState[] = ['01C', '01D', '02A', '713', '04B', '05B', '05C', '03', '16'];

/** The others, and why no case starts from them. */
export const otherStates: Readonly<Partial<Record<SessionState, string>>> = {
  '01': 'there is no transport connection',
  '01A': 'entered only where transport connections are reused',
  '01B': 'there is no transport connection yet',
  '02B': 'entered only by one that sends more than 10240 octets of user data in its CONNECT',
  '08': 'left as soon as the user answers S-CONNECT',
  '09': 'left as soon as the user answers S-RELEASE',
  '10B': 'left as soon as the message is secured',
  '11B': 'left as soon as the user answers S-ACTIVITY-INTERRUPT',
  '11C': 'left as soon as the user answers S-ACTIVITY-DISCARD',
  '18': 'two-way-alternate dialogue only',
  '19': 'entered only by one that has trouble of its own as receiver; RTS-R-VA-090 goes through it',
  '20': 'left as soon as the user interrupts or discards the activity',
};

/** What comes from a peer: the SPDUs of the tables, in their order. */
export const spduEvents: readonly SessionEvent[] = [...new Set(rows.map(({ event }) => event))].filter(
  (event) => !event.startsWith('S') && !event.startsWith('T'),
);

/** Predicates that are constant under our functional units. */
const constants: Readonly<Partial<Record<SessionPredicate, boolean>>> = {
  p02: false,
  p04: false,
  p10: true,
  p16: true,
  p34: true,
  p38: true,
  p48: true,
  p52: false,
  p53: true,
  p65: true,
  p66: false,
  p69: false,
  p70: false,
  p75: true,
};

/** Cells whose false predicates are no error: the prose drops the SPDU whatever they say (§7.31.2). */
const droppedByProse: ReadonlySet<string> = new Set(
  ['05B', '05C'].flatMap((state) => ['DT', 'MIP', 'MIA', 'GT'].map((event) => `${state} ${event}`)),
);

/** Cells whose predicates never hold where every token belongs to one side, as reliable transfer has it. */
export const cellsOfDividedTokens: ReadonlySet<string> = new Set([
  '04B DT', // its sender has the data token, or it could not have ended the activity
  '04B GT', // nor has a peer a token to give there
  '03 DT', // FINISH is for one who has all tokens
  '03 MIA', // and is in no activity
]);

type Values = Readonly<Partial<Record<SessionPredicate, boolean>>>;

/** The values that the predicates of some rows can have, in every combination. */
function combinations(among: readonly SessionRow[]): readonly Values[] {
  const names = new Set(among.flatMap(({ predicate = [] }) => predicate.map(nameOf)));
  let all: readonly Values[] = [constants];
  for (const name of names) {
    if (constants[name] !== undefined) continue;
    all = all.flatMap((values) => [
      { ...values, [name]: true },
      { ...values, [name]: false },
    ]);
  }
  return all;
}

function nameOf(term: string): SessionPredicate {
  return (term.startsWith('¬') ? term.slice(1) : term) as SessionPredicate; // the notation of the tables
}

function isTaken({ predicate = [] }: SessionRow, values: Values): boolean {
  return predicate.every((term) => values[nameOf(term)] === !term.startsWith('¬'));
}

/** All the cells. */
export function provocableCells(): readonly string[] {
  return heldStates.flatMap((state) =>
    spduEvents.flatMap((event) => {
      const cell = `${state} ${event}`;
      const ofCell = rows.filter((row) => row.event === event && row.states.includes(state));
      const outcomes = combinations(ofCell).map((values) => ofCell.some((row) => isTaken(row, values)));
      const invalid = outcomes.includes(false) && !droppedByProse.has(cell);
      return [
        ...(outcomes.includes(true) && !cellsOfDividedTokens.has(cell) ? [cell] : []),
        ...(invalid ? [`${cell} invalid`] : []),
      ];
    }),
  );
}
