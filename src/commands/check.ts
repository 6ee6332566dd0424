import { gatewayVariables } from '../config/gateway-variables.ts';
import type { GatewaySettings } from '../config/load-config.ts';
import { type Environment, readVariables } from '../config/variable.ts';
import { createCallersCheck } from '../doctor/check-callers.ts';
import { type CheckedConfiguration, checkConfiguration } from '../doctor/check-configuration.ts';
import { createProviderCheck, type WithoutCredentials } from '../doctor/check-provider.ts';
import { createRedisCheck } from '../doctor/check-redis.ts';
import type { Check, CheckRow } from '../doctor/check-row.ts';
import { hasFailures, reportJson, reportText } from '../doctor/report.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { PROVIDERS } from '../providers/registry.ts';

/**
 * `hookgraph check`: looks at everything that a gateway in this environment needs, reads only, all at a time, in at most
 * about 15 seconds. The exit code is 1 where anything failed, else 0.
 */
export async function checkReport(options: {
  readonly environment: Environment;
  /** The environment is that of simulators that --sandbox started. */
  readonly isSandbox: boolean;
  readonly isJson: boolean;
}): Promise<{ readonly text: string; readonly exitCode: 0 | 1 }> {
  const { environment, isSandbox, isJson } = options;
  const configuration = checkConfiguration(environment, PROVIDERS);
  const rows = [
    ...configuration.rows,
    ...(isSandbox ? [SANDBOX] : []),
    ...(await runChecks(checksFor(configuration, environment.NODE_ENV === 'production'))),
  ];
  return { text: isJson ? reportJson(rows) : reportText(rows), exitCode: hasFailures(rows) ? 1 : 0 };
}

/** The one list of what is looked at beyond the environment itself. */
function checksFor({ settings, providers }: CheckedConfiguration, isProduction: boolean): readonly Check[] {
  const withoutCredentials = roleWithoutCredentials(settings, providers, isProduction);
  const timeouts = settings ?? DEFAULT_TIMEOUTS;
  return [
    ...(settings ? [createCallersCheck(settings.auth)] : []),
    ...(settings?.redisUrl === undefined
      ? []
      : [createRedisCheck(settings.redisUrl, { timeoutMs: settings.connectTimeoutMs })]),
    ...providers.map((provider) => createProviderCheck(provider, { timeouts, withoutCredentials })),
  ];
}

function roleWithoutCredentials(
  settings: GatewaySettings | undefined,
  providers: CheckedConfiguration['providers'],
  isProduction: boolean,
): WithoutCredentials {
  if (settings?.forwardCredentials) return 'forwarded';
  if (isProduction) return 'left-out';
  return providers.some(({ setUp }) => !setUp || setUp.hasOwnCredentials) ? 'left-out' : 'sandbox';
}

const { connectTimeoutMs, upstreamTimeoutMs } = gatewayVariables;
const DEFAULT_TIMEOUTS = readVariables({}, { connectTimeoutMs, upstreamTimeoutMs });

const SANDBOX: CheckRow = {
  subject: 'sandbox',
  what: 'providers',
  status: 'ok',
  found: 'simulators, as --sandbox asks; real credentials are not looked at',
};
