// Preloaded (`--import`) into every contender alike: answers over IPC what its process has used so far, and ends it when
// the bench is gone. Nothing of it runs between two questions, unless the event loop is to be watched.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Of the timer that watches the loop; its delays are told beyond this. */
const RESOLUTION_MS = 1;
/** @type {import('node:perf_hooks').IntervalHistogram | undefined} */
let loopDelay;

process.on('message', (message) => {
  if (message === 'watch-loop') {
    loopDelay ??= monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    loopDelay.enable();
    loopDelay.reset();
  } else if (message !== 'usage') {
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpuUs: user + system,
    rssBytes: process.memoryUsage.rss(),
    loopHeldMs: { p99: held(loopDelay?.percentile(99)), max: held(loopDelay?.max) },
  });
});
process.on('disconnect', () => process.exit());

/** @param {number | undefined} nanoseconds */
function held(nanoseconds = 0) {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}
