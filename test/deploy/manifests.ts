import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** A manifest as it stands in a file; deeper members are read by path. */
export interface Manifest {
  readonly file: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Reads every manifest of a folder of `deploy`. */
export function manifestsIn(folder: string): readonly Manifest[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) =>
      parseAllDocuments(readFileSync(`${folder}/${name}`, 'utf8')).map((document) => {
        const content: Record<string, unknown> = document.toJS();
        return { file: name, kind: String(content.kind), apiVersion: String(content.apiVersion), content };
      }),
    );
}

/** The member at a path, e.g. `spec.template.spec.containers.0.image`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((member, key) => {
    if (typeof member !== 'object' || member === null) return undefined;
    return Object.entries(member).find(([name]) => name === key)?.[1];
  }, value);
}

/** A patch laid over a manifest as kustomize does it: objects are merged, lists of named things by name. */
export function patched(target: unknown, patch: unknown): unknown {
  if (Array.isArray(target) && Array.isArray(patch)) {
    const nameOf = (item: unknown) => at(item, 'name');
    const kept = target.map((item) => {
      const own = patch.find((candidate) => nameOf(candidate) === nameOf(item));
      return own === undefined ? item : patched(item, own);
    });
    return [...kept, ...patch.filter((item) => !target.some((other) => nameOf(other) === nameOf(item)))];
  }
  if (!isObject(target) || !isObject(patch)) return patch;
  const merged = Object.entries(patch).map(([key, value]) => [
    key,
    key in target ? patched(target[key], value) : value,
  ]);
  return { ...target, ...Object.fromEntries(merged) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
