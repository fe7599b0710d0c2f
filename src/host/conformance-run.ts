import { inapplicability, postambles } from '../conformance/script/suite.js';
import type { CaseResult, TestCase } from '../conformance/script/test-case.js';
import { runCase, type CaseWorld } from './lower-tester.js';

/**
 * Runs cases one after another on one world; gives each result as it comes. The answer is how many messages the implementation under test
 * still has for us, as is the number before.
 */
export async function runCases(
  tests: Iterable<TestCase>,
  world: CaseWorld,
  report: (result: CaseResult, test: TestCase) => void,
  outstandingBefore = 0,
): Promise<number> {
  let outstanding = outstandingBefore;
  for (const test of tests) {
    const why = inapplicability(test, world.peer);
    if (why !== undefined) {
      const { mode } = world.peer;
      report({ id: test.id, mode, verdict: 'not-applicable', text: why, trace: [], milliseconds: 0 }, test);
      continue;
    }
    const result = await runCase(test, postambles[test.role], world, outstanding);
    ({ outstanding } = result);
    report(result, test);
  }
  return outstanding;
}

/** Gives each element to one taker only: lanes that share an iterator share the work. */
export function* shared<Element>(elements: readonly Element[]): Generator<Element, void, undefined> {
  yield* elements;
}
