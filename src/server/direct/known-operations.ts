import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { type CostMeter, createCostMeter } from '../../graphql/cost-meter.ts';
import { type CompiledOperation, compileOperation } from '../../graphql/execution/compile-operation.ts';
import { createDocumentCache } from '../document-cache.ts';

/** An operation that was parsed, validated and executed before, by the ordinary way. */
export interface KnownOperation {
  readonly definition: OperationDefinitionNode;
  readonly compiled: CompiledOperation;
  readonly costOf: CostMeter;
  /** The variables as their types want them; null where they do not fit. */
  coerce(variables: Readonly<Record<string, unknown>>): Record<string, unknown> | null;
}

/** The operations that come back. */
export interface KnownOperations {
  find(text: string, operationName: string | null | undefined): KnownOperation | undefined;
  /** Takes note of an operation that has passed every check of its document. */
  note(text: string, operationName: string | null | undefined, document: DocumentNode): void;
}

/**
 * When an operation is known: when it has come `twice`, since many never come back; or at `once`, checked by `check`,
 * which answers its document, or null where it is to be refused.
 */
export type Acquaintance =
  | { readonly when: 'twice' }
  | {
      readonly when: 'once';
      readonly check: (text: string, operationName: string | null | undefined) => DocumentNode | null;
    };

/** Keeps the operations that were used last, ready to be executed. */
export function createKnownOperations(schema: GraphQLSchema, acquaintance: Acquaintance): KnownOperations {
  const kept = createDocumentCache<KnownOperation | 'seen once' | 'left to graphql-js'>();

  function meet(text: string, operationName: string | null | undefined): KnownOperation | undefined {
    const document = acquaintance.when === 'once' ? acquaintance.check(text, operationName) : null;
    return (document && prepare(schema, document, operationName)) ?? undefined;
  }

  return {
    find: (text, operationName) => {
      const known = kept.get(keyOf(text, operationName));
      return typeof known === 'object' ? known : meet(text, operationName);
    },
    note: (text, operationName, document) => {
      const key = keyOf(text, operationName);
      const known = kept.get(key);
      if (known === undefined) kept.set(key, 'seen once');
      if (known === 'seen once') kept.set(key, prepare(schema, document, operationName) ?? 'left to graphql-js');
    },
  };
}

function keyOf(text: string, operationName: string | null | undefined): string {
  return operationName == null ? text : `${operationName.length}:${operationName}:${text}`;
}

function prepare(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): KnownOperation | null {
  const operation = getOperationAST(document, operationName);
  const compiled = operation && compileOperation({ schema, document, operation });
  if (!compiled) return null;
  const { variableDefinitions = [] } = operation;
  return {
    definition: operation,
    compiled,
    costOf: createCostMeter({ schema, document, operation }),
    coerce: (variables) => {
      const { coerced } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
      return coerced ?? null;
    },
  };
}
