/** What frontends import: typed documents (GraphQL Codegen's client preset over the operations here) and typed errors. */
export * from './documents/graphql.ts';
export * from './hookgraph-error.ts';
export { type OperationAnswer, sendOperation } from './send-operation.ts';
