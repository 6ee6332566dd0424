import { createScrubber } from '../graphql/scrubber.ts';

/**
 * What the log may say of an error that nobody caught: its kind, its message and where it came from. It may have come from
 * anywhere, with any text in its message: `secrets` are removed by value, and so is whatever V8 and Node quote.
 */
export function describeCrash(error: unknown, secrets: ReadonlySet<string>): string {
  const scrub = createScrubber(secrets);
  if (!(error instanceof Error))
    return `${typeof error === 'object' ? 'an object' : `a ${typeof error}`} that was thrown`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  return [`${error.name}: ${withoutQuotes(scrub.text(error.message))}`, ...frames.map(scrub.text)].join('\n');
}

/** `Unexpected token 'x', "…" is not valid JSON`; `The argument 'x' is invalid. Received …`. */
function withoutQuotes(message: string): string {
  return message.replace(/"[\s\S]*"/g, '"…"').replace(/\bReceived\b[\s\S]*/, 'Received …');
}
