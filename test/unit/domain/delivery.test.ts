import { describe, expect, test } from 'vitest';
import { deliveryOutcome } from '../../../src/domain/delivery.ts';

describe('the outcome of a delivery', () => {
  test.each([
    [true, 200, 'DELIVERED'],
    [true, 500, 'DELIVERED'],
    [true, null, 'DELIVERED'],
    [true, undefined, 'DELIVERED'],
    [false, 300, 'REDIRECTED'],
    [false, 399, 'REDIRECTED'],
    [false, 400, 'CLIENT_ERROR'],
    [false, 499, 'CLIENT_ERROR'],
    [false, 500, 'SERVER_ERROR'],
    [false, 599, 'SERVER_ERROR'],
    [false, 200, 'UNKNOWN'],
    [false, 100, 'UNKNOWN'],
    [false, 600, 'UNKNOWN'],
    [false, 0, 'UNKNOWN'],
    [false, null, 'NO_RESPONSE'],
    [false, undefined, 'UNKNOWN'],
    [null, 503, 'SERVER_ERROR'],
    [null, null, 'NO_RESPONSE'],
    [undefined, undefined, 'UNKNOWN'],
  ])('delivered %s with status %s is %s', (isDelivered, statusCode, outcome) => {
    expect(deliveryOutcome({ isDelivered, statusCode })).toBe(outcome);
  });
});
