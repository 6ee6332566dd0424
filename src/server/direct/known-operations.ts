import { type DocumentNode, type GraphQLSchema, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { type CostMeter, createCostMeter } from '../../graphql/cost-meter.ts';
import { type CoerceVariables, compileVariables } from '../../graphql/execution/coerce-variables.ts';
import { type CompiledOperation, compileOperation } from '../../graphql/execution/compile-operation.ts';
import { createDocumentCache, createDocumentSightings } from '../document-cache.ts';

/** An operation that has passed every check of its document, in the ordinary way. */
export interface KnownOperation {
  readonly definition: OperationDefinitionNode;
  readonly compiled: CompiledOperation;
  readonly costOf: CostMeter;
  readonly coerce: CoerceVariables;
}

/** The operations that come back. */
export interface KnownOperations {
  /** Undefined for an operation that is not known, or is left to graphql-js. */
  find(text: string, operationName: string | null | undefined): KnownOperation | undefined;
  /** Takes note of an operation that has passed every check of its document. */
  note(text: string, operationName: string | null | undefined, document: DocumentNode): void;
}

/**
 * When an operation is known. `twice`: once it has come a second time, since many never come back. `once`: at its first
 * time, for tests, which ask most things only once; `check` then answers its document, or null where it is to be refused.
 */
export type Acquaintance =
  | { readonly when: 'twice' }
  | {
      readonly when: 'once';
      readonly check: (text: string, operationName: string | null | undefined) => DocumentNode | null;
    };

/** How many fields all kept operations have at most; a compiled field takes 1.5 kB. */
const MAX_FIELDS = 10_000;

/** Keeps the operations that were used last, ready to be executed. */
export function createKnownOperations(schema: GraphQLSchema, acquaintance: Acquaintance): KnownOperations {
  const kept = createDocumentCache<OperationsByName>({ maxWeight: MAX_FIELDS, weigh: fieldCount });
  const wasSeenLately = createDocumentSightings();

  function meet(text: string, operationName: string | null | undefined): KnownOperation | undefined {
    const document = acquaintance.when === 'once' ? acquaintance.check(text, operationName) : null;
    return (document && prepare(schema, document, operationName)) ?? undefined;
  }

  return {
    find: (text, operationName) => kept.get(text)?.get(operationName ?? UNNAMED) ?? meet(text, operationName),
    note: (text, operationName, document) => {
      // A client can call an operation by any number of names that its document does not have.
      if (!getOperationAST(document, operationName)) return;
      const name = operationName ?? UNNAMED;
      const operations = kept.get(text);
      if (operations?.has(name) || !wasSeenLately(text, name)) return;
      kept.set(text, new Map(operations).set(name, prepare(schema, document, operationName)));
    },
  };
}

/** The operations of one document; null: left to graphql-js. */
type OperationsByName = ReadonlyMap<string, KnownOperation | null>;

/** Stands for an operation without a name: no name is empty. */
const UNNAMED = '';

function fieldCount(operations: OperationsByName): number {
  let count = 0;
  for (const operation of operations.values()) count += operation?.compiled.fieldCount ?? 1;
  return count;
}

function prepare(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): KnownOperation | null {
  const operation = getOperationAST(document, operationName);
  const compiled = operation && compileOperation({ schema, document, operation });
  if (!compiled) return null;
  return {
    definition: operation,
    compiled,
    costOf: createCostMeter({ schema, document, operation }),
    coerce: compileVariables(schema, operation),
  };
}
