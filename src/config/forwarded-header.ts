import type { ProviderName } from '../domain/provider-name.ts';

/** The header by which a caller may bring a provider's credentials of its own: `x-personio-authorization`. */
export function forwardedHeader(provider: ProviderName): string {
  return `x-${provider.toLowerCase()}-authorization`;
}
