import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { type AccessScope, covers, isAccessScope } from '../domain/access-scope.ts';
import { HookgraphError } from '../domain/errors.ts';
import type { GraphQLContext } from './context.ts';

/** A resolver that runs only for callers with the scope; others get FORBIDDEN, which names it. */
export function requiring<Args>(
  scope: AccessScope,
  resolve: GraphQLFieldResolver<unknown, GraphQLContext, Args>,
): GraphQLFieldResolver<unknown, GraphQLContext, Args> {
  return (root, args, context, info) => {
    if (!covers(context.caller.scopes, scope)) {
      throw new HookgraphError('FORBIDDEN', `This needs the scope ${scope}.`);
    }
    return resolve(root, args, context, info);
  };
}

/**
 * Guards every root field: queries and streams need `webhooks:read`, mutations `webhooks:write` unless their extension
 * `accessScope` names another. Everything else can be reached through a root field only. The scope is told in the
 * description, and in a `@tag`.
 */
export function guardRootFields(schema: GraphQLSchema): void {
  const roots = [
    { type: schema.getQueryType(), byDefault: 'webhooks:read' },
    { type: schema.getMutationType(), byDefault: 'webhooks:write' },
  ] as const;
  for (const { type, byDefault } of roots) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const named = field.extensions.accessScope;
      const scope = typeof named === 'string' && isAccessScope(named) ? named : byDefault;
      if (!field.resolve) throw new Error(`${field.name} has no resolver to guard.`);
      field.resolve = requiring(scope, field.resolve);
      tellScope(field, scope);
    }
  }
  // A stream is refused before it begins.
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    if (!field.subscribe) throw new Error(`${field.name} has no stream to guard.`);
    field.subscribe = requiring('webhooks:read', field.subscribe);
    tellScope(field, 'webhooks:read');
  }
}

function tellScope(field: GraphQLField<unknown, GraphQLContext>, scope: AccessScope): void {
  field.description = `${field.description ?? ''} Needs the scope \`${scope}\`.`.trim();
  // For whoever composes: a contract can leave out, say, `webhooks-write`. A tag's name has no colon.
  const tagged = { ...directivesOf(field), tag: { name: scope.replace(':', '-') } };
  field.extensions = { ...field.extensions, directives: tagged };
}

function directivesOf({ extensions: { directives } }: GraphQLField<unknown, GraphQLContext>): object {
  return typeof directives === 'object' && directives !== null ? directives : {};
}
