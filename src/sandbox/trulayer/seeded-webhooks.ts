import type { StoredWebhook } from './store.ts';

const DAY_MS = 86_400_000;

export const TENANT_ID = '018f1234-0000-7abc-def0-123456789abc';

/** The secret with which all seeded webhooks sign. */
export const SEEDED_SECRET = 'sandbox-signing-secret';

/** The ids of the seeded webhooks by what each one shows; stable, so that examples and docs can name them. */
export const TRULAYER_WEBHOOK_IDS = {
  healthy: '018f1234-5678-7abc-def0-123456789abc',
  disabled: '018f1234-5678-7abc-def0-000000000002',
  refused: '018f1234-5678-7abc-def0-000000000003',
  unreachable: '018f1234-5678-7abc-def0-000000000004',
  chatty: '018f1234-5678-7abc-def0-000000000005',
  privateHost: '018f1234-5678-7abc-def0-000000000006',
} as const;

const SAMPLES: readonly {
  readonly is: keyof typeof TRULAYER_WEBHOOK_IDS;
  readonly url: string;
  readonly createdDaysAgo: number;
  readonly enabled?: boolean;
}[] = [
  { is: 'healthy', url: 'https://ok.receiver.example/trulayer/failures', createdDaysAgo: 200 },
  { is: 'disabled', url: 'https://ok.receiver.example/trulayer/staging', createdDaysAgo: 150, enabled: false },
  { is: 'refused', url: 'https://unauthorized.receiver.example/trulayer/alerts', createdDaysAgo: 90 },
  { is: 'unreachable', url: 'https://close.receiver.example/trulayer/pager', createdDaysAgo: 60 },
  { is: 'chatty', url: 'https://text.receiver.example/trulayer/chat', createdDaysAgo: 30 },
  // Its name led to a public address once: a test of it is the documented 422.
  { is: 'privateHost', url: 'https://10.20.0.5/trulayer/hooks', createdDaysAgo: 10 },
];

/** The webhooks of the simulated tenant, all relative to `nowMs`. */
export function seedTruLayer(nowMs: number): readonly StoredWebhook[] {
  return SAMPLES.map(({ is, url, createdDaysAgo, enabled = true }) => {
    const createdAt = new Date(nowMs - createdDaysAgo * DAY_MS).toISOString();
    return {
      record: {
        id: TRULAYER_WEBHOOK_IDS[is],
        tenant_id: TENANT_ID,
        url,
        events: ['failure.detected'],
        enabled,
        created_at: createdAt,
        updated_at: createdAt,
      },
      secret: SEEDED_SECRET,
    };
  });
}
