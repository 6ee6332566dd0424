/** The providers, in the order in which every list shows them. A new provider is one more name here. */
export const PROVIDER_NAMES = ['PERSONIO', 'TRULAYER'] as const;

/** Which provider a webhook is registered at. */
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Whether a text is the name of a provider, exactly as spelled in `PROVIDER_NAMES`. */
export function isProviderName(text: string): text is ProviderName {
  return PROVIDER_NAMES.some((name) => name === text);
}
