import { UpstreamError } from '../domain/errors.ts';
import type { PageItem } from '../domain/page.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { codeOfFailure } from '../domain/upstream-failure.ts';
import type { DriftKind, ReportDrift } from '../telemetry/drift-reporter.ts';
import type { NoteDrift } from './members.ts';

/** Reads an answer, or a row of one; null where it is not what the contract guarantees. */
type Read<T> = (value: unknown, note: NoteDrift) => T | null;

/** Reads 2xx answers by the mapping's functions, and reports once for each answer what is not as the contract says. */
export interface ContractReader {
  /** Throws `UpstreamError` where the answer is not what the contract guarantees. */
  one<T>(operation: string, answer: unknown, read: Read<T>, sent?: Sent): T;
  /**
   * Reads a page with `open` (throws `UpstreamError`), then each of its rows; one that cannot be read costs its own place
   * only.
   */
  list<Page extends { readonly rows: readonly unknown[] }, T>(
    operation: string,
    answer: unknown,
    open: Read<Page>,
    read: Read<T>,
  ): ReadPage<Page, T>;
  /**
   * The same for one operation. A page whose answer is the very one of before (http/parse-memo.ts) is not read again, where
   * there was nothing to note of it.
   */
  pages<Page extends { readonly rows: readonly unknown[] }, T>(
    operation: string,
    open: Read<Page>,
    read: Read<T>,
  ): (answer: unknown) => ReadPage<Page, T>;
}

/** A page with what its rows say. */
type ReadPage<Page, T> = Page & { readonly items: readonly PageItem<T>[] };

/** What was asked. */
interface Sent {
  /** It may have changed something. */
  readonly isWrite?: boolean;
  readonly status?: number;
}

/** Makes the reader of one provider's answers. */
export function createContractReader({
  provider,
  report,
}: {
  readonly provider: ProviderName;
  readonly report: ReportDrift;
}): ContractReader {
  // Identical reads share one answer, which is then read for each of them.
  const reported = new WeakSet<object>();

  function tell(operation: string, answer: unknown, notes: Notes): void {
    if (notes.rows === 0) return;
    if (typeof answer === 'object' && answer !== null) {
      if (reported.has(answer)) return;
      reported.add(answer);
    }
    report({ provider, operation, members: notes.members, rows: notes.rows });
  }

  function readList<Page extends { readonly rows: readonly unknown[] }, T>(
    operation: string,
    answer: unknown,
    open: Read<Page>,
    read: Read<T>,
  ): { readonly page: ReadPage<Page, T>; readonly isAsAgreed: boolean } {
    const notes = createNotes();
    const page = notes.read(answer, open);
    const items = page?.rows.map((row, index) => {
      const value = notes.read(row, read);
      return value ?? invalidAnswer(provider, `${operation}: entry ${index + 1} is not what the contract says.`);
    });
    tell(operation, answer, notes);
    if (!page || !items) throw invalidAnswer(provider, `${operation}: not the page of the contract.`);
    return { page: { ...page, items }, isAsAgreed: notes.rows === 0 };
  }

  return {
    one(operation, answer, read, sent) {
      const notes = createNotes();
      const value = notes.read(answer, read);
      tell(operation, answer, notes);
      if (value === null)
        throw invalidAnswer(provider, `${operation}: the answer is not what the contract says.`, sent);
      return value;
    },
    list: (operation, answer, open, read) => readList(operation, answer, open, read).page,
    pages: (operation, open, read) => rememberingPages((answer) => readList(operation, answer, open, read)),
  };
}

function rememberingPages<Page>(
  read: (answer: unknown) => { readonly page: Page; readonly isAsAgreed: boolean },
): (answer: unknown) => Page {
  const known = new WeakMap<object, Page>();
  return (answer) => {
    const isObject = typeof answer === 'object' && answer !== null;
    const before = isObject ? known.get(answer) : undefined;
    if (before !== undefined) return before;
    const { page, isAsAgreed } = read(answer);
    if (isObject && isAsAgreed) known.set(answer, page);
    return page;
  };
}

/** A 2xx answer that is not what the contract guarantees. */
export function invalidAnswer(
  provider: ProviderName,
  what: string,
  { isWrite = false, status = 200 }: Sent = {},
): UpstreamError {
  return new UpstreamError(codeOfFailure({ type: 'invalid-answer' }), what, {
    provider,
    upstream: {
      status,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: isWrite,
      problems: [],
    },
  });
}

/** What was noted of one answer. */
interface Notes {
  readonly members: ReadonlyMap<string, DriftKind>;
  /** How many of the values read had something to note. */
  readonly rows: number;
  read<T>(value: unknown, read: Read<T>): T | null;
}

const MAX_MEMBERS = 20;
/** What a member can be called in a log. */
const NAME = /^[\w$.-]{1,64}$/;
const WHOLE = '(whole)';

function createNotes(): Notes {
  const members = new Map<string, DriftKind>();
  let rows = 0;
  let hasNoted = false;

  const note: NoteDrift = (member, kind) => {
    hasNoted = true;
    const isFit = member === WHOLE || (NAME.test(member) && members.size < MAX_MEMBERS);
    const name = isFit ? member : '(other)';
    // What costs a value says more than what is merely new.
    if (kind !== 'unknown' || !members.has(name)) members.set(name, kind);
  };

  return {
    members,
    get rows() {
      return rows;
    },
    read(value, read) {
      hasNoted = false;
      const result = read(value, note);
      if (result === null && !hasNoted) note(WHOLE, 'unfit');
      if (hasNoted) rows += 1;
      return result;
    },
  };
}
