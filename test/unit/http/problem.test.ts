import { describe, expect, it } from 'vitest';
import { presentableBody, readRfc9457Problem } from '../../../src/http/problem.ts';

describe('a problem document', () => {
  it('is one problem, with what RFC 9457 does not name under meta', () => {
    const body = {
      type: 'https://example.com/probs/out-of-credit',
      title: 'You do not have enough credit.',
      detail: 'Your current balance is 30.',
      status: 403,
      instance: '/account/1',
      balance: 30,
    };
    expect(readRfc9457Problem(body)).toEqual({
      problems: [
        {
          title: 'You do not have enough credit.',
          detail: 'Your current balance is 30.',
          type: 'https://example.com/probs/out-of-credit',
          meta: { instance: '/account/1', balance: 30 },
        },
      ],
      traceId: null,
      timestamp: null,
    });
  });

  it.each([null, 7, 'text', [], {}, { title: 7 }, { error: 'no' }, { title: '' }])('is not %j', (body) => {
    expect(readRfc9457Problem(body)).toBeUndefined();
  });
});

describe('an error body', () => {
  it('loses what is nested too deeply, and nothing else', () => {
    expect(presentableBody({ a: 1, b: [1, { c: 2 }], d: {} }, 2)).toEqual({ a: 1, b: [1], d: {} });
  });

  it('may be nested 100,000 deep', () => {
    const deep: unknown = JSON.parse('{"title":"x","deep":'.concat('['.repeat(100_000), ']'.repeat(100_000), '}'));
    expect(JSON.stringify(presentableBody(deep))).toBe('{"title":"x","deep":[[[[[[[[[]]]]]]]]]}');
  });
});
