// Imports point one way. The table of docs/architecture.md has a row for each `only` here: change both.
const { readdirSync } = require('node:fs');

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});
const onlyIn = (library, folders) => ({
  name: `${library}-only-in-its-place`,
  severity: 'error',
  from: { path: '^src/', pathNot: folders },
  to: { path: `node_modules/${library}(/|$)` },
});
const providers = readdirSync('src/providers', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.gen\\.ts$'] }, to: {} },
    only('main-keeps-the-heap-small-first', '^src/main\\.ts$', ['^src/(keep-heap-small|command-line)\\.ts$']),
    only('keep-heap-small-stands-alone', '^src/keep-heap-small\\.ts$', []),
    only('command-line-starts', '^src/command-line\\.ts$', [
      '^src/(gateway|start-banner)\\.ts$',
      '^src/(commands|config|sandbox|telemetry)/',
      '^src/providers/registry\\.ts$',
      '^src/server/(crash-report|shutdown)\\.ts$',
    ]),
    only('start-banner-tells', '^src/start-banner\\.ts$', ['^src/config/', '^src/providers/provider-definition\\.ts$']),
    only('index-hands-out', '^src/index\\.ts$', [
      '^src/gateway\\.ts$',
      '^src/(config|telemetry)/',
      '^src/providers/[^/]+\\.ts$',
    ]),
    only('gateway-puts-together', '^src/gateway\\.ts$', [
      '^src/(config|graphql|server|state|telemetry|webhooks)/',
      '^src/providers/provider-definition\\.ts$',
    ]),
    only('commands-print', '^src/commands/', [
      '^src/(config|doctor)/',
      '^src/domain/access-scope\\.ts$',
      '^src/graphql/(federation|schema)\\.ts$',
      '^src/providers/registry\\.ts$',
    ]),
    only('domain-is-pure', '^src/domain/', []),
    only('telemetry-stands-alone', '^src/telemetry/', ['^src/domain/trace-span\\.ts$']),
    only('state-stands-alone', '^src/state/', []),
    only('config-knows-words', '^src/config/', ['^src/telemetry/', '^src/domain/(access-scope|provider-name)\\.ts$']),
    only('http-knows-no-webhooks', '^src/http/', [
      '^src/domain/(call-scope|call-signal|errors|instant|json-bounds|last-made|seen-lately|upstream-failure|provider-name|trace-span)\\.ts$',
      '^src/(telemetry|state)/',
    ]),
    only('webhooks-know-domain', '^src/webhooks/', ['^src/(domain|state)/']),
    only('graphql-knows-webhooks', '^src/graphql/', ['^src/webhooks/', '^src/domain/']),
    only('server-knows-graphql', '^src/server/', ['^src/(graphql|webhooks|domain|telemetry|config|state)/']),
    only('doctor-asks-only', '^src/doctor/', [
      '^src/(config|domain)/',
      '^src/providers/[^/]+\\.ts$',
      '^src/webhooks/operation-scope\\.ts$',
      '^src/graphql/scrubber\\.ts$',
      '^src/server/caller/',
      '^src/state/redis/ask-redis\\.ts$',
    ]),
    only(
      'sandbox-shares-types-only',
      '^src/sandbox/',
      ['^src/providers/[^/]+/openapi\\.gen\\.ts$', '^src/domain/provider-name\\.ts$'],
      'A simulator that shares the mapping that it tests proves nothing.',
    ),
    only('client-stands-alone', '^src/client/', []),
    only('providers-share-no-wire-format', '^src/providers/[^/]+\\.ts$', [
      '^src/(http|domain|state|telemetry)/',
      '^src/config/variable\\.ts$',
      '^src/providers/[^/]+/index\\.ts$',
    ]),
    {
      name: 'the-registry-alone-lists-providers',
      severity: 'error',
      from: { path: '^src/providers/[^/]+\\.ts$', pathNot: ['^src/providers/registry\\.ts$'] },
      to: { path: '^src/providers/[^/]+/' },
    },
    ...providers.map((provider) =>
      only(`${provider}-knows-no-other`, `^src/providers/${provider}/`, [
        '^src/(http|domain)/',
        '^src/config/variable\\.ts$',
        '^src/providers/[^/]+\\.ts$',
      ]),
    ),
    {
      name: 'no-provider-outside-its-folder',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/providers/', '^src/sandbox/'] },
      to: { path: '^src/providers/[^/]+/' },
    },
    {
      name: 'simulators-see-types-only',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/(providers|domain)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'both-ways-share-rules-not-each-other',
      comment: 'What the direct way and the plugins both go by is a file of its own in src/server.',
      severity: 'error',
      from: { path: '^src/server/direct/' },
      to: { path: '^src/server/plugins/' },
    },
    {
      name: 'sandbox-is-loaded-on-demand',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', dynamic: false },
    },
    {
      name: 'redis-is-loaded-on-demand',
      comment: 'Without REDIS_URL the gateway starts as quickly as before.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/ioredis/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    onlyIn('ioredis', ['^src/state/redis/']),
    onlyIn('rate-limiter-flexible', ['^src/state/']),
    {
      name: 'opentelemetry-sdk-is-loaded-on-demand',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/telemetry/start-tracing\\.ts$', dynamic: false },
    },
    onlyIn('@opentelemetry/(sdk|exporter|resources)[^/]*', ['^src/telemetry/start-tracing\\.ts$']),
    onlyIn('@opentelemetry/api', ['^src/telemetry/']),
    onlyIn('prom-client', ['^src/telemetry/']),
    onlyIn('undici', ['^src/http/']),
    onlyIn('@pothos', ['^src/graphql/']),
    onlyIn('graphql', ['^src/(graphql|server|client)/']),
    onlyIn('graphql-yoga', ['^src/server/']),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
