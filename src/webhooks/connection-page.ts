import type { HookgraphError } from '../domain/errors.ts';
import { LastMade } from '../domain/last-made.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { Webhook } from '../domain/webhook.ts';

/** An edge of a connection: an entry with the cursor that leads behind it. */
export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/**
 * An edge whose cursor is written when it is read. A class, as getters of literals cost more than the rest of an entry;
 * and with its index, as a closure for each would take twice what the edge does.
 */
export class LazyEdge<T> implements Edge<T> {
  readonly node: T;
  readonly #index: number;
  readonly #cursorAt: (index: number) => string;

  constructor(node: T, index: number, cursorAt: (index: number) => string) {
    this.node = node;
    this.#index = index;
    this.#cursorAt = cursorAt;
  }

  get cursor(): string {
    return this.#cursorAt(this.#index);
  }
}

/** A page of a Relay connection. An error stands at the place of what could not be read. */
export interface ConnectionPage<T> {
  readonly edges: readonly (Edge<T> | HookgraphError)[];
  /** What was made of the page: the text of an answer. */
  readonly lastMade: LastMade;
  readonly pageInfo: PageInfo;
}

/** Where a page lies in its list. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page of the list that joins all providers. */
export interface WebhooksPage extends ConnectionPage<Webhook> {
  /** The providers whose part is missing from the page. */
  readonly unavailableProviders: readonly ProviderName[];
}

/** Joins edges to a page; `endCursor` leads behind all of them, whether the last one is an error or not. */
export function connectionPage<T>(options: {
  readonly edges: readonly (Edge<T> | HookgraphError)[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly endCursor: () => string | null;
}): ConnectionPage<T> {
  const { edges } = options;
  return { edges, lastMade: new LastMade(), pageInfo: new LazyPageInfo(options) };
}

/** Cursors are written when they are read. A class for the same reason as `LazyEdge`. */
class LazyPageInfo implements PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: ConnectionPage<unknown>['edges'];
  readonly #endCursor: () => string | null;

  constructor(options: Parameters<typeof connectionPage>[0]) {
    this.hasNextPage = options.hasNextPage;
    this.hasPreviousPage = options.hasPreviousPage;
    this.#edges = options.edges;
    this.#endCursor = options.endCursor;
  }

  get startCursor(): string | null {
    const firstEdge = this.#edges.find((entry) => !(entry instanceof Error));
    return firstEdge && 'cursor' in firstEdge ? firstEdge.cursor : null;
  }

  get endCursor(): string | null {
    return this.#endCursor();
  }
}

/** What a client says of the page that it wants. */
export interface PageArguments {
  /** 1..200. */
  readonly first: number;
  /** A cursor given out before; null or undefined for the first page. */
  readonly after?: string | null | undefined;
}
