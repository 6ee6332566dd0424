import { GraphQLError } from 'graphql';
import { forwardedHeader } from '../config/forwarded-header.ts';
import { PROVIDER_NAMES, type ProviderName } from '../domain/provider-name.ts';

/** The headers that may carry a caller's own credentials. */
export const FORWARDED_HEADERS: readonly string[] = PROVIDER_NAMES.map(forwardedHeader);

const MAX_BYTES = 8_192;
/** One line of visible characters and blanks (RFC 9110 §5.5). */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * The credentials that a caller brings along, as the whole Authorization value that a provider is to get:
 * `x-personio-authorization: Bearer …`. Throws a GraphQLError of HTTP 400 where one cannot be a header; it is not quoted.
 */
export function forwardedAuthorization(headers: Pick<Headers, 'get'>): Readonly<Partial<Record<ProviderName, string>>> {
  const brought = PROVIDER_NAMES.flatMap((provider) => {
    const header = forwardedHeader(provider);
    const value = headers.get(header);
    if (value === null) return [];
    if (value.length > MAX_BYTES || !HEADER_VALUE.test(value)) {
      throw new GraphQLError(`${header} is not one line of up to ${MAX_BYTES} visible characters.`, {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
      });
    }
    return [[provider, value] as const];
  });
  return Object.fromEntries(brought);
}
