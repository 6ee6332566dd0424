import { checkReport } from '../../src/commands/check.ts';
import type { Environment } from '../../src/config/variable.ts';

/** A line of the report as a script reads it. */
export interface ReportedRow {
  readonly subject: string;
  readonly what: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly found: string;
  readonly remedy: string | null;
}

/** Runs `hookgraph check --json` in an environment, in this process. */
export async function check(environment: Environment) {
  const { text, exitCode } = await checkReport({ environment, isSandbox: false, isJson: true });
  const { ok, checks: rows }: { readonly ok: boolean; readonly checks: readonly ReportedRow[] } = JSON.parse(text);
  const row = (subject: string, what: string): ReportedRow => {
    const found = rows.find((candidate) => candidate.subject === subject && candidate.what === what);
    if (!found) throw new Error(`no line ${subject} ${what} in ${text}`);
    return found;
  };
  return { ok, exitCode, rows, row, text };
}

/** The table that people read. */
export async function table(environment: Environment): Promise<string> {
  return (await checkReport({ environment, isSandbox: false, isJson: false })).text;
}
