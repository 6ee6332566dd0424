/** A value that is made when it is first asked for, and kept: cursors are costly, and most answers need none. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
