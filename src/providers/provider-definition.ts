import { type Environment, readVariables, type ValuesOf, type Variable, type Variables } from '../config/variable.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { WebhookProvider } from '../domain/webhook-provider.ts';
import type { HttpClientOptions } from '../http/http-client.ts';
import type { SharedState } from '../state/shared-state.ts';
import type { ReportDrift } from '../telemetry/drift-reporter.ts';
import type { ProviderCheck } from './provider-check.ts';

/** What every provider gets from the gateway, besides its own variables. */
export interface ProviderSurroundings {
  /** How to behave towards an upstream: deadlines, limits, retries. */
  readonly http: Omit<HttpClientOptions, 'provider' | 'baseUrl' | 'headers' | 'readProblem'>;
  /** Whether callers may bring credentials of their own. */
  readonly forwarding: { readonly isOn: boolean; readonly fallsBack: boolean };
  /** Takes note of answers that have left their contract. */
  readonly reportDrift: ReportDrift;
  /** Where the instances of a fleet leave access tokens for each other. */
  readonly shareToken: SharedState['token'];
}

/** A provider as the operator set it up, ready to be made. */
export interface ConfiguredProvider {
  readonly name: ProviderName;
  /** Whether the gateway has credentials of its own for it. */
  readonly hasOwnCredentials: boolean;
  /** These credentials as one text; only to derive from it what instances with the same ones have in common. */
  readonly ownSecret: string | null;
  readonly baseUrl: string;
  create(surroundings: ProviderSurroundings): WebhookProvider;
  /** What the doctor asks with the gateway's own credentials; empty where there are none. */
  check(surroundings: Pick<ProviderSurroundings, 'http' | 'reportDrift'>): ProviderChecks;
}

/** The doctor's questions to one provider, and the end of its connections. */
export interface ProviderChecks {
  readonly checks: readonly ProviderCheck[];
  close(): Promise<void>;
}

/** A provider as the registry knows it. */
export interface ProviderDefinition<Name extends ProviderName = ProviderName> {
  readonly name: Name;
  readonly variables: readonly Variable<unknown>[];
  /** Which of them says where its API answers. */
  readonly baseUrlName: string;
  /** Which variables give it credentials, as a person says it. */
  readonly credentialNames: string;
  /** Reads its variables. Throws `ConfigError`. */
  configure(environment: Environment): ConfiguredProvider;
}

/** Describes a provider to the registry; `setUp` turns its variables' values into what they amount to. */
export function defineProvider<
  Name extends ProviderName,
  Set extends Variables & { readonly baseUrl: Variable<string> },
>(options: {
  readonly name: Name;
  readonly variables: Set;
  readonly credentialNames: string;
  readonly setUp: (values: ValuesOf<Set>) => Omit<ConfiguredProvider, 'name'>;
}): ProviderDefinition<Name> {
  const { name, variables, credentialNames, setUp } = options;
  return {
    name,
    variables: Object.values(variables),
    baseUrlName: variables.baseUrl.name,
    credentialNames,
    configure: (environment) => ({ name, ...setUp(readVariables(environment, variables)) }),
  };
}
