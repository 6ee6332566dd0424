import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both halves of the young generation. V8 would go to 32 MB and more, and touches all of it under load. */
const YOUNG_BYTES = 16 * 1024 * 1024;
/** How much the old generation may grow beyond what was alive in it before V8 collects it; by itself V8 let 28 MB become 85. */
const GROWTH_PERCENT = 30;
/** How soon a young generation is enlarged again that V8 has made small in a quiet hour. */
const CHECK_MS = 1_000;
/** What one allocation takes from the young generation. */
const CHUNK_SLOTS = 8_192;

/**
 * Keeps the process small under load. By default V8 takes three times what a gateway keeps alive, as it is made for
 * programs that have the machine to themselves. What Node's own options would do at the start of a process is done from
 * within, so that it holds however the gateway is started. Where the operator gives such options, they alone hold.
 */
export function keepHeapSmall(): void {
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  if (/semi[-_]space|heap[-_]growing/.test(options)) return;
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  // Of so small a young generation half a megabyte survives, and to share that out among four threads costs more than to
  // copy it.
  setFlagsFromString('--no-parallel-scavenge');
  setYoungGeneration();
  // When little is allocated V8 shrinks the young generation, and would leave it at that: to collect 1 MB at a time
  // costs twice the CPU.
  setInterval(setYoungGeneration, CHECK_MS).unref();
}

/**
 * Lets the young generation grow to its size in one step, and never beyond. V8 reads the factor by which it grows
 * whenever it does; the size itself is read only at the start of a process.
 */
function setYoungGeneration(): void {
  const bytes = youngBytes();
  if (bytes >= YOUNG_BYTES) return;
  setGrowthFactor(YOUNG_BYTES / bytes);
  // It grows when enough has survived a collection.
  const survivors: unknown[] = [];
  const maxChunks = YOUNG_BYTES / (CHUNK_SLOTS * 8);
  while (survivors.length < maxChunks && youngBytes() < YOUNG_BYTES) survivors.push(new Array(CHUNK_SLOTS).fill(0));
  setGrowthFactor(1);
}

function setGrowthFactor(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${Math.floor(factor)}`);
}

/** Of both halves; V8 does not count the second one before it is needed. */
function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return Math.max(space?.space_size ?? 0, 2 * 1024 * 1024);
}
