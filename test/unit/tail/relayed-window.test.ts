import { describe, expect, test } from 'vitest';
import type { WebhookActivity } from '../../../src/domain/activity.ts';
import { createRelayedWindows, findingOf } from '../../../src/webhooks/tail/relayed-window.ts';
import { tailEntriesOf } from '../../../src/webhooks/tail/tail-entry.ts';

const activity: WebhookActivity = {
  completedAt: '2026-11-21T12:00:00.000Z',
  eventName: 'ping',
  isDelivered: true,
  attempts: 1,
  statusCode: 200,
  outcome: 'DELIVERED',
  redeliveryId: null,
};

/** Read elsewhere: 100 ms ago by the other's clock, 2 s after the read before. */
const read = { entries: tailEntriesOf([activity]), startedAt: 777_000, previousStartedAt: 775_000, wholeFromMs: null };
const finding = findingOf(read, 777_100);

describe('a window that another instance has read', () => {
  test('brings its entries', () => {
    const window = createRelayedWindows().windowOf({ number: 1, finding }, 0);
    expect(window?.entries).toEqual(tailEntriesOf([activity]));
  });

  test('began after this instance has last asked and it had not begun', () => {
    const windows = createRelayedWindows();
    windows.note({ askedAt: 10, begun: 4 });
    windows.note({ askedAt: 20, begun: 4 });
    windows.note({ askedAt: 30, begun: 5 });
    windows.note({ askedAt: 40, begun: 5 });
    expect(windows.windowOf({ number: 5, finding }, 40)?.startedAt).toBe(20);
  });

  test('of a turn that had begun whenever this instance asked began nobody knows when', () => {
    const windows = createRelayedWindows();
    windows.note({ askedAt: 10, begun: 5 });
    expect(windows.windowOf({ number: 5, finding }, 40)?.startedAt).toBe(Number.NEGATIVE_INFINITY);
  });

  test('still counts from there when the next turn has begun meanwhile', () => {
    const windows = createRelayedWindows();
    windows.note({ askedAt: 10, begun: 4 });
    windows.note({ askedAt: 20, begun: 5 });
    windows.note({ askedAt: 30, begun: 6 });
    expect(windows.windowOf({ number: 5, finding }, 30)?.startedAt).toBe(10);
  });

  test('counts anew where numbers have fallen: those of another Redis', () => {
    const windows = createRelayedWindows();
    windows.note({ askedAt: 10, begun: 1_000 });
    windows.note({ askedAt: 20, begun: 3 });
    expect(windows.windowOf({ number: 3, finding }, 20)?.startedAt).toBe(Number.NEGATIVE_INFINITY);
    windows.note({ askedAt: 30, begun: 3 });
    windows.note({ askedAt: 40, begun: 4 });
    expect(windows.windowOf({ number: 4, finding }, 40)?.startedAt).toBe(30);
  });

  test('follows a read that is as long ago here as it was there, with ten seconds of tolerance', () => {
    const window = createRelayedWindows().windowOf({ number: 1, finding }, 50_000);
    expect(window?.previousStartedAt).toBe(50_000 - 100 - 2_000 - 10_000);
  });

  test('says from when on it is whole, where the one who has read did', () => {
    const short = findingOf({ ...read, wholeFromMs: 1_763_726_400_000 }, 777_100);
    expect(createRelayedWindows().windowOf({ number: 1, finding: short }, 0)?.wholeFromMs).toBe(1_763_726_400_000);
    expect(createRelayedWindows().windowOf({ number: 1, finding }, 0)?.wholeFromMs).toBeNull();
  });

  test('can be read as an older version has written it', () => {
    const { wholeFromMs, ...older } = JSON.parse(finding);
    expect(wholeFromMs).toBeNull();
    const window = createRelayedWindows().windowOf({ number: 1, finding: JSON.stringify(older) }, 0);
    expect(window).toMatchObject({ entries: [{ activity }], wholeFromMs: null });
  });

  test.each([
    null,
    '',
    'packed by a later version',
    '{}',
    'null',
    '[]',
    '{"activities":[{}],"sincePreviousMs":1,"ageMs":1}',
    '{"activities":[],"sincePreviousMs":-1,"ageMs":1}',
    '{"activities":[],"sincePreviousMs":1,"ageMs":"1"}',
  ])('cannot be read from %j', (text) => {
    expect(createRelayedWindows().windowOf({ number: 1, finding: text }, 0)).toBeNull();
  });
});
