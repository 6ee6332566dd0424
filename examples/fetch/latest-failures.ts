import { sendOperation, WebhookActivityDocument } from 'hookgraph/client';

const { data, errors } = await sendOperation({
  url: process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql',
  document: WebhookActivityDocument,
  variables: { id: process.argv[2] ?? '', first: 3, filter: { isDelivered: false } },
});

for (const edge of data?.webhook?.activity?.edges ?? []) {
  if (edge) console.log(`${edge.node.eventName}: ${edge.node.outcome}`);
}
for (const error of errors) console.error(`${error.code}: ${error.message}`);
if (errors.length > 0) process.exitCode = 1;
