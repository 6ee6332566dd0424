import type { ActivityFilter } from '../domain/activity.ts';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import type { EventFilter } from '../domain/event.ts';
import { MAX_PAGE } from '../domain/page.ts';
import { readTimeRange, type TimeRange } from '../domain/time-range.ts';
import { resolveTimeWindow, type TimeWindow } from '../domain/time-window.ts';
import { blamingWritten } from '../domain/violations.ts';
import type { WebhookKey } from '../domain/webhook.ts';
import type { PageArguments } from '../webhooks/connection-page.ts';
import type { WebhooksFilter } from '../webhooks/list-webhooks.ts';
import type { GraphQLContext } from './context.ts';

type Nullable<T> = { readonly [Key in keyof T]?: T[Key] | null | undefined };

/** Checks the arguments of a connection. Throws `BadUserInputError`: nothing is ever clamped. */
export function pageArguments(args: {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}): PageArguments {
  const { first, after } = args;
  if (first == null || first < 1 || first > MAX_PAGE) {
    throw new BadUserInputError(`first must be from 1 to ${MAX_PAGE}.`, ['first']);
  }
  return { first, after };
}

/** Checks the filter of `Query.webhooks`. */
export function webhooksFilter(filter: Nullable<WebhooksFilter> | null | undefined): WebhooksFilter {
  const { providers, status, enabledEvent } = filter ?? {};
  if (providers?.length === 0) {
    throw new BadUserInputError('providers must name at least one provider; leave it out to ask all.', [
      'filter',
      'providers',
    ]);
  }
  return {
    ...(providers && { providers }),
    ...(status && { status }),
    ...(enabledEvent != null && { enabledEvent: readableName(enabledEvent, ['filter', 'enabledEvent']) }),
  };
}

/** Checks the filter of `Webhook.activity`. */
export function activityFilter(
  filter:
    | (Nullable<Omit<ActivityFilter, 'completedAt'>> & {
        readonly completedAt?: Nullable<TimeRange> | null | undefined;
      })
    | null
    | undefined,
): ActivityFilter {
  const { completedAt, eventName, isDelivered, redeliveryId } = filter ?? {};
  return {
    ...(completedAt && { completedAt: timeRange(completedAt, ['filter', 'completedAt']) }),
    ...(eventName != null && { eventName: readableName(eventName, ['filter', 'eventName']) }),
    ...(isDelivered != null && { isDelivered }),
    ...(redeliveryId != null && { redeliveryId: readableName(redeliveryId, ['filter', 'redeliveryId']) }),
  };
}

/** Checks the filter of `Webhook.events`. */
export function eventFilter(
  filter:
    | (Nullable<Omit<EventFilter, 'occurredAt'>> & { readonly occurredAt?: Nullable<TimeRange> | null | undefined })
    | null
    | undefined,
): EventFilter {
  const { occurredAt, eventName } = filter ?? {};
  return {
    ...(occurredAt && { occurredAt: timeRange(occurredAt, ['filter', 'occurredAt']) }),
    ...(eventName != null && { eventName: readableName(eventName, ['filter', 'eventName']) }),
  };
}

/** Checks a time range. The ends stay as they were written. Throws what `readTimeRange` does. */
export function timeRange(range: Nullable<TimeRange>, path: InputPath): TimeRange {
  const given = withoutNulls(range);
  readTimeRange(given, path);
  return given;
}

function withoutNulls({ gte, lte }: Nullable<TimeRange>): TimeRange {
  return { ...(gte != null && { gte }), ...(lte != null && { lte }) };
}

/** The window that a field looks at (`resolveTimeWindow`). `path` is where the client wrote the range. */
export function timeWindow(
  range: Nullable<TimeRange> | null | undefined,
  options: { readonly key: WebhookKey; readonly path: InputPath; readonly context: GraphQLContext },
): TimeWindow {
  const { key, path, context } = options;
  const { retentionDays } = context.directory.get(key.provider).facts;
  const given = range == null ? undefined : withoutNulls(range);
  return resolveTimeWindow(given, { nowMs: context.nowMs, retentionDays, path });
}

/**
 * Awaits what is computed from the logs of a window. Where the upstream refuses an end of it, whatever the log calls its
 * times, the client reads `window`; an end that was filled in is not the client's mistake.
 */
export function readingWindow<T>(args: { readonly window?: unknown }, read: () => Promise<T>): Promise<T> {
  return blamingWritten(args, read, ([name = '', ...rest]) => [TIMES.has(name) ? 'window' : name, ...rest]);
}

const TIMES: ReadonlySet<string | number> = new Set(['completedAt', 'occurredAt']);

/**
 * Names and ids become part of an upstream URL. Some servers cut the connection at a long one, which counts as a failure
 * of the upstream: a few of them, and its circuit would be open for everybody.
 */
const MAX_NAME_LENGTH = 256;

/** Checks an argument that is a name or an id. */
export function readableName(text: string, path: InputPath): string {
  if (text.length > MAX_NAME_LENGTH) {
    throw new BadUserInputError(`${path.at(-1)} must not be longer than ${MAX_NAME_LENGTH} characters.`, path);
  }
  if (text.trim() === '') throw new BadUserInputError(`${path.at(-1)} must not be empty.`, path);
  if (!text.isWellFormed()) throw new BadUserInputError(`${path.at(-1)} holds half a character.`, path);
  return text;
}
