import { getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { costOf } from '../../src/graphql/cost.ts';
import { createCostMeter } from '../../src/graphql/cost-meter.ts';
import { schema } from '../../src/graphql/schema.ts';

function meterOf(text: string, name?: string) {
  const document = parse(text);
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error('no operation');
  return {
    meter: createCostMeter({ schema, document, operation }),
    anew: (variables: Readonly<Record<string, unknown>>) => costOf({ schema, document, operation, variables }),
  };
}

const LIST = `query ($first: Int, $after: String, $filter: WebhookFilter, $bucket: WebhookTimelineBucket! = DAY) {
  webhooks(first: $first, after: $after, filter: $filter) {
    nodes { url deliveryStats { timeline(bucket: $bucket) { delivered } } activity(first: 3) { nodes { outcome } } }
  }
}`;

describe('the cost of an operation', () => {
  test.each([
    {},
    { first: 7 },
    { first: null },
    { first: -3 },
    { first: 200, after: 'x', bucket: 'MINUTE' },
    { first: 7, filter: { enabledEvent: 'person.created' }, bucket: 'HOUR' },
  ])('is the same whether it is kept or worked out: %j', (variables) => {
    const { meter, anew } = meterOf(LIST);
    expect(meter(variables)).toEqual(anew(variables));
    expect(meter(variables)).toEqual(anew(variables));
  });

  test('is kept for all pages of one size, whatever their cursors', () => {
    const { meter } = meterOf(LIST);
    const first = meter({ first: 7, after: 'cursor 0' });
    for (let page = 1; page < 100; page += 1) expect(meter({ first: 7, after: `cursor ${page}` })).toBe(first);
    expect(meter({ first: 8 })).not.toBe(first);
  });

  test('goes by how many ids there are, whichever they are', () => {
    const { meter, anew } = meterOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }');
    const two = meter({ ids: ['a', 'b'] });
    expect(two).toEqual(anew({ ids: ['a', 'b'] }));
    expect(meter({ ids: ['c', 'd'] })).toBe(two);
    expect(meter({ ids: ['a'] }).cost).toBeLessThan(two.cost);
    // One that is given in the place of a list is a list of one.
    expect(meter({ ids: 'a' })).toEqual(anew({ ids: ['a'] }));
  });

  test('of a variable that is left out is that of its default, whatever null cost before', () => {
    const { meter, anew } = meterOf('query ($first: Int = 100) { webhooks(first: $first) { nodes { url } } }');
    meter({ first: null });
    expect(meter({})).toEqual(anew({}));
    expect(meter({}).cost).toBeGreaterThan(meter({ first: null }).cost);
  });

  test('of null where no null may stand is refused, though a list of one is known', () => {
    const { meter } = meterOf('query ($ids: [ID!] = ["a"]) { nodes(ids: $ids) { id } }');
    meter({ ids: ['a'] });
    expect(() => meter({ ids: null })).toThrow('ids');
  });

  test('is kept for fifty page sizes, and worked out anew for any other', () => {
    const { meter } = meterOf(LIST);
    for (let first = 1; first <= 50; first += 1) meter({ first });
    expect(meter({ first: 50 })).toBe(meter({ first: 50 }));
    expect(meter({ first: 51 })).not.toBe(meter({ first: 51 }));
  });

  test('keeps nothing that a client could make long', () => {
    // Another operation of the document gives the same variable another meaning.
    const { meter } = meterOf(
      'query A($x: String) { webhooks(first: 1, after: $x) { nodes { url } } } query B($x: Int) { webhooks(first: $x) { nodes { url } } }',
      'A',
    );
    const long = { x: 'x'.repeat(60_000) };
    expect(meter(long)).not.toBe(meter(long));
    expect(meter({ x: 'x' })).toBe(meter({ x: 'x' }));
  });
});
