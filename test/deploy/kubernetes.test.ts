import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { gatewayVariables } from '../../src/config/gateway-variables.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { at, type Manifest, manifestsIn, patched } from './manifests.ts';

const load = createRequire(import.meta.url);
const BASE = manifestsIn('deploy/kubernetes');
const METRICS = manifestsIn('deploy/kubernetes-metrics');

function of(kind: string, manifests = BASE): Manifest['content'] {
  const found = manifests.find((manifest) => manifest.kind === kind);
  if (!found) throw new Error(`there is no ${kind}`);
  return found.content;
}

const deployment = of('Deployment');
const WITH_SIDECAR: Manifest = {
  file: 'collector-sidecar.yaml',
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  content: Object(patched(deployment, of('Deployment', METRICS))),
};
const ALL = [...BASE, ...METRICS.filter(({ kind }) => kind !== 'Deployment'), WITH_SIDECAR].filter(
  ({ kind }) => kind !== 'Kustomization',
);

const pod = (path: string) => at(deployment, `spec.template.spec.${path}`);
const container = (path: string) => pod(`containers.0.${path}`);
const setting = (name: string) => String(at(of('ConfigMap'), `data.${name}`));

describe('the manifests', () => {
  test.each(ALL)('$file: $kind holds values as the schemas of Kubernetes say', ({ kind, apiVersion, content }) => {
    const models: Readonly<Record<string, unknown>> = load(`kubernetes-models/${apiVersion}`);
    const Model = models[kind];
    if (typeof Model !== 'function') throw new Error(`no schema of ${apiVersion} ${kind}`);
    expect(() => Reflect.construct(Model, [content]).validate()).not.toThrow();
  });

  // The schemas let members pass that they do not know: a misspelt one would be without effect.
  test('hold no member that Kubernetes does not know', () => {
    const imports = ALL.map(
      ({ kind, apiVersion }, index) =>
        `import type { I${kind} as Type${index} } from 'kubernetes-models/${apiVersion}';`,
    );
    const values = ALL.map(
      ({ content }, index) => `export const value${index}: Type${index} = ${JSON.stringify(content)};`,
    );
    const file = 'test/deploy/manifests.tmp.ts';
    writeFileSync(file, [...imports, ...values, ''].join('\n'));
    onTestFinished(() => rmSync(file));
    const tsc = load.resolve('typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
    expect(spawnSync(process.execPath, [tsc, ...options, file], { encoding: 'utf8' }).stdout).toBe('');
  });

  test.each([
    ['deploy/kubernetes', BASE, ['secret.example.yaml']],
    ['deploy/kubernetes-metrics', METRICS, []],
  ] as const)('of %s are all listed, but for examples', (_folder, manifests, examples) => {
    const kustomization = of('Kustomization', manifests);
    const listed = [at(kustomization, 'resources'), at(kustomization, 'patches') ?? []].flat();
    const files = listed.map((entry) => (typeof entry === 'string' ? entry : at(entry, 'path')));
    const own = manifests.map(({ file }) => file).filter((file) => file !== 'kustomization.yaml');
    expect(files.filter((file) => file !== '../kubernetes').toSorted()).toEqual(
      own.filter((file) => !examples.some((example) => example === file)).toSorted(),
    );
  });

  test('select the pods of the deployment by the labels that these have', () => {
    const labels = { 'app.kubernetes.io/name': 'hookgraph' };
    expect(at(deployment, 'spec.template.metadata.labels')).toEqual(labels);
    expect(at(deployment, 'spec.selector.matchLabels')).toEqual(labels);
    expect(at(of('Service'), 'spec.selector')).toEqual(labels);
    expect(at(of('PodDisruptionBudget'), 'spec.selector.matchLabels')).toEqual(labels);
    expect(at(of('NetworkPolicy'), 'spec.podSelector.matchLabels')).toEqual(labels);
    expect(at(of('HorizontalPodAutoscaler'), 'spec.scaleTargetRef.name')).toBe(at(deployment, 'metadata.name'));
  });

  test('keep to the restricted pod security standard, sidecar included', () => {
    for (const { content } of [{ content: deployment }, WITH_SIDECAR]) {
      expect(at(content, 'spec.template.spec.securityContext')).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      const containers = ['containers', 'initContainers'].flatMap(
        (list) => at(content, `spec.template.spec.${list}`) ?? [],
      );
      for (const each of containers) {
        expect(at(each, 'securityContext')).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    expect(pod('automountServiceAccountToken')).toBe(false);
  });
});

describe('what the manifests say of the gateway', () => {
  // REDIS_URL and METRICS_PORT are of the configuration's contract.
  const known = new Set([
    ...[...PROVIDERS.flatMap(({ variables }) => variables), ...Object.values(gatewayVariables)].map(({ name }) => name),
    'NODE_ENV',
    'NODE_OPTIONS',
    'REDIS_URL',
    'METRICS_PORT',
  ]);

  test('names only variables that there are', () => {
    const sidecarEnv = at(of('Deployment', METRICS), 'spec.template.spec.containers.0.env');
    const names = [
      ...Object.keys(Object(at(of('ConfigMap'), 'data'))),
      ...Object.keys(Object(at(of('Secret'), 'stringData'))),
      ...[container('env'), sidecarEnv].flat().map((variable) => at(variable, 'name')),
    ];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => typeof name !== 'string' || !known.has(name))).toEqual([]);
    // A comment shows more of them.
    const commented = readFileSync('deploy/kubernetes/configmap.yaml', 'utf8').matchAll(/^ +# ([A-Z_]+): /gm);
    expect(Array.from(commented, ([, name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  test('is a configuration with which it starts', () => {
    const environment = Object({ ...Object(at(of('ConfigMap'), 'data')), ...Object(at(of('Secret'), 'stringData')) });
    const settings = loadSettings(environment);
    expect(settings).toMatchObject({ host: '0.0.0.0', graphiql: false, introspection: false, trustProxy: 1 });
    expect(settings.auth.mode).toBe('required');
    expect(PROVIDERS.map((provider) => provider.configure(environment).hasOwnCredentials)).toEqual([true, true]);
  });

  test('holds no real secret', () => {
    const values = Object.values(Object(at(of('Secret'), 'stringData')));
    expect(values.filter((value) => !/replace-me|:0{64}:/.test(String(value)))).toEqual([]);
  });

  test('gives it the port on which it listens', () => {
    const port = Number(setting('PORT'));
    expect(container('ports')).toEqual([{ name: 'http', containerPort: port }]);
    expect(at(of('Service'), 'spec.ports.0')).toMatchObject({ port, targetPort: 'http' });
    expect(at(of('NetworkPolicy'), 'spec.ingress.0.ports')).toEqual([{ protocol: 'TCP', port }]);
  });

  test('asks for paths that it answers without a key', async () => {
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) =>
      container(`${probe}.httpGet.path`),
    );
    expect(paths).toEqual(['/health', '/health', '/ready']);
    const key = 'dashboard:'.concat('0'.repeat(64), ':webhooks:read');
    const { gateway, close } = await openSandboxGateway({ environment: { GATEWAY_API_KEYS: key } });
    try {
      for (const path of paths) expect((await gateway.fetch(new Request(`http://pod${path}`))).status).toBe(200);
    } finally {
      await close();
    }
  });

  test('gives a drain the time that it takes', () => {
    const { drainTimeoutMs, drainDelayMs, operationTimeoutMs } = loadSettings({
      ...Object(at(of('ConfigMap'), 'data')),
      GATEWAY_AUTH: 'none',
    });
    const preStopSeconds = Number(container('lifecycle.preStop.sleep.seconds'));
    const graceSeconds = Number(pod('terminationGracePeriodSeconds'));
    expect(graceSeconds).toBeGreaterThanOrEqual(preStopSeconds + drainTimeoutMs / 1_000 + 5);
    expect(drainTimeoutMs - drainDelayMs).toBeGreaterThan(operationTimeoutMs);
    // Longer than it takes until a pod that goes away is out of every list.
    const unreadySeconds =
      Number(container('readinessProbe.periodSeconds')) * Number(container('readinessProbe.failureThreshold'));
    expect(preStopSeconds).toBeGreaterThan(unreadySeconds);
  });

  test('keeps the heap within the memory of the pod', () => {
    const heap = /--max-old-space-size=(\d+)/.exec(String(container('env.0.value')))?.[1];
    const limit = /^(\d+)Mi$/.exec(String(container('resources.limits.memory')))?.[1];
    expect(Number(heap)).toBeLessThanOrEqual(Number(limit) * 0.8);
  });

  test('reads the metrics where METRICS_PORT puts them', () => {
    const port = at(of('Deployment', METRICS), 'spec.template.spec.containers.0.env.0');
    expect(port).toEqual({ name: 'METRICS_PORT', value: '9464' });
    expect(readFileSync('deploy/kubernetes-metrics/collector-config.yaml', 'utf8')).toContain(
      'targets: ["127.0.0.1:9464"]',
    );
  });

  test('tells the metrics of one pod from those of another, whose address is the same', () => {
    const settings: unknown = parse(Object(at(of('ConfigMap', METRICS), 'data'))['config.yaml']);
    const target = 'receivers.prometheus.config.scrape_configs.0.static_configs.0';
    expect(at(settings, `${target}.labels.instance`)).toMatch(/^\$\{env:POD_NAME\}$/);
    expect(at(WITH_SIDECAR.content, 'spec.template.spec.initContainers.0.env.0')).toEqual({
      name: 'POD_NAME',
      valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
    });
  });

  test('runs it as the user of the image', () => {
    const dockerfile = DockerfileParser.parse(readFileSync('Dockerfile', 'utf8'));
    const [user] = dockerfile.getInstructions().filter((instruction) => instruction.getKeyword() === 'USER');
    expect(user?.getArgumentsContent()).toBe(
      `${pod('securityContext.runAsUser')}:${pod('securityContext.runAsGroup')}`,
    );
  });
});
