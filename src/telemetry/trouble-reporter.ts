import type { Logger } from './logger.ts';

/** Something that goes wrong for a while. The log gets one line when it begins and one when it is over, however many calls it meets. */
export interface TroubleReporter {
  isOn(): boolean;
  /** To be called each time that it shows. */
  begins(): void;
  ends(): void;
}

interface TroubleLine {
  readonly fields: object;
  readonly sentence: string;
}

/** Beginnings are told this far apart: what comes and goes should not flood the log. */
const MIN_PAUSE_MS = 60_000;

/** Makes it; nothing is wrong at first. `begun` and `over` are the two lines. */
export function createTroubleReporter({
  logger,
  begun,
  over,
  // Not the clock of the machine: set back, it would keep the log silent for as long.
  now = () => performance.now(),
}: {
  readonly logger: Pick<Logger, 'warn' | 'info'> | undefined;
  readonly begun: TroubleLine;
  readonly over: TroubleLine;
  readonly now?: () => number;
}): TroubleReporter {
  let since: number | undefined;
  let isTold = false;
  let lastTold = Number.NEGATIVE_INFINITY;

  return {
    isOn: () => since !== undefined,
    begins: () => {
      since ??= now();
      if (isTold || now() - lastTold < MIN_PAUSE_MS) return;
      isTold = true;
      lastTold = now();
      logger?.warn(begun.fields, begun.sentence);
    },
    ends: () => {
      if (since === undefined) return;
      if (isTold) logger?.info({ ...over.fields, lastedMs: Math.round(now() - since) }, over.sentence);
      since = undefined;
      isTold = false;
    },
  };
}
