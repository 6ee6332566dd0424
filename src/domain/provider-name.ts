/** What each provider is, in the order in which every list shows them. A new provider is one more line here. */
export const PROVIDER_DESCRIPTIONS = {
  PERSONIO: 'Personio, the HR platform.',
  TRULAYER: 'TruLayer, AI observability.',
} as const;

/** Which provider a webhook is registered at. */
export type ProviderName = keyof typeof PROVIDER_DESCRIPTIONS;

/** The providers, in that order. */
export const PROVIDER_NAMES: readonly ProviderName[] = Object.keys(PROVIDER_DESCRIPTIONS).filter(isProviderName);

/** Whether a text is the name of a provider, exactly as spelled in `PROVIDER_NAMES`. */
export function isProviderName(text: string): text is ProviderName {
  return Object.hasOwn(PROVIDER_DESCRIPTIONS, text);
}
