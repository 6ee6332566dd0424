import { staticAuthorization } from '../../http/authorization.ts';
import { createCallerAuthorization } from '../../http/caller-authorization.ts';
import { createHttpClient } from '../../http/http-client.ts';
import { createContractReader } from '../contract-reader.ts';
import { defineProvider, type ProviderSurroundings } from '../provider-definition.ts';
import { trulayerChecks } from './checks.ts';
import { createTruLayerClient } from './client.ts';
import { readTruLayerProblem } from './problems.ts';
import { createTruLayerProvider } from './trulayer-provider.ts';
import { trulayerVariables } from './variables.ts';

const NAME = 'TRULAYER';

/** TruLayer: a static API key, one unpaged list, no read by id, no update and no delivery log. */
export const trulayer = defineProvider({
  name: NAME,
  variables: trulayerVariables,
  credentialNames: 'TRULAYER_API_KEY',
  setUp: ({ apiKey, baseUrl }) => {
    const connect = ({ http: httpOptions, reportDrift }: Pick<ProviderSurroundings, 'http' | 'reportDrift'>) => {
      const http = createHttpClient({ ...httpOptions, provider: NAME, baseUrl, readProblem: readTruLayerProblem });
      const contract = createContractReader({ provider: NAME, report: reportDrift });
      return { client: createTruLayerClient(http), contract, close: http.close };
    };
    return {
      hasOwnCredentials: apiKey !== undefined,
      ownSecret: apiKey ?? null,
      baseUrl,
      create: ({ forwarding, ...surroundings }) => {
        const own = apiKey === undefined ? undefined : staticAuthorization(`Bearer ${apiKey}`);
        const authorization = createCallerAuthorization({ provider: NAME, own, forwarding });
        return createTruLayerProvider({
          ...connect(surroundings),
          hasCredentials: authorization.isAvailable,
          callFor: (scope) => ({ authorization: authorization.of(scope), scope }),
        });
      },
      check: (surroundings) => {
        const { client, contract, close } = connect(surroundings);
        return { checks: apiKey === undefined ? [] : trulayerChecks({ client, contract, apiKey }), close };
      },
    };
  },
});
