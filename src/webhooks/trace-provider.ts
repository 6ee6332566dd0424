import type { CallScope } from '../domain/call-scope.ts';
import { HookgraphError } from '../domain/errors.ts';
import type { SpanAttributes, TraceSpan } from '../domain/trace-span.ts';
import type { WebhookProvider } from '../domain/webhook-provider.ts';

/**
 * The same provider, whose every call is a span of its operation's trace; the upstream attempts stand below it. A batch
 * of webhooks is one span with their number.
 */
export function traceProvider(provider: WebhookProvider): WebhookProvider {
  const { name } = provider;

  function traced<Args extends readonly unknown[], Result>(
    method: string,
    call: (...args: [...Args, CallScope]) => Promise<Result>,
    attributesOf: (...args: Args) => SpanAttributes = () => ({}),
  ): (...args: [...Args, CallScope]) => Promise<Result> {
    return async (...all) => {
      // TypeScript cannot split a tuple before its last member.
      const [args, scope] = [all.slice(0, -1) as unknown as Args, all.at(-1) as CallScope];
      const span = scope.span?.child(`${name} ${method}`, { 'hookgraph.provider': name, ...attributesOf(...args) });
      if (!span) return call(...args, scope);
      try {
        const result = await call(...args, under(span, scope));
        span.end();
        return result;
      } catch (error) {
        span.end(codeOf(error, scope));
        throw error;
      }
    };
  }

  const { createWebhook, updateWebhook, deleteWebhook, pingWebhook, sendTestEvent } = provider;
  const { listActivity, listEvents, redeliverEvents } = provider;
  return {
    ...provider,
    listWebhooks: traced('listWebhooks', provider.listWebhooks),
    getWebhooks: traced('getWebhooks', provider.getWebhooks, (ids) => ({ 'hookgraph.batch.size': ids.length })),
    ...(listActivity && { listActivity: traced('listActivity', listActivity) }),
    ...(listEvents && { listEvents: traced('listEvents', listEvents) }),
    ...(createWebhook && { createWebhook: traced('createWebhook', createWebhook) }),
    ...(updateWebhook && { updateWebhook: traced('updateWebhook', updateWebhook) }),
    ...(deleteWebhook && { deleteWebhook: traced('deleteWebhook', deleteWebhook) }),
    ...(pingWebhook && { pingWebhook: traced('pingWebhook', pingWebhook) }),
    ...(sendTestEvent && { sendTestEvent: traced('sendTestEvent', sendTestEvent) }),
    ...(redeliverEvents && { redeliverEvents: traced('redeliverEvents', redeliverEvents) }),
  };
}

/** The same scope, with its calls below the span. */
function under(span: TraceSpan, scope: CallScope): CallScope {
  const { signal, deadlineAt, forwardedAuthorization } = scope;
  return {
    signal,
    deadlineAt,
    forwardedAuthorization,
    span,
    countUpstreamCall: () => scope.countUpstreamCall(),
    keepSecret: (text) => scope.keepSecret(text),
  };
}

function codeOf(error: unknown, scope: CallScope): string {
  if (error instanceof HookgraphError) return error.code;
  return scope.signal.aborted ? 'aborted' : 'INTERNAL_SERVER_ERROR';
}
