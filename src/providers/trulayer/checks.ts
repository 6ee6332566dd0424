import { staticAuthorization } from '../../http/authorization.ts';
import type { ContractReader } from '../contract-reader.ts';
import { type ProviderCheck, readingDiagnosis } from '../provider-check.ts';
import type { TruLayerClient } from './client.ts';
import { toRows, toWebhook } from './mapping.ts';

/** What the doctor asks TruLayer: its list. Roles show on writes only (contract: createWebhook, deleteWebhook). */
export function trulayerChecks({
  client,
  contract,
  apiKey,
}: {
  readonly client: TruLayerClient;
  readonly contract: ContractReader;
  readonly apiKey: string;
}): readonly ProviderCheck[] {
  const webhooksIn = contract.pages('listWebhooks', toRows, toWebhook);
  return [
    {
      name: 'reading',
      remedies: {
        UPSTREAM_UNAUTHENTICATED: 'Check TRULAYER_API_KEY, and in TruLayer whether the key was revoked.',
        FORBIDDEN:
          'The key may not see webhooks: it needs another scope than the read-only `query`. Make one in TruLayer.',
        PLAN_UPGRADE_REQUIRED: 'Webhooks need the plan Pro or above: upgrade in TruLayer, or unset TRULAYER_API_KEY.',
      },
      run: async (scope) => {
        const call = { authorization: staticAuthorization(`Bearer ${apiKey}`), scope };
        return readingDiagnosis(webhooksIn(await client.listWebhooks(call)).items);
      },
    },
    {
      name: 'writing',
      remedies: {},
      run: async () => ({
        status: 'skipped',
        found: 'only a write shows the role of the key: create and test need member or owner, delete needs owner',
      }),
    },
  ];
}
