import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { compileObject } from './compile-fields.ts';
import { executeFields, executeInTurn, executeOnly } from './execute-fields.ts';
import type { Execution, Path } from './execution.ts';

/** An operation that is ready to be executed any number of times. */
export interface CompiledOperation {
  /** How many fields it has, those of a fragment as often as they are asked for. */
  readonly fieldCount: number;
  /** Executes it; `variableValues` are coerced. Never rejects. Answers what graphql-js would. */
  execute(options: {
    readonly contextValue: unknown;
    readonly variableValues: Record<string, unknown>;
  }): Promise<CompiledResult>;
}

/** `errors` is absent where there are none. Parts of `data` may be text already: `writeJson` writes it. */
export interface CompiledResult {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
}

/** Fragments make a large operation of a small document: so many fields take up to 10 ms to compile, and 750 kB. */
const MAX_FIELDS = 500;

/**
 * Compiles a validated query or mutation into closures: which fields, of which types, with which literal arguments is
 * looked up once instead of for each object of each answer. It follows graphql-js step by step (execution/execute.ts of
 * version 16), so that data, errors, their order and what becomes null are the same. Null for what is left to graphql-js:
 * subscriptions, introspection, abstract types, @skip and @include, names that are no name of a member, and what is large
 * beyond all use.
 */
export function compileOperation(options: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}): CompiledOperation | null {
  const { schema, document, operation } = options;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || operation.operation === 'subscription') return null;
  // As the name of a member it would be the object's prototype.
  if (operation.variableDefinitions?.some(({ variable }) => variable.name.value === '__proto__')) return null;
  const fragments = new Map(document.definitions.filter(isFragment).map((node) => [node.name.value, node]));
  let slots = 0;
  const nextSlot = () => slots++;
  let fieldCount = 0;
  const takeField = () => ++fieldCount <= MAX_FIELDS;
  const fields = compileObject({ schema, fragments, nextSlot, takeField }, rootType, [operation.selectionSet]);
  if (!fields) return null;
  const [first, second] = fields;
  const executeMany = operation.operation === 'mutation' ? executeInTurn : executeFields;
  const run = (execution: Execution) =>
    first && !second
      ? executeOnly(first, undefined, undefined, execution)
      : executeMany(fields, undefined, undefined, execution);
  const facts = { schema, operation, fragments: Object.fromEntries(fragments) };

  return {
    fieldCount,
    async execute({ contextValue, variableValues }) {
      const execution = new OperationExecution(facts, contextValue, variableValues);
      try {
        return answer(await run(execution), execution);
      } catch (error) {
        // What bubbled up to the root is located already.
        execution.addError(toGraphQLError(error), undefined);
        return answer(null, execution);
      }
    },
  };
}

function answer(data: CompiledResult['data'], { errors }: Execution): CompiledResult {
  return errors.length === 0 ? { data } : { errors, data };
}

/** A class, since it owns its state: what became null is noted where something does, which is seldom. */
class OperationExecution implements Execution {
  readonly facts: Execution['facts'];
  readonly contextValue: unknown;
  readonly variableValues: Record<string, unknown>;
  readonly slots: Record<string, unknown>[] = [];
  readonly errors: GraphQLError[] = [];
  #nulled: Set<Path | undefined> | undefined;

  constructor(facts: Execution['facts'], contextValue: unknown, variableValues: Record<string, unknown>) {
    this.facts = facts;
    this.contextValue = contextValue;
    this.variableValues = variableValues;
  }

  addError(error: GraphQLError, path: Path | undefined): void {
    this.#nulled ??= new Set();
    const nulled = this.#nulled;
    // What lies below a place that is null already is no news.
    for (let at = path; at !== undefined; at = at.prev) if (nulled.has(at)) return;
    if (nulled.has(undefined)) return;
    nulled.add(path);
    this.errors.push(error);
  }
}

function isFragment(definition: DocumentNode['definitions'][number]): definition is FragmentDefinitionNode {
  return definition.kind === Kind.FRAGMENT_DEFINITION;
}

function toGraphQLError(error: unknown): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(String(error));
}
