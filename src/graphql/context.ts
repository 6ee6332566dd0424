import type { Caller } from '../domain/caller.ts';
import type { ActivityPages } from '../webhooks/activity-pages.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';
import type { ProviderDirectory } from '../webhooks/provider-directory.ts';
import type { ActivityScanner } from '../webhooks/scan-activity.ts';
import type { ActivityTails } from '../webhooks/tail/activity-tails.ts';
import type { WebhookLoader } from '../webhooks/webhook-loader.ts';
import type { WebhookNeighbours } from '../webhooks/webhook-neighbours.ts';

/** What resolvers get: everything of one operation, nothing of HTTP. */
export interface GraphQLContext {
  readonly directory: ProviderDirectory;
  readonly webhooks: WebhookLoader;
  readonly neighbours: WebhookNeighbours;
  readonly activity: ActivityScanner;
  readonly activityPages: ActivityPages;
  readonly tails: ActivityTails;
  /** How many pages one scan of an upstream list may read. */
  readonly scanMaxPages: number;
  readonly scope: OperationScope;
  readonly caller: Caller;
  /** Whether the upstreams are simulators. */
  readonly isSandbox: boolean;
  /**
   * The operation's time, in ms since the epoch: the same for all of its fields. Only a mutation moves it on, so that what
   * is read behind it may hold what it did.
   */
  nowMs: number;
}
