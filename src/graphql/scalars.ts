import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { isTimestamp } from '../domain/instant.ts';
import { builder } from './builder.ts';

/**
 * A scalar that checks a text, and hands it on as it was written: a URL gets no slash added, a time keeps its form on the
 * way upstream. The value is never quoted in an error, since it may hold a secret.
 */
function textScalar(options: {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL: string;
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
}): GraphQLScalarType<string, string> {
  const { name, description, specifiedByURL, expected, accepts } = options;

  function checked(value: unknown, node?: ValueNode): string {
    if (typeof value === 'string' && accepts(value)) return value;
    throw new GraphQLError(`${name} expects ${expected}.`, node ? { nodes: node } : {});
  }

  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    // What goes out was checked where it was read upstream; to check it again would cost more than all the rest.
    serialize: (value) => (typeof value === 'string' ? value : checked(value)),
    parseValue: (value) => checked(value),
    parseLiteral: (node) => checked(node.kind === Kind.STRING ? node.value : undefined, node),
  });
}

/** A time goes upstream as it is written, in a URL; RFC 3339 has no end to the digits of a second's fraction. */
const MAX_TIME_LENGTH = 64;

builder.addScalarType(
  'DateTime',
  textScalar({
    name: 'DateTime',
    description: 'A point in time as RFC 3339 writes it, e.g. `2026-01-31T12:00:00Z`.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
    expected: 'a time such as 2026-01-31T12:00:00Z (RFC 3339)',
    accepts: (text) => text.length <= MAX_TIME_LENGTH && isTimestamp(text),
  }),
);

builder.addScalarType(
  'URL',
  textScalar({
    name: 'URL',
    description: 'An absolute URL. It is passed on exactly as it is written.',
    specifiedByURL: 'https://url.spec.whatwg.org/',
    expected: 'an absolute URL such as https://example.com/hooks',
    // URL takes blanks around it, and tabs within, for nothing; but it is passed on as it is written.
    accepts: (text) => !/[\s\p{Cc}]/u.test(text) && URL.canParse(text),
  }),
);

builder.addScalarType(
  'JSONObject',
  new GraphQLScalarType({
    ...GraphQLJSONObject.toConfig(),
    description: 'Any JSON object.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-4',
  }),
);
