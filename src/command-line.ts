import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gatewayVariables } from './config/gateway-variables.ts';
import { helpText } from './config/help-text.ts';
import { type GatewaySettings, loadSettings } from './config/load-config.ts';
import { unknownNames } from './config/unknown-names.ts';
import { ConfigError, type Environment, secretsIn, type Variable } from './config/variable.ts';
import { createGateway } from './gateway.ts';
import { PROVIDERS } from './providers/registry.ts';
import { describeCrash } from './server/crash-report.ts';
import { createShutdown } from './server/shutdown.ts';
import { type StartFacts, startBanner, startFacts } from './start-banner.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { version } from './telemetry/version.ts';

/** Does what the arguments ask for: starts the gateway, or runs a command. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  process.stdout.on('error', passOverGoneReader);
  try {
    await run(args);
  } catch (error) {
    process.stderr.write(`hookgraph: ${describe(error)}\n`);
    // A script has to tell «something is wrong with the gateway» from «I was called wrongly».
    process.exit(args[0] === 'check' ? 2 : 1);
  }
}

/** `hookgraph schema | head` has read what it wanted, and a gateway serves others than whoever read its first lines. */
function passOverGoneReader(error: Error): void {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sandbox: { type: 'boolean', default: false },
      subgraph: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${helpText(PROVIDERS.flatMap(({ variables }) => variables))}\n`);
    return;
  }
  if (values.version) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  refuseStrayOptions(positionals[0], values);
  readEnvironmentFile();
  if (positionals[0] === 'check') return await check(positionals, values);
  if (positionals.length > 0) {
    process.stdout.write(await commandText(positionals, values));
    return;
  }
  await startGateway({ isSandboxAskedFor: values.sandbox });
}

/** Starts the gateway, and its sandbox where it gets one. Resolves once it listens; a signal ends the process from then on. */
async function startGateway({ isSandboxAskedFor }: { readonly isSandboxAskedFor: boolean }): Promise<void> {
  for (const signal of SIGNALS) process.on(signal, endAtOnce);
  const settings = loadSettings(process.env);
  const sandbox = isSandboxWanted(isSandboxAskedFor, settings, process.env) ? await openSandbox() : undefined;
  const environment: Environment = { ...process.env, ...sandbox?.environment };
  const format = settings.logFormat || (process.stdout.isTTY ? 'pretty' : 'json');
  const logger = createLogger({ level: settings.logLevel, format });
  const providers = PROVIDERS.map((provider) => provider.configure(environment));
  const tracing = settings.isTracingOn ? await openTracing(logger) : undefined;
  const gateway = createGateway({
    settings,
    providers,
    isSandbox: sandbox !== undefined,
    logger,
    tracing: tracing?.tracing,
  });
  const url = await gateway.listen();
  const shutdown = createShutdown({
    close: async () => {
      await gateway.close();
      await sandbox?.close();
      await tracing?.stop();
    },
    exit: (code) => process.exit(code),
    timeoutMs: settings.drainTimeoutMs,
    secrets: credentialsIn(environment),
    logger,
  });
  // In this order: without any listener Node forgets a signal that has arrived and not yet been told.
  for (const signal of SIGNALS) process.on(signal, () => shutdown.onSignal(signal)).off(signal, endAtOnce);
  // Rejections that nobody handles arrive here too.
  process.on('uncaughtException', shutdown.onFault);
  // Last: whoever has read it may send a signal.
  const ignoresCredentials = sandbox !== undefined && holdsCredentials(process.env);
  const facts = startFacts({
    url,
    metricsUrl: gateway.metricsUrl,
    settings,
    providers,
    sandbox: sandbox?.receiverUrl,
    ignoresCredentials,
    unknownNames: unknownNames(process.env, { variables: VARIABLES, providers: PROVIDERS.map(({ name }) => name) }),
  });
  // Only where it is asked for: a pipe may well have a person at its end.
  if (settings.logFormat === 'json') tellStart(facts, logger);
  else process.stdout.write(startBanner(facts));
}

/** Whatever the level is: with port 0 nothing else says where it listens. */
function tellStart(facts: StartFacts, logger: Logger): void {
  logger.child({}, { level: 'info' }).info(facts, 'hookgraph is running');
}

/** What an option belongs to: elsewhere it would mean nothing, and a gateway that starts is not what was asked for. */
const COMMAND_OF = { json: 'check', subgraph: 'schema' } as const;

function refuseStrayOptions(
  command: string | undefined,
  values: Readonly<Record<keyof typeof COMMAND_OF, boolean>>,
): void {
  for (const option of ['json', 'subgraph'] as const) {
    const owner = COMMAND_OF[option];
    if (values[option] && command !== owner)
      throw new ConfigError(`--${option} belongs to hookgraph ${owner}; see hookgraph --help.`);
  }
}

const VARIABLES: readonly Variable<unknown>[] = [
  ...PROVIDERS.flatMap(({ variables }) => variables),
  ...Object.values(gatewayVariables),
];

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * What a signal does until there is something to drain. It would do so by itself, but for the first process of a container: to
 * that one the kernel delivers no signal that it has no handler for, and whoever sent it waits in vain.
 */
function endAtOnce(): void {
  process.exit(0);
}

/** Commands are loaded on demand: a gateway that runs needs none. */
async function commandText(
  [command, verb, ...args]: readonly string[],
  { subgraph: isSubgraph }: { readonly subgraph: boolean },
): Promise<string> {
  if (command === 'key') {
    const { newKeyText } = await import('./commands/new-key.ts');
    // Without arguments it says how it is called, which is what `key` alone asks for.
    return newKeyText(verb === 'new' ? args : []);
  }
  if (command === 'schema') {
    if (verb !== undefined) throw new ConfigError('usage: hookgraph schema [--subgraph]');
    const { schemaText } = await import('./commands/print-schema.ts');
    return schemaText({ isSubgraph, environment: process.env });
  }
  throw new ConfigError(`there is no command ${JSON.stringify(command)}; see hookgraph --help.`);
}

async function check(
  positionals: readonly string[],
  values: { readonly sandbox: boolean; readonly json: boolean },
): Promise<void> {
  if (positionals.length > 1) throw new ConfigError('usage: hookgraph check [--sandbox] [--json]');
  const sandbox = values.sandbox ? await openSandbox() : undefined;
  const environment = { ...process.env, ...sandbox?.environment };
  const { checkReport } = await import('./commands/check.ts');
  const report = await checkReport({ environment, isSandbox: sandbox !== undefined, isJson: values.json });
  await sandbox?.close();
  process.stdout.write(report.text);
  process.exitCode = report.exitCode;
}

function readEnvironmentFile(): void {
  // Not a folder of that name, as a virtual environment of Python's often is.
  if (statSync('.env', { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    process.loadEnvFile();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function credentialsIn(environment: Environment): ReadonlySet<string> {
  return secretsIn(environment, VARIABLES);
}

function hasCredentials(environment: Environment): boolean {
  return PROVIDERS.some((provider) => provider.configure(environment).hasOwnCredentials);
}

/** The same where they are of no use: to a sandbox that does not matter. */
function holdsCredentials(environment: Environment): boolean {
  try {
    return hasCredentials(environment);
  } catch (error) {
    if (error instanceof ConfigError) return true;
    throw error;
  }
}

function isSandboxWanted(isAskedFor: boolean, settings: GatewaySettings, environment: Environment): boolean {
  if (isAskedFor) return true;
  if (settings.forwardCredentials || hasCredentials(environment)) return false;
  if (environment.NODE_ENV === 'production') {
    throw new ConfigError(
      'No provider has credentials. In production that is refused; set them, or ask for the sandbox with --sandbox.',
    );
  }
  return true;
}

/** Loaded on demand, so that a gateway with real credentials never holds the simulators. */
async function openSandbox() {
  const { startSandbox } = await import('./sandbox/start-sandbox.ts');
  const { sandboxEnvironment } = await import('./sandbox/sandbox-environment.ts');
  const sandbox = await startSandbox();
  return { environment: sandboxEnvironment(sandbox), receiverUrl: sandbox.receiver.baseUrl, close: sandbox.close };
}

/** Loaded on demand: OpenTelemetry's SDK is larger than the gateway. */
async function openTracing(logger: Logger) {
  const { startTracing } = await import('./telemetry/start-tracing.ts');
  return startTracing({ logger });
}

/** What is the operator's to mend is one line; a fault of ours comes with its stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  // Node goes on about arguments that begin with a dash; none of ours does.
  if (code.startsWith('ERR_PARSE_ARGS')) return `${error.message.split('. To specify ')[0]}; see hookgraph --help.`;
  const isOperators = error instanceof ConfigError || /^(EADDR|EACCES)/.test(code);
  return isOperators ? error.message : describeCrash(error, credentialsIn(process.env));
}
