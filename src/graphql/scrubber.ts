import { withoutUriSecrets, withoutUrlSecrets } from './url-secrets.ts';

const SCRUBBED = '[redacted]';

/** Removes secrets from texts, by value, and whatever a URL may hide. */
export interface Scrubber {
  text(raw: string): string;
  /** A URI of the provider's own: its fragment stays where it names a chapter. */
  uri(raw: string): string;
  /** All texts in a JSON value, the names of members too. */
  json<T>(value: T): T;
}

/** Makes one of all secrets. An operation has hundreds of them where webhooks have: one scrubber serves all its errors. */
export function createScrubber(secrets: ReadonlySet<string>): Scrubber {
  const spellings = [...secrets].flatMap(spellingsOf);
  // The longest first: a secret that is part of another one must not leave the rest of it standing.
  const values = [...new Set(spellings)].sort((a, b) => b.length - a.length);

  const withoutValues = (raw: string) => values.reduce((rest, secret) => rest.replaceAll(secret, SCRUBBED), raw);
  const text = (raw: string) => withoutUrlSecrets(withoutValues(raw));
  const uri = (raw: string) => withoutUriSecrets(withoutValues(raw));

  function json<T>(value: T): T;
  function json(value: unknown): unknown {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((item) => json(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]));
  }

  return { text, uri, json };
}

/** As it was sent or is quoted in JSON, each also as it stands in an address and in a form. */
function spellingsOf(secret: string): readonly string[] {
  // Most are spelled alike everywhere.
  if (/^[\w.-]*$/.test(secret)) return [secret];
  const texts = writtenForms(secret);
  const encoded = texts.flatMap((text) => [encodeURIComponent(text.toWellFormed()), inForm(text)]);
  // Whoever quotes may write the hexadecimal digits either way (RFC 3986 §6.2.2.1).
  return [...texts, ...encoded, ...encoded.map((text) => text.replace(/%../g, (octet) => octet.toLowerCase()))];
}

/**
 * A text as it was sent, and as it stands in a JSON body that the upstream quotes: as it came, or written anew by a library
 * that escapes slashes; as it is, or as a string of JSON itself. Most are the same in all of them.
 */
function writtenForms(secret: string): string[] {
  const escaped = asInJson(secret);
  const slashed = escaped.replaceAll('/', '\\/');
  return [...new Set([secret, escaped, slashed, asInJson(escaped), asInJson(slashed)])];
}

function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * As in the form by which the token endpoint gets a client's secret: unlike in an address, a blank is a plus, and none of
 * `!'()~` stands as it is.
 */
function inForm(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}
