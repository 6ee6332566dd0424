/** An access token as one instance leaves it for the others. */
export interface TokenOnLoan {
  readonly headerValue: string;
  /** For how long it need not be renewed. */
  readonly freshMs: number;
  /** For how long it may be used after that. */
  readonly graceMs: number;
}

/** The one token of a fleet: whoever finds none fetches it, the others wait for that. */
export interface SharedToken {
  /**
   * The token that lies there, if `isFit` says so of its header value; else one fetched now, by this instance or by
   * another. One that is not fit is taken away. While Redis is away everybody fetches. Rejects as `fetch` does, or with
   * the signal's reason.
   */
  obtain(options: {
    readonly isFit: (headerValue: string) => boolean;
    readonly fetch: () => Promise<TokenOnLoan>;
    readonly signal: AbortSignal;
  }): Promise<TokenOnLoan>;
}
