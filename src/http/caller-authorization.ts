import { ProviderNotConfiguredError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { CallScope } from '../domain/webhook-provider.ts';
import { type Authorization, staticAuthorization } from './authorization.ts';

/** Decides with which credentials a call goes out. */
export interface CallerAuthorization {
  /** The caller's own where it brought some, else the gateway's. Throws `ProviderNotConfiguredError`. */
  of(scope: CallScope): Authorization;
  isAvailable(scope: CallScope): boolean;
}

/**
 * `own` are the gateway's credentials, if any. With forwarding on, a caller's Authorization value replaces them, and a
 * caller without one gets them only where `fallsBack` says so.
 */
export function createCallerAuthorization(options: {
  readonly provider: ProviderName;
  readonly own: Authorization | undefined;
  readonly forwarding: { readonly isOn: boolean; readonly fallsBack: boolean };
}): CallerAuthorization {
  const { provider, own, forwarding } = options;

  function find(scope: CallScope): Authorization | undefined {
    if (!forwarding.isOn) return own;
    const brought = scope.forwardedAuthorization[provider];
    if (brought !== undefined) return staticAuthorization(brought);
    return forwarding.fallsBack ? own : undefined;
  }

  return {
    of: (scope) => {
      const authorization = find(scope);
      if (!authorization) throw new ProviderNotConfiguredError(provider);
      return authorization;
    },
    isAvailable: (scope) => find(scope) !== undefined,
  };
}
