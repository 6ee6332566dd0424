import { degraded, failingNow, healthy, healthyInBulk, outage, timingOut } from './delivery-patterns.ts';
import { createHistory, type DeliveryPattern, HOUR_MS } from './seeded-history.ts';
import type { SeededWebhook, WebhookRecord } from './store.ts';

/** The ids of the seeded webhooks by what each one shows; stable, so that examples and docs can name them. */
export const PERSONIO_WEBHOOK_IDS = {
  healthy: '533e7206-f4a3-11ed-9c8b-436fad0b82d1',
  outage: '89821e24-1b15-11ee-8f8e-430f660e2f9e',
  failing: 'f4111196-3c5a-4f0e-8a51-5000500050c3',
  disabled: '2e4324b0-1b0e-11ee-a7f7-e37ffd9b3a44',
  idle: '018a149b-81fc-4853-ea3d-81233abbbc67',
  silent: '51137a05-7d0e-4b1c-9f34-0b5e7a2d9c06',
  bare: 'ba4e0007-52c1-4d38-8e02-6a9f1c3b7d07',
  customHeaders: 'c0570a08-0f6b-4c8e-a7d5-2e4b9f1a3c08',
  noAuthentication: '0a074009-9b3d-4e21-b6f8-7c5d2a1e4f09',
  degraded: 'de64aded-4a7c-4f95-8b13-9e2d6c0f5a10',
  noAnswer: '40a45e11-6d2f-4a8b-9c57-1f3e8b7a0d11',
  twin: '7e100012-8c4e-4b6d-a1f9-5d7c3e2b0a12',
  otherTwin: '7e100013-8c4e-4b6d-a1f9-5d7c3e2b0a13',
  unknownEvent: 'd0e5e214-1a9d-4c7f-8e36-4b0f6d5c2e14',
  noEvents: '40e7e215-3b8f-4d1a-9c62-8a7e5f0d1b15',
  legacy: '1e6acf16-5e0a-4f2c-b7d4-6c9b1a3e8d16',
} as const;

/** Answered with 403: it belongs to another company. */
export const FOREIGN_WEBHOOK_ID = 'f0e16417-0000-4000-8000-000000000000';

/** The redelivery run in the healthy webhook's log. */
const PAST_REDELIVERY_ID = '2da86fee-6e01-488b-9071-e6ad49a33c80';

interface Sample {
  readonly is: keyof typeof PERSONIO_WEBHOOK_IDS;
  readonly url: string;
  readonly description: string;
  readonly createdDaysAgo: number;
  readonly events: readonly string[];
  readonly rest?: Partial<WebhookRecord>;
  readonly perDay?: number;
  readonly pattern?: DeliveryPattern;
  readonly more?: Pick<Parameters<typeof createHistory>[0], 'imports' | 'redelivery'>;
}

const SAMPLES: readonly Sample[] = [
  {
    is: 'healthy',
    url: 'https://ok.receiver.example/hr-sync/people',
    description: 'People sync to the data warehouse',
    createdDaysAgo: 412,
    events: ['person.created', 'person.updated', 'employment.created', 'employment.updated', 'employment.terminated'],
    perDay: 110,
    // Twelve days ago its receiver was away for three hours; what was lost was redelivered later that day.
    pattern: outage(12 * 24, 12 * 24 - 3, healthyInBulk),
    more: {
      imports: [
        { daysAgo: 3, count: 25 },
        { daysAgo: 9, count: 40 },
        { daysAgo: 17, count: 25 },
      ],
      redelivery: { id: PAST_REDELIVERY_ID, hoursAgo: 12 * 24 - 8, reachesBackHours: 9 },
    },
  },
  {
    is: 'outage',
    url: 'https://ok.receiver.example/payroll/changes',
    description: 'Payroll changes',
    createdDaysAgo: 388,
    events: ['employment.updated', 'employment.updated.cost-centers', 'employment.terminated'],
    perDay: 30,
    pattern: outage(6 * 24 + 7, 6 * 24 - 1),
    more: { imports: [{ daysAgo: 6.15, count: 12 }] },
  },
  {
    is: 'failing',
    url: 'https://fail.receiver.example/badges',
    description: 'Access badges',
    createdDaysAgo: 351,
    events: ['person.created', 'employment.started', 'employment.terminated'],
    perDay: 48,
    pattern: failingNow(42),
  },
  {
    is: 'disabled',
    url: 'https://ok.receiver.example/contracts/signed',
    description: 'Archive of signed contracts (switched off)',
    createdDaysAgo: 340,
    events: ['document.signed'],
    rest: { status: 'DISABLED' },
  },
  {
    is: 'idle',
    url: 'https://ok.receiver.example/probation',
    description: 'Reminders at the end of the probation period',
    createdDaysAgo: 266,
    events: ['employment.started'],
  },
  {
    is: 'silent',
    url: 'https://ok.receiver.example/absences',
    description: 'Absence calendar: events occur, nothing is delivered',
    createdDaysAgo: 240,
    events: ['absence-period.created', 'absence-period.updated.status', 'absence-period.deleted'],
    perDay: 14,
  },
  {
    is: 'bare',
    url: 'https://ok.receiver.example/bare',
    description: 'Reads show nothing but id, url and description',
    createdDaysAgo: 201,
    events: ['person.updated'],
    perDay: 6,
    pattern: healthy,
  },
  {
    is: 'customHeaders',
    url: 'https://ok.receiver.example/timesheets',
    description: 'Timesheets, with headers of their own',
    createdDaysAgo: 187,
    events: ['attendance-period.created', 'attendance-period.updated', 'attendance-period.deleted'],
    rest: {
      auth_type: 'CUSTOM',
      custom_headers: { 'X-Api-Key': 'sandbox-api-key', 'X-Environment': 'sandbox' },
    },
    perDay: 36,
    pattern: healthy,
  },
  {
    is: 'noAuthentication',
    url: 'https://ok.receiver.example/public/new-joiners',
    description: 'New joiners on the office screens',
    createdDaysAgo: 150,
    events: ['person.created'],
    rest: { auth_type: 'NONE' },
    perDay: 5,
    pattern: healthy,
  },
  {
    is: 'degraded',
    url: 'https://ok.receiver.example/crm/contacts',
    description: 'CRM contacts, one delivery in ten is lost',
    createdDaysAgo: 133,
    events: ['person.updated', 'person.deleted'],
    perDay: 60,
    pattern: degraded,
  },
  {
    is: 'noAnswer',
    url: 'https://slow.receiver.example/reports',
    description: 'Reports, sometimes too slow to answer in time',
    createdDaysAgo: 120,
    events: ['document.created', 'document.updated', 'document.deleted'],
    perDay: 50,
    pattern: timingOut,
  },
  {
    is: 'twin',
    url: 'https://ok.receiver.example/directory',
    description: 'Company directory',
    createdDaysAgo: 90,
    events: ['person.created', 'person.updated', 'person.deleted'],
    perDay: 20,
    pattern: healthy,
  },
  {
    is: 'otherTwin',
    // The provider compares URLs as they are written, so that another spelling of the same one goes unnoticed.
    url: 'https://OK.receiver.example/directory',
    description: 'Company directory (copy)',
    createdDaysAgo: 61,
    events: ['person.updated', 'person.created', 'person.deleted'],
    perDay: 20,
    pattern: healthy,
  },
  {
    is: 'unknownEvent',
    url: 'https://ok.receiver.example/payslips',
    description: 'Payslips: subscribes an event that no catalogue names',
    createdDaysAgo: 45,
    events: ['document.created', 'payroll-run.closed'],
    perDay: 8,
    pattern: healthy,
  },
  {
    is: 'noEvents',
    url: 'https://gone.receiver.example/draft',
    description: 'Draft without events',
    createdDaysAgo: 21,
    events: [],
    rest: { status: 'DISABLED' },
  },
  {
    is: 'legacy',
    url: 'http://intranet:letmein@ok.receiver.example/legacy',
    description: 'Registered before HTTPS was required, with credentials in its URL',
    createdDaysAgo: 14,
    events: ['person.deleted'],
    rest: { status: 'DISABLED', auth_type: 'NONE' },
  },
];

/** The webhooks of the simulated company with thirty days of history, all relative to `nowMs`. */
export function seedPersonio(nowMs: number, seed: number): readonly SeededWebhook[] {
  return SAMPLES.map(({ is, url, description, createdDaysAgo, events, rest, perDay = 0, pattern, more }, index) => {
    const createdAt = new Date(nowMs - createdDaysAgo * 24 * HOUR_MS).toISOString();
    const [firstEvent, ...otherEvents] = events;
    return {
      record: {
        id: PERSONIO_WEBHOOK_IDS[is],
        url,
        description,
        status: 'ENABLED',
        auth_type: 'TOKEN',
        token: 'Bearer sandbox-delivery-token',
        enabled_events: [...events],
        created_at: createdAt,
        updated_at: createdAt,
        ...rest,
      },
      isBare: is === 'bare',
      loadHistory: () =>
        firstEvent === undefined
          ? { activity: [], events: [] }
          : createHistory({
              eventNames: [firstEvent, ...otherEvents],
              eventsPerDay: perDay,
              pattern,
              nowMs,
              seed: seed * 100 + index,
              ...more,
            }),
    };
  });
}
