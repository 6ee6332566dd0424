/** What the parser and the validation quote of a document: the values of literals. */
const QUOTED: readonly (readonly [RegExp, string])[] = [
  // Syntax Error: Expected Name, found String "…".
  [/\b((?:Block)?String) "[\s\S]*"/, '$1'],
  // Int cannot represent non-integer value: …
  [/ (an? |)(non-?[\w -]+) value: [\s\S]*$/, ' $1$2 value.'],
  // Expected value of type "ID", found ….
  [/, found [{["][\s\S]*$/, '.'],
];

/** The message of a document's refusal without the values that it quotes: any of them may be a secret. */
export function withoutValues(message: string): string {
  return QUOTED.reduce((text, [quoted, rest]) => text.replace(quoted, rest), message);
}
