import { describe, expect, it } from 'vitest';
import { StateTable, type StateTableRow } from '../../src/osi/state-table.js';

type Row = StateTableRow<'A' | 'B', 'x' | 'y', 'p1' | 'p2', 'do' | 'after'>;

const rows: readonly Row[] = [
  { event: 'x', states: ['A', 'B'], predicate: ['p1', '¬p2'], actions: ['do'], next: 'B', entered: ['after'] },
  { event: 'x', states: ['A'], predicate: ['p1'], actions: [], next: '=' },
];
const table = new StateTable(rows);
const among = (...held: string[]): ((predicate: string) => boolean) => {
  return (predicate) => held.includes(predicate);
};

describe('a state table', () => {
  it('takes the first row whose terms all hold', () => {
    expect(table.transition('A', 'x', among('p1'))).toEqual({ actions: ['do'], next: 'B', entered: ['after'] });
    expect(table.transition('A', 'x', among('p1', 'p2'))).toEqual({ actions: [], next: 'A', entered: [] });
  });

  it('finds an event invalid where no predicate holds, and where the cell is blank', () => {
    expect(table.transition('A', 'x', among('p2'))).toBeUndefined();
    expect(table.transition('B', 'x', among('p1', 'p2'))).toBeUndefined();
    expect(table.transition('A', 'y', among('p1'))).toBeUndefined();
  });
});
