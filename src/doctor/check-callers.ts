import type { ApiKey } from '../config/api-key.ts';
import type { AuthSettings, JwtSettings } from '../config/auth-settings.ts';
import { isLoopback } from '../config/loopback.ts';
import { abortSignalOf } from '../domain/call-signal.ts';
import type { Diagnosis } from '../providers/provider-check.ts';
import type { Check, CheckRow } from './check-row.ts';
import { explainFailure } from './explain-failure.ts';
import { readJwks } from './read-jwks.ts';

const SUBJECT = 'callers';

/** Looks at who may call: keys and their scopes, and whether the keys of JWTs can be had. */
export function createCallersCheck(auth: AuthSettings): Check {
  return {
    subject: SUBJECT,
    run: async ({ signal }) => {
      if (auth.mode !== 'required') return [row('mode', auth.mode === 'none' ? NOBODY_IS_ASKED : LOOPBACK)];
      const { apiKeys, jwt } = auth;
      return [
        ...(apiKeys.length > 0 ? [row('API keys', keysDiagnosis(apiKeys))] : []),
        ...(jwt ? [row('JWT', jwtDiagnosis(jwt)), row('JWKS', await jwksDiagnosis(jwt, abortSignalOf(signal)))] : []),
      ];
    },
  };
}

function row(what: string, diagnosis: Diagnosis): CheckRow {
  return { subject: SUBJECT, what, ...diagnosis };
}

const LOOPBACK: Diagnosis = { status: 'ok', found: 'nobody is asked, and only this machine can call' };
const NOBODY_IS_ASKED: Diagnosis = {
  status: 'warning',
  found: 'GATEWAY_AUTH=none: nobody is asked',
  remedy: 'Right behind a gateway that asks, on a network that only it reaches. Else set GATEWAY_API_KEYS.',
};

function keysDiagnosis(keys: readonly ApiKey[]): Diagnosis {
  const shown = keys.map(({ name, scopes }) => `${name} (${[...scopes].join(' ')})`);
  return { status: 'ok', found: `${keys.length}: ${shown.join(', ')}` };
}

function jwtDiagnosis({ issuer, audience }: JwtSettings): Diagnosis {
  return { status: 'ok', found: `of ${issuer}, for ${audience}, scopes in the claim scope` };
}

async function jwksDiagnosis({ jwksUrl }: JwtSettings, signal: AbortSignal): Promise<Diagnosis> {
  const { origin, protocol, hostname } = new URL(jwksUrl);
  const asked = { variable: 'GATEWAY_JWKS_URL', origin };
  try {
    const reading = await readJwks(jwksUrl, signal);
    if ('problem' in reading)
      return { status: 'failed', found: `${origin}: ${reading.problem}`, remedy: reading.remedy };
    const { usable, all } = reading;
    const found = `${usable} of ${all} ${all === 1 ? 'key' : 'keys'} at ${origin} can check a signature`;
    if (protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))) return { status: 'ok', found };
    const remedy = 'Whoever stands between can put keys of his own in place: ask for it by https.';
    return { status: 'warning', found: `${found}, read without TLS`, remedy };
  } catch (error) {
    return explainFailure(error, asked);
  }
}
