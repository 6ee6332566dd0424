import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WebhookEvent } from '../../../src/domain/event.ts';
import { planRedelivery } from '../../../src/domain/redelivery-plan.ts';
import { windowOf } from './sample-log.ts';

const WINDOW = windowOf('10:00:00Z', '11:00:00Z');

function event(occurredAt: string | null, eventName: string | null = 'person.updated'): WebhookEvent {
  return { eventName, occurredAt, companyId: null, payload: null, meta: null };
}

function plan(
  times: readonly (string | null)[],
  rest: Partial<Parameters<typeof planRedelivery>[0]> = {},
): ReturnType<typeof planRedelivery> {
  const events = times.map((time) => event(time === null ? null : `2026-11-20T${time}`));
  return planRedelivery({ window: WINDOW, events, isComplete: true, isCut: false, maxEventsPerRedelivery: 2, ...rest });
}

describe('a redelivery plan', () => {
  test('without events has no batches', () => {
    expect(plan([])).toEqual({ eventCount: 0, byEventName: [], batches: [], isComplete: true });
  });

  test('that fits one call is the window as asked', () => {
    expect(plan(['10:10:00Z', '10:20:00Z'])).toEqual({
      eventCount: 2,
      byEventName: [{ eventName: 'person.updated', count: 2 }],
      batches: [{ from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', eventCount: 2 }],
      isComplete: true,
    });
  });

  test('has batches that meet without a gap and without a shared instant, oldest first', () => {
    expect(plan(['10:40:00Z', '10:30:00Z', '10:20:00Z', '10:10:00Z', '10:00:00Z']).batches).toEqual([
      { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:19:59.999Z', eventCount: 2 },
      { from: '2026-11-20T10:20:00.000Z', to: '2026-11-20T10:39:59.999Z', eventCount: 2 },
      { from: '2026-11-20T10:40:00.000Z', to: '2026-11-20T11:00:00Z', eventCount: 1 },
    ]);
  });

  test('compares times, not texts', () => {
    expect(plan(['10:30:00Z', '12:10:00+02:00', '10:20:00.5Z']).batches.map(({ from }) => from)).toEqual([
      '2026-11-20T10:00:00Z',
      '2026-11-20T10:30:00.000Z',
    ]);
  });

  test('parts neighbouring milliseconds', () => {
    expect(plan(['10:10:00.001Z', '10:10:00Z'], { maxEventsPerRedelivery: 1 }).batches).toEqual([
      { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:10:00.000Z', eventCount: 1 },
      { from: '2026-11-20T10:10:00.001Z', to: '2026-11-20T11:00:00Z', eventCount: 1 },
    ]);
  });

  test('writes ends as finely as the provider, so that nothing lies between two batches', () => {
    expect(plan(['10:10:00.001Z', '10:10:00.000456Z'], { maxEventsPerRedelivery: 1 }).batches).toEqual([
      { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:10:00.000999Z', eventCount: 1 },
      { from: '2026-11-20T10:10:00.001Z', to: '2026-11-20T11:00:00Z', eventCount: 1 },
    ]);
  });

  test('never parts one millisecond, and is not complete where that makes a batch too large', () => {
    const { batches, isComplete } = plan(['10:10:00Z', '10:20:00.0001Z', '10:20:00.0002Z', '10:20:00.0003Z']);
    expect(batches.map(({ eventCount }) => eventCount)).toEqual([1, 3]);
    expect(isComplete).toBe(false);
  });

  test('counts an event without a time, but places it nowhere', () => {
    expect(plan([null, '10:10:00Z'])).toEqual({
      eventCount: 2,
      byEventName: [{ eventName: 'person.updated', count: 2 }],
      batches: [{ from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', eventCount: 1 }],
      isComplete: false,
    });
    expect(plan([null]).batches).toEqual([]);
    expect(plan(['noon'])).toMatchObject({ eventCount: 1, isComplete: false });
  });

  test('counts an event without a name, but not by name', () => {
    const events = [event('2026-11-20T10:10:00Z', null), event('2026-11-20T10:20:00Z', 'a')];
    expect(plan([], { events })).toMatchObject({
      eventCount: 2,
      byEventName: [{ eventName: 'a', count: 1 }],
      isComplete: false,
    });
  });

  test('lists the most frequent names first, then by name', () => {
    const events = ['b', 'c', 'a', 'c'].map((name) => event('2026-11-20T10:10:00Z', name));
    expect(plan([], { events, maxEventsPerRedelivery: null })).toMatchObject({
      byEventName: [
        { eventName: 'c', count: 2 },
        { eventName: 'a', count: 1 },
        { eventName: 'b', count: 1 },
      ],
      isComplete: true,
    });
  });

  test('leaves out what lies outside the window', () => {
    expect(plan(['09:59:59.999Z', '10:00:00Z', '11:00:00Z', '11:00:00.001Z']).eventCount).toBe(2);
  });

  test('made from a part of the events reaches no further than these', () => {
    expect(plan(['10:10:00Z', '10:20:00Z', '10:30:00Z'], { isComplete: false })).toMatchObject({
      batches: [
        { from: '2026-11-20T10:10:00.000Z', to: '2026-11-20T10:29:59.999Z', eventCount: 2 },
        { from: '2026-11-20T10:30:00.000Z', to: '2026-11-20T10:30:00.000Z', eventCount: 1 },
      ],
      isComplete: false,
    });
  });

  test('that a budget cut within a moment fills no batch with that moment, of which more may have occurred', () => {
    const newestFirst = ['10:50:00Z', '10:40:00Z', '10:30:00Z'];
    expect(plan(newestFirst, { isComplete: false, isCut: true }).batches).toEqual([
      { from: '2026-11-20T10:30:00.000Z', to: '2026-11-20T10:39:59.999Z', eventCount: 1 },
      { from: '2026-11-20T10:40:00.000Z', to: '2026-11-20T10:50:00.000Z', eventCount: 2 },
    ]);
    const oldestFirst = newestFirst.toReversed();
    expect(plan(oldestFirst, { isComplete: false, isCut: true }).batches).toEqual([
      { from: '2026-11-20T10:30:00.000Z', to: '2026-11-20T10:49:59.999Z', eventCount: 2 },
      { from: '2026-11-20T10:50:00.000Z', to: '2026-11-20T10:50:00.000Z', eventCount: 1 },
    ]);
  });

  test('is one batch where the provider takes any number', () => {
    expect(plan(['10:10:00Z', '10:20:00Z', '10:30:00Z'], { maxEventsPerRedelivery: null }).batches).toHaveLength(1);
  });

  test('sends each event once and never more than 100 of them in one call, save those of one millisecond', () => {
    const at = (offset: number) => new Date(Date.parse('2026-11-20T10:00:00.000Z') + offset).toISOString();
    const offsets = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 600 });
    fc.assert(
      fc.property(offsets, fc.constantFrom('Z', '456Z'), fc.boolean(), (offsets, suffix, isComplete) => {
        const times = offsets.map((offset) => at(offset).replace('Z', suffix));
        const { batches, eventCount } = planRedelivery({
          window: WINDOW,
          events: times.map((time) => event(time)),
          isComplete,
          isCut: false,
          maxEventsPerRedelivery: 100,
        });
        // Texts of the same form, so that they compare like times, more finely than Date.parse does.
        const form = (text: string) => text.replace(/(\.\d+)?Z$/, (_, digits = '.') => `${digits.padEnd(10, '0')}Z`);
        const inside = ({ from, to }: { from: string; to: string }) =>
          times.filter((time) => form(from) <= form(time) && form(time) <= form(to));
        expect(batches.map((batch) => inside(batch).length)).toEqual(batches.map((batch) => batch.eventCount));
        expect(batches.reduce((sum, batch) => sum + batch.eventCount, 0)).toBe(eventCount);
        expect(eventCount).toBe(times.length);
        for (const batch of batches) {
          expect(batch.eventCount <= 100 || new Set(inside(batch)).size === 1).toBe(true);
        }
        batches.forEach(({ from, to }, index) => {
          expect(form(from) <= form(to)).toBe(true);
          const previous = batches[index - 1];
          if (previous !== undefined) expect(form(previous.to) < form(from)).toBe(true);
        });
      }),
    );
  });
});
