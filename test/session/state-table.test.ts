import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionContext } from '../../src/session/context.js';
import { predicates } from '../../src/session/predicates.js';
import { departures } from '../../src/session/state-table/departures.js';
import type { SessionPredicate, SessionRow } from '../../src/session/state-table/names.js';
import { annexA } from '../../src/session/state-table/session-state-table.js';
import { sessionOptions, TOKENS } from './support/end.js';

interface Transcript {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

const file = new URL('../../conformance/session-state-tables.md', import.meta.url);

const transcripts: readonly Transcript[] = readFileSync(file, 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    columns: /^Columns: (.*)\.$/m.exec(section)?.[1]?.split(' ') ?? [],
    rows: section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| event')),
  }));

/** A row in the notation of the transcript. */
function printed({ event, states, predicate = [], actions, next, entered = [] }: SessionRow): string {
  return `| ${event} | ${states.join(' ')} | ${predicate.join('&')} | ${actions.join(' ')} | ${[next, ...entered].join(' ')} |`;
}

const withoutMark = (row: string): string => row.replace(' †', '');

describe('the state tables of the session protocol', () => {
  it('are those of X.225 Annex A, row for row', () => {
    expect(Object.keys(annexA)).toEqual(transcripts.map(({ title }) => title));
    for (const { title, rows } of transcripts) {
      expect(annexA[title]?.map(printed), title).toEqual(rows.map(withoutMark));
    }
    expect(transcripts.flatMap(({ rows }) => rows).length).toBeGreaterThan(150);
  });

  it('name no state that has no column in its table', () => {
    for (const { title, columns } of transcripts) {
      const states = annexA[title]?.flatMap((row) => row.states) ?? [];
      expect(columns, title).toEqual(expect.arrayContaining(states));
    }
  });

  it('never take a row that is marked as constant false', () => {
    const marked = transcripts.flatMap(({ rows }) => rows).filter((row) => row.includes('†'));
    expect(marked.length).toBe(10);
    for (const row of marked) {
      const terms = row.split('|')[3]?.replace('†', '').trim().split('&') ?? [];
      fc.assert(
        fc.property(anyContext, (context) => {
          const holds = terms.every((term) => {
            const value = predicates[term.replace('¬', '') as SessionPredicate](context);
            return term.startsWith('¬') ? !value : value;
          });
          expect(holds).toBe(false);
        }),
        { numRuns: 20 },
      );
    }
  });

  it('have at most one row that holds, so that their order decides nothing (but where p202 and p204 need an SPDU)', () => {
    const rows = Object.values(annexA).flat();
    const cells = new Map<string, SessionRow[]>();
    for (const row of rows) {
      for (const state of row.states) {
        const key = `${row.event} ${state}`;
        cells.set(key, [...(cells.get(key) ?? []), row]);
      }
    }
    const ambiguous = [...cells.values()].filter((cell) => cell.length > 1);
    expect(ambiguous.length).toBeGreaterThan(10);
    const ofSpdus = new Set(['p76', 'p202', 'p204']);
    fc.assert(
      fc.property(anyContext, fc.boolean(), (context, ofSpdu) => {
        for (const cell of ambiguous) {
          const held = cell.filter(({ predicate = [] }) =>
            predicate.every((term) => {
              const name = term.replace('¬', '');
              const value = ofSpdus.has(name) ? ofSpdu : predicates[name as SessionPredicate](context);
              return term.startsWith('¬') ? !value : value;
            }),
          );
          expect(held.length, cell.map(printed).join('\n')).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are departed from only where X.225 leaves the choice or the prose is more patient', () => {
    expect(departures.map(printed)).toEqual([
      '| invalid | 16 |  |  | = |',
      '| invalid | 01C 01D |  | AB-nr [4] | 16 |',
      '| invalid | 02A 02B 08 713 04B 10B 05B 05C 11B 11C 18 19 20 03 09 |  | SPABind AB-nr [4] | 16 |',
      '| unselected | 01A 16 |  |  | = |',
      '| unselected | 01C 01D |  | TDISreq | 01 |',
      '| overdue | 01C 01D |  | TDISreq | 01 |',
      '| overdue | 02A 02B 03 05B 05C 18 |  | SPABind AB-nr [4] | 16 |',
      '| GTA | 18 |  | SCGcnf | 713 [6] |',
      '| ED | 20 |  |  | = |',
      '| ER | 20 |  |  | = |',
      '| DT | 05B 05C |  |  | = |',
      '| MIP | 05B 05C |  |  | = |',
      '| MIA | 05B 05C |  |  | = |',
      '| GT | 05B 05C |  |  | = |',
    ]);
  });
});

/** Any values of the variables, an event with any number and tokens. */
const anyContext = fc
  .record({
    vtca: fc.boolean(),
    vact: fc.boolean(),
    vsc: fc.boolean(),
    va: fc.nat(4),
    vm: fc.nat(4),
    owned: fc.subarray([...TOKENS]),
    tokens: fc.subarray([...TOKENS], { minLength: 1 }),
    serialNumber: fc.nat(4),
  })
  .map(({ owned, tokens, serialNumber, ...variables }) => {
    const context = new SessionContext(sessionOptions('initiator'));
    Object.assign(context.variables, variables);
    context.variables.take(owned);
    context.occurrence = { event: 'GT', tokens, serialNumber };
    return context;
  });
