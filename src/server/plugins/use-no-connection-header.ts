import type { Plugin } from 'graphql-yoga';

/**
 * Leaves to HTTP itself whether a connection stays open. The server says so with each stream, and with each answer in parts;
 * one that its client wants closed would then stay open for as long as any idle one (RFC 9112 §9.6).
 */
export function useNoConnectionHeader(): Plugin {
  return {
    onResponse: ({ response }) => response.headers.delete('connection'),
  };
}
