import type { InputPath } from '../../domain/errors.ts';
import { MAX_REFERENCES } from '../../webhooks/operation-scope.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { costByLength, UPSTREAM_COST } from '../cost.ts';
import { decodeWebhookId } from '../global-id.ts';
import { readWebhook } from '../look-ahead.ts';

/** Async, so that one bad id costs its own place only. */
const loadNode = async (id: string, path: InputPath, { webhooks }: GraphQLContext) =>
  webhooks.load(decodeWebhookId(id, path));

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    complexity: UPSTREAM_COST,
    description: 'Anything by its global id; null with the error NOT_FOUND where there is nothing.',
    args: { id: t.arg.id({ required: true, description: 'A global id.' }) },
    resolve: (_root, { id }, context, info) => readWebhook(decodeWebhookId(id, ['id']), context, info),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    complexity: costByLength('ids', (length) => ({ field: UPSTREAM_COST, multiplier: length })),
    description:
      'Several by their global ids, in the same order; null, with its error, at the place of one that fails.',
    args: {
      ids: t.arg.idList({ required: true, description: `Global ids, at most ${MAX_REFERENCES} in one operation.` }),
    },
    resolve: (_root, { ids }, context) => {
      context.scope.countReferences(ids.length);
      return ids.map((id, index) => loadNode(id, ['ids', index], context));
    },
  }),
);
