import { describe, expect, it } from 'vitest';
import { createBulkhead } from '../../../src/http/bulkhead.ts';

const stays = new AbortController().signal;
const refuse = () => new Error('full');

describe('the bulkhead', () => {
  it('lets as many in at once as it has slots', () => {
    const bulkhead = createBulkhead({ slots: 2, maxQueue: 5, refuse });
    expect(bulkhead.acquire(stays)).toBeUndefined();
    expect(bulkhead.acquire(stays)).toBeUndefined();
    expect(bulkhead.acquire(stays)).toBeInstanceOf(Promise);
  });

  it('lets those who wait in in their order', async () => {
    const bulkhead = createBulkhead({ slots: 1, maxQueue: 5, refuse });
    const entered: string[] = [];
    void bulkhead.acquire(stays);
    const first = bulkhead.acquire(stays)?.then(() => entered.push('first'));
    const second = bulkhead.acquire(stays)?.then(() => entered.push('second'));
    bulkhead.release();
    await first;
    expect(entered).toEqual(['first']);
    bulkhead.release();
    await second;
    expect(entered).toEqual(['first', 'second']);
  });

  it('refuses at once whoever finds the queue full', () => {
    const bulkhead = createBulkhead({ slots: 1, maxQueue: 1, refuse });
    void bulkhead.acquire(stays);
    void bulkhead.acquire(stays);
    expect(() => bulkhead.acquire(stays)).toThrow('full');
  });

  it('gives the place of one who leaves to the next', async () => {
    const bulkhead = createBulkhead({ slots: 1, maxQueue: 1, refuse });
    const leaver = new AbortController();
    void bulkhead.acquire(stays);
    const left = bulkhead.acquire(leaver.signal);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const next = bulkhead.acquire(stays);
    bulkhead.release();
    await expect(next).resolves.toBeUndefined();
  });

  it('has all its slots again when all are released', () => {
    const bulkhead = createBulkhead({ slots: 2, maxQueue: 0, refuse });
    for (let round = 0; round < 3; round++) {
      expect([bulkhead.acquire(stays), bulkhead.acquire(stays)]).toEqual([undefined, undefined]);
      bulkhead.release();
      bulkhead.release();
    }
  });
});
