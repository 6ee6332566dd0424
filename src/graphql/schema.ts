import { GraphQLSchema } from 'graphql';
import { guardRootFields } from './access.ts';
import { builder } from './builder.ts';
import { FEDERATION_LINK, type SubgraphOptions, withFederation } from './federation.ts';
import './mutations/check-webhook.ts';
import './mutations/create-webhook.ts';
import './mutations/delete-webhook.ts';
import './mutations/ping-webhook.ts';
import './mutations/redeliver-webhook-events.ts';
import './mutations/send-test-event.ts';
import './mutations/update-webhook.ts';
import './scalars.ts';
import './queries/node.ts';
import './queries/webhook.ts';
import './queries/webhook-providers.ts';
import './queries/webhooks.ts';
import './subscriptions/webhook-activity.ts';
import './types/webhook-event.ts';
import './types/webhook-delivery-stats.ts';
import './types/webhook-health.ts';
import './types/webhook-delivery-outage.ts';
import './types/webhook-redelivery-preview.ts';
import './types/webhook-redelivery.ts';
import './types/webhook-finding.ts';
import { forgetReadsAfterMutations } from './stale-reads.ts';

/** The schema as clients and composers read it: everything but the subgraph machinery. */
export const publicSchema = new GraphQLSchema({
  ...builder
    .toSchema({
      // As written: related fields stand together, `id` comes first, enums keep their order.
      sortSchema: false,
      schemaDirectives: [{ name: 'link', args: FEDERATION_LINK }],
    })
    .toConfig(),
  description:
    'The webhooks of several providers in one API: list them (`Query.webhooks`), see whether deliveries arrive and why not (`Webhook.health`, `outages`, `activity`), ping them, send test events, change them, and deliver again. Every error has a `code` in its `extensions`.',
});

forgetReadsAfterMutations(publicSchema);
guardRootFields(publicSchema);

/** The schema that is executed, unless the operator wants a smaller subgraph. */
export const schema: GraphQLSchema = withFederation(publicSchema, { hasNode: true });

/** The schema that is executed: always the whole of it, whatever `_service` shows of it. */
export function executableSchema(subgraph: SubgraphOptions): GraphQLSchema {
  return subgraph.hasNode ? schema : withFederation(publicSchema, subgraph);
}
