const WINDOW_MS = 60_000;

/** Fixed one-minute windows, as documented; the size is the sandbox's own, since no number is published. */
export function createRateLimit(now: () => number, requestsPerMinute: number) {
  let window = 0;
  let used = 0;

  return (): { isOver: boolean; resetSeconds: number; headers: Readonly<Record<string, string>> } => {
    const current = Math.floor(now() / WINDOW_MS);
    if (current !== window) used = 0;
    window = current;
    used += 1;
    const resetMs = (window + 1) * WINDOW_MS;
    return {
      isOver: used > requestsPerMinute,
      resetSeconds: Math.ceil((resetMs - now()) / 1000),
      headers: {
        'x-ratelimit-limit': String(requestsPerMinute),
        'x-ratelimit-remaining': String(Math.max(0, requestsPerMinute - used)),
        'x-ratelimit-reset': String(resetMs / 1000),
      },
    };
  };
}
