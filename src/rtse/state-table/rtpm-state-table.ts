import { StateTable, type StateTableRow } from '../../osi/state-table.js';
import type { Action, EventName, Predicate, State } from './names.js';
import { openingAndClosing } from './opening-and-closing.js';
import { receiving } from './receiving.js';
import { sending } from './sending.js';
import { turnAndEnds } from './turn-and-ends.js';

export type Row = StateTableRow<State, EventName, Predicate, Action>;

/**
 * The RTPM (X.228 Annex A), both roles and both modes. An event without a cell is, from the user, a mistake of ours; from below, a protocol
 * error (event of that name; X.228 A.3.1); of a timer, nothing. In state E all but RT-OPEN.request is ignored.
 */
export const rtpmStateTable = new StateTable<State, EventName, Predicate, Action>([
  ...openingAndClosing,
  ...sending,
  ...receiving,
  ...turnAndEnds,
]);

/** How long an answer may take is watched by this timer in these states. */
export const supervision: Readonly<Partial<Record<State, 'acknowledgement' | 'close'>>> = {
  S2: 'acknowledgement',
  S3: 'acknowledgement',
  S4: 'acknowledgement',
  S5: 'acknowledgement',
  S6: 'close',
  R2: 'acknowledgement',
};
