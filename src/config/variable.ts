import { shownAddress } from './shown-address.ts';

/** A setting that stops the start; its message is one line for the operator and never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One environment variable: what it is called, what it means, and how its text becomes a value. */
export interface Variable<Value> {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly help: string;
  /** What `--help` shows as the default; absent: none. */
  readonly defaultText?: string;
  /** What of its text nobody may be shown; absent: nothing is secret. */
  secretsOf?(text: string): readonly string[];
  /** The text is undefined where the variable is unset or empty. Throws `ConfigError`. */
  parse(text: string | undefined): Value;
}

/** Variables by the name under which the code knows their values. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** The values of a set of variables. */
export type ValuesOf<Set extends Variables> = { readonly [Key in keyof Set]: ReturnType<Set[Key]['parse']> };

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads every variable of a set. Throws `ConfigError` at the first that does not fit. */
export function readVariables<Set extends Variables>(environment: Environment, variables: Set): ValuesOf<Set> {
  const entries = Object.entries(variables).map(([key, variable]) => {
    const text = environment[variable.name]?.trim();
    return [key, variable.parse(text === '' ? undefined : text)] as const;
  });
  // Object.fromEntries forgets which key has which type; the mapped type restores what the line above guarantees.
  return Object.fromEntries(entries) as ValuesOf<Set>;
}

/** The values that nobody may be shown. */
export function secretsIn(environment: Environment, variables: readonly Variable<unknown>[]): ReadonlySet<string> {
  return new Set(
    variables.flatMap((variable) => {
      const text = environment[variable.name]?.trim();
      return (text && variable.secretsOf?.(text)) || [];
    }),
  );
}

interface Described {
  readonly name: string;
  readonly help: string;
}

/** Any text; undefined where unset. */
export function textVariable({ name, help }: Described): Variable<string | undefined> {
  return { name, help, parse: (text) => text };
}

/** A text that must not contain line breaks, since it travels in a header, and is never shown. */
export function secretVariable({ name, help }: Described): Variable<string | undefined> {
  return {
    name,
    help,
    secretsOf: (text) => [text],
    parse: (text) => {
      if (text !== undefined && !/^[\x21-\x7e]+$/.test(text)) {
        throw new ConfigError(`${name} holds a value with blanks, line breaks or other characters that no key has.`);
      }
      return text;
    },
  };
}

/** A text that has to match a pattern; `expected` says in words what it should hold. */
export function patternVariable(
  options: Described & { readonly pattern: RegExp; readonly expected: string },
): Variable<string | undefined> {
  const { name, help, pattern, expected } = options;
  return {
    name,
    help,
    parse: (text) => {
      if (text !== undefined && !pattern.test(text)) throw unfit(name, text, expected);
      return text;
    },
  };
}

/** A whole number within bounds. */
export function integerVariable(
  options: Described & { readonly default: number; readonly min: number; readonly max: number },
): Variable<number> {
  const { name, help, min, max } = options;
  return {
    name,
    help,
    defaultText: String(options.default),
    parse: (text) => {
      if (text === undefined) return options.default;
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (!(value >= min && value <= max)) throw unfit(name, text, `a whole number from ${min} to ${max}`);
      return value;
    },
  };
}

/** `true` or `false`. */
export function booleanVariable(options: Described & { readonly default: boolean }): Variable<boolean> {
  const choice = choiceVariable({
    ...options,
    default: options.default ? 'true' : 'false',
    choices: ['true', 'false'],
  });
  return { ...choice, parse: (text) => choice.parse(text) === 'true' };
}

/** One of a few words. */
export function choiceVariable<Choice extends string>(
  options: Described & { readonly default: NoInfer<Choice>; readonly choices: readonly Choice[] },
): Variable<Choice> {
  const { name, help, choices } = options;
  return {
    name,
    help,
    defaultText: options.default,
    parse: (text) => {
      if (text === undefined) return options.default;
      const choice = choices.find((candidate) => candidate === text);
      if (choice === undefined) throw unfit(name, text, choices.filter((choice) => choice !== '').join(' or '));
      return choice;
    },
  };
}

/** An http(s) address of a service, without query, fragment or credentials; a trailing slash is dropped. */
export function baseUrlVariable(options: Described & { readonly default: string }): Variable<string> {
  const { name, help } = options;
  return {
    name,
    help,
    defaultText: options.default,
    parse: (text) => {
      if (text === undefined) return options.default;
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const isUsable = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
      if (!isUsable || url.search || url.hash) {
        throw unfitAddress(name, text, `an address such as ${options.default}, without credentials or query`);
      }
      return text.replace(/\/+$/, '');
    },
  };
}

/** An address that does not fit; an operator may have put credentials into it, so that only parts of it are shown. */
export function unfitAddress(name: string, text: string, expected: string): ConfigError {
  const shown = shownAddress(text);
  if (shown === undefined) return new ConfigError(`${name} holds no readable address; it should hold ${expected}.`);
  return unfit(name, shown, expected);
}

function unfit(name: string, text: string, expected: string): ConfigError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new ConfigError(`${name} holds ${JSON.stringify(shown)}; it should hold ${expected}.`);
}
