import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Literals of the same form that name something else: parts of a commit, files that an export writes. */
const otherNames = new Set(['message.insert', 'report.ber', 'report.txt']);

const eventLiteral =
  /'((?:transport|session|presentation|acse|rts|association|transfer|checkpoint|message|report|store|reload)\.[a-z-]+)'/g;

function eventsOfSource(): ReadonlySet<string> {
  const source = join(root, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const literals = files.flatMap((name) =>
    Array.from(readFileSync(join(source, name), 'utf8').matchAll(eventLiteral), ([, event = '']) => event),
  );
  return new Set(literals.filter((name) => !otherNames.has(name)));
}

/** The names in the first column of the tables. */
function eventsOfPage(): ReadonlySet<string> {
  const page = readFileSync(join(root, 'docs/logs.md'), 'utf8');
  const cells = Array.from(page.matchAll(/^\| (`[^|]*) \|/gm), ([, cell = '']) => cell);
  return new Set(cells.flatMap((cell) => Array.from(cell.matchAll(/`([a-z]+\.[a-z-]+)`/g), ([, event = '']) => event)));
}

describe('the page about the log', () => {
  it('names every event, and none that there is not', () => {
    const events = eventsOfSource();
    expect(events.size).toBeGreaterThan(40);
    expect([...eventsOfPage()].sort()).toEqual([...events].sort());
  });
});
