// Prints each delivery of a webhook as it comes, until it is stopped: Apollo Client over Server-Sent Events.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';
import { hookgraphErrors, WatchWebhookActivityDocument } from 'hookgraph/client';

const uri = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const [webhookId = ''] = process.argv.slice(2);

const sse = createClient({ url: uri, retryAttempts: 0 });
const sseLink = new ApolloLink(
  ({ operationName = '', query, variables }) =>
    // Not the operation as a whole: Apollo's has members that no GraphQL request has, and those are refused.
    new Observable((observer) => sse.subscribe({ operationName, query: print(query), variables }, observer)),
);
const client = new ApolloClient({
  link: ApolloLink.split(({ operationType }) => operationType === 'subscription', sseLink, new HttpLink({ uri })),
  cache: new InMemoryCache(),
});

watch(null);

function watch(after: string | null): void {
  let last = after;
  let isRefused = false;
  client.subscribe({ query: WatchWebhookActivityDocument, variables: { webhookId, after } }).subscribe({
    next: ({ data, error }) => {
      if (data) {
        const { cursor, node } = data.webhookActivity;
        console.log(`${node.eventName}: ${node.outcome}`);
        last = cursor;
      }
      for (const { code, message } of hookgraphErrors(error)) {
        console.error(`${code}: ${message}`);
        process.exitCode = 1;
        isRefused = true;
      }
    },
    // The connection was lost, or the gateway has shut down: go on behind the last delivery.
    complete: () => {
      if (!isRefused) setTimeout(watch, 1_000, last);
    },
  });
}
