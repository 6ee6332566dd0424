import { logCursorScope } from '../../src/webhooks/activity-cursor.ts';
import { type CursorScope, encodeCursor } from '../../src/webhooks/cursor.ts';
import { LIST_START } from '../../src/webhooks/page-position.ts';
import type { TailPosition } from '../../src/webhooks/tail/tail-position.ts';

/** A cursor of a webhook's log that holds what we never gave out. A cursor has no secret: anybody can make one. */
export function forgeLogCursor(log: 'activity' | 'events', providerId: string, position: unknown): string {
  return encodeCursor(logCursorScope(log, { provider: 'PERSONIO', providerId }, {}), position);
}

/** The same for the list of all webhooks. */
export function forgeListCursor(position: unknown): string {
  const scope: CursorScope = ['webhooks', undefined, undefined, undefined];
  return encodeCursor(scope, position);
}

/** A cursor of the live tail that claims to have been given out at `ms`. */
export function forgeTailCursor(providerId: string, ms: number, slots: TailPosition['slots'] = []): string {
  const tail: TailPosition = { newest: { ms, ns: 0 }, fromMs: ms - 60_000, slots };
  return forgeLogCursor('activity', providerId, { tail, ...LIST_START });
}
