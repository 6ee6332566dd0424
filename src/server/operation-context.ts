import type { GatewaySettings } from '../config/load-config.ts';
import type { Caller } from '../domain/caller.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { createActivityPages } from '../webhooks/activity-pages.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';
import type { ProviderDirectory } from '../webhooks/provider-directory.ts';
import { createActivityScanner } from '../webhooks/scan-activity.ts';
import type { ActivityTails } from '../webhooks/tail/activity-tails.ts';
import { createWebhookLoader } from '../webhooks/webhook-loader.ts';
import { createWebhookNeighbours } from '../webhooks/webhook-neighbours.ts';

/** Makes what the resolvers of one operation get. */
export type CreateOperationContext = (operation: {
  readonly caller: Caller;
  readonly scope: OperationScope;
}) => GraphQLContext;

/** Joins what all operations share to what each has of its own. */
export function operationContexts(options: {
  readonly directory: ProviderDirectory;
  readonly tails: ActivityTails;
  readonly settings: Pick<GatewaySettings, 'scanMaxPages'>;
  readonly isSandbox: boolean;
}): CreateOperationContext {
  const { directory, tails, settings, isSandbox } = options;
  const { scanMaxPages: maxPages } = settings;
  return ({ caller, scope }) => {
    const terms = { directory, scope, maxPages };
    return {
      directory,
      scope,
      caller,
      webhooks: createWebhookLoader(terms),
      neighbours: createWebhookNeighbours(terms),
      activity: createActivityScanner(terms),
      activityPages: createActivityPages(terms),
      tails,
      scanMaxPages: maxPages,
      isSandbox,
      nowMs: Date.now(),
    };
  };
}
