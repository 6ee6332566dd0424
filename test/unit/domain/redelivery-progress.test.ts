import { expect, test } from 'vitest';
import { redeliveryProgressOf } from '../../../src/domain/redelivery-progress.ts';
import { entry, failure } from './sample-log.ts';

test('the progress of a redelivery counts the entries that bear its id, and no others', () => {
  const activities = [
    entry('12:00:00Z', { redeliveryId: 'r1' }),
    failure('11:00:00Z', { redeliveryId: 'r1' }),
    entry('10:30:00Z', { redeliveryId: 'r1' }),
    entry('10:00:00Z', { redeliveryId: 'r2' }),
    entry('09:00:00Z'),
  ];
  expect(redeliveryProgressOf({ redeliveryId: 'r1', activities, isComplete: true })).toEqual({
    redeliveryId: 'r1',
    delivered: 2,
    failed: 1,
    isCountComplete: true,
  });
});

test('the progress of a redelivery that the log does not know is nothing so far', () => {
  expect(redeliveryProgressOf({ redeliveryId: 'r1', activities: [], isComplete: false })).toEqual({
    redeliveryId: 'r1',
    delivered: 0,
    failed: 0,
    isCountComplete: false,
  });
});
