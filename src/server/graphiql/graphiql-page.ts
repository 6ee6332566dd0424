import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { graphiqlExamples } from './examples.ts';
import { GRAPHIQL_STYLE } from './graphiql-style.ts';

/** GraphiQL as one document, ready to send. */
export interface GraphiQLPage {
  readonly html: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

/** Without it a telephone shows the page as wide as a desk's, and too small to read. */
const VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">';

/**
 * GraphiQL remembers what was edited last; as long as that is nothing, each further visit would add an empty tab. Of an
 * address it reads the query alone; the variables leave it once they are taken, else a reload would undo their changes.
 */
const scriptFor = (query: string) => `
  if (localStorage.getItem('graphiql:query') === null) {
    localStorage.setItem('graphiql:query', ${asScript(query)});
  }
  {
    const address = new URL(location.href);
    const variables = address.searchParams.get('variables');
    if (variables !== null && address.searchParams.has('query')) {
      localStorage.setItem('graphiql:variables', variables);
      address.searchParams.delete('variables');
      history.replaceState({}, '', address);
    }
  }
`;

/**
 * What the page says before it has a key; it must not tell of the schema. GraphiQL leaves the refusal of its first request
 * standing when the schema comes, so there is something to run that shows whether the key is taken.
 */
const ASKS_FOR_KEY = `# This gateway asks for a key. Write it behind
# "Bearer " in Headers below, and run this: the
# answer is "Query" where the key is accepted.
# "Re-fetch GraphQL schema" at the lower left then
# brings the docs, and completion.
query IsTheKeyAccepted {
  __typename
}
`;
const KEY_HEADERS = JSON.stringify({ Authorization: 'Bearer ' });

const INLINE_SCRIPT = /<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g;

/**
 * Renders GraphiQL. The document holds all of its scripts and styles (9 MB), so that it works without any other host;
 * it is loaded on first need, compressed once, and its inline scripts are allowed by their hashes only.
 */
export async function renderGraphiQLPage(options: {
  readonly asksForKey: boolean;
  readonly startedMs: number;
}): Promise<GraphiQLPage> {
  const { asksForKey, startedMs } = options;
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // The examples have no variables, so the query gets the room.
  const tabs = asksForKey
    ? [{ query: ASKS_FOR_KEY, headers: KEY_HEADERS }]
    : graphiqlExamples({ startedMs }).map(({ query }) => ({ query }));
  const page = renderGraphiQL({
    title: 'hookgraph',
    defaultTabs: tabs,
    defaultEditorToolsVisibility: asksForKey ? 'headers' : false,
    ...(asksForKey && { defaultHeaders: KEY_HEADERS }),
    // Keys that a person types in must not outlive the page.
    shouldPersistHeaders: false,
  });
  const script = scriptFor(tabs[0]?.query ?? '');
  const html = page.replace(
    '</head>',
    () => `${VIEWPORT}<style>${GRAPHIQL_STYLE}</style><script>${script}</script></head>`,
  );
  const scriptHashes = Array.from(html.matchAll(INLINE_SCRIPT), ([, script = '']) => `'sha256-${sha256(script)}'`);
  const bytes = new TextEncoder().encode(html);
  return {
    html: bytes,
    gzipped: new Uint8Array(await promisify(gzip)(bytes)),
    etag: `"${sha256(html).slice(0, 22)}"`,
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src ${scriptHashes.join(' ')}`,
      // GraphiQL and its editor set styles at run time.
      "style-src 'unsafe-inline'",
      "connect-src 'self'",
      'img-src data:',
      'font-src data:',
      'worker-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64');
}

function asScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
