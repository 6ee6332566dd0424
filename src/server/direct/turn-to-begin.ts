/** How many operations begin in one turn of the event loop; the same one again is not counted. */
const MAX_PER_TURN = 8;

interface Waiting {
  readonly body: Buffer;
  readonly begin: () => void;
}

const waiting: Waiting[] = [];
let begun = 0;
let latestBody: Buffer | undefined;

/**
 * When the operation that a request's `body` asks for may begin: at once where nothing is returned, else in a later turn
 * of the event loop, after all who asked before. Where a hundred requests arrive in one turn, all would be half done
 * whenever memory is collected, and be copied; so a few begin, and those before them end meanwhile. Turns are short: nobody
 * waits for another's upstream. The same request again begins with the first, as they share what they ask the upstreams
 * for (docs/performance.md).
 */
export function turnToBegin(body: Buffer): Promise<void> | undefined {
  if (begun === 0) setImmediate(nextTurn);
  if (mayBegin(body)) return undefined;
  return new Promise((begin) => waiting.push({ body, begin }));
}

/** Counts it, if it may. */
function mayBegin(body: Buffer): boolean {
  if (latestBody?.equals(body)) return true;
  if (begun === MAX_PER_TURN) return false;
  begun += 1;
  latestBody = body;
  return true;
}

function nextTurn(): void {
  begun = 0;
  latestBody = undefined;
  const firstToStay = waiting.findIndex(({ body }) => !mayBegin(body));
  const next = waiting.splice(0, firstToStay < 0 ? waiting.length : firstToStay);
  if (next.length > 0) setImmediate(nextTurn);
  for (const { begin } of next) begin();
}
