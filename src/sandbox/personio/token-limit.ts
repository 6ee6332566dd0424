const MINUTE_MS = 60_000;
const REQUESTS_A_MINUTE = 150;

/** The documented limit of the token endpoint: 150 a minute; who goes beyond gets one a second for the next minute. */
export function createTokenLimit(now: () => number): () => boolean {
  let recentMs: readonly number[] = [];
  let punishedUntilMs = 0;
  let lastAdmittedMs = 0;

  return () => {
    const nowMs = now();
    recentMs = recentMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (recentMs.length >= REQUESTS_A_MINUTE && nowMs >= punishedUntilMs) punishedUntilMs = nowMs + MINUTE_MS;
    if (nowMs < punishedUntilMs && nowMs - lastAdmittedMs < 1000) return true;
    recentMs = [...recentMs, nowMs];
    lastAdmittedMs = nowMs;
    return false;
  };
}
