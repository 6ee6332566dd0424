import { personio } from './personio/index.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { trulayer } from './trulayer/index.ts';

/** The one list of providers. A third one is a folder and a line here. */
export const PROVIDERS: readonly ProviderDefinition[] = [personio, trulayer];
