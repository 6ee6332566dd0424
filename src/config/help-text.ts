import { gatewayVariables } from './gateway-variables.ts';
import type { Variable } from './variable.ts';

/** What `--help` prints: the commands, and every variable with its default and meaning. */
export function helpText(providerVariables: readonly Variable<unknown>[]): string {
  const variables: readonly Variable<unknown>[] = [...providerVariables, ...Object.values(gatewayVariables)];
  const width = Math.max(...variables.map(({ name }) => name.length));
  const rows = variables.map(({ name, help, defaultText }) => {
    const suffix = defaultText === undefined ? '' : ` [${defaultText}]`;
    return `  ${name.padEnd(width)}  ${help}${suffix}`;
  });
  return [
    'hookgraph: one GraphQL API over the webhooks of Personio and TruLayer',
    '',
    'Usage: hookgraph [--sandbox] [--help] [--version]',
    '       hookgraph check [--sandbox] [--json]',
    '       hookgraph key new NAME [SCOPE+SCOPE]',
    '       hookgraph schema [--subgraph]',
    '',
    '  --sandbox  the providers are embedded simulators, whatever credentials there are',
    '  --help     this table',
    '  --version  the version of this package',
    '  check      looks at configuration, callers, credentials and providers, and says what to do; exit code 1 where',
    '             something failed, 2 where the command itself is wrong; with --json for scripts',
    '  key new    makes a key for a caller, and its entry of GATEWAY_API_KEYS; the scope is webhooks:read unless said',
    '  schema     prints the schema for clients and their tools; with --subgraph the one for composers',
    '',
    'Without any provider credential the gateway starts in sandbox mode.',
    '',
    'Environment (a .env file is read where there is one):',
    ...rows,
  ].join('\n');
}
