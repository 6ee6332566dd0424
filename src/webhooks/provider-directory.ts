import type { CallScope } from '../domain/call-scope.ts';
import { ProviderNotConfiguredError, UnsupportedByProviderError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { WebhookProvider } from '../domain/webhook-provider.ts';

/** The optional methods of a provider. */
type Ability = {
  [Key in keyof WebhookProvider]-?: undefined extends WebhookProvider[Key] ? Key : never;
}[keyof WebhookProvider];

/** A provider that surely has one of the optional methods. */
type Able<Key extends Ability> = WebhookProvider & { readonly [K in Key]-?: NonNullable<WebhookProvider[K]> };

/** Finds providers by name. */
export interface ProviderDirectory {
  /** Every provider, in the order of `PROVIDER_NAMES`. */
  readonly all: readonly WebhookProvider[];
  /** The provider, whether there are credentials or not. */
  get(name: ProviderName): WebhookProvider;
  /** Throws `ProviderNotConfiguredError` where there are no credentials to call it with. */
  configured(name: ProviderName, scope: CallScope): WebhookProvider;
  /** Throws `UnsupportedByProviderError` where its API has no such operation; `what` completes «cannot …». */
  able<Key extends Ability>(name: ProviderName, ability: Key, what: string, scope: CallScope): Able<Key>;
}

/** Makes the directory; the providers must be complete. */
export function createProviderDirectory(all: readonly WebhookProvider[]): ProviderDirectory {
  const byName = new Map(all.map((provider) => [provider.name, provider]));

  function get(name: ProviderName): WebhookProvider {
    const provider = byName.get(name);
    if (!provider) throw new RangeError(`No provider is called ${name}.`);
    return provider;
  }

  function configured(name: ProviderName, scope: CallScope): WebhookProvider {
    const provider = get(name);
    if (!provider.hasCredentials(scope)) throw new ProviderNotConfiguredError(name);
    return provider;
  }

  return {
    all,
    get,
    configured,
    able: (name, ability, what, scope) => {
      const provider = get(name);
      if (!can(provider, ability)) throw new UnsupportedByProviderError(name, what);
      configured(name, scope);
      return provider;
    },
  };
}

function can<Key extends Ability>(provider: WebhookProvider, ability: Key): provider is Able<Key> {
  return provider[ability] !== undefined;
}
