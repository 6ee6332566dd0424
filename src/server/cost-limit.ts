import type { GraphQLError } from 'graphql';
import { limitError } from './limit-error.ts';

/** A client that wants to know sends this header, and gets `extensions.cost`. */
export const COST_HEADER = 'x-hookgraph-cost';

/** The refusal of an operation that is too deep or too costly. */
export function excess(measured: {
  readonly cost: number;
  readonly depth: number;
  readonly maxCost: number;
  readonly maxDepth: number;
}): GraphQLError | undefined {
  const { cost, depth, maxCost, maxDepth } = measured;
  if (depth > maxDepth) return limitError(`The operation is ${depth} levels deep; at most ${maxDepth} are accepted.`);
  if (cost > maxCost) {
    return limitError(
      `The operation costs ${cost}, at most ${maxCost} is accepted: ask for smaller pages or fewer fields.`,
    );
  }
  return undefined;
}
