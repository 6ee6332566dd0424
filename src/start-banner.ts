import type { GatewaySettings } from './config/load-config.ts';
import type { UnknownName } from './config/unknown-names.ts';
import type { ConfiguredProvider } from './providers/provider-definition.ts';

/** What runs where, once the gateway has started; fields of a line of the log, so that absent ones are left out. */
export interface StartFacts {
  readonly graphql: string;
  readonly hasGraphiql: boolean;
  readonly providers: Readonly<Record<string, StartedProvider>>;
  readonly metrics: string | undefined;
  readonly isSandbox: boolean;
  /** Where the sandbox's receiver shows what it got. */
  readonly deliveries: string | undefined;
  /** There are real credentials, but the sandbox was asked for. */
  readonly ignoresCredentials: true | undefined;
  /** Names in the environment that look like ours and are not. */
  readonly unknownNames: readonly string[] | undefined;
}

type StartedProvider =
  | { readonly state: 'simulated' | 'real'; readonly at: string }
  | { readonly state: 'not configured' };

/** Gathers them. */
export function startFacts(options: {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly settings: GatewaySettings;
  readonly providers: readonly ConfiguredProvider[];
  /** The address of the sandbox's receiver; undefined without a sandbox. */
  readonly sandbox: string | undefined;
  readonly ignoresCredentials: boolean;
  readonly unknownNames: readonly UnknownName[];
}): StartFacts {
  const { url, metricsUrl, settings, providers, sandbox, ignoresCredentials, unknownNames } = options;
  const isSandbox = sandbox !== undefined;
  return {
    graphql: `${url}/graphql`,
    hasGraphiql: settings.graphiql,
    providers: Object.fromEntries(providers.map((provider) => [provider.name, startedProvider(provider, isSandbox)])),
    metrics: metricsUrl,
    isSandbox,
    deliveries: isSandbox ? `${sandbox}/` : undefined,
    ignoresCredentials: ignoresCredentials || undefined,
    unknownNames: unknownNames.length > 0 ? unknownNames.map(({ found, remedy }) => `${found}. ${remedy}`) : undefined,
  };
}

function startedProvider({ baseUrl, hasOwnCredentials }: ConfiguredProvider, isSandbox: boolean): StartedProvider {
  if (isSandbox) return { state: 'simulated', at: baseUrl };
  return hasOwnCredentials ? { state: 'real', at: baseUrl } : { state: 'not configured' };
}

/** The same for a person at a terminal. */
export function startBanner(facts: StartFacts): string {
  const { graphql, hasGraphiql, providers, metrics, isSandbox, deliveries, ignoresCredentials, unknownNames } = facts;
  const rows: readonly (readonly [string, string])[] = [
    ['GraphQL', `${graphql}${hasGraphiql ? '   (open it in a browser for GraphiQL)' : ''}`],
    ...Object.entries(providers).map(([name, provider]) => [name, providerText(provider)] as const),
    ...(metrics === undefined ? [] : [['Metrics', metrics] as const]),
    ...(deliveries === undefined ? [] : [['Deliveries', `${deliveries}   (what the sandbox's receiver got)`] as const]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
  const notes = [
    isSandbox ? '  Sandbox: the providers are simulators with sample data; nothing leaves this machine.' : '',
    ignoresCredentials ? '  Sandbox was asked for: the real credentials in the environment are not used.' : '',
    ...(unknownNames ?? []).map((text) => `  Warning: ${text}`),
  ].filter((note) => note !== '');
  return `\n  hookgraph is running\n\n${[...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')}\n\n`;
}

function providerText(provider: StartedProvider): string {
  switch (provider.state) {
    case 'simulated':
      return `simulated at ${provider.at}`;
    case 'real':
      return `real, at ${provider.at}`;
    case 'not configured':
      return provider.state;
  }
}
