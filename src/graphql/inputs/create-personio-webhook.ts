import type { CallScope } from '../../domain/call-scope.ts';
import type { NewWebhook } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';
import { WebhookStatusEnum } from '../types/enums.ts';
import { authenticationChange, WebhookAuthenticationInput } from './authentication.ts';
import { eventNames, receiverUrl } from './webhook-fields.ts';

export const CreatePersonioWebhookInput = builder.inputType('CreatePersonioWebhookInput', {
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

/** What is to be registered. Throws `BadUserInputError`; tells the scope what is secret in it. */
export function newPersonioWebhook(input: typeof CreatePersonioWebhookInput.$inferInput, scope: CallScope): NewWebhook {
  const { url, description, enabledEvents, status, authentication } = input;
  return {
    url: receiverUrl(url, scope),
    description,
    enabledEvents: eventNames(enabledEvents),
    status: status ?? 'DISABLED',
    ...(authentication && { authentication: authenticationChange(authentication, ['authentication'], scope) }),
  };
}
