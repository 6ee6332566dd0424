import { isUtf8 } from 'node:buffer';
import { BadUserInputError, type InputPath } from '../domain/errors.ts';
import { isProviderName, type ProviderName } from '../domain/provider-name.ts';
import type { WebhookKey } from '../domain/webhook.ts';

const TYPE_PREFIX = 'Webhook:';
const MAX_PROVIDER_ID_LENGTH = 256;
const MAX_GLOBAL_ID_LENGTH = 2_048;
/** A UUID, as both providers give them out, or a providerKey with one. */
const PROVIDERS_OWN_ID = /^(\w{1,32}:)?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The global id of a webhook: its type, provider and providerId, in an opaque form that is safe in a URL. */
export function encodeWebhookId({ provider, providerId }: WebhookKey): string {
  return Buffer.from(`${TYPE_PREFIX}${provider}:${providerId}`).toString('base64url');
}

/** Reads a global id back. Throws `BadUserInputError` where it cannot be decoded, or names no known type or provider. */
export function decodeWebhookId(globalId: string, path: InputPath): WebhookKey {
  const bytes = Buffer.from(globalId.slice(0, MAX_GLOBAL_ID_LENGTH), 'base64url');
  const text = bytes.toString();
  // Decoding passes over what is not base64url; only what encodes to the same text again was given out by us.
  const isWhole = isUtf8(bytes) && bytes.toString('base64url') === globalId;
  if (!isWhole || !text.startsWith(TYPE_PREFIX)) {
    const hint = PROVIDERS_OWN_ID.test(globalId)
      ? "This is a provider's own id, not the global one; `webhookByProviderId` finds the webhook by it."
      : 'This is not the global id of a webhook; take it from the field `id`.';
    throw new BadUserInputError(hint, path);
  }
  // An id may hold colons itself. What ends behind its provider has an empty one.
  const separator = `${text}:`.indexOf(':', TYPE_PREFIX.length);
  const provider = text.slice(TYPE_PREFIX.length, separator);
  if (!isProviderName(provider)) throw new BadUserInputError('The id names a provider that is not known.', path);
  return webhookKey(provider, text.slice(separator + 1), path);
}

/** Reads a provider key (`personio:533e7206-…`). Throws `BadUserInputError` where it is none. */
export function decodeProviderKey(providerKey: string, path: InputPath): WebhookKey {
  const separator = providerKey.indexOf(':');
  const provider = providerKey.slice(0, Math.max(separator, 0));
  const name = provider.toUpperCase();
  if (provider !== provider.toLowerCase() || !isProviderName(name)) {
    throw new BadUserInputError('A providerKey is the provider in lower case, a colon, and its id.', path);
  }
  return webhookKey(name, providerKey.slice(separator + 1), path);
}

/** A key made of a provider and its own id. Throws `BadUserInputError` for an id that no provider could have given out. */
export function webhookKey(provider: ProviderName, providerId: string, path: InputPath): WebhookKey {
  if (providerId === '') throw new BadUserInputError('The id must not be empty.', path);
  // Dot segments would change the upstream path, and the rest cannot be part of one at all.
  const isUsable = providerId.length <= MAX_PROVIDER_ID_LENGTH && /^[^\s\p{C}]+$/u.test(providerId);
  if (!isUsable || providerId === '.' || providerId === '..') {
    throw new BadUserInputError('The id holds what no id of a webhook holds.', path);
  }
  return { provider, providerId };
}
