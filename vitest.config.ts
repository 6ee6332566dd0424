import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Some dependencies load graphql's CommonJS build: one realm for all.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // An update of a snapshot is a decision, never a side effect.
    update: false,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      {
        // What clients see must not depend on the way by which they are answered (docs/performance.md).
        extends: true,
        test: {
          name: 'direct',
          include: ['test/graphql/**/*.test.ts', 'test/server/**/*.test.ts', 'test/ledger.test.ts'],
          env: { DIRECT_WAY: 'true' },
        },
      },
    ],
  },
});
