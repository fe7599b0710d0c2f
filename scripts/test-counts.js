/** Reads what `vitest --reporter=json` wrote and prints one line: `N passed, N failed`, and `, N skipped` where tests were skipped. */
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/test-counts.js FILE');

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success, testResults } = JSON.parse(
  readFileSync(file, 'utf8'),
);

/** A file that could not be loaded failed, though none of its tests did. */
const filesFailed = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
).length;
const failed = numFailedTests + filesFailed;
/** An error outside of every test fails the run. */
const failedAtLeast = success || failed > 0 ? failed : 1;
const skipped = numPendingTests + numTodoTests;

process.stdout.write(
  `${numPassedTests} passed, ${failedAtLeast} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
);
