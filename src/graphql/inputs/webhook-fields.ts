import type { CallScope } from '../../domain/call-scope.ts';
import { BadUserInputError } from '../../domain/errors.ts';

/** A receiver's URL as it was written; its userinfo, query and fragment often hold a key, and are kept out of every error. */
export function receiverUrl(url: string, scope: CallScope): string {
  const { username, password, search, searchParams, hash } = new URL(url);
  // As they were written, as they are sent, and as a provider might quote them.
  const written = [/\/\/([^/?#]*)@/.exec(url)?.[1], /\?([^#]*)/.exec(url)?.[1], /#(.*)/.exec(url)?.[1]];
  const parts = [
    username,
    password,
    decoded(username),
    decoded(password),
    search.slice(1),
    hash.slice(1),
    ...searchParams.values(),
  ];
  for (const secret of [...written, ...parts]) if (secret !== undefined) scope.keepSecret(secret);
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Event names, none of them empty. Which of them exist is the provider's to say: its list is open. */
export function eventNames(names: readonly string[]): readonly string[] {
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw new BadUserInputError('An event name must not be empty.', ['enabledEvents', index]);
  }
  return names;
}
