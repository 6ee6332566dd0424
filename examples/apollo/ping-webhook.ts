// Pings one webhook with Apollo Client, and tells apart why it may fail.
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { type HookgraphError, hookgraphErrors, PingWebhookDocument } from 'hookgraph/client';

const uri = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const [id = ''] = process.argv.slice(2);

const client = new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache() });
const { data, error } = await client.mutate({
  mutation: PingWebhookDocument,
  variables: { input: { id } },
  errorPolicy: 'all',
});

const delivery = data?.pingWebhook?.delivery;
if (delivery) console.log(`${delivery.outcome} ${delivery.statusCode ?? 'no answer'}`);
const failures = hookgraphErrors(error);
// A lost connection, or an answer that is no GraphQL, is Apollo's own error.
if (error && failures.length === 0) throw error;
for (const failure of failures) console.error(advice(failure));
if (failures.length > 0) process.exitCode = 1;

function advice(failure: HookgraphError): string {
  switch (failure.code) {
    case 'NOT_FOUND':
      return `There is no such webhook at ${failure.provider ?? 'any provider'}.`;
    case 'BAD_USER_INPUT':
      return failure.violations.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
    case 'RATE_LIMITED':
      return `Try again in ${failure.retryAfterSeconds ?? 60} seconds.`;
    default:
      return `${failure.code}: ${failure.message}`;
  }
}
