import { type SseStream, type StreamMessage, subscribe } from '../../support/sse-stream.ts';
import { globalId } from '../../support/stub-gateway.ts';

export const WEBHOOK = globalId('PERSONIO', 'hook-1');

export const TAIL = `subscription ($id: ID!, $after: String, $since: DateTime, $filter: WebhookActivityFilter) {
  webhookActivity(webhookId: $id, after: $after, since: $since, filter: $filter) {
    cursor
    node { completedAt eventName attempts }
  }
}`;

interface TailedEdge {
  readonly cursor: string;
  readonly node: { readonly completedAt: string; readonly eventName: string; readonly attempts: number };
}

/** Follows a webhook's log as a client would. */
export function openTail(
  url: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<SseStream> {
  return subscribe(url, { query: TAIL, variables: { id: WEBHOOK, ...variables } }, headers);
}

/** What a message delivers. */
export function edgeOf(message: StreamMessage | undefined): TailedEdge {
  const edge = message?.data?.webhookActivity;
  if (!edge) throw new Error(`no edge: ${JSON.stringify(message)}`);
  return edge as TailedEdge;
}

/** The `attempts` of each, by which the tests tell entries apart. */
export function numbersOf(messages: readonly StreamMessage[]): readonly number[] {
  return messages.map((message) => edgeOf(message).node.attempts);
}

/** 1, 2, … up to and with `last`. */
export function upTo(last: number, first = 1): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
