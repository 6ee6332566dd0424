import { UpstreamError } from '../domain/errors.ts';
import { LastMade, type Making } from '../domain/last-made.ts';
import type { Page } from '../domain/page.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { codeOfFailure } from '../domain/upstream-failure.ts';
import type { HttpAnswer } from '../http/http-request.ts';
import type { DriftKind, ReportDrift } from '../telemetry/drift-reporter.ts';
import type { NoteDrift } from './members.ts';

/** Reads an answer, or a row of one; null where it is not what the contract guarantees. */
type Read<T> = (value: unknown, note: NoteDrift) => T | null;

/** Reads 2xx answers by the mapping's functions, and reports once for each answer what is not as the contract says. */
export interface ContractReader {
  /** Throws `UpstreamError` where the answer is not what the contract guarantees. */
  one<T>(operation: string, answer: Answer, read: Read<T>, call?: Call): T;
  /** The same of an operation's answers; what comes again unchanged (http/parse-memo.ts) is not read again. */
  ones<T>(operation: string, read: Read<T>): (answer: Answer) => T;
  /**
   * Reads pages with `open` (throws `UpstreamError`), then each of their rows; one that cannot be read costs its own place
   * only. What comes again unchanged is not read again.
   */
  pages<Opened extends OpenedPage, T>(
    operation: string,
    open: Read<Opened>,
    read: Read<T>,
  ): (answer: Answer) => Opened & Page<T>;
}

/** What is read of an upstream's answer. */
type Answer = Pick<HttpAnswer, 'status' | 'body' | 'lastMade'>;

/** A page whose rows are not read yet. */
export type OpenedPage = Pick<Page<unknown>, 'nextCursor' | 'isBrokenOff'> & { readonly rows: readonly unknown[] };

/** What kind of call was answered. */
interface Call {
  /** It may have changed something. */
  readonly isWrite: boolean;
}

const READ: Call = { isWrite: false };

/** Makes the reader of one provider's answers. */
export function createContractReader({
  provider,
  report,
}: {
  readonly provider: ProviderName;
  readonly report: ReportDrift;
}): ContractReader {
  function tell(operation: string, { members, rows }: Notes): void {
    if (rows > 0) report({ provider, operation, members, rows });
  }

  function invalid(what: string, { status }: Answer, { isWrite }: Call): UpstreamError {
    const upstream = {
      status,
      traceId: null,
      timestamp: null,
      retryAfter: null,
      mayHaveSucceeded: isWrite,
      problems: [],
    };
    return new UpstreamError(codeOfFailure({ type: 'invalid-answer' }), what, { provider, upstream });
  }

  function readOne<T>(operation: string, answer: Answer, read: Read<T>, call = READ): T | UpstreamError {
    const notes = new Notes();
    const value = notes.read(answer.body, read);
    tell(operation, notes);
    return value ?? invalid(`${operation}: the answer is not what the contract says.`, answer, call);
  }

  function readPage<Opened extends OpenedPage, T>(
    operation: string,
    answer: Answer,
    open: Read<Opened>,
    read: Read<T>,
  ): (Opened & Page<T>) | UpstreamError {
    const notes = new Notes();
    const page = notes.read(answer.body, open);
    const items = page?.rows.map((row, index) => {
      const value = notes.read(row, read);
      return value ?? invalid(`${operation}: entry ${index + 1} is not what the contract says.`, answer, READ);
    });
    tell(operation, notes);
    if (!page || !items) return invalid(`${operation}: not the page of the contract.`, answer, READ);
    return { items, lastMade: new LastMade(), ...page };
  }

  function ones<T>(operation: string, read: Read<T>): (answer: Answer) => T {
    const kind: Making<T | UpstreamError> = {};
    return (answer) => orThrown(answer.lastMade.recall(kind, [], () => readOne(operation, answer, read)));
  }

  function pages<Opened extends OpenedPage, T>(
    operation: string,
    open: Read<Opened>,
    read: Read<T>,
  ): (answer: Answer) => Opened & Page<T> {
    const kind: Making<(Opened & Page<T>) | UpstreamError> = {};
    return (answer) => orThrown(answer.lastMade.recall(kind, [], () => readPage(operation, answer, open, read)));
  }

  return {
    one: (operation, answer, read, call) => orThrown(readOne(operation, answer, read, call)),
    ones,
    pages,
  };
}

function orThrown<T>(value: T | UpstreamError): T {
  if (value instanceof UpstreamError) throw value;
  return value;
}

const MAX_MEMBERS = 20;
/** What a member can be called in a log. */
const NAME = /^[\w$.-]{1,64}$/;
const WHOLE = '(whole)';
const NOTHING: ReadonlyMap<string, DriftKind> = new Map();

/** What was noted of one answer: mostly nothing. A class, as getters of a literal cost more than to read a webhook. */
class Notes {
  #members: Map<string, DriftKind> | undefined;
  #rows = 0;
  #hasNoted = false;

  /** How many of the values read had something to note. */
  get rows(): number {
    return this.#rows;
  }

  get members(): ReadonlyMap<string, DriftKind> {
    return this.#members ?? NOTHING;
  }

  read<T>(value: unknown, read: Read<T>): T | null {
    this.#hasNoted = false;
    const result = read(value, this.#note);
    if (result === null && !this.#hasNoted) this.#note(WHOLE, 'unfit');
    if (this.#hasNoted) this.#rows += 1;
    return result;
  }

  readonly #note: NoteDrift = (member, kind) => {
    this.#hasNoted = true;
    this.#members ??= new Map();
    const isFit = member === WHOLE || (NAME.test(member) && this.#members.size < MAX_MEMBERS);
    const name = isFit ? member : '(other)';
    // What costs a value says more than what is merely new.
    if (kind !== 'unknown' || !this.#members.has(name)) this.#members.set(name, kind);
  };
}
