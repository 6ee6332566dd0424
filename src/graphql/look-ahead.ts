import { type FieldNode, type GraphQLResolveInfo, getArgumentValues, isObjectType } from 'graphql';
import type { Webhook, WebhookKey } from '../domain/webhook.ts';
import { activityFilter, pageArguments } from './arguments.ts';
import type { GraphQLContext } from './context.ts';
import { selectedNodes } from './selection.ts';

/**
 * Reads one webhook, and what the selection asks of its delivery log at the same time: the log is found by the same id, so
 * that nothing has to be known of the webhook first.
 */
export function readWebhook(key: WebhookKey, context: GraphQLContext, info: GraphQLResolveInfo): Promise<Webhook> {
  const webhook = context.webhooks.load(key);
  const type = info.schema.getType('Webhook');
  const field = isObjectType(type) ? type.getFields().activity : undefined;
  for (const node of field ? readableNodes(info) : []) {
    if (!field || node.name.value !== field.name) continue;
    try {
      const args: Parameters<typeof pageArguments>[0] & { readonly filter?: Parameters<typeof activityFilter>[0] } =
        getArgumentValues(field, node, info.variableValues);
      const { filter, ...page } = args;
      context.activityPages.readAhead({ key, filter: activityFilter(filter), page: pageArguments(page) });
    } catch {
      // The field itself will say what is wrong with its arguments.
    }
  }
  return webhook;
}

/**
 * None where a directive's variable does not fit: the selection itself will say so, once the webhook has been read. Thrown
 * here, nobody would wait for that read any more, and its failure would end the process.
 */
function readableNodes(info: GraphQLResolveInfo): readonly FieldNode[] {
  try {
    return selectedNodes(info);
  } catch {
    return [];
  }
}
