import type { CallScope } from '../../domain/call-scope.ts';
import { BadUserInputError, HookgraphError, type UpstreamError, type Violation } from '../../domain/errors.ts';
import type { Page, PageItem } from '../../domain/page.ts';
import { explainingRefusals } from '../../domain/violations.ts';
import type { Webhook } from '../../domain/webhook.ts';
import type { WebhookProvider } from '../../domain/webhook-provider.ts';
import type { ContractReader } from '../contract-reader.ts';
import type { UpstreamCall } from '../upstream-call.ts';
import type { TruLayerClient } from './client.ts';
import { trulayerFacts } from './facts.ts';
import { idIn, matches, toRows, toTestDelivery, toWebhook } from './mapping.ts';
import { fieldPathOf } from './problems.ts';
import { createBody } from './requests.ts';

const NAME = 'TRULAYER';
// Contract: CreateWebhookRequest.
const MIN_SECRET_LENGTH = 16;

/** Joins the client and the mapping to what the gateway asks of a provider. */
export function createTruLayerProvider(options: {
  readonly client: TruLayerClient;
  readonly contract: ContractReader;
  readonly hasCredentials: (scope: CallScope) => boolean;
  readonly callFor: (scope: CallScope) => UpstreamCall;
  readonly close: () => Promise<void>;
}): WebhookProvider {
  const { client, contract, hasCredentials, callFor, close } = options;

  const webhooksIn = contract.pages('listWebhooks', toRows, toWebhook);

  async function listAll(scope: CallScope): Promise<TruLayerList> {
    return webhooksIn(await client.listWebhooks(callFor(scope)));
  }

  return {
    name: NAME,
    facts: trulayerFacts,
    hasCredentials,
    listWebhooks: async (filter, _page, scope) => {
      const list = await listAll(scope);
      if (filter.status === undefined && filter.enabledEvent === undefined) return list;
      const { items } = list;
      return { items: items.filter((item) => item instanceof Error || matches(item, filter)), nextCursor: null };
    },
    // There is no read by id: however many are asked for, one list answers them.
    getWebhooks: async (ids, scope) => {
      const byId = new Map<string, PageItem<Webhook>>();
      try {
        const { rows, items } = await listAll(scope);
        for (const [index, item] of items.entries()) {
          // A row that cannot be read is there all the same: its id is enough to say so.
          const id = item instanceof Error ? idIn(rows[index], () => {}) : item.providerId;
          if (id !== null) byId.set(id, item);
        }
      } catch (error) {
        if (error instanceof HookgraphError) return ids.map(() => error);
        throw error;
      }
      return ids.map((id) => byId.get(id) ?? notInList());
    },
    createWebhook: async (webhook, scope) => {
      if ((webhook.signingSecret ?? '').length < MIN_SECRET_LENGTH) {
        throw new BadUserInputError(`TruLayer asks for at least ${MIN_SECRET_LENGTH} characters.`, ['secret']);
      }
      const answer = client.createWebhook(createBody(webhook), callFor(scope));
      return explainingRefusals(answer, violations, (created) => {
        const providerId = contract.one('createWebhook', created, idIn, { isWrite: true });
        return { providerId, webhook: toWebhook(created.body, () => {}) ?? undefined };
      });
    },
    deleteWebhook: (id, scope) => client.deleteWebhook(id, callFor(scope)),
    pingWebhook: async (id, scope) => {
      return contract.one('testWebhook', await client.testWebhook(id, callFor(scope)), toTestDelivery, {
        isWrite: true,
      });
    },
    close,
  };
}

/** The one unpaged list: its rows as they came, and what could be read of each. */
interface TruLayerList extends Page<Webhook> {
  readonly rows: readonly unknown[];
}

function notInList(): HookgraphError {
  return new HookgraphError('NOT_FOUND', 'No webhook of TRULAYER has this id.', { provider: NAME });
}

function violations(error: UpstreamError): readonly Violation[] {
  if (error.code !== 'BAD_USER_INPUT' && error.code !== 'UNPROCESSABLE') return [];
  return error.upstream.problems.flatMap((problem) => {
    const path = fieldPathOf(problem);
    return path ? [{ path, message: problem.title ?? error.message }] : [];
  });
}
