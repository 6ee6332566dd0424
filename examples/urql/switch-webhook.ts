// Enables or disables one webhook with urql, then reads what it is now.
import { Client, type CombinedError, fetchExchange } from '@urql/core';
import { hookgraphErrors, UpdateWebhookDocument, WebhookDocument, type WebhookStatus } from 'hookgraph/client';

const url = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const [id, word] = process.argv.slice(2);
const status = statusOf(word);
if (id === undefined || status === undefined) {
  console.error('usage: switch-webhook.js ID on|off');
  process.exit(2);
}

const client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false });
tell((await client.mutation(UpdateWebhookDocument, { input: { id, status } })).error);

const { data, error } = await client.query(WebhookDocument, { id });
if (data?.webhook) console.log(`${data.webhook.status} ${data.webhook.url}`);
tell(error);

function statusOf(word: string | undefined): WebhookStatus | undefined {
  if (word === 'on') return 'ENABLED';
  return word === 'off' ? 'DISABLED' : undefined;
}

function tell(error: CombinedError | undefined): void {
  const failures = hookgraphErrors(error);
  // A lost connection, or an answer that is no GraphQL, is urql's own error.
  if (error && failures.length === 0) throw error;
  for (const { code, message } of failures) console.error(`${code}: ${message}`);
  if (failures.length > 0) process.exitCode = 1;
}
