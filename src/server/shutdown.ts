import type { Logger } from '../telemetry/logger.ts';
import { describeCrash } from './crash-report.ts';
import { giveUpReserveMs } from './drain.ts';

/** Ends the process in good order, whatever asks for it. */
export interface Shutdown {
  /** The first signal drains, then ends with 0; whoever asks twice does not want to wait. */
  onSignal(signal: string): void;
  /** An error that nobody caught: what state the process is in is not known, so it ends, after the drain, with 1. */
  onFault(error: unknown): void;
}

/**
 * Makes the end of a process: `close` drains, and is given `timeoutMs` for it; `exit` ends the process. `secrets` must not
 * be told by the log of its last words.
 */
export function createShutdown({
  close,
  exit,
  timeoutMs,
  secrets,
  logger,
}: {
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
  readonly timeoutMs: number;
  readonly secrets: ReadonlySet<string>;
  readonly logger: Pick<Logger, 'info' | 'fatal'>;
}): Shutdown {
  let exitCode = 0;
  let isStopping = false;

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    // Counted from when the drain gives up: in a process that was held up, the end would come before what it gave up then
    // is answered.
    const reserveMs = giveUpReserveMs(timeoutMs);
    setTimeout(() => setTimeout(() => exit(exitCode), reserveMs), timeoutMs - reserveMs);
    try {
      await close();
    } catch (error) {
      logger.fatal({ cause: describeCrash(error, secrets) }, 'stopping failed');
      exitCode = 1;
    }
    exit(exitCode);
  }

  return {
    onSignal(signal) {
      if (isStopping) return exit(1);
      logger.info({ signal }, 'stopping: requests under way may end');
      void stop();
    },
    onFault(error) {
      logger.fatal({ cause: describeCrash(error, secrets) }, 'stopping: an error that nobody caught');
      exitCode = 1;
      void stop();
    },
  };
}
