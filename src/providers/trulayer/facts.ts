import type { ProviderFacts } from '../../domain/provider-facts.ts';

/** What TruLayer publishes about its webhooks (docs.trulayer.ai/guides/webhooks). */
export const trulayerFacts: ProviderFacts = {
  eventTypes: [
    {
      name: 'failure.detected',
      description: 'A trace matched a failure rule.',
      isSubscribable: true,
      requiredPayloadFields: null,
      samplePayloadFields: [],
    },
    {
      name: 'ping',
      description: 'A synthetic event that only pingWebhook produces.',
      isSubscribable: false,
      requiredPayloadFields: null,
      samplePayloadFields: [],
    },
  ],
  isEventListClosed: false,
  eventCatalogUrl: 'https://docs.trulayer.ai/guides/webhooks',
  retentionDays: null,
  maxEventsPerRedelivery: null,
  signing: {
    header: 'X-TruLayer-Signature',
    algorithm: 'HMAC-SHA256',
    encoding: 'hex',
    prefix: 'sha256=',
    signedContent: 'the raw request body',
  },
  // Retries and acknowledgement time are not published.
  retryPolicy: null,
};
