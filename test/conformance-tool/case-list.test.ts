import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { provocableCells } from '../../src/conformance/traceability/cells.js';
import { unknownPoints, type Point } from '../../src/conformance/traceability/points.js';
import { allCases } from '../../src/conformance/script/suite.js';

const points = JSON.parse(
  readFileSync(new URL('../../conformance/points.json', import.meta.url), 'utf8'),
) as readonly Point[];

describe('The list of cases', () => {
  it('has each identifier once, in the form layer, role, kind, number', () => {
    const identifiers = allCases.map(({ id }) => id);
    expect(identifiers.filter((id, index) => identifiers.indexOf(id) !== index)).toEqual([]);
    expect(identifiers.filter((id) => !/^(?:TRA|SES|PRE|ACS|RTS|P1)-[RIX]-(?:VA|TI|IV)-\d{3}$/.test(id))).toEqual([]);
  });

  it('names the role that the case has', () => {
    const letters = { responder: 'R', initiator: 'I', exchange: 'X' } as const;
    const wrong = allCases.filter(({ id, role }) => id.split('-')[1] !== letters[role]);
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('names conformance points that exist', () => {
    expect(unknownPoints(points, allCases)).toEqual([]);
    expect(allCases.filter((test) => test.points.length === 0)).toEqual([]);
  });

  it('names cells that the state tables have', () => {
    const cells = new Set(provocableCells());
    expect([...new Set(allCases.flatMap((test) => test.cells ?? []))].filter((cell) => !cells.has(cell))).toEqual([]);
  });
});
