import type { WebhookAuthentication } from '../../domain/webhook.ts';
import { builder } from '../builder.ts';
import { WebhookAuthenticationTypeEnum } from './enums.ts';

export const WebhookAuthenticationType = builder.objectRef<WebhookAuthentication>('WebhookAuthentication').implement({
  description: 'How deliveries authenticate to the receiver. Secrets go in by mutations and never come out.',
  fields: (t) => ({
    type: t.expose('type', {
      type: WebhookAuthenticationTypeEnum,
      nullable: true,
      description: 'The way; null where the provider does not say.',
    }),
    headerNames: t.stringList({
      nullable: false,
      description: 'Names of the custom headers, without their values; empty unless the type is CUSTOM_HEADERS.',
      resolve: (authentication) => (authentication.type === 'CUSTOM_HEADERS' ? [...authentication.headerNames] : []),
    }),
  }),
});
