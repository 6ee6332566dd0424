import type { GatewaySettings } from '../config/load-config.ts';
import { abortSignalOf } from '../domain/call-signal.ts';
import type { Diagnosis, DiagnosisStatus, ProviderCheck } from '../providers/provider-check.ts';
import type { ConfiguredProvider, ProviderDefinition } from '../providers/provider-definition.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';
import type { Check, CheckRow } from './check-row.ts';
import { explainFailure } from './explain-failure.ts';
import { reachAddress } from './reach-address.ts';

/** Longer than this nobody waits for a doctor, whatever the gateway itself may do. */
const MAX_CALL_MS = 10_000;

/** A provider as its variables set it up; `setUp` is undefined where they do not fit. */
export interface CheckedProvider extends Pick<ProviderDefinition, 'name' | 'baseUrlName' | 'credentialNames'> {
  readonly setUp: ConfiguredProvider | undefined;
}

/** How the gateway would use a provider without credentials of its own. */
export type WithoutCredentials = 'sandbox' | 'left-out' | 'forwarded';

/** Looks at one provider: its address, then what it answers to the gateway's credentials, until something fails. */
export function createProviderCheck(
  { name, baseUrlName, credentialNames, setUp }: CheckedProvider,
  options: {
    readonly timeouts: Pick<GatewaySettings, 'connectTimeoutMs' | 'upstreamTimeoutMs'>;
    readonly withoutCredentials: WithoutCredentials;
  },
): Check {
  const { timeouts, withoutCredentials } = options;
  const connectMs = Math.min(timeouts.connectTimeoutMs, MAX_CALL_MS);
  const attemptMs = Math.min(timeouts.upstreamTimeoutMs, MAX_CALL_MS);
  const row = (what: string, diagnosis: Diagnosis): CheckRow => ({ subject: name, what, ...diagnosis });

  async function checkAddress(baseUrl: string, { signal }: OperationScope): Promise<CheckRow> {
    const { origin } = new URL(baseUrl);
    try {
      const ms = await reachAddress(baseUrl, { timeoutMs: connectMs, signal: abortSignalOf(signal) });
      return row('address', {
        status: 'ok',
        found: `${origin} takes connections, after ${Math.max(1, Math.round(ms))} ms`,
      });
    } catch (error) {
      return row('address', explainFailure(error, { variable: baseUrlName, origin }));
    }
  }

  async function ask(check: ProviderCheck, baseUrl: string, scope: OperationScope): Promise<CheckRow> {
    try {
      return row(check.name, await check.run(scope));
    } catch (error) {
      const { origin } = new URL(baseUrl);
      const { remedies } = check;
      return row(check.name, explainFailure(error, { variable: baseUrlName, origin, remedies }));
    }
  }

  async function run(scope: OperationScope): Promise<readonly CheckRow[]> {
    if (!setUp) return [row('credentials', { status: 'skipped', found: 'its variables do not fit, see above' })];
    if (!setUp.hasOwnCredentials && withoutCredentials !== 'forwarded') {
      return [row('credentials', missing(credentialNames, withoutCredentials))];
    }
    const { checks, close } = setUp.check({
      http: { timeouts: { connectMs, attemptMs }, retry: { maxRetries: 0 } },
      reportDrift: () => {},
    });
    try {
      const rows = [await checkAddress(setUp.baseUrl, scope)];
      for (const check of checks) {
        const hasFailed = rows.some(({ status }) => status === 'failed');
        rows.push(hasFailed ? row(check.name, NOT_REACHED) : await ask(check, setUp.baseUrl, scope));
      }
      if (!setUp.hasOwnCredentials) rows.push(row('credentials', FORWARDED));
      return rows;
    } finally {
      await close();
    }
  }

  return { subject: name, run };
}

const NOT_REACHED: Diagnosis = { status: 'skipped', found: 'not asked, since a line above failed' };
const FORWARDED: Diagnosis = {
  status: 'skipped',
  found: 'none of its own: callers bring theirs (GATEWAY_FORWARD_CREDENTIALS)',
};

function missing(names: string, means: Exclude<WithoutCredentials, 'forwarded'>): Diagnosis {
  const isSandbox = means === 'sandbox';
  const status: DiagnosisStatus = isSandbox ? 'warning' : 'skipped';
  return {
    status,
    found: isSandbox ? 'none: the gateway would start on the sandbox' : 'none: lists would leave this provider out',
    remedy: `Set ${names} to use the real API.`,
  };
}
