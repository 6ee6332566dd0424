import { hash } from 'node:crypto';
import type { ActivityFilter } from '../../domain/activity.ts';
import type { CallScope } from '../../domain/call-scope.ts';
import { blamingWritten } from '../../domain/violations.ts';
import { providerKeyOf, type WebhookKey } from '../../domain/webhook.ts';
import { type OperationScope, openOperationScope } from '../operation-scope.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import type { LendPages } from './tail-reader.ts';

/** Which log is followed, and with whose credentials. */
export interface TailSource {
  readonly key: WebhookKey;
  readonly filter: ActivityFilter;
  readonly forwardedAuthorization: CallScope['forwardedAuthorization'];
}

/** What one read may take. */
export interface TailCallLimits {
  readonly timeoutMs: number;
  readonly maxUpstreamCalls: number;
}

/** The same for those who may share what is read; tells no credentials. */
export function sourceIdOf({ key, filter, forwardedAuthorization }: TailSource): string {
  const brought = forwardedAuthorization[key.provider];
  const credentials = brought === undefined ? null : hash('sha256', brought, 'base64url');
  const { completedAt, eventName, isDelivered, redeliveryId } = filter;
  return JSON.stringify([
    providerKeyOf(key),
    credentials,
    completedAt?.gte ?? null,
    completedAt?.lte ?? null,
    eventName ?? null,
    isDelivered ?? null,
    redeliveryId ?? null,
  ]);
}

/**
 * Lends the calls of one reader of a log. A tail outlives every deadline, so each read has a scope of its own; all of
 * them end with `signal`. `keepSecret` learns what no answer may show.
 */
export function lendCalls(
  { key, filter, forwardedAuthorization }: TailSource,
  options: TailCallLimits & {
    readonly directory: ProviderDirectory;
    readonly signal: AbortSignal;
    readonly keepSecret: (text: string) => void;
    /** What the reads are part of; a poller's are part of nobody's operation. */
    readonly operation?: Pick<OperationScope, 'span' | 'addUpstreamCalls'> | undefined;
  },
): LendPages {
  const { directory, signal, keepSecret, operation, timeoutMs, maxUpstreamCalls } = options;
  return async (use) => {
    signal.throwIfAborted();
    // Not `signal` itself: Node 20 keeps a reference for each that `AbortSignal.any` makes of one, and a log is read for days.
    const controller = new AbortController();
    const leave = () => controller.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const scope = openOperationScope({
      clientSignal: controller.signal,
      timeoutMs,
      maxUpstreamCalls,
      forwardedAuthorization,
      span: operation?.span,
    });
    try {
      const provider = directory.able(key.provider, 'listActivity', 'tell of deliveries', scope);
      return await use((completedAt, page) =>
        blamingWritten(
          { filter },
          () => provider.listActivity(key.providerId, { ...filter, completedAt }, page, scope),
          (path) => ['filter', ...path],
        ),
      );
    } finally {
      signal.removeEventListener('abort', leave);
      for (const secret of scope.secrets) keepSecret(secret);
      operation?.addUpstreamCalls(scope.upstreamCalls());
    }
  };
}
