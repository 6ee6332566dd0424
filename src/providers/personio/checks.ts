import { staticAuthorization } from '../../http/authorization.ts';
import type { ContractReader } from '../contract-reader.ts';
import { type Diagnosis, type ProviderCheck, readingDiagnosis } from '../provider-check.ts';
import type { PersonioClient } from './client.ts';
import { toAccessToken, toGrantedScopes, toRows, toWebhook } from './mapping.ts';
import type { PersonioCredentials } from './variables.ts';

const READ_SCOPE = 'personio:webhooks:read';
const WRITE_SCOPE = 'personio:webhooks:write';

/** What the doctor asks Personio: a token, a page of one webhook, and which scopes the token has. */
export function personioChecks({
  client,
  contract,
  credentials,
}: {
  readonly client: PersonioClient;
  readonly contract: ContractReader;
  readonly credentials: NonNullable<PersonioCredentials>;
}): readonly ProviderCheck[] {
  const hasPair = credentials.type === 'client';
  let accessToken = hasPair ? '' : credentials.accessToken;
  let scopes: readonly string[] | null = null;

  const token: ProviderCheck = {
    name: 'credentials',
    remedies: {
      UPSTREAM_UNAUTHENTICATED:
        'Check PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET, and in Personio whether these API credentials still stand.',
    },
    run: async (scope) => {
      if (!hasPair) return READY_TOKEN;
      const { clientId, clientSecret } = credentials;
      for (const secret of [clientId, clientSecret]) scope.keepSecret(secret);
      const answer = await client.obtainAccessToken({ client_id: clientId, client_secret: clientSecret }, scope);
      const granted = contract.one('obtainAccessToken', answer, toAccessToken);
      scope.keepSecret(granted.accessToken);
      accessToken = granted.accessToken;
      scopes = toGrantedScopes(answer.body);
      return { status: 'ok', found: `a token was granted${lifetime(granted.expiresInSeconds)}` };
    },
  };

  const webhooksIn = contract.pages('listWebhooks', toRows, toWebhook);

  const reading: ProviderCheck = {
    name: 'reading',
    remedies: {
      UPSTREAM_UNAUTHENTICATED: hasPair
        ? 'The token is fresh, yet not accepted: in Personio, look at these API credentials or make new ones.'
        : 'The token is wrong or has ended: set a new one, or PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET, which renew it.',
      FORBIDDEN: `In Personio, give the API credentials the scope ${READ_SCOPE}.`,
    },
    run: async (scope) => {
      const call = { authorization: staticAuthorization(`Bearer ${accessToken}`), scope };
      return readingDiagnosis(webhooksIn(await client.listWebhooks({ limit: 1 }, call)).items);
    },
  };

  const writing: ProviderCheck = { name: 'writing', remedies: {}, run: async () => writingDiagnosis(scopes) };

  return [token, reading, writing];
}

// Lifetime: developer.personio.de/v2.0/reference/authentication.
const READY_TOKEN: Diagnosis = {
  status: 'warning',
  found: 'PERSONIO_ACCESS_TOKEN is set; such a token ends, usually within a day, and is not renewed',
  remedy: 'Fine for a trial. Else set PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET in its place.',
};

/** Only the token's scopes tell without a write. */
function writingDiagnosis(scopes: readonly string[] | null): Diagnosis {
  if (scopes === null) {
    return { status: 'skipped', found: `only a write shows whether the token has ${WRITE_SCOPE}` };
  }
  if (scopes.includes(WRITE_SCOPE)) return { status: 'ok', found: `the token has ${WRITE_SCOPE}` };
  return {
    status: 'warning',
    found: `the token lacks ${WRITE_SCOPE}: every mutation will be FORBIDDEN`,
    remedy: 'Right where nothing is to be written. Else give the API credentials that scope in Personio.',
  };
}

function lifetime(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds >= 7_200 ? `, good for ${Math.round(seconds / 3_600)} hours` : `, good for ${seconds} seconds`;
}
