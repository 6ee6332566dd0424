import { createScrubber } from '../graphql/scrubber.ts';
import { type OperationScope, openOperationScope } from '../webhooks/operation-scope.ts';
import type { Check, CheckRow } from './check-row.ts';

/** More than a connect, a token and a page take where all is well; little enough to wait for. */
const CHECK_TIMEOUT_MS = 15_000;
/** Calls that end with the scope say themselves what they waited for: they are first to speak. */
const GRACE_MS = 500;
const MAX_UPSTREAM_CALLS = 10;

/** Runs all checks at a time. Their rows come in the order of the checks, without anything secret. */
export async function runChecks(
  checks: readonly Check[],
  { timeoutMs = CHECK_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<readonly CheckRow[]> {
  const runs = checks.map((check) => ({ check, scope: openScope(timeoutMs) }));
  const rows = await Promise.all(runs.map(({ check, scope }) => runOne(check, scope, timeoutMs)));
  // One upstream may say what is another's secret.
  const { text } = createScrubber(new Set(runs.flatMap(({ scope }) => [...scope.secrets])));
  return rows.flat().map(({ found, remedy, ...row }) => ({
    ...row,
    found: text(found),
    ...(remedy !== undefined && { remedy: text(remedy) }),
  }));
}

function openScope(timeoutMs: number): OperationScope {
  return openOperationScope({
    clientSignal: new AbortController().signal,
    timeoutMs,
    maxUpstreamCalls: MAX_UPSTREAM_CALLS,
    forwardedAuthorization: {},
  });
}

async function runOne(check: Check, scope: OperationScope, timeoutMs: number): Promise<readonly CheckRow[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<readonly CheckRow[]>((resolve) => {
    timer = setTimeout(
      () => resolve([failed(check, `no end after ${timeoutMs / 1_000} seconds`)]),
      timeoutMs + GRACE_MS,
    );
  });
  try {
    return await Promise.race([check.run(scope), tooLate]);
  } catch {
    // Nothing of the error is shown: what it holds is not known.
    return [failed(check, 'the check itself failed')];
  } finally {
    clearTimeout(timer);
  }
}

function failed({ subject }: Check, found: string): CheckRow {
  const remedy = 'Try again; if it stays so, it is a fault of hookgraph: report it with this table.';
  return { subject, what: 'check', status: 'failed', found, remedy };
}
