import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { GraphQLContext } from './context.ts';

/**
 * Makes every mutation forget what its operation has read so far, however it ends: one that fails may have been carried
 * out all the same. Here for all of them, so that none can leave it out. That no later read joins a call which began before
 * the write is the HTTP client's part.
 */
export function forgetReadsAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    if (!field.resolve) throw new Error(`${field.name} has no resolver.`);
    field.resolve = forgettingReads(field.resolve);
  }
}

function forgettingReads<Args>(
  resolve: GraphQLFieldResolver<unknown, GraphQLContext, Args>,
): GraphQLFieldResolver<unknown, GraphQLContext, Args> {
  return async (root, args, context, info) => {
    try {
      return await resolve(root, args, context, info);
    } finally {
      context.webhooks.clear();
      context.neighbours.clear();
      context.activity.clear();
      context.nowMs = Date.now();
    }
  };
}
