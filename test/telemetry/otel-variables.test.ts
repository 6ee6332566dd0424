import { beforeAll, describe, expect, test } from 'vitest';
import { type Collector, startCollector } from '../support/collector.ts';
import { build, type RunningGateway, runGateway } from '../support/executable.ts';
import { measured } from '../support/running-time.ts';

beforeAll(build, 120_000);

/** Tells of every import of OpenTelemetry, as lines of the log. */
const TELL_IMPORTS = `--import=data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs';
    export const resolve = (name, context, next) => {
      if (name.startsWith('@opentelemetry/')) writeSync(1, JSON.stringify({ imports: name }) + '\\\\n');
      return next(name, context);
    };
  \`));
`)}`;

async function ask(gateway: RunningGateway): Promise<void> {
  const { status } = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query Known { webhookProviders { name } }' }),
  });
  expect(status).toBe(200);
}

/** Asks once, stops the gateway and reads what the collector got. */
async function traced(collector: Collector, environment: Readonly<Record<string, string>>) {
  const gateway = await runGateway({ OTEL_BSP_SCHEDULE_DELAY: '60000', ...environment });
  await ask(gateway);
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  return { names: collector.spans().map(({ name }) => name), log: gateway.log() };
}

function imports(log: ReturnType<RunningGateway['log']>): readonly unknown[] {
  return log.flatMap(({ imports }) => (imports === undefined ? [] : [imports]));
}

// Not concurrent: a gateway that is started after an await would end with another test than its own.
describe("OpenTelemetry's own variables", () => {
  test('switch traces on, name the service, add to its resource and to the headers; what is left is sent at the end', async () => {
    const collector = await startCollector();
    const { names } = await traced(collector, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-good-news',
      OTEL_SERVICE_NAME: 'hooks-eu',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    });
    expect(names).toEqual(['query Known']);
    expect(
      collector.requests.map(({ path, headers }) => [path, headers['content-type'], headers.authorization]),
    ).toEqual([['/v1/traces', 'application/x-protobuf', 'Bearer of-good-news']]);
    expect(collector.resource()).toMatchObject({
      'service.name': 'hooks-eu',
      'service.version': expect.stringMatching(/^\d+\./),
      'deployment.environment.name': 'production',
    });
  });

  test('give a whole address for traces, and compress', async () => {
    const collector = await startCollector();
    await traced(collector, {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/elsewhere`,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    }).catch(() => 'the body is not read here');
    expect(collector.requests.map(({ path, headers }) => [path, headers['content-encoding']])).toEqual([
      ['/elsewhere', 'gzip'],
    ]);
  });

  test('choose what is kept', async () => {
    const collector = await startCollector();
    const { names } = await traced(collector, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'always_off',
    });
    expect(names).toEqual([]);
  });

  test('say how soon spans are sent', async () => {
    const collector = await startCollector();
    const gateway = await runGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '1' });
    await ask(gateway);
    await expect.poll(() => collector.spans().map(({ name }) => name)).toEqual(['query Known']);
  });

  test.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }])(
    '%j: nothing is sent, and nothing of OpenTelemetry is loaded',
    async (off) => {
      const collector = await startCollector();
      const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, NODE_OPTIONS: TELL_IMPORTS, ...off };
      const { log } = await traced(collector, environment);
      expect([collector.requests, imports(log)]).toEqual([[], []]);
    },
  );

  test('set: it is loaded, which shows that the tests before would see it', async () => {
    const collector = await startCollector();
    const on = await traced(collector, { NODE_OPTIONS: TELL_IMPORTS, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    expect(imports(on.log)).toContain('@opentelemetry/sdk-trace-node');
  });

  test.each([
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL holds "grpc"; it should hold http/protobuf.',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2' },
      'OTEL_EXPORTER_OTLP_ENDPOINT holds no readable address; it should hold an address such as http://localhost:4318.',
    ],
  ])('%j stops the start', async (environment, line) => {
    const { loadSettings } = await import('../../src/config/load-config.ts');
    expect(() => loadSettings(environment)).toThrow(line);
  });
});

describe('a collector', () => {
  test('that refuses is told of in the log, without its credentials, and costs no answer', async () => {
    const collector = await startCollector({ status: 403 });
    const { log } = await traced(collector, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace('//', '//canary-user:canary-password@'),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20canary-key',
    });
    expect(collector.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer canary-key']);
    expect(log.filter(({ about }) => about === 'tracing')).toMatchObject([
      { level: 40, failure: expect.stringContaining('Forbidden'), msg: 'the last spans were not taken' },
    ]);
    expect(JSON.stringify(log)).not.toContain('canary');
  });

  test('that never answers holds up neither answers nor the end for more than two seconds', async () => {
    const collector = await startCollector({ status: null });
    const gateway = await runGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await ask(gateway);
    gateway.child.kill('SIGTERM');
    const { result, runningMs } = await measured(() => gateway.ended);
    expect(result).toBe(0);
    expect(runningMs).toBeLessThan(5_000);
    expect(gateway.log().filter(({ about }) => about === 'tracing')).toMatchObject([
      { level: 40, failure: 'no answer in time', msg: 'the last spans were not taken' },
    ]);
  });
});
