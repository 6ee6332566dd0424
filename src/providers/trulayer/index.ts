import { staticAuthorization } from '../../http/authorization.ts';
import { createCallerAuthorization } from '../../http/caller-authorization.ts';
import { createHttpClient } from '../../http/http-client.ts';
import { createContractReader } from '../contract-reader.ts';
import { defineProvider } from '../provider-definition.ts';
import { createTruLayerClient } from './client.ts';
import { readTruLayerProblem } from './problems.ts';
import { createTruLayerProvider } from './trulayer-provider.ts';
import { trulayerVariables } from './variables.ts';

const NAME = 'TRULAYER';

/** TruLayer: a static API key, one unpaged list, no read by id, no update and no delivery log. */
export const trulayer = defineProvider({
  name: NAME,
  variables: trulayerVariables,
  setUp: ({ apiKey, baseUrl }) => ({
    hasOwnCredentials: apiKey !== undefined,
    ownSecret: apiKey ?? null,
    baseUrl,
    create: ({ http: httpOptions, forwarding, reportDrift }) => {
      const http = createHttpClient({ ...httpOptions, provider: NAME, baseUrl, readProblem: readTruLayerProblem });
      const own = apiKey === undefined ? undefined : staticAuthorization(`Bearer ${apiKey}`);
      const authorization = createCallerAuthorization({ provider: NAME, own, forwarding });
      return createTruLayerProvider({
        client: createTruLayerClient(http),
        contract: createContractReader({ provider: NAME, report: reportDrift }),
        hasCredentials: authorization.isAvailable,
        callFor: (scope) => ({ authorization: authorization.of(scope), scope }),
        close: http.close,
      });
    },
  }),
});
