import { existsSync } from 'node:fs';
import { describe, test } from 'vitest';

const isInstalled = existsSync(new URL('../node_modules', import.meta.url));

/**
 * A suite that needs what test/federation/package.json asks for. Where that is not installed it is skipped, and says what
 * to do; in CI it fails instead.
 */
export function describeWithGateways(name: string, define: () => void): void {
  if (isInstalled) {
    describe(name, define);
  } else if (process.env.CI) {
    test(name, () => {
      throw new Error('test/federation/node_modules is missing: npm ci --prefix test/federation');
    });
  } else {
    test.skip(`${name} (not installed; do: npm ci --prefix test/federation)`);
  }
}
