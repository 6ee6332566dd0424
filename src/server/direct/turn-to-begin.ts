/** How many operations begin in one turn of the event loop, and those that are the same as one of them. */
const MAX_PER_TURN = 8;

interface Waiting {
  readonly body: Buffer;
  readonly begin: () => void;
}

const waiting: Waiting[] = [];
// Of a fixed length, as an array that is emptied and filled gets new memory each time.
const begun: (Buffer | undefined)[] = Array(MAX_PER_TURN).fill(undefined);
let begunCount = 0;

/**
 * When the operation that a request's `body` asks for may begin: at once where nothing is returned, else in a later turn
 * of the event loop, after all who asked before. Where a hundred requests arrive in one turn, all would be half done
 * whenever memory is collected, and be copied; so a few begin, and those before them end meanwhile. Nobody waits for
 * another's upstream. The same request again begins with the first, as they share what they ask the upstreams for
 * (docs/performance.md).
 */
export function turnToBegin(body: Buffer): Promise<void> | undefined {
  if (begunCount === 0) setImmediate(nextTurn);
  if (mayBegin(body)) return undefined;
  return new Promise((begin) => waiting.push({ body, begin }));
}

/**
 * To be called where an operation begins without asking: the first one that waits begins with it. Else whoever waits would
 * wait through all of those, however many of them each turn brings.
 */
export function letNextBegin(): void {
  waiting.shift()?.begin();
}

/** Takes note of it, if it may. */
function mayBegin(body: Buffer): boolean {
  if (begunCount < MAX_PER_TURN) {
    begun[begunCount] = body;
    begunCount += 1;
    return true;
  }
  for (const other of begun) if (other?.equals(body)) return true;
  return false;
}

function nextTurn(): void {
  begun.fill(undefined);
  begunCount = 0;
  const firstToStay = waiting.findIndex(({ body }) => !mayBegin(body));
  const next = waiting.splice(0, firstToStay < 0 ? waiting.length : firstToStay);
  if (next.length > 0) setImmediate(nextTurn);
  for (const { begin } of next) begin();
}
