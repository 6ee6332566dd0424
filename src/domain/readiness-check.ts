import type { TestDelivery } from './delivery.ts';
import { BadUserInputError } from './errors.ts';

/** How one row of a readiness check ended. */
export type CheckStatus = 'PASSED' | 'FAILED' | 'SKIPPED';

/** One row of a readiness check: a synthetic delivery and how it ended, or why there is none. */
export type ReadinessCheck =
  | {
      readonly eventName: string;
      readonly status: 'PASSED';
      readonly delivery: TestDelivery;
      readonly reason: null;
    }
  | {
      readonly eventName: string;
      readonly status: 'FAILED';
      /** Null where the provider refused to make it. */
      readonly delivery: TestDelivery | null;
      readonly reason: string;
    }
  | { readonly eventName: string; readonly status: 'SKIPPED'; readonly delivery: null; readonly reason: string };

/**
 * Which events a check delivers beyond the ping: exactly the named ones; where none are named, all enabled ones but those
 * that say something ended. An empty list of names asks for the ping alone. Where the provider does not say what is
 * enabled, any name goes, and none is the default. Throws `BadUserInputError`, with its path from `eventNames` on, for a
 * name that is empty, not enabled or there twice.
 */
export function eventsToCheck(
  enabledEvents: readonly string[] | null,
  eventNames: readonly string[] | undefined,
): readonly string[] {
  if (eventNames === undefined) return [...new Set(enabledEvents)].filter((name) => !saysSomethingEnded(name));
  for (const [index, name] of eventNames.entries()) {
    const mistake = mistakeIn(name, { enabledEvents, before: eventNames.slice(0, index) });
    if (mistake !== null) throw new BadUserInputError(mistake, ['eventNames', index]);
  }
  return eventNames;
}

/**
 * Whether an event says that something ended (`person.deleted`, `employment.terminated`). A receiver that believes a
 * synthetic one may remove data, so these are checked only when named.
 */
function saysSomethingEnded(eventName: string): boolean {
  return /\.(deleted|terminated)$/.test(eventName);
}

/**
 * The payload of a synthetic event: each of the type's `samplePayloadFields` (dot paths, `person.id`) nested, with a
 * value that no real record has (`hookgraph-check-person-id`); `{}` where there are none.
 */
export function samplePayloadOf(fields: readonly string[]): Readonly<Record<string, unknown>> {
  return nested(
    fields.map((field) => field.split('.')),
    [],
  );
}

/** The row of a delivery that was made: PASSED where it was delivered, else FAILED. */
export function checkOfDelivery(eventName: string, delivery: TestDelivery): ReadinessCheck {
  if (delivery.isDelivered === true) return { eventName, status: 'PASSED', delivery, reason: null };
  return { eventName, status: 'FAILED', delivery, reason: reasonOf(delivery) };
}

/** The row of a delivery that the provider refused to make. */
export function failedCheck(eventName: string, reason: string): ReadinessCheck {
  return { eventName, status: 'FAILED', delivery: null, reason };
}

/** The row of an event that was not tried. */
export function skippedCheck(eventName: string, reason: string): ReadinessCheck {
  return { eventName, status: 'SKIPPED', delivery: null, reason };
}

/** Ready: the ping PASSED and no event FAILED; SKIPPED events do not count. */
export function isReady(checks: {
  readonly ping: ReadinessCheck;
  readonly events: readonly ReadinessCheck[];
}): boolean {
  return checks.ping.status === 'PASSED' && checks.events.every(({ status }) => status !== 'FAILED');
}

function mistakeIn(
  name: string,
  known: { readonly enabledEvents: readonly string[] | null; readonly before: readonly string[] },
): string | null {
  if (name.trim() === '') return 'An event name is empty.';
  if (known.before.includes(name)) return 'This event is named twice.';
  if (known.enabledEvents !== null && !known.enabledEvents.includes(name)) return 'This event is not enabled.';
  return null;
}

function nested(paths: readonly (readonly string[])[], above: readonly string[]): Record<string, unknown> {
  const heads = new Set(paths.flatMap(([head]) => head ?? []));
  return Object.fromEntries(
    [...heads].map((head) => {
      const below = paths.filter((path) => path[0] === head && path.length > 1).map((path) => path.slice(1));
      const own = [...above, head];
      return [head, below.length > 0 ? nested(below, own) : `hookgraph-check-${own.join('-')}`];
    }),
  );
}

function reasonOf({ outcome, statusCode }: TestDelivery): string {
  if (outcome === 'NO_RESPONSE') return 'The receiver gave no answer.';
  if (statusCode === null) return 'The provider does not say how it ended.';
  return `The receiver answered ${statusCode}${outcome === 'REDIRECTED' ? '; redirects are not followed' : ''}.`;
}
