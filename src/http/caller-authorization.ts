import type { CallScope } from '../domain/call-scope.ts';
import { ProviderNotConfiguredError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import { type Authorization, callersAuthorization } from './authorization.ts';

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

  const fallback = !forwarding.isOn || forwarding.fallsBack ? own : undefined;
  const broughtBy = (scope: CallScope) => (forwarding.isOn ? scope.forwardedAuthorization[provider] : undefined);

  // The calls of an operation come one behind the other: their credentials are hashed once.
  let last: { readonly brought: string; readonly authorization: Authorization } | undefined;

  function authorizationOf(brought: string): Authorization {
    if (last?.brought !== brought) last = { brought, authorization: callersAuthorization(brought) };
    return last.authorization;
  }

  return {
    of: (scope) => {
      const brought = broughtBy(scope);
      const authorization = brought === undefined ? fallback : authorizationOf(brought);
      if (!authorization) throw new ProviderNotConfiguredError(provider);
      return authorization;
    },
    // Asked several times for each call: nothing is hashed for it.
    isAvailable: (scope) => fallback !== undefined || broughtBy(scope) !== undefined,
  };
}
