import type { CallScope } from '../../domain/call-scope.ts';
import type { ProviderName } from '../../domain/provider-name.ts';
import { underInputPath } from '../../domain/violations.ts';
import type { NewWebhook } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { UPSTREAM_COST } from '../cost.ts';
import { authenticationChange, WebhookAuthenticationInput } from '../inputs/authentication.ts';
import { eventNames, receiverUrl } from '../inputs/webhook-fields.ts';
import { WebhookStatusEnum } from '../types/enums.ts';
import { payloadType, type WrittenWebhook } from './written-webhook.ts';

const CreatePersonioWebhookInput = builder.inputType('CreatePersonioWebhookInput', {
  description: 'A webhook to register at Personio. It delivers nothing unless `status` is ENABLED.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      required: true,
      description:
        'Where deliveries go: HTTPS, a host that resolves to a public address, and not that of another webhook.',
    }),
    description: t.string({ required: true, description: 'Free text.' }),
    enabledEvents: t.stringList({ required: true, description: 'The events to deliver.' }),
    status: t.field({
      type: WebhookStatusEnum,
      defaultValue: 'DISABLED',
      description: "Whether it delivers. Personio's default is DISABLED: nothing is delivered until that changes.",
    }),
    authentication: t.field({
      type: WebhookAuthenticationInput,
      description: "How deliveries authenticate; left out, it is Personio's default: a token that is not set yet.",
    }),
  }),
});

const CreateTruLayerWebhookInput = builder.inputType('CreateTruLayerWebhookInput', {
  description: 'A webhook to register at TruLayer. It cannot be changed later, only removed.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      required: true,
      description: 'Where deliveries go: HTTPS, and a host that resolves to a public address.',
    }),
    secret: t.string({
      required: true,
      description: 'The key that signs deliveries, at least 16 characters; chosen by you, never shown again.',
    }),
    enabledEvents: t.stringList({
      description: "The events to deliver; left out, it is TruLayer's default: `failure.detected`.",
    }),
    status: t.field({ type: WebhookStatusEnum, defaultValue: 'ENABLED', description: 'Whether it delivers.' }),
  }),
});

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A webhook to register: exactly one of the providers.',
  isOneOf: true,
  fields: (t) => ({
    personio: t.field({ type: CreatePersonioWebhookInput, description: 'At Personio.' }),
    trulayer: t.field({ type: CreateTruLayerWebhookInput, description: 'At TruLayer.' }),
  }),
});

const CreateWebhookPayload = payloadType<WrittenWebhook>('CreateWebhookPayload', 'A webhook that was registered.');

builder.mutationField('createWebhook', (t) =>
  t.field({
    type: CreateWebhookPayload,
    nullable: true,
    complexity: UPSTREAM_COST,
    description:
      'Registers a webhook. If another one has the URL already, the error CONFLICT names it (`meta.id`, `meta.webhookId`).',
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'Where, and what.' }) },
    resolve: async (_root, { input }, { directory, scope }) => {
      const { member, name, build } = chosen(input);
      const provider = directory.able(name, 'createWebhook', 'register a webhook', scope);
      return underInputPath(['input', member], async () => {
        const { providerId, webhook } = await provider.createWebhook(build(scope), scope);
        return { key: { provider: name, providerId }, answered: webhook };
      });
    },
  }),
);

/** Which provider was chosen, under which name, and what to register there: one branch a provider. */
function chosen(input: typeof CreateWebhookInput.$inferInput): {
  readonly member: string;
  readonly name: ProviderName;
  readonly build: (scope: CallScope) => NewWebhook;
} {
  const { personio, trulayer } = input;
  if (personio) return { member: 'personio', name: 'PERSONIO', build: (scope) => newPersonioWebhook(personio, scope) };
  if (trulayer) return { member: 'trulayer', name: 'TRULAYER', build: (scope) => newTruLayerWebhook(trulayer, scope) };
  throw new RangeError('CreateWebhookInput is @oneOf: one member is always there.');
}

function newPersonioWebhook(input: typeof CreatePersonioWebhookInput.$inferInput, scope: CallScope): NewWebhook {
  const { url, description, enabledEvents, status, authentication } = input;
  return {
    url: receiverUrl(url, scope),
    description,
    enabledEvents: eventNames(enabledEvents),
    status: status ?? 'DISABLED',
    ...(authentication && { authentication: authenticationChange(authentication, ['authentication'], scope) }),
  };
}

function newTruLayerWebhook(input: typeof CreateTruLayerWebhookInput.$inferInput, scope: CallScope): NewWebhook {
  const { url, secret, enabledEvents, status } = input;
  scope.keepSecret(secret);
  return {
    url: receiverUrl(url, scope),
    signingSecret: secret,
    status: status ?? 'ENABLED',
    ...(enabledEvents && { enabledEvents: eventNames(enabledEvents) }),
  };
}
