import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../../graphql/context.ts';
import { costOf } from '../../graphql/cost.ts';
import { argumentError } from '../argument-error.ts';
import { COST_HEADER, excess } from '../cost-limit.ts';
import { type RateLimit, rateLimited } from '../rate-limit.ts';

interface CostContext extends GraphQLContext {
  readonly request: Request;
}

/**
 * Refuses an operation that is too deep or too costly before anything of it runs, and takes its cost from what the caller
 * may spend in a minute.
 */
export function useCostLimit(options: {
  readonly maxCost: number;
  readonly maxDepth: number;
  readonly rateLimit: RateLimit | null;
}): Plugin<CostContext> {
  const { maxCost, maxDepth, rateLimit } = options;

  /** What is to be answered instead, and what goes with every answer. */
  async function judge({
    schema,
    document,
    operationName,
    variableValues,
    contextValue,
  }: CostArgs): Promise<Judgement> {
    const operation = getOperationAST(document, operationName);
    if (!operation) return { refusal: undefined, extensions: undefined };
    const measured = measure({ schema, document, operation, variables: variableValues ?? {} });
    if (measured instanceof GraphQLError) return { refusal: measured, extensions: undefined };
    const { cost, depth } = measured;
    const { caller, request } = contextValue;
    const tooMuch = excess({ cost, depth, maxCost, maxDepth });
    const waitMs = tooMuch ? undefined : await rateLimit?.take(caller, request, cost);
    const refusal = waitMs === undefined ? tooMuch : rateLimited(waitMs);
    const isAskedFor = request.headers.has(COST_HEADER);
    return { refusal, extensions: isAskedFor ? { cost: { cost, limit: maxCost } } : undefined };
  }

  return {
    onExecute: async ({ args, setResultAndStopExecution }) => {
      const { refusal, extensions } = await judge(args);
      if (refusal) {
        setResultAndStopExecution({ errors: [refusal], ...(extensions && { extensions }) });
        return undefined;
      }
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (extensions && !isAsyncIterable(result)) setResult({ ...result, extensions });
        },
      };
    },
    // A stream is paid for when it begins.
    onSubscribe: async ({ args, setResultAndStopExecution }) => {
      const { refusal, extensions } = await judge(args);
      if (refusal) setResultAndStopExecution({ errors: [refusal], ...(extensions && { extensions }) });
    },
  };
}

interface CostArgs extends ExecutionArgs {
  readonly contextValue: CostContext;
}

interface Judgement {
  readonly refusal: GraphQLError | undefined;
  readonly extensions: { readonly cost: object } | undefined;
}

/** An operation whose arguments cannot be known, such as a null variable where none may stand, has no cost. */
function measure(options: Parameters<typeof costOf>[0]): ReturnType<typeof costOf> | GraphQLError {
  try {
    return costOf(options);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { nodes = null } = error;
    const { message, ...told } = argumentError(error) ?? UNKNOWN_COST;
    return new GraphQLError(message, { nodes, extensions: { ...told, http: { status: 400 } } });
  }
}

/** Told where the library has other words: it may quote what it was given. */
const UNKNOWN_COST = { message: 'An argument has a value that does not fit.', code: 'BAD_USER_INPUT' };
