import type { ObjectRef } from '@pothos/core';
import type { HookgraphError } from '../domain/errors.ts';
import type { ConnectionPage, Edge } from '../webhooks/connection-page.ts';
import { builder } from './builder.ts';

type Types = (typeof builder)['$inferSchemaTypes'];

/**
 * The connection of a node type, with its edge. `t.connection` of the relay plugin would add `before` and `last`, which no
 * upstream can answer; so only its edge and PageInfo are used. What could not be read is null in `edges` and in `nodes`,
 * each with its error.
 */
export function connectionObject<
  Node extends object,
  Page extends ConnectionPage<Node> = ConnectionPage<Node>,
>(options: {
  readonly name: string;
  readonly node: ObjectRef<Types, Node>;
  /** What the nodes are, for the descriptions. */
  readonly nodes: string;
  /** In which order they come. */
  readonly order: string;
  /** Where it is needed elsewhere too. */
  readonly edge?: ObjectRef<Types, Edge<Node>>;
}): ObjectRef<Types, Page> {
  const { name, node, nodes, order, edge = edgeObject({ name, node, nodes }) } = options;
  return builder.objectRef<Page>(`${name}Connection`).implement({
    description: `A page of ${nodes}: ${order}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        nullable: { list: false, items: true },
        // The page size is counted once, where the connection is asked for.
        complexity: { field: 1, multiplier: 1 },
        description: 'The entries with their cursors; null, with an error at its path, for one that cannot be read.',
        resolve: (page) => page.edges.map((entry) => orRejected(entry, (value) => value)),
      }),
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: true },
        // The page size is counted once, where the connection is asked for.
        complexity: { field: 1, multiplier: 1 },
        description: 'The entries without their cursors; null, with an error at its path, for one that cannot be read.',
        resolve: (page) => page.edges.map((entry) => orRejected(entry, (value) => value.node)),
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        nullable: false,
        description: 'Where this page stands in the list.',
        resolve: (page) => page.pageInfo,
      }),
    }),
  });
}

/** The edge of a connection. */
export function edgeObject<Node extends object>(options: {
  readonly name: string;
  readonly node: ObjectRef<Types, Node>;
  readonly nodes: string;
}): ObjectRef<Types, Edge<Node>> {
  const { name, node, nodes } = options;
  return builder.edgeObject({
    name: `${name}Edge`,
    type: node,
    nodeNullable: false,
    description: `One of the ${nodes} of a page, with the cursor that leads behind it.`,
    nodeField: { description: 'What the edge leads to.' },
  });
}

function orRejected<Node, Shown>(
  entry: Edge<Node> | HookgraphError,
  show: (edge: Edge<Node>) => Shown,
): Shown | Promise<Shown> {
  return entry instanceof Error ? Promise.reject(entry) : show(entry);
}
