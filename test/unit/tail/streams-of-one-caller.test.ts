import { expect, onTestFinished, test } from 'vitest';
import { createProviderDirectory } from '../../../src/webhooks/provider-directory.ts';
import { createActivityTails } from '../../../src/webhooks/tail/activity-tails.ts';

test('a caller with a thousand streams gets another when one has ended, and takes none from the others', () => {
  const tails = createActivityTails({
    directory: createProviderDirectory([]),
    timeoutMs: 5_000,
    maxUpstreamCalls: 100,
    pollMs: 1,
    maxPages: 25,
    openRelay: () => null,
  });
  onTestFinished(tails.close);
  const open = (follower: string | null) => tails.open(new AbortController().signal, follower);
  const sessions = Array.from({ length: 1_000 }, () => open('dashboard'));
  expect(() => open('dashboard')).toThrow('One caller may follow 1,000 streams at a time; leave one first.');
  expect(() => open('dashboard')).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  open('another');
  // Without keys nobody has a name: all are one.
  for (let each = 0; each < 1_001; each += 1) open(null);

  sessions[0]?.end();
  open('dashboard');
  expect(() => open('dashboard')).toThrow('1,000 streams');
});
