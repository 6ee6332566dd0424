import type { CallScope } from '../domain/call-scope.ts';
import { judgeHealth, type WebhookHealth } from '../domain/delivery-health.ts';
import { LimitExceededError } from '../domain/errors.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { Webhook, WebhookKey } from '../domain/webhook.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { ActivityScanner } from './scan-activity.ts';
import { orFuse } from './scan-pages.ts';

/** Judges a webhook by its delivery log; its events are looked at only where that tells nothing, with one call. */
export async function readHealth(options: {
  readonly directory: ProviderDirectory;
  readonly activity: ActivityScanner;
  readonly webhook: Webhook;
  readonly window: TimeWindow;
  readonly scope: CallScope;
}): Promise<WebhookHealth> {
  const { directory, activity, webhook, window, scope } = options;
  const scan = await activity.scan({ key: webhook, window });
  const verdict = judgeHealth({ status: webhook.status, log: scan?.log ?? null });
  if (verdict.type === 'settled') return verdict.health;
  return verdict.settle(await hasEvents({ directory, key: webhook, window, scope }));
}

/** Whether any event occurred in a window; null where that could not be read. */
async function hasEvents(options: {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly window: TimeWindow;
  readonly scope: CallScope;
}): Promise<boolean | null> {
  const { directory, key, window, scope } = options;
  const provider = directory.configured(key.provider, scope);
  if (!provider.listEvents) return null;
  const filter = { occurredAt: { gte: window.from, lte: window.to } };
  const page = await orFuse(provider.listEvents(key.providerId, filter, { limit: 1, cursor: null }, scope));
  if (page instanceof LimitExceededError) return null;
  if (page.items.some((item) => !(item instanceof Error))) return true;
  return page.items.length === 0 && page.nextCursor === null && !page.isBrokenOff ? false : null;
}
