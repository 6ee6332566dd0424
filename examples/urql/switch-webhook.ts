// Enables or disables one webhook with urql, then reads what it is now.
import { Client, fetchExchange } from '@urql/core';
import { hookgraphErrors, UpdateWebhookDocument, WebhookDocument, type WebhookStatus } from 'hookgraph/client';

const url = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const [id = '', word] = process.argv.slice(2);
const status: WebhookStatus = word === 'on' ? 'ENABLED' : 'DISABLED';

const client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false });
const { error } = await client.mutation(UpdateWebhookDocument, { input: { id, status } });
for (const { code, message } of hookgraphErrors(error)) console.error(`${code}: ${message}`);

const { data } = await client.query(WebhookDocument, { id });
if (data?.webhook) console.log(`${data.webhook.status} ${data.webhook.url}`);
