import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { ClientError } from './gateway.ts';

/** A message of a subscription as a client reads it. */
export interface StreamMessage {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly ClientError[];
}

/** A subscription over a socket of its own, read as it comes. */
export interface SseStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly messages: readonly StreamMessage[];
  /** Whether the server has said that nothing comes any more. */
  readonly isComplete: () => boolean;
  /** Resolves when the connection has ended, however. */
  readonly ended: Promise<void>;
  /** Waits until so many messages have come. */
  received(count: number): Promise<readonly StreamMessage[]>;
  /** Stops reading, so that the socket fills up. */
  hold(): void;
  goOn(): void;
  /** Leaves without a word. */
  leave(): void;
}

/** Subscribes; resolves with the answer's head. */
export function subscribe(
  url: string,
  operation: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> },
  headers: Readonly<Record<string, string>> = {},
): Promise<SseStream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/graphql`,
      {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      },
      (incoming) => resolve(readStream(outgoing, incoming)),
    );
    outgoing.on('error', reject);
    onTestFinished(() => void outgoing.destroy());
    outgoing.end(JSON.stringify(operation));
  });
}

function readStream(outgoing: ClientRequest, incoming: IncomingMessage): SseStream {
  const messages: StreamMessage[] = [];
  const waiting = new Set<() => void>();
  let isComplete = false;
  let text = '';
  let failure: Error | undefined;
  incoming.setEncoding('utf8');
  incoming.on('error', () => {});
  incoming.on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const value = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      if (value('event') === 'complete') isComplete = true;
      if (value('event') === 'next') messages.push(JSON.parse(value('data') ?? ''));
    }
    for (const wake of waiting) wake();
  });
  const ended = new Promise<void>((resolve) => {
    incoming.on('close', () => {
      failure = new Error(`the stream ended after ${messages.length} messages`);
      for (const wake of waiting) wake();
      resolve();
    });
  });
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    messages,
    isComplete: () => isComplete,
    ended,
    received: (count) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (messages.length < count && !failure) return;
          waiting.delete(check);
          if (messages.length >= count) resolve(messages.slice(0, count));
          else reject(failure);
        };
        waiting.add(check);
        check();
      }),
    hold: () => void incoming.pause(),
    goOn: () => void incoming.resume(),
    leave: () => void outgoing.destroy(),
  };
}
