import { capabilitiesOf } from '../../domain/capability.ts';
import type { DeliverySigning, EventType, RetryPolicy } from '../../domain/provider-facts.ts';
import type { WebhookProvider } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { WebhookCapabilityEnum, WebhookDeliveryOutcomeEnum, WebhookProviderEnum } from './enums.ts';

const WebhookEventTypeType = builder.objectRef<EventType>('WebhookEventType').implement({
  description: 'An event that a provider knows.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'As it stands in `enabledEvents`.' }),
    description: t.exposeString('description', { nullable: true, description: 'When it happens.' }),
    isSubscribable: t.exposeBoolean('isSubscribable', {
      nullable: false,
      description: 'Whether a webhook can be told of it; a ping is only ever sent on demand.',
    }),
    requiredPayloadFields: t.stringList({
      nullable: true,
      description:
        'Dot paths that sendTestEvent needs for this event, e.g. `person.id`; null where the provider does not document them.',
      resolve: ({ requiredPayloadFields }) => requiredPayloadFields && [...requiredPayloadFields],
    }),
  }),
});

const WebhookSigningType = builder.objectRef<DeliverySigning>('WebhookSigning').implement({
  description: "How to verify a delivery's signature.",
  fields: (t) => ({
    header: t.exposeString('header', { nullable: false, description: 'The header that holds the signature.' }),
    algorithm: t.exposeString('algorithm', { nullable: false, description: 'How it is computed, e.g. `HMAC-SHA256`.' }),
    encoding: t.exposeString('encoding', { nullable: false, description: 'How its bytes are written, e.g. `hex`.' }),
    prefix: t.exposeString('prefix', { nullable: true, description: 'What stands before it in the header.' }),
    signedContent: t.exposeString('signedContent', {
      nullable: false,
      description: 'What is signed, e.g. the raw request body.',
    }),
  }),
});

const WebhookRetryPolicyType = builder.objectRef<RetryPolicy>('WebhookRetryPolicy').implement({
  description: "A provider's published delivery rules; null where unpublished or contradictory.",
  fields: (t) => ({
    acknowledgeWithinSeconds: t.exposeInt('acknowledgeWithinSeconds', {
      nullable: true,
      description: 'How long the receiver has to answer.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', {
      nullable: true,
      description:
        'How many tries are made at most. At Personio each is of up to 2 quick requests: 14 requests in all for its 7 tries.',
    }),
    horizonHours: t.exposeInt('horizonHours', {
      nullable: true,
      description: 'How long after the event the last try can be.',
    }),
    retriedOn: t.field({
      type: [WebhookDeliveryOutcomeEnum],
      nullable: false,
      description: 'After which outcomes another try follows.',
      resolve: ({ retriedOn }) => [...retriedOn],
    }),
    finalStatusCodes: t.intList({
      nullable: false,
      description: 'Status codes that end the tries although their class does not, e.g. 501.',
      resolve: ({ finalStatusCodes }) => [...finalStatusCodes],
    }),
    source: t.expose('source', { type: 'URL', nullable: true, description: 'The page that says so.' }),
  }),
});

export const WebhookProviderInfoType = builder.objectRef<WebhookProvider>('WebhookProviderInfo').implement({
  description: 'A provider: whether it is connected, what its API can do, and which events it knows.',
  fields: (t) => ({
    name: t.expose('name', { type: WebhookProviderEnum, nullable: false, description: 'Which provider.' }),
    isConfigured: t.boolean({
      nullable: false,
      description: 'Whether there are credentials to call it with.',
      resolve: (provider, _args, { scope }) => provider.hasCredentials(scope),
    }),
    isSandbox: t.boolean({
      nullable: false,
      description: 'Whether the embedded simulator answers instead of the real service.',
      resolve: (_provider, _args, { isSandbox }) => isSandbox,
    }),
    capabilities: t.field({
      type: [WebhookCapabilityEnum],
      nullable: false,
      description: 'What its API can do beyond reading webhooks.',
      resolve: (provider) => [...capabilitiesOf(provider)],
    }),
    eventTypes: t.field({
      type: [WebhookEventTypeType],
      nullable: false,
      description: 'The events that are known.',
      resolve: ({ facts }) => [...facts.eventTypes],
    }),
    isEventListClosed: t.boolean({
      nullable: false,
      description: 'False: the provider may send events that are not listed.',
      resolve: ({ facts }) => facts.isEventListClosed,
    }),
    eventCatalogUrl: t.field({
      type: 'URL',
      nullable: true,
      description: "The provider's own list of events.",
      resolve: ({ facts }) => facts.eventCatalogUrl,
    }),
    retentionDays: t.int({
      nullable: true,
      description: 'How many days back activity and events reach; null where there are none.',
      resolve: ({ facts }) => facts.retentionDays,
    }),
    signing: t.field({
      type: WebhookSigningType,
      nullable: true,
      description: "How to verify a delivery's signature; null where the provider signs nothing.",
      resolve: ({ facts }) => facts.signing,
    }),
    retryPolicy: t.field({
      type: WebhookRetryPolicyType,
      nullable: true,
      description: 'The published delivery rules; null where there are none.',
      resolve: ({ facts }) => facts.retryPolicy,
    }),
  }),
});
