import type { Environment, Variable } from './variable.ts';

/** What looks in the environment like one of our variables and is none: most likely misspelt, and then silently without effect. */
export interface UnknownName {
  /** That it is there, without a value. */
  readonly found: string;
  readonly remedy: string;
}

/** Finds what begins with a prefix that is ours alone (`GATEWAY_`, `PERSONIO_`), and elsewhere what all but is one of ours. */
export function unknownNames(
  environment: Environment,
  { variables, providers }: { readonly variables: readonly Variable<unknown>[]; readonly providers: readonly string[] },
): readonly UnknownName[] {
  const known = variables.map(({ name }) => name);
  const all: ReadonlySet<string> = new Set(known);
  const prefixes = ['GATEWAY_', ...providers.map((provider) => `${provider}_`)];
  return Object.keys(environment)
    .filter((name) => !all.has(name))
    .sort()
    .flatMap((name) => {
      const isOurs = prefixes.some((prefix) => name.startsWith(prefix));
      // Node takes a line of .env without `=` for the beginning of a name, with whatever secret stands in it.
      const word = /^\w*/.exec(name)?.[0] ?? '';
      if (word !== name) return isOurs ? [brokenLine(word)] : [];
      const alike = known.find((other) => isAlike(name, other));
      const meant = alike ?? (isOurs ? known.find((other) => isShortened(name, other)) : undefined);
      return isOurs || meant !== undefined ? [unknownName(name, meant)] : [];
    });
}

function unknownName(name: string, meant: string | undefined): UnknownName {
  const remedy = meant === undefined ? 'Check the spelling against hookgraph --help' : `Call it ${meant}`;
  return { found: `${name} is set, but hookgraph has no such variable`, remedy: `${remedy}, or unset it.` };
}

function brokenLine(word: string): UnknownName {
  return {
    found: `${word} is not set: its line in .env lacks the = behind the name`,
    remedy: `Write ${word}=…, each variable on a line of its own.`,
  };
}

/** A short name differs from too many in a letter: `POST` is no misspelt `PORT`. */
const MIN_LENGTH = 8;

/** Whether one is the other without its underscores, without its unit (`_MS`, `_BYTES`), or but for one letter. */
function isAlike(name: string, known: string): boolean {
  if (Math.min(name.length, known.length) < MIN_LENGTH) return false;
  return (
    name.replaceAll('_', '') === known.replaceAll('_', '') ||
    UNITS.some((unit) => known === `${name}${unit}`) ||
    differsInOneLetter(name, known)
  );
}

const UNITS = ['_MS', '_BYTES', '_PERCENT', '_COST', '_URL'];

/** Whether the words of a name are some of the other's: `TRULAYER_KEY` for `TRULAYER_API_KEY`. */
function isShortened(name: string, known: string): boolean {
  const words = known.split('_');
  return name.split('_').every((word) => words.includes(word));
}

/** Whether one letter was changed, left out, added, or swapped with the next. */
function differsInOneLetter(name: string, known: string): boolean {
  let from = 0;
  while (from < name.length && name[from] === known[from]) from += 1;
  const [rest, knownRest] = [name.slice(from), known.slice(from)];
  return (
    rest.slice(1) === knownRest.slice(1) ||
    rest.slice(1) === knownRest ||
    rest === knownRest.slice(1) ||
    (rest[0] === knownRest[1] && rest[1] === knownRest[0] && rest.slice(2) === knownRest.slice(2))
  );
}
