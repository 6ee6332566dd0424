const BEGINNING = ' Did you mean the enum value ';
const SUGGESTION = /^ Did you mean the enum value (?:"\w+"|, or | or |, )+\?$/;

/**
 * What graphql-js says last of a wrong enum value, with a space in front: names of the schema, and nothing of what was given.
 * Empty where it says no such thing. The last one is looked at alone: what is quoted before it may say the same.
 */
export function enumSuggestionIn(message: string): string {
  const at = message.lastIndexOf(BEGINNING);
  const text = at < 0 ? '' : message.slice(at);
  return SUGGESTION.test(text) ? text : '';
}
