import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { onTestFinished } from 'vitest';

/** Which of our keys the other team knows. */
export type Key = 'id' | 'providerKey';

/** Another team's subgraph: it knows who owns a webhook, by one of our keys. */
export interface OwnersSubgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
  /** The `authorization` of each request so far. */
  readonly authorizations: readonly (string | undefined)[];
}

export function ownersSdl(key: Key): string {
  return `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type Query { owners: [Owner!]! }
    type Owner { team: String! webhook: Webhook }
    type Webhook @key(fields: "${key}") { ${key}: ${key === 'id' ? 'ID' : 'String'}! ownedBy: String! }
    type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
  `;
}

/** Starts it for the running test; `references` are the webhooks of its owners, one each. */
export async function startOwnersSubgraph(key: Key, references: readonly string[]): Promise<OwnersSubgraph> {
  const sdl = ownersSdl(key);
  const authorizations: (string | undefined)[] = [];
  const schema = createSchema({
    typeDefs: `
      directive @key(fields: String!) repeatable on OBJECT
      directive @shareable on OBJECT
      ${sdl.replace(/extend schema.*/, '')}
      scalar _Any
      union _Entity = Webhook
      type _Service { sdl: String! }
      extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
    `,
    resolvers: {
      Query: {
        owners: () => references.map((value, index) => ({ team: `team-${index + 1}`, webhook: { [key]: value } })),
        _service: () => ({ sdl }),
        _entities: (_root: unknown, { representations }: { representations: readonly unknown[] }) => representations,
      },
      Webhook: { ownedBy: (webhook: Record<string, unknown>) => `owner of ${webhook[key]}` },
    },
  });
  const yoga = createYoga({
    schema,
    logging: false,
    maskedErrors: false,
    plugins: [
      { onRequest: ({ request }) => void authorizations.push(request.headers.get('authorization') ?? undefined) },
    ],
  });
  const server = createServer(yoga);
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { name: 'owners', url: `http://127.0.0.1:${port}/graphql`, sdl, authorizations };
}
