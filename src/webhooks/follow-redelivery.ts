import type { CallScope } from '../domain/call-scope.ts';
import { type RedeliveryProgress, redeliveryProgressOf } from '../domain/redelivery-progress.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import { scanCounted } from './scan-growing-list.ts';

/** Counts what the delivery log says of one redelivery so far; null where the provider publishes no log. */
export async function followRedelivery(options: {
  readonly directory: ProviderDirectory;
  readonly key: WebhookKey;
  readonly redeliveryId: string;
  readonly scope: CallScope;
  /** How many pages of 200 entries may be read. */
  readonly maxPages: number;
}): Promise<RedeliveryProgress | null> {
  const { directory, key, redeliveryId, scope, maxPages } = options;
  const provider = directory.configured(key.provider, scope);
  const list = provider.listActivity;
  if (!list) return null;
  const { items, isComplete } = await scanCounted({
    read: (page) => list(key.providerId, { redeliveryId }, page, scope),
    maxPages,
  });
  return redeliveryProgressOf({ redeliveryId, activities: items, isComplete });
}
