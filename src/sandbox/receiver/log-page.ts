import { RECEIVER_DOMAIN } from '../host-check.ts';
import { BEHAVIOURS } from './behaviours.ts';
import type { ReceivedDelivery } from './received-delivery.ts';

const MAX_ROWS = 100;

/** What the receiver got, for people: one page without scripts that loads itself again every few seconds. */
export function renderLogPage(deliveries: readonly ReceivedDelivery[]): string {
  const shown = deliveries.slice(0, MAX_ROWS);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<title>hookgraph sandbox: receiver</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
  table { border-collapse: collapse; }
  td, th { border: 1px solid #999; padding: .2rem .6rem; text-align: left; vertical-align: top; }
  article { border-top: 1px solid #999; padding: .8rem 0; }
  pre { background: #8881; margin: .4rem 0; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>Receiver of the hookgraph sandbox</h1>
<p>Every delivery to <code>https://&lt;name&gt;.${RECEIVER_DOMAIN}/…</code> arrives here and stays here.
Shown are the newest ${shown.length} of the ${deliveries.length} that are kept; all of them are JSON at <a href="/deliveries">/deliveries</a>.</p>
<table>
<tr><th>host name</th><th>answer</th></tr>
${BEHAVIOURS.map(({ label, description }) => `<tr><td><code>${label}.${RECEIVER_DOMAIN}</code></td><td>${escapeHtml(description)}</td></tr>`).join('\n')}
</table>
${deliveries.length === 0 ? '<p>Nothing has arrived yet: ping a webhook.</p>' : shown.map(renderDelivery).join('\n')}
</body>
</html>
`;
}

function renderDelivery({ receivedAt, method, host, path, headers, body, status }: ReceivedDelivery): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `<article>
<h2>${escapeHtml(`${method} ${host}${path} → ${status ?? 'no answer'}`)}</h2>
<p><time>${receivedAt}</time></p>
<pre>${escapeHtml([...lines, '', body].join('\n'))}</pre>
</article>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
