import { gatewayVariables } from '../config/gateway-variables.ts';
import { type GatewaySettings, loadSettings } from '../config/load-config.ts';
import { type UnknownName, unknownNames } from '../config/unknown-names.ts';
import { ConfigError, type Environment, type Variable } from '../config/variable.ts';
import type { ConfiguredProvider, ProviderDefinition } from '../providers/provider-definition.ts';
import type { CheckedProvider } from './check-provider.ts';
import type { CheckRow } from './check-row.ts';

/** What the environment amounts to, as far as it fits. */
export interface CheckedConfiguration {
  readonly rows: readonly CheckRow[];
  /** Undefined where the gateway's own variables do not fit. */
  readonly settings: GatewaySettings | undefined;
  readonly providers: readonly CheckedProvider[];
}

/** Reads every variable by itself, so that all that do not fit are told at once, then what they amount to together. */
export function checkConfiguration(
  environment: Environment,
  definitions: readonly ProviderDefinition[],
): CheckedConfiguration {
  const variables: readonly Variable<unknown>[] = [
    ...definitions.flatMap((definition) => definition.variables),
    ...Object.values(gatewayVariables),
  ];
  const unfit = variables.flatMap((variable) => {
    const message = refusal(() => variable.parse(environment[variable.name]?.trim() || undefined));
    return message === undefined
      ? []
      : [failed('variables', message, `Correct or unset ${variable.name}: ${variable.help}.`)];
  });
  const alone: ReadonlySet<string> = new Set(unfit.map(({ found }) => found));
  const together: CheckRow[] = [];
  const attempt = <T>(load: () => T): T | undefined => {
    let value: T | undefined;
    const message = refusal(() => {
      value = load();
    });
    if (message !== undefined && !alone.has(message)) together.push(failed('variables', message, TOGETHER));
    return value;
  };
  const settings = attempt(() => loadSettings(environment));
  const providers = definitions.map(({ name, baseUrlName, credentialNames, configure }) => {
    const setUp: ConfiguredProvider | undefined = attempt(() => configure(environment));
    return { name, baseUrlName, credentialNames, setUp };
  });
  const problems = [...unfit, ...together, ...refusedStart(environment, settings, providers)];
  return {
    settings,
    providers,
    rows: [
      ...(problems.length > 0 ? problems : [allFit(variables, environment)]),
      ...shortenedDelay(settings),
      ...unknownNames(environment, { variables, providers: definitions.map(({ name }) => name) }).map(strange),
    ],
  };
}

const SUBJECT = 'configuration';
const TOGETHER = 'Change one of the variables that it names; docs/configuration.md has them all.';

function failed(what: string, found: string, remedy: string): CheckRow {
  return { subject: SUBJECT, what, status: 'failed', found, remedy };
}

/** The message of a `ConfigError`; undefined where there was none. */
function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function allFit(variables: readonly Variable<unknown>[], environment: Environment): CheckRow {
  const set = variables.filter(({ name }) => (environment[name] ?? '').trim() !== '').map(({ name }) => name);
  const found = set.length === 0 ? 'nothing is set: all defaults' : `set, and fit: ${set.join(', ')}`;
  return { subject: SUBJECT, what: 'variables', status: 'ok', found };
}

/** What stops a start although each value fits. */
function refusedStart(
  { NODE_ENV }: Environment,
  settings: GatewaySettings | undefined,
  providers: readonly CheckedProvider[],
): readonly CheckRow[] {
  const isSetUp = settings?.forwardCredentials || providers.some(({ setUp }) => !setUp || setUp.hasOwnCredentials);
  if (NODE_ENV !== 'production' || isSetUp) return [];
  const names = providers.map(({ credentialNames }) => credentialNames).join(', or ');
  const found = 'no provider has credentials; with NODE_ENV=production the gateway does not start then';
  return [failed('start', found, `Set ${names}; or start with --sandbox.`)];
}

/** A balancer that needs the whole delay would go on sending to a listener that has closed. */
function shortenedDelay(settings: GatewaySettings | undefined): readonly CheckRow[] {
  if (!settings || settings.drainDelayMs <= settings.drainTimeoutMs / 2) return [];
  const { drainDelayMs, drainTimeoutMs } = settings;
  return [
    {
      subject: SUBJECT,
      what: 'variables',
      status: 'warning',
      found: `DRAIN_DELAY_MS is ${drainDelayMs}, and lasts ${drainTimeoutMs / 2}: half of DRAIN_TIMEOUT_MS`,
      remedy: `Set DRAIN_TIMEOUT_MS to ${drainDelayMs * 2} or more.`,
    },
  ];
}

function strange({ found, remedy }: UnknownName): CheckRow {
  return { subject: SUBJECT, what: 'variables', status: 'warning', found, remedy };
}
