import { PROVIDER_NAMES, type ProviderName } from '../domain/provider-name.ts';
import { personio } from './personio/index.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { trulayer } from './trulayer/index.ts';

/** Each provider by its name. A third one is a folder and a line here. */
const DEFINITIONS: { readonly [Name in ProviderName]: ProviderDefinition<Name> } = {
  PERSONIO: personio,
  TRULAYER: trulayer,
};

/** The one list of providers, in the order of `PROVIDER_NAMES`. */
export const PROVIDERS: readonly ProviderDefinition[] = PROVIDER_NAMES.map((name) => DEFINITIONS[name]);
