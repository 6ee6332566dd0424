/** What one request of a load came to. */
export interface Sample<Result> {
  /** Since the load began. */
  readonly atMs: number;
  readonly ms: number;
  readonly result: Result;
}

/**
 * Sends `rps` requests a second for `durationMs`, however long each takes: an open load, so that a slow answer slows
 * nobody else down. Resolves with all of them once the last one has its answer.
 */
export async function load<Result>(options: {
  readonly rps: number;
  readonly durationMs: number;
  /** Stops sooner where it answers true. */
  readonly until?: () => boolean;
  readonly send: (index: number) => Promise<Result>;
}): Promise<readonly Sample<Result>[]> {
  const { rps, durationMs, send, until = () => false } = options;
  const startedAt = performance.now();
  const samples: Promise<Sample<Result>>[] = [];
  const sendOne = async (): Promise<Sample<Result>> => {
    const sentAt = performance.now();
    const result = await send(samples.length);
    return { atMs: sentAt - startedAt, ms: performance.now() - sentAt, result };
  };
  for (;;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= durationMs || until()) return Promise.all(samples);
    while (samples.length < (elapsedMs / 1_000) * rps) samples.push(sendOne());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
