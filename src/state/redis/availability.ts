/** What is written to. */
export interface StateLogger {
  warn(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
}

/** Whether Redis answers, as far as is known. */
export interface Availability {
  isUp(): boolean;
  /** Whether it also does what it is told, as far as a minute ago. */
  isOfUse(): boolean;
  cameUp(): void;
  /** `cause` holds no secret. */
  wentAway(cause: string): void;
  /** Something was refused although Redis answers. */
  refused(cause: string): void;
  /** To be called now and then: tells what could not be told when it happened. */
  remind(): void;
}

/** Lines of the same kind are this far apart: a connection that flaps should not flood the log. */
const MIN_PAUSE_MS = 60_000;

/** Makes it; nothing is known at first. The log gets one line when Redis goes away and one when it is back. */
export function createAvailability({
  logger,
  // Not the clock of the machine: set back, it would keep the log silent for as long.
  now = () => performance.now(),
}: {
  readonly logger: StateLogger;
  readonly now?: () => number;
}): Availability {
  let isUp = false;
  let away: { readonly since: number; readonly cause: string; isTold: boolean } | undefined;
  let lastTold = Number.NEGATIVE_INFINITY;
  let lastToldRefusal = Number.NEGATIVE_INFINITY;
  let lastRefusal = Number.NEGATIVE_INFINITY;

  function tell(): void {
    if (!away || away.isTold || now() - lastTold < MIN_PAUSE_MS) return;
    lastTold = now();
    away.isTold = true;
    logger.warn({ cause: away.cause }, 'Redis does not answer: this instance goes on by itself');
  }

  return {
    isUp: () => isUp,
    isOfUse: () => isUp && now() - lastRefusal >= MIN_PAUSE_MS,
    cameUp: () => {
      if (away?.isTold) logger.info({ awayMs: Math.round(now() - away.since) }, 'Redis answers again');
      away = undefined;
      isUp = true;
    },
    wentAway: (cause) => {
      isUp = false;
      away ??= { since: now(), cause, isTold: false };
      tell();
    },
    refused: (cause) => {
      lastRefusal = now();
      if (now() - lastToldRefusal < MIN_PAUSE_MS) return;
      lastToldRefusal = now();
      logger.warn({ cause }, 'Redis refuses a command: this instance goes on by itself');
    },
    remind: tell,
  };
}
