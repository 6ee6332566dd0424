/** What an operation is called in metrics and spans. */
export interface OperationLabels {
  readonly operation: string;
  readonly type: string;
}

/** Gives operations the names under which they are counted. */
export interface OperationNames {
  /** Of an operation that was validated; `name` is the document's own, undefined where it has none. */
  labelsOf(type: string, name: string | undefined): OperationLabels;
}

/** With `anonymous`, `other` and `none` two hundred. */
const MAX_NAMES = 197;
const MAX_NAME_LENGTH = 100;

/** What was refused before anybody knew what it is. */
export const NO_OPERATION: OperationLabels = { operation: 'none', type: 'none' };

/**
 * Clients choose the names, and each one is a series for ever: so the first ones that come are told apart, and whatever
 * comes behind them is `other`.
 */
export function createOperationNames(): OperationNames {
  const known = new Map<string, OperationLabels>();

  return {
    labelsOf: (type, name = 'anonymous') => {
      const key = `${type} ${name}`;
      const labels = known.get(key);
      if (labels) return labels;
      const isRoom = name === 'anonymous' || (known.size < MAX_NAMES && name.length <= MAX_NAME_LENGTH);
      if (!isRoom) return { operation: 'other', type };
      const added = { operation: name, type };
      known.set(key, added);
      return added;
    },
  };
}
