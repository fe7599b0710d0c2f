import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCases } from '../../src/conformance/script/suite.js';
import { supportIn } from '../../src/conformance/traceability/pics.js';
import { casesByPoint, type Point } from '../../src/conformance/traceability/points.js';
import { withCases } from './pics-cases.js';

const folder = new URL('../../conformance/', import.meta.url);
const points = JSON.parse(readFileSync(new URL('points.json', folder), 'utf8')) as readonly Point[];
const pages = ['01-transport.md', '02-session.md', '03-presentation-acse.md', '04-rtse.md', '05-p1.md'];
const reasons = new Map(
  points.flatMap(({ id, unobservable }) => (unobservable === undefined ? [] : [[id, unobservable]])),
);

describe('the pages of the PICS', () => {
  it.each(pages)(
    'name the cases of each point: %s; `npx vitest run test/conformance-tool/pics.test.ts -u` writes them anew',
    async (name) => {
      const page = readFileSync(new URL(`pics/${name}`, folder), 'utf8');
      await expect(withCases(page, casesByPoint(allCases), reasons)).toMatchFileSnapshot(
        `../../conformance/pics/${name}`,
      );
    },
  );

  it('have a row for each conformance point', () => {
    const support = new Map(
      pages.flatMap((name) => [...supportIn(readFileSync(new URL(`pics/${name}`, folder), 'utf8'))]),
    );
    expect(points.map(({ id }) => id).filter((id) => !support.has(id))).toEqual([]);
  });
});
