import type { Capability } from '../../domain/capability.ts';
import type { DeliveryOutcome } from '../../domain/delivery.ts';
import type { HealthState } from '../../domain/delivery-health.ts';
import type { TimelineBucket } from '../../domain/delivery-timeline.ts';
import type { FindingCode } from '../../domain/findings.ts';
import { PROVIDER_DESCRIPTIONS } from '../../domain/provider-name.ts';
import type { CheckStatus } from '../../domain/readiness-check.ts';
import type { WebhookStatus } from '../../domain/webhook.ts';
import { builder } from '../builder.ts';

/** An enum whose values are the domain's own words, each with its description. */
function enumOf<Value extends string>(name: string, description: string, values: Readonly<Record<Value, string>>) {
  const described = Object.entries<string>(values).map(([value, text]) => [value, { value, description: text }]);
  return builder.enumType(name, {
    description,
    // Object.fromEntries forgets the keys; they are those of `values`.
    values: Object.fromEntries(described) as Readonly<Record<Value, { value: Value; description: string }>>,
  });
}

export const WebhookProviderEnum = enumOf('WebhookProvider', 'Where a webhook is registered.', PROVIDER_DESCRIPTIONS);

export const WebhookStatusEnum = enumOf<WebhookStatus>('WebhookStatus', 'Whether a webhook delivers.', {
  ENABLED: 'Events are delivered.',
  DISABLED: 'Nothing is delivered.',
});

export const WebhookAuthenticationTypeEnum = enumOf<'NONE' | 'TOKEN' | 'CUSTOM_HEADERS' | 'SIGNATURE'>(
  'WebhookAuthenticationType',
  'How a delivery proves to the receiver where it comes from.',
  {
    NONE: 'Not at all.',
    TOKEN: 'By a static value in the Authorization header.',
    CUSTOM_HEADERS: 'By up to three headers with static values.',
    SIGNATURE: 'By an HMAC-SHA256 over the raw body; see `WebhookProviderInfo.signing`.',
  },
);

export const WebhookCapabilityEnum = enumOf<Capability>(
  'WebhookCapability',
  "What a provider's API can do beyond reading its webhooks. Clients grey out what is absent.",
  {
    CREATE: 'Register webhooks. Stands on the provider only, not on a webhook.',
    UPDATE: 'Change a webhook.',
    DELETE: 'Remove a webhook.',
    PING: 'Deliver a synthetic ping.',
    SEND_TEST_EVENT: "Deliver a synthetic event with the caller's payload.",
    ACTIVITY: 'Publish the delivery log.',
    EVENTS: 'Publish the events with what was sent.',
    REDELIVER: 'Deliver past events again.',
  },
);

export const WebhookDeliveryOutcomeEnum = enumOf<DeliveryOutcome>(
  'WebhookDeliveryOutcome',
  'What became of a delivery: DELIVERED where the provider says so, else told by the status code.',
  {
    DELIVERED:
      'The provider says so, whatever the status; or it gives only the status of a test delivery, and that is 2xx.',
    REDIRECTED: 'The receiver answered 3xx; redirects are not followed.',
    CLIENT_ERROR: 'The receiver answered 4xx: it refused.',
    SERVER_ERROR: 'The receiver answered 5xx: it failed.',
    NO_RESPONSE: 'The receiver did not answer, or could not be reached.',
    UNKNOWN:
      'The provider does not say that it was delivered, and gives no status, or one that is not 3xx, 4xx or 5xx.',
  },
);

export const WebhookCheckStatusEnum = enumOf<CheckStatus>(
  'WebhookCheckStatus',
  'How one row of a readiness check ended.',
  {
    PASSED: 'The receiver acknowledged.',
    FAILED: 'The receiver refused, failed or gave no answer, or the provider did not make the delivery.',
    SKIPPED: 'Not tried; see `reason`.',
  },
);

export const WebhookTimelineBucketEnum = enumOf<TimelineBucket>(
  'WebhookTimelineBucket',
  'How long a bucket of a timeline is.',
  {
    MINUTE: 'One minute of UTC.',
    HOUR: 'One hour of UTC.',
    DAY: 'One day of UTC.',
  },
);

export const WebhookHealthStateEnum = enumOf<HealthState>(
  'WebhookHealthState',
  'How a webhook does over a window. The rules are asked in this order, and the first that fits decides: DISABLED, UNKNOWN, FAILING, DEGRADED, HEALTHY, SILENT, IDLE.',
  {
    HEALTHY: 'The last delivery arrived, and at least 95 % of all did.',
    DEGRADED: 'The last delivery failed, or under 95 % were delivered.',
    FAILING: 'The last five or more deliveries failed, or three or more failed and none was delivered.',
    SILENT: 'Events occurred, but no delivery was tried.',
    IDLE: 'Neither events nor deliveries.',
    DISABLED: 'It is switched off.',
    UNKNOWN: 'The provider publishes no delivery log, or too little of it could be read (`isComplete` is false then).',
  },
);

export const WebhookFindingCodeEnum = enumOf<FindingCode>(
  'WebhookFindingCode',
  "What can look wrong in a webhook's configuration. What the provider does not say is never a finding.",
  {
    DUPLICATE_SUBSCRIPTION:
      'Another webhook of the same provider that is not DISABLED has an equivalent URL and an event in common; one finding for each.',
    NO_AUTHENTICATION: 'Deliveries carry nothing that proves where they come from.',
    UNKNOWN_EVENT: 'An enabled event is not among those that the provider publishes for subscription.',
    NO_EVENTS: 'No event is enabled, so nothing is ever delivered.',
    INSECURE_URL: 'The URL does not use HTTPS.',
    PRIVATE_HOST: "The URL's host can only be reached from a private network or the machine itself.",
    CREDENTIALS_IN_URL: 'The URL holds a user name or password.',
  },
);
