import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';

/** What the gateway writes its log with: one line an entry, the fields first, then a sentence. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'isLevelEnabled'>;

/** Levels of the log, the chattiest first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** How lines look: one JSON object each for machines, or words for a person at a terminal. */
export const LOG_FORMATS = ['json', 'pretty'] as const;

/** Makes the log. `destination` is where JSON lines go, standard output unless given. */
export function createLogger({
  level = 'info',
  format = 'json',
  destination = format === 'pretty' ? pretty({ sync: true, ignore: 'pid,hostname' }) : undefined,
}: {
  readonly level?: (typeof LOG_LEVELS)[number];
  readonly format?: (typeof LOG_FORMATS)[number];
  readonly destination?: DestinationStream | undefined;
}): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
