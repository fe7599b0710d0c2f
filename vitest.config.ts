import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Nothing here changes what another file sees; starting afresh for each file would cost more than the tests.
    isolate: false,
    maxWorkers: 2,
  },
});
