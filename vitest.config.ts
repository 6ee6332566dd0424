import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Some dependencies load graphql's CommonJS build: one realm for all.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // An update of a snapshot is a decision, never a side effect.
    update: false,
  },
});
