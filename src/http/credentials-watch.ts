import type { HookgraphError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/provider-name.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createTroubleReporter } from '../telemetry/trouble-reporter.ts';
import type { HttpRequest } from './http-request.ts';

/** Tells the log that an upstream refuses the gateway's own credentials, and that it takes them again. */
export interface CredentialsWatch {
  isRefused(): boolean;
  /** A call failed for good. */
  failed(request: HttpRequest, error: HookgraphError): void;
  /** A call succeeded that began while they were refused; one from before says nothing about now. */
  accepted(request: HttpRequest): void;
}

/** Makes the watch over one upstream. What a caller brought along is the caller's to mend: no line tells of it. */
export function createCredentialsWatch({
  provider,
  logger,
}: {
  readonly provider: ProviderName;
  readonly logger: Logger | undefined;
}): CredentialsWatch {
  const refusalBy = (endpoint: 'token' | 'api') =>
    createTroubleReporter({
      logger,
      begun: { fields: { provider, endpoint }, sentence: "a provider refuses the gateway's credentials" },
      over: { fields: { provider, endpoint }, sentence: "a provider takes the gateway's credentials again" },
    });
  // Apart: a token that is still valid is taken after its endpoint has begun to refuse the client.
  const token = refusalBy('token');
  const api = refusalBy('api');
  const refusalOf = ({ endpoint }: HttpRequest) => (endpoint === 'token' ? token : api);

  return {
    isRefused: () => api.isOn() || token.isOn(),
    failed: (request, { code }) => {
      if (code === 'UPSTREAM_UNAUTHENTICATED' && !request.authorization?.isCallers) refusalOf(request).begins();
    },
    accepted: (request) => {
      if (!request.authorization?.isCallers) refusalOf(request).ends();
    },
  };
}
