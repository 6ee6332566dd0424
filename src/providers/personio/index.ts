import { hash } from 'node:crypto';
import { UpstreamError } from '../../domain/errors.ts';
import { createAccessTokenSource } from '../../http/access-token.ts';
import { type Authorization, staticAuthorization } from '../../http/authorization.ts';
import { createCallerAuthorization } from '../../http/caller-authorization.ts';
import { createHttpClient } from '../../http/http-client.ts';
import { type ContractReader, createContractReader } from '../contract-reader.ts';
import { defineProvider, type ProviderSurroundings } from '../provider-definition.ts';
import { personioChecks } from './checks.ts';
import { createPersonioClient, type PersonioClient } from './client.ts';
import { toAccessToken } from './mapping.ts';
import { createPersonioProvider } from './personio-provider.ts';
import { readPersonioProblem } from './problems.ts';
import { type PersonioCredentials, personioCredentials, personioVariables } from './variables.ts';

const NAME = 'PERSONIO';

/** Personio: OAuth2 client credentials, cursor-paged lists, a delivery log, test events and redelivery. */
export const personio = defineProvider({
  name: NAME,
  variables: personioVariables,
  credentialNames: 'PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET',
  setUp: (values) => {
    const credentials = personioCredentials(values);
    const headers = {
      ...(values.appId !== undefined && { 'x-personio-app-id': values.appId }),
      ...(values.partnerId !== undefined && { 'x-personio-partner-id': values.partnerId }),
    };
    const connect = ({ http: httpOptions, reportDrift }: Pick<ProviderSurroundings, 'http' | 'reportDrift'>) => {
      const http = createHttpClient({
        ...httpOptions,
        provider: NAME,
        baseUrl: values.baseUrl,
        // Identification headers, which go with every call.
        headers,
        readProblem: readPersonioProblem,
      });
      const client = createPersonioClient(http);
      const contract = createContractReader({ provider: NAME, report: reportDrift });
      return { client, contract, close: http.close };
    };
    return {
      hasOwnCredentials: credentials !== null,
      ownSecret: credentials && JSON.stringify(credentials),
      baseUrl: values.baseUrl,
      create: ({ forwarding, shareToken, ...surroundings }) => {
        const { client, contract, close } = connect(surroundings);
        const own = ownAuthorization(credentials, { client, contract, baseUrl: values.baseUrl, shareToken });
        const authorization = createCallerAuthorization({ provider: NAME, own, forwarding });
        return createPersonioProvider({
          client,
          contract,
          hasCredentials: authorization.isAvailable,
          callFor: (scope) => ({ authorization: authorization.of(scope), scope }),
          close,
        });
      },
      check: (surroundings) => {
        const { client, contract, close } = connect(surroundings);
        return { checks: credentials ? personioChecks({ client, contract, credentials }) : [], close };
      },
    };
  },
});

function ownAuthorization(
  credentials: PersonioCredentials,
  {
    client,
    contract,
    baseUrl,
    shareToken,
  }: Pick<ProviderSurroundings, 'shareToken'> & {
    readonly client: PersonioClient;
    readonly contract: ContractReader;
    readonly baseUrl: string;
  },
): Authorization | undefined {
  if (credentials === null) return undefined;
  if (credentials.type === 'access-token') return staticAuthorization(`Bearer ${credentials.accessToken}`);
  const { clientId, clientSecret } = credentials;
  const credentialsId = hash('sha256', JSON.stringify([NAME, clientId, clientSecret]), 'hex');
  const source = createAccessTokenSource({
    credentialsId,
    shared: shareToken({ name: JSON.stringify([baseUrl, credentialsId]), secret: clientSecret }),
    fetchToken: async (scope) => {
      const request = { client_id: clientId, client_secret: clientSecret };
      const answer = await client.obtainAccessToken(request, scope).catch(failAsToken);
      return contract.one('obtainAccessToken', answer, toAccessToken);
    },
  });
  return {
    ...source,
    headerValue: (scope) => {
      // Before anything else: a failure that is remembered, and quotes them, reaches those who never fetched a token.
      scope.keepSecret(clientId);
      scope.keepSecret(clientSecret);
      return source.headerValue(scope);
    },
  };
}

/** The same error with the token endpoint's own as its cause, so that it cannot be taken for that of the call. */
function failAsToken(error: unknown): never {
  if (!(error instanceof UpstreamError)) throw error;
  const { code, message, upstream } = error;
  throw new UpstreamError(code, message, { provider: NAME, upstream, cause: error });
}
