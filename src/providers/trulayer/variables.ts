import { baseUrlVariable, secretVariable } from '../../config/variable.ts';

/** What the operator says about TruLayer. */
export const trulayerVariables = {
  apiKey: secretVariable({ name: 'TRULAYER_API_KEY', help: 'API key of the tenant (tl_…)' }),
  baseUrl: baseUrlVariable({
    name: 'TRULAYER_BASE_URL',
    help: "where TruLayer's API answers",
    default: 'https://api.trulayer.ai',
  }),
} as const;
