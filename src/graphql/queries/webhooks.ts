import { listWebhooks } from '../../webhooks/list-webhooks.ts';
import { pageArguments, webhooksFilter } from '../arguments.ts';
import { builder } from '../builder.ts';
import { connectionCost } from '../cost.ts';
import { WebhookFilterInput } from '../inputs/filters.ts';
import { WebhookConnection } from '../types/webhook.ts';

builder.queryField('webhooks', (t) =>
  t.field({
    type: WebhookConnection,
    nullable: true,
    complexity: connectionCost,
    description:
      'The webhooks of all configured providers in one list. A provider that fails takes one null edge, which carries its error; `pageInfo.endCursor` asks it again, also where `hasNextPage` is false: that speaks of the providers that answered.',
    args: {
      first: t.arg.int({ defaultValue: 50, description: 'How many webhooks, 1 to 200.' }),
      after: t.arg.string({ description: "An edge's cursor, to read what comes behind it." }),
      filter: t.arg({ type: WebhookFilterInput, description: 'Which webhooks.' }),
    },
    resolve: async (_root, args, { directory, scope, webhooks }) => {
      const page = await listWebhooks({
        directory,
        filter: webhooksFilter(args.filter),
        page: pageArguments(args),
        scope,
      });
      webhooks.primeAll(page);
      return page;
    },
  }),
);
