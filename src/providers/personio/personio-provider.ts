import type { CallScope } from '../../domain/call-scope.ts';
import { HookgraphError, type InputPath, type Problem, UpstreamError, type Violation } from '../../domain/errors.ts';
import { MAX_PAGE, type Page, type PageRequest } from '../../domain/page.ts';
import { explainingRefusals } from '../../domain/violations.ts';
import type { Webhook } from '../../domain/webhook.ts';
import type { WebhookChange, WebhookProvider } from '../../domain/webhook-provider.ts';
import type { ContractReader } from '../contract-reader.ts';
import type { NoteDrift } from '../members.ts';
import type { UpstreamCall } from '../upstream-call.ts';
import type { PersonioClient } from './client.ts';
import { checkCustomHeaders } from './custom-headers.ts';
import { personioFacts } from './facts.ts';
import {
  idIn,
  redeliveryIdIn,
  toActivity,
  toEvent,
  toRows,
  toTestDelivery,
  toWebhook,
  toWebhookRows,
  toWebhookWithSecrets,
} from './mapping.ts';
import { fieldPathOf, filterPathOf, redeliveryPathOf, testEventPathOf } from './problems.ts';
import {
  activityQuery,
  createBody,
  eventQuery,
  redeliveryBody,
  testEventBody,
  updateBody,
  webhookQuery,
} from './requests.ts';
import { payloadKeyPath } from './test-payload.ts';

const NAME = 'PERSONIO';
/** How many webhooks are read one by one at most; more are looked for in the list first. */
const MAX_SINGLE_READS = 10;
/** How many list pages are searched before what is still missing is read one by one. */
const MAX_SEARCHED_PAGES = 10;

/** Joins the client and the mapping to what the gateway asks of a provider. */
export function createPersonioProvider(options: {
  readonly client: PersonioClient;
  readonly contract: ContractReader;
  readonly hasCredentials: (scope: CallScope) => boolean;
  readonly callFor: (scope: CallScope) => UpstreamCall;
  readonly close: () => Promise<void>;
}): WebhookProvider {
  const { client, contract, hasCredentials, callFor, close } = options;

  const webhookIn = contract.ones('getWebhook', toWebhookWithSecrets);
  const webhooksIn = contract.pages('listWebhooks', toWebhookRows, toWebhook);
  const activityIn = contract.pages('listWebhookActivity', toRows, toActivity);
  const eventsIn = contract.pages('listWebhookEvents', toRows, toEvent);

  function pageOf<T>(page: Page<T>, { cursor }: PageRequest): Page<T> {
    // A cursor that comes back again would page for ever.
    return cursor !== null && page.nextCursor === cursor ? { ...page, nextCursor: null, isBrokenOff: true } : page;
  }

  const listWebhooks: WebhookProvider['listWebhooks'] = (filter, page, scope) =>
    explainingRefusals(client.listWebhooks(webhookQuery(filter, page), callFor(scope)), filterViolations, (answer) => {
      const read = webhooksIn(answer);
      for (const secret of read.secrets) scope.keepSecret(secret);
      return pageOf(read, page);
    });

  async function getOne(id: string, scope: CallScope): Promise<Webhook> {
    const { webhook, secrets } = webhookIn(await client.getWebhook(id, callFor(scope)));
    for (const secret of secrets) scope.keepSecret(secret);
    return webhook;
  }

  /** Each webhook by a call of its own. */
  function getEach(ids: readonly string[], scope: CallScope): Promise<readonly (Webhook | HookgraphError)[]> {
    return Promise.all(ids.map((id) => orError(getOne(id, scope))));
  }

  /** Looks for many webhooks in the list; what is not in its first pages is read one by one afterwards. */
  async function getMany(ids: readonly string[], scope: CallScope): Promise<readonly (Webhook | HookgraphError)[]> {
    const missing = new Set(ids);
    const found = new Map<string, Webhook>();
    let cursor: string | null = null;
    for (let pages = 0; pages < MAX_SEARCHED_PAGES && missing.size > 0; pages += 1) {
      const page: Page<Webhook> | HookgraphError = await orError(listWebhooks({}, { limit: MAX_PAGE, cursor }, scope));
      // A list that fails would fail once more for each id.
      if (page instanceof HookgraphError) return ids.map((id) => found.get(id) ?? page);
      for (const item of page.items) {
        if (!(item instanceof Error) && missing.delete(item.providerId)) found.set(item.providerId, item);
      }
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    return Promise.all(ids.map((id) => found.get(id) ?? orError(getOne(id, scope))));
  }

  return {
    name: NAME,
    facts: personioFacts,
    hasCredentials,
    listWebhooks,
    getWebhooks: (ids, scope) => (ids.length > MAX_SINGLE_READS ? getMany(ids, scope) : getEach(ids, scope)),
    listActivity: (id, filter, page, scope) =>
      explainingRefusals(
        client.listWebhookActivity(id, activityQuery(filter, page), callFor(scope)),
        filterViolations,
        (answer) => pageOf(activityIn(answer), page),
      ),
    listEvents: (id, filter, page, scope) =>
      explainingRefusals(
        client.listWebhookEvents(id, eventQuery(filter, page), callFor(scope)),
        filterViolations,
        (answer) => pageOf(eventsIn(answer), page),
      ),
    createWebhook: async (webhook, scope) => {
      checkCustomHeaders(webhook.authentication);
      const answer = await write((call) => client.createWebhook(createBody(webhook), call), webhook, scope);
      const providerId = contract.one('createWebhook', answer, idIn, { isWrite: true });
      return { providerId, webhook: undefined };
    },
    updateWebhook: async (id, change, scope) => {
      checkCustomHeaders(change.authentication);
      const answer = await write((call) => client.updateWebhook(id, updateBody(change), call), change, scope);
      return contract.one('updateWebhook', answer, idIn, { isWrite: true });
    },
    deleteWebhook: (id, scope) => client.deleteWebhook(id, callFor(scope)),
    pingWebhook: async (id, scope) => {
      const answer = await client.pingWebhook(id, callFor(scope));
      return contract.one('pingWebhook', answer, (body, note) => toTestDelivery(body, 'ping', note), {
        isWrite: true,
      });
    },
    sendTestEvent: async (id, event, scope) => {
      const explain = (error: UpstreamError) =>
        violations(error, (problem) => {
          // A 422 speaks of the webhook's present state, not of the input (docs/errors.md).
          if (error.code !== 'BAD_USER_INPUT') return undefined;
          const path = testEventPathOf(problem);
          return path && 'payloadKey' in path ? payloadKeyPath(event.payload, path.payloadKey) : path;
        });
      const read = (result: unknown, note: NoteDrift) => toTestDelivery(result, event.eventName, note);
      const answer = client.sendWebhookTestEvent(id, testEventBody(event), callFor(scope));
      return explainingRefusals(answer, explain, (delivered) =>
        contract.one('sendWebhookTestEvent', delivered, read, { isWrite: true }),
      );
    },
    redeliverEvents: async (id, occurredAt, scope) =>
      explainingRefusals(
        client.redeliverWebhookEvents(id, redeliveryBody(occurredAt), callFor(scope)),
        (error) => violations(error, redeliveryPathOf),
        ({ body }) => redeliveryIdIn(body),
      ),
    close,
  };

  async function write<T>(
    send: (call: UpstreamCall) => Promise<T>,
    written: Pick<WebhookChange, 'url' | 'authentication'>,
    scope: CallScope,
  ): Promise<T> {
    const { url, authentication } = written;
    const call = callFor(scope);
    const explain = (refusal: UpstreamError) =>
      violations(refusal, (problem) => {
        const path = refusal.code === 'CONFLICT' ? ['url'] : fieldPathOf(problem);
        // The stored URL may be what is refused; then no argument is the cause.
        return path?.[0] === 'url' && url === undefined ? undefined : path;
      });
    try {
      return await explainingRefusals(send(call), explain, (answer) => answer);
    } catch (error) {
      const isFresh = call.authorization.renew !== undefined;
      throw authentication && error instanceof UpstreamError ? refusedAuthentication(error, isFresh) : error;
    }
  }
}

/**
 * 401 has two meanings (contract: InvalidAuthentication). With a fresh token it speaks of the delivery authentication that
 * the write asked for; with a ready token that may have expired, only if the answer says so.
 */
function refusedAuthentication(error: UpstreamError, isTokenFresh: boolean): UpstreamError {
  // A refusal of the token endpoint, which is the cause, says nothing of the write.
  if (error.upstream.status !== 401 || error.cause instanceof UpstreamError) return error;
  const speaksOfDelivery = error.upstream.problems.some(({ detail }) => /authentication type/i.test(detail ?? ''));
  if (!isTokenFresh && !speaksOfDelivery) return error;
  const { message, upstream, cause } = error;
  const path = ['authentication'];
  return new UpstreamError('UNPROCESSABLE', message, {
    provider: NAME,
    upstream,
    cause,
    violations: [{ path, message }],
  });
}

/** The violations of a refusal, where a problem can be tied to an argument. */
function violations(error: UpstreamError, pathOf: (problem: Problem) => InputPath | undefined): readonly Violation[] {
  if (!['BAD_USER_INPUT', 'CONFLICT', 'UNPROCESSABLE'].includes(error.code)) return [];
  return error.upstream.problems.flatMap((problem) => {
    const path = pathOf(problem);
    return path ? [{ path, message: problem.detail ?? problem.title ?? error.message }] : [];
  });
}

function filterViolations(error: UpstreamError): readonly Violation[] {
  return violations(error, filterPathOf);
}

/** What was read, or the error of ours that reading it ended with; any other (the client left) goes up. */
function orError<T>(reading: Promise<T>): Promise<T | HookgraphError> {
  return reading.catch((error: unknown) => {
    if (error instanceof HookgraphError) return error;
    throw error;
  });
}
