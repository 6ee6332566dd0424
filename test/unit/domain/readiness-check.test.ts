import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryOutcome, type TestDelivery } from '../../../src/domain/delivery.ts';
import {
  checkOfDelivery,
  eventsToCheck,
  failedCheck,
  isReady,
  samplePayloadOf,
  skippedCheck,
} from '../../../src/domain/readiness-check.ts';
import { refusal } from './sample-log.ts';

function delivery(isDelivered: boolean | null, statusCode: number | null): TestDelivery {
  const outcome = deliveryOutcome({ isDelivered, statusCode });
  return { eventName: 'x', isDelivered, statusCode, outcome, attempts: 1, completedAt: null, responseBody: null };
}

describe('the events of a check', () => {
  const enabled = [
    'person.created',
    'person.deleted',
    'employment.terminated',
    'person.deleted.late',
    'person.created',
  ];

  test('are by default the enabled ones that do not say that something ended', () => {
    expect(eventsToCheck(enabled, undefined)).toEqual(['person.created', 'person.deleted.late']);
  });

  test('are exactly the named ones, in their order', () => {
    expect(eventsToCheck(enabled, ['person.deleted', 'person.created'])).toEqual(['person.deleted', 'person.created']);
    expect(eventsToCheck(enabled, [])).toEqual([]);
  });

  test('are any named ones, and none by default, where the provider does not say what is enabled', () => {
    expect(eventsToCheck(null, ['person.deleted'])).toEqual(['person.deleted']);
    expect(eventsToCheck(null, undefined)).toEqual([]);
  });

  test.each([
    [['person.created', 'person.updated'], 1],
    [['person.created', 'person.deleted', 'person.created'], 2],
    [['', 'person.created'], 0],
    [['person.created', ' '], 1],
  ])('are refused for %j', (eventNames, index) => {
    expect(refusal(() => eventsToCheck(enabled, eventNames))).toEqual({
      code: 'BAD_USER_INPUT',
      paths: [['eventNames', index]],
    });
  });
});

describe('a sample payload', () => {
  test('nests every field, with an id that no record has', () => {
    expect(samplePayloadOf(['document.id', 'document.owner.id', 'person.id', 'reason'])).toEqual({
      document: { id: 'hookgraph-check-document-id', owner: { id: 'hookgraph-check-document-owner-id' } },
      person: { id: 'hookgraph-check-person-id' },
      reason: 'hookgraph-check-reason',
    });
  });

  test('is empty where there are no fields', () => {
    expect(samplePayloadOf([])).toEqual({});
  });

  test('prefers the deeper of two fields that cannot both be', () => {
    expect(samplePayloadOf(['person', 'person.id'])).toEqual({ person: { id: 'hookgraph-check-person-id' } });
  });

  test('has every field', () => {
    const name = fc.constantFrom('id', 'owner', 'person', '__proto__');
    fc.assert(
      fc.property(fc.uniqueArray(fc.array(name, { minLength: 3, maxLength: 3 }), { maxLength: 9 }), (paths) => {
        const payload = samplePayloadOf(paths.map((path) => path.join('.')));
        for (const path of paths) {
          const value = path.reduce<unknown>(
            (at, key) => (at instanceof Object ? Object.getOwnPropertyDescriptor(at, key)?.value : undefined),
            payload,
          );
          expect(value).toBe(`hookgraph-check-${path.join('-')}`);
        }
      }),
    );
  });
});

describe('a row of a check', () => {
  test('PASSED where it was delivered', () => {
    const made = delivery(true, 204);
    expect(checkOfDelivery('ping', made)).toEqual({
      eventName: 'ping',
      status: 'PASSED',
      delivery: made,
      reason: null,
    });
  });

  test.each([
    [false, 503, 'The receiver answered 503.'],
    [false, 404, 'The receiver answered 404.'],
    [false, 302, 'The receiver answered 302; redirects are not followed.'],
    [false, null, 'The receiver gave no answer.'],
  ])('FAILED where it was not: %s, %s', (isDelivered, statusCode, reason) => {
    expect(checkOfDelivery('ping', delivery(isDelivered, statusCode))).toMatchObject({ status: 'FAILED', reason });
  });

  test('FAILED where the provider does not say', () => {
    const made: TestDelivery = { ...delivery(null, null), outcome: 'UNKNOWN' };
    expect(checkOfDelivery('ping', made)).toMatchObject({
      status: 'FAILED',
      reason: 'The provider does not say how it ended.',
    });
  });
});

describe('a webhook is ready', () => {
  const passed = checkOfDelivery('ping', delivery(true, 200));
  const failed = failedCheck('person.created', 'refused');
  const skipped = skippedCheck('person.created', 'The API of TRULAYER cannot send test events.');

  test('where the ping passed and no event failed', () => {
    expect(isReady({ ping: passed, events: [] })).toBe(true);
    expect(isReady({ ping: passed, events: [passed, skipped] })).toBe(true);
  });

  test('and not otherwise', () => {
    expect(isReady({ ping: passed, events: [passed, failed] })).toBe(false);
    expect(isReady({ ping: failed, events: [passed] })).toBe(false);
    expect(isReady({ ping: skipped, events: [passed] })).toBe(false);
  });
});
