import { BadUserInputError } from '../../domain/errors.ts';
import type { AuthenticationChange } from '../../domain/webhook-provider.ts';

const MAX_HEADERS = 3;
// A name must neither equal nor begin with one of these (contract: CustomHeadersInput). Because of `te`, names such as
// Tenant-Id are refused as well.
const FORBIDDEN_BEGINNINGS = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'content-type',
];

/** Checks custom headers by Personio's rules. Throws `BadUserInputError` with the path of the one that breaks them. */
export function checkCustomHeaders(authentication: AuthenticationChange | undefined): void {
  if (authentication?.type !== 'custom-headers') return;
  const path = ['authentication', 'customHeaders'];
  if (authentication.headers.length > MAX_HEADERS) {
    throw new BadUserInputError(`Personio sends at most ${MAX_HEADERS} custom headers.`, path);
  }
  const seen = new Set<string>();
  for (const [index, { name }] of authentication.headers.entries()) {
    const namePath = [...path, index, 'name'];
    const lowerCase = name.toLowerCase();
    const beginning = FORBIDDEN_BEGINNINGS.find((forbidden) => lowerCase.startsWith(forbidden));
    if (beginning)
      throw new BadUserInputError(`Personio accepts no header whose name begins with ${beginning}.`, namePath);
    if (seen.has(lowerCase)) throw new BadUserInputError('This header is named twice.', namePath);
    seen.add(lowerCase);
  }
}
