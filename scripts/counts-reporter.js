/**
 * A reporter for vitest: writes one line to the file that TEST_COUNTS_FILE names: `N passed, N failed`, and `, N skipped` where tests were
 * skipped. A file that could not be loaded, and an error outside of every test, count as one failed each.
 */
import { writeFileSync } from 'node:fs';

export default class CountsReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const file = process.env.TEST_COUNTS_FILE;
    if (file === undefined) throw new Error('TEST_COUNTS_FILE does not name a file');
    const states = testModules.flatMap((testModule) =>
      Array.from(testModule.children.allTests(), (test) => test.result().state),
    );
    const count = (wanted) => states.filter((state) => state === wanted).length;
    const errors = testModules.flatMap((testModule) => testModule.errors()).length + unhandledErrors.length;
    const skipped = count('skipped') + count('pending');
    const line = `${count('passed')} passed, ${count('failed') + errors} failed`;
    writeFileSync(file, skipped === 0 ? `${line}\n` : `${line}, ${skipped} skipped\n`);
  }
}
