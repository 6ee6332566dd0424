import { configDefaults, defineConfig } from 'vitest/config';

/** What measures how long something takes, or what it costs the processor: other tests beside it would be measured too. */
const MEASURING = ['test/faults/**/*.test.ts', 'test/server/refusal-cost.test.ts'];
const exclude = [...configDefaults.exclude, ...MEASURING];

export default defineConfig({
  resolve: {
    // Some dependencies load graphql's CommonJS build: one realm for all.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // These end what hangs. Nothing is measured by them, so they bear with a machine that others use too.
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    // An update of a snapshot is a decision, never a side effect.
    update: false,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'], exclude } },
      {
        // What clients see must not depend on the way by which they are answered (docs/performance.md).
        extends: true,
        test: {
          name: 'direct',
          include: ['test/graphql/**/*.test.ts', 'test/server/**/*.test.ts', 'test/ledger.test.ts'],
          exclude,
          env: { DIRECT_WAY: 'true' },
        },
      },
      {
        // After all others, and one by one.
        extends: true,
        test: { name: 'alone', include: MEASURING, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
