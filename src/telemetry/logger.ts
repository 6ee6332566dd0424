import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** What the gateway writes its log with: one line an entry, the fields first, then a sentence. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/** Levels of the log, the chattiest first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Makes the log. `destination` is where lines go, standard output unless given. */
export function createLogger({
  level = 'info',
  destination,
}: {
  readonly level?: (typeof LOG_LEVELS)[number];
  readonly destination?: DestinationStream;
}): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
