interface Nested {
  [key: string]: string | Nested;
}

/** `{'person.id': '456'}` as the payload of a delivery; undefined where one key is a value and a parent at once. */
export function nestPayload(flat: Readonly<Record<string, string>>): Nested | undefined {
  const root = emptyObject();
  for (const [dotted, value] of Object.entries(flat)) {
    const parents = dotted.split('.');
    const leaf = parents.pop() ?? dotted;
    let target = root;
    for (const parent of parents) {
      const child = target[parent] ?? emptyObject();
      if (typeof child === 'string') return undefined;
      target[parent] = child;
      target = child;
    }
    if (target[leaf] !== undefined) return undefined;
    target[leaf] = value;
  }
  return root;
}

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
const emptyObject = (): Nested => Object.create(null);
