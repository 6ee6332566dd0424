// Lists every webhook of every provider, with nothing but `fetch`.
import { sendOperation, WebhooksDocument } from 'hookgraph/client';

const url = process.env.HOOKGRAPH_URL ?? 'http://127.0.0.1:4000/graphql';

let after: string | null | undefined;
do {
  const page = await readPage(after);
  for (const { node } of page.edges.filter((edge) => edge !== null)) {
    console.log(`${node.provider} ${node.status ?? 'UNKNOWN'} ${node.url}`);
  }
  after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
} while (after);

async function readPage(after: string | null | undefined) {
  const { data, errors } = await sendOperation({ url, document: WebhooksDocument, variables: { first: 50, after } });
  // One provider that is down takes its own place only: what the others have is in `data`.
  for (const error of errors) console.error(`${error.code}: ${error.message}`);
  if (errors.length > 0) process.exitCode = 1;
  if (!data?.webhooks) process.exit(1);
  return data.webhooks;
}
