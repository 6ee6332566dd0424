// Pages through the webhooks with Relay: its compiler, its store, its connections.
import { hookgraphErrors } from 'hookgraph/client';
import relay from 'relay-runtime';
import type { pageWebhooksQuery } from './__generated__/pageWebhooksQuery.graphql.js';

const { Environment, fetchQuery, graphql, Network, RecordSource, Store } = relay;
const url = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';

const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    const answer = await response.json();
    // Relay shows none of the errors that stand beside `data`: a provider that is down would only be missing.
    for (const { code, message } of hookgraphErrors(answer)) {
      console.error(`${code}: ${message}`);
      process.exitCode = 1;
    }
    return answer;
  }),
});

const query = graphql`
  query pageWebhooksQuery($after: String) {
    webhooks(first: 5, after: $after) {
      edges {
        node {
          id
          url
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

let after: string | null | undefined;
do {
  const page = await fetchQuery<pageWebhooksQuery>(environment, query, { after }).toPromise();
  for (const edge of page?.webhooks?.edges ?? []) if (edge) console.log(edge.node.url);
  after = page?.webhooks?.pageInfo.hasNextPage ? page.webhooks.pageInfo.endCursor : null;
} while (after);
