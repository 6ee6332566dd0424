import type { Plugin } from 'graphql-yoga';
import type { Metrics } from '../../telemetry/metrics.ts';

/** Shows the metrics at `/metrics` of the main port: for loopback mode, where only this machine can ask. */
export function useMetricsPage(metrics: Metrics): Plugin {
  return {
    onRequest: async ({ request, url, endResponse }) => {
      if (url.pathname !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) return;
      const { text, contentType } = await metrics.page();
      endResponse(new Response(text, { headers: { 'content-type': contentType } }));
    },
  };
}
