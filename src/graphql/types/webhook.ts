import { capabilitiesOf } from '../../domain/capability.ts';
import { providerKeyOf, type Webhook } from '../../domain/webhook.ts';
import type { WebhooksPage } from '../../webhooks/connection-page.ts';
import { activityFilter, pageArguments } from '../arguments.ts';
import { builder } from '../builder.ts';
import { connectionObject } from '../connection.ts';
import { connectionCost } from '../cost.ts';
import { encodeWebhookId } from '../global-id.ts';
import { WebhookActivityFilterInput } from '../inputs/filters.ts';
import { WebhookCapabilityEnum, WebhookProviderEnum, WebhookStatusEnum } from './enums.ts';
import { WebhookActivityConnection } from './webhook-activity.ts';
import { WebhookAuthenticationType } from './webhook-authentication.ts';

export const WebhookType = builder.objectRef<Webhook>('Webhook');

WebhookType.implement({
  description: 'A registration at a provider: events that happen there are delivered to its URL.',
  interfaces: [builder.nodeInterfaceRef()],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'providerId' in value,
  directives: [
    { name: 'key', args: { fields: 'id' } },
    { name: 'key', args: { fields: 'providerKey' } },
  ],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: 'The global id: opaque, stable, and unique across providers.',
      resolve: (webhook) => encodeWebhookId(webhook),
    }),
    provider: t.expose('provider', {
      type: WebhookProviderEnum,
      nullable: false,
      description: 'Where it is registered.',
    }),
    providerId: t.exposeID('providerId', { nullable: false, description: 'The id that the provider itself uses.' }),
    providerKey: t.string({
      nullable: false,
      description:
        'The provider in lower case, a colon, and providerId, e.g. `personio:533e7206-…`: a key that can be written down without knowing our ids.',
      resolve: (webhook) => providerKeyOf(webhook),
    }),
    url: t.expose('url', { type: 'URL', nullable: false, description: 'Where deliveries go: the receiver.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'Free text; null where the provider has none.',
    }),
    status: t.expose('status', {
      type: WebhookStatusEnum,
      nullable: true,
      description: 'Whether it delivers; null where the provider does not say.',
    }),
    enabledEvents: t.stringList({
      nullable: true,
      description: 'The events that are delivered; null where the provider does not say.',
      resolve: ({ enabledEvents }) => enabledEvents && [...enabledEvents],
    }),
    authentication: t.expose('authentication', {
      type: WebhookAuthenticationType,
      nullable: false,
      description: 'How deliveries authenticate to the receiver.',
    }),
    capabilities: t.field({
      type: [WebhookCapabilityEnum],
      nullable: false,
      description:
        "What can be done with it through its provider's API. Clients grey out what is absent: a mutation or subscription that needs it answers UNSUPPORTED_BY_PROVIDER; a field is null without an error, and `health` UNKNOWN.",
      resolve: ({ provider }, _args, { directory }) =>
        capabilitiesOf(directory.get(provider)).filter((capability) => capability !== 'CREATE'),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was registered; null where the provider does not say.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was changed last; null where the provider does not say.',
    }),
    activity: t.field({
      type: WebhookActivityConnection,
      nullable: true,
      complexity: connectionCost,
      description:
        'The delivery log, newest first; null where the provider publishes none (see `capabilities`). An entry that cannot be read is one null edge with its error.',
      args: {
        first: t.arg.int({ defaultValue: 20, description: 'How many entries, 1 to 200.' }),
        after: t.arg.string({ description: "An edge's cursor, to read what comes behind it." }),
        filter: t.arg({ type: WebhookActivityFilterInput, description: 'Which entries.' }),
      },
      resolve: (key, args, { activityPages }) =>
        activityPages.read({ key, filter: activityFilter(args.filter), page: pageArguments(args) }),
    }),
  }),
});

export const WebhookConnection = connectionObject<Webhook, WebhooksPage>({
  name: 'Webhook',
  node: WebhookType,
  nodes: 'webhooks',
  order: 'provider by provider in the order of `WebhookProvider`, within a provider in its own order',
});

builder.objectField(WebhookConnection, 'unavailableProviders', (t) =>
  t.field({
    type: [WebhookProviderEnum],
    nullable: false,
    description:
      'The providers behind the null edges, for clients that drop errors: those whose whole part of the page is missing. A single webhook that cannot be read is a null edge too, but names no provider here.',
    resolve: ({ unavailableProviders }) => [...unavailableProviders],
  }),
);
