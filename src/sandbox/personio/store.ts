import type { components } from '../../providers/personio/openapi.gen.ts';
import type { Random } from '../random.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** A webhook as the contract writes it, with the secrets that no answer shows. */
export type WebhookRecord = components['schemas']['Webhook'];
export type Activity = components['schemas']['WebhookActivity'];
export type WebhookEvent = components['schemas']['WebhookEvent'];

/** What has happened to a seeded webhook until now. */
export interface History {
  readonly activity: readonly { readonly atMs: number; readonly item: Activity }[];
  readonly events: readonly { readonly atMs: number; readonly item: WebhookEvent }[];
}

/** A webhook that is there from the start. */
export interface SeededWebhook {
  readonly record: WebhookRecord;
  /** Called once, when somebody first asks. */
  readonly loadHistory: () => History;
  /** Reads show only what the contract guarantees: id, url, description. */
  readonly isBare?: boolean;
}

/** A webhook with its logs. */
export interface StoredWebhook {
  readonly sequence: number;
  readonly record: WebhookRecord;
  readonly isBare: boolean;
  readonly activity: Timeline<Activity>;
  readonly events: Timeline<WebhookEvent>;
}

interface StoreOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly seed: readonly SeededWebhook[];
}

/** The webhooks of the simulated tenant with their logs; lives as long as the process. */
export function createStore({ now, random, seed }: StoreOptions) {
  const webhooks = new Map<string, StoredWebhook>();
  let sequence = 0;

  const insert = ({ record, loadHistory, isBare = false }: SeededWebhook): void => {
    let history: History | undefined;
    const once = (): History => {
      history ??= loadHistory();
      return history;
    };
    webhooks.set(record.id, {
      sequence,
      record,
      isBare,
      activity: createTimeline(() => once().activity),
      events: createTimeline(() => once().events),
    });
    sequence += 1;
  };
  seed.forEach(insert);

  const timestamp = (): string => new Date(now()).toISOString();

  return {
    /** In the order of their creation. */
    list: (): readonly StoredWebhook[] => [...webhooks.values()],
    find: (id: string): StoredWebhook | undefined => webhooks.get(id),
    findByUrl: (url: string): StoredWebhook | undefined =>
      [...webhooks.values()].find(({ record }) => record.url === url),
    create: (fields: Omit<WebhookRecord, 'id' | 'created_at' | 'updated_at'>): string => {
      const id = random.uuid();
      const record = { id, ...fields, created_at: timestamp(), updated_at: timestamp() };
      insert({ record, loadHistory: () => ({ activity: [], events: [] }) });
      return id;
    },
    update: (webhook: StoredWebhook, changes: Partial<WebhookRecord>): void => {
      const record = { ...webhook.record, ...changes, updated_at: timestamp() };
      webhooks.set(record.id, { ...webhook, record, isBare: false });
    },
    delete: (id: string): void => {
      webhooks.delete(id);
    },
  };
}

export type Store = ReturnType<typeof createStore>;
