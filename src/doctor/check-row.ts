import type { Diagnosis } from '../providers/provider-check.ts';
import type { OperationScope } from '../webhooks/operation-scope.ts';

/** One line of the doctor's table. */
export interface CheckRow extends Diagnosis {
  /** `configuration`, `callers`, `PERSONIO` … */
  readonly subject: string;
  /** What of it was looked at. */
  readonly what: string;
}

/** Something to look at; each is independent of the others. */
export interface Check {
  readonly subject: string;
  /** The scope ends it in time and takes note of what must stay secret. */
  run(scope: OperationScope): Promise<readonly CheckRow[]>;
}
