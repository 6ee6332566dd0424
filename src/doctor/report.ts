import type { DiagnosisStatus } from '../providers/provider-check.ts';
import type { CheckRow } from './check-row.ts';

const WIDTH = 120;

/** The table for people: a line a check, under it what to do. */
export function reportText(rows: readonly CheckRow[]): string {
  const shown = rows.map((row) => ({ ...row, found: printable(row.found) }));
  const width = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const columns = [
    width(shown.map(({ status }) => word(status))),
    width(shown.map(({ subject }) => subject)),
    width(shown.map(({ what }) => what)),
  ];
  const indent = ' '.repeat(2 + columns.reduce((sum, column) => sum + column + 2, 0));
  const lines = shown.flatMap(({ status, subject, what, found, remedy }) => {
    const cells = [word(status), subject, what].map((cell, index) => cell.padEnd(columns[index] ?? 0));
    const [first = '', ...rest] = wrap(found, WIDTH - indent.length);
    const todo = remedy === undefined ? [] : wrap(printable(remedy), WIDTH - indent.length - 2);
    return [
      `  ${cells.join('  ')}  ${first}`,
      ...rest.map((line) => `${indent}${line}`),
      ...todo.map((line, index) => `${indent}${index === 0 ? '→ ' : '  '}${line}`),
    ];
  });
  return `\n${lines.join('\n')}\n\n  ${summary(rows)}\n\n`;
}

/** The same for scripts: one JSON object. */
export function reportJson(rows: readonly CheckRow[]): string {
  const checks = rows.map(({ subject, what, status, found, remedy = null }) => ({
    subject,
    what,
    status,
    found,
    remedy,
  }));
  return `${JSON.stringify({ ok: !hasFailures(rows), checks }, null, 2)}\n`;
}

/** Whether anything stands in the way of a gateway that works; warnings do not. */
export function hasFailures(rows: readonly CheckRow[]): boolean {
  return rows.some(({ status }) => status === 'failed');
}

function word(status: DiagnosisStatus): string {
  return status === 'failed' ? 'FAILED' : status;
}

function summary(rows: readonly CheckRow[]): string {
  const count = (wanted: DiagnosisStatus) => rows.filter(({ status }) => status === wanted).length;
  const counts = [
    [count('ok'), 'ok'],
    [count('warning'), count('warning') === 1 ? 'warning' : 'warnings'],
    [count('failed'), 'failed'],
    [count('skipped'), 'skipped'],
  ] as const;
  const text = counts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ');
  return `${text}.`;
}

/** What an upstream wrote could steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

function wrap(text: string, width: number): readonly string[] {
  return text.split(' ').reduce<string[]>((lines, next) => {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${next}`.length <= width) lines[lines.length - 1] = `${last} ${next}`;
    else lines.push(next);
    return lines;
  }, []);
}
