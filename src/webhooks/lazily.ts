/** A value that is made when it is asked for first, and kept: most answers need no cursors, and they are costly. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
