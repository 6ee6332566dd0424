import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DirectivesPlugin from '@pothos/plugin-directives';
import RelayPlugin from '@pothos/plugin-relay';
import type { GraphQLContext } from './context.ts';

/** What Pothos has to know of our types. */
export interface SchemaTypes {
  Context: GraphQLContext;
  Scalars: {
    /** A global id; `t.id` fields take texts only. */
    ID: { Input: string; Output: string };
    /** RFC 3339, exactly as it was written. */
    DateTime: { Input: string; Output: string };
    /** Exactly as it was written. */
    URL: { Input: string; Output: string };
    JSONObject: { Input: Record<string, unknown>; Output: Readonly<Record<string, unknown>> };
  };
  Directives: {
    key: { locations: 'OBJECT'; args: { fields: string } };
    shareable: { locations: 'OBJECT'; args: Record<string, never> };
    tag: { locations: 'FIELD_DEFINITION'; args: { name: string } };
    link: { locations: 'SCHEMA'; args: { url: string; import: readonly string[] } };
  };
}

/**
 * The one builder of the schema; every type, query and mutation file adds its own part.
 *
 * A resolver that declares no parameter but its object must be a function of that object: its answer is kept as text for
 * as long as the object is, over many requests (execution/compile-writer.ts). A resolver that depends on the time, a
 * caller or a request has to take the context, even where it does not use its arguments.
 */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, DirectivesPlugin, ComplexityPlugin],
  // `printSchemaWithDirectives` reads directives in this form only.
  directives: { useGraphQLToolsUnorderedDirectives: true },
  // The plugin would refuse at each root field, while others run already. Here it only keeps what each field costs:
  // server/cost-limit.ts refuses before anything runs.
  complexity: { disabled: true },
  relay: {
    cursorType: 'String',
    // Ours answer each slot on its own, where the plugin's would lose the whole list to one bad id.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Anything with a global id; `Query.node` reads it again.' },
    idFieldOptions: { description: 'A global id: opaque, stable, and unique across providers.' },
    pageInfoTypeOptions: {
      description: 'Where a page stands in its list.',
      directives: { shareable: {} },
    },
    hasNextPageFieldOptions: { description: 'Whether there is more behind this page.' },
    hasPreviousPageFieldOptions: {
      description: 'Whether this page was read with `after`; lists are paged forward only.',
    },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null on an empty page.' },
    endCursorFieldOptions: { description: 'Pass it as `after` to read the next page.' },
    cursorFieldOptions: { description: 'Pass it as `after` to read what comes behind this edge.' },
    nodeFieldOptions: { nullable: false },
  },
});

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({
  description:
    'Everything that changes something, or makes a delivery. Mutations of one operation run one after the other.',
});
builder.subscriptionType({ description: 'Everything that can be watched, by Server-Sent Events.' });
