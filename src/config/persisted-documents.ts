import { readFileSync } from 'node:fs';
import { ConfigError, choiceVariable, textVariable } from './variable.ts';

/** Documents that clients may name by their hash instead of sending them. */
export interface PersistedDocuments {
  /** `required`: nothing else is executed. */
  readonly mode: 'optional' | 'required';
  /** The keys are bare hashes. */
  readonly byHash: ReadonlyMap<string, string>;
}

/** What the operator says about persisted documents. */
export const persistedDocumentsVariables = {
  persistedDocuments: textVariable({
    name: 'PERSISTED_DOCUMENTS',
    help: "a manifest of hashes and documents, as GraphQL Codegen's client preset writes it",
  }),
  persistedDocumentsMode: choiceVariable({
    name: 'PERSISTED_DOCUMENTS_MODE',
    help: 'required: only documents of the manifest are executed',
    default: 'optional',
    choices: ['optional', 'required'],
  }),
} as const;

/** Reads the manifest. Throws `ConfigError` where it cannot be read, or `required` has none. */
export function loadPersistedDocuments(
  path: string | undefined,
  mode: PersistedDocuments['mode'],
): PersistedDocuments | null {
  if (path === undefined) {
    if (mode === 'required')
      throw new ConfigError('PERSISTED_DOCUMENTS_MODE is required, but PERSISTED_DOCUMENTS is not set.');
    return null;
  }
  const entries = Object.entries(readManifest(path));
  if (entries.length === 0 || entries.some(([, document]) => typeof document !== 'string')) throw unfit();
  return { mode, byHash: new Map(entries.map(([hash, document]) => [bareHash(hash), String(document)])) };
}

/** A hash without the name of its algorithm, which GraphQL Codegen and the draft for persisted documents put before it. */
export function bareHash(hash: string): string {
  return hash.replace(/^sha256:/, '');
}

function readManifest(path: string): object {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch {
    // Missing and broken come to the same for the operator.
  }
  throw unfit();
}

function unfit(): ConfigError {
  return new ConfigError(
    'PERSISTED_DOCUMENTS should name a JSON file that maps hashes to documents; it cannot be read as one.',
  );
}
