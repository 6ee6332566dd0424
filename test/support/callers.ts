import { createHash } from 'node:crypto';

/** Keys as callers show them. */
export const READ_KEY = 'hg_read-key-of-the-dashboard';
export const TEST_KEY = 'hg_test-key-of-the-monitor';
export const WRITE_KEY = 'hg_write-key-of-the-pipeline';

function entry(name: string, key: string, scopes: string): string {
  return `${name}:${createHash('sha256').update(key).digest('hex')}:${scopes}`;
}

/** A gateway that admits three callers, each with one scope. */
export const WITH_KEYS = {
  GATEWAY_API_KEYS: [
    entry('dashboard', READ_KEY, 'webhooks:read'),
    entry('monitor', TEST_KEY, 'webhooks:test'),
    entry('pipeline', WRITE_KEY, 'webhooks:write'),
  ].join(','),
} as const;

/** The header that shows a key or a token. */
export function bearer(credentials: string): { readonly authorization: string } {
  return { authorization: `Bearer ${credentials}` };
}
