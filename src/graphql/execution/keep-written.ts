import { LastMade, type Making } from '../../domain/last-made.ts';

/**
 * Writes each object once, where it comes again. Null where it cannot be written, or something in it throws: the executor
 * comes upon the same, and says where.
 */
export function keepingWritten<Written>(
  write: (source: unknown) => Written | null,
): (source: unknown) => Written | null {
  const kind: Making<Written | null> = {};
  const writeOrNull = (source: unknown) => {
    try {
      return write(source);
    } catch {
      return null;
    }
  };
  return (source) => {
    const lastMade = lastMadeOf(source);
    return lastMade ? lastMade.recall(kind, NO_DETAILS, () => writeOrNull(source)) : writeOrNull(source);
  };
}

const NO_DETAILS: readonly unknown[] = [];

function lastMadeOf(value: unknown): LastMade | undefined {
  if (typeof value !== 'object' || value === null || !('lastMade' in value)) return undefined;
  return value.lastMade instanceof LastMade ? value.lastMade : undefined;
}
