import type { GatewaySettings } from './config/load-config.ts';
import type { ConfiguredProvider } from './providers/provider-definition.ts';

/** What a person reads when the gateway has started: what runs where. */
export function startBanner(options: {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly settings: GatewaySettings;
  readonly providers: readonly ConfiguredProvider[];
  /** Where the sandbox's receiver shows what it got; undefined without a sandbox. */
  readonly sandbox: string | undefined;
  readonly ignoresCredentials: boolean;
}): string {
  const { url, metricsUrl, settings, providers, sandbox, ignoresCredentials } = options;
  const rows: readonly (readonly [string, string])[] = [
    ['GraphQL', `${url}/graphql${settings.graphiql ? '   (open it in a browser for GraphiQL)' : ''}`],
    ...providers.map(
      ({ name, baseUrl, hasOwnCredentials }) => [name, providerLine(baseUrl, hasOwnCredentials, sandbox)] as const,
    ),
    ...(metricsUrl === undefined ? [] : [['Metrics', metricsUrl] as const]),
    ...(sandbox === undefined ? [] : [['Deliveries', `${sandbox}/   (what the sandbox's receiver got)`] as const]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
  const notes = [
    sandbox === undefined
      ? ''
      : '  Sandbox: the providers are simulators with sample data; nothing leaves this machine.',
    ignoresCredentials ? '  Sandbox was asked for: the real credentials in the environment are not used.' : '',
  ].filter((note) => note !== '');
  return `\n  hookgraph is running\n\n${[...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')}\n\n`;
}

function providerLine(baseUrl: string, hasOwnCredentials: boolean, sandbox: string | undefined): string {
  if (sandbox !== undefined) return `simulated at ${baseUrl}`;
  return hasOwnCredentials ? `real, at ${baseUrl}` : 'not configured';
}
