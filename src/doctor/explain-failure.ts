import { type ErrorCode, HookgraphError, UpstreamError } from '../domain/errors.ts';
import type { Diagnosis } from '../providers/provider-check.ts';

/** What was asked, in the words of the operator. */
interface Asked {
  /** The variable that says where. */
  readonly variable: string;
  /** Without path, query or userinfo. */
  readonly origin: string;
  /** What to do where the answer has this code. */
  readonly remedies?: Readonly<Partial<Record<ErrorCode, string>>>;
}

/** Says what a failed call came to, and what an operator does about it. */
export function explainFailure(error: unknown, asked: Asked): Diagnosis & { readonly remedy: string } {
  const explained = explainConnection(error, asked) ?? explainAnswer(error, asked);
  return { status: 'failed', ...explained };
}

interface Explained {
  readonly found: string;
  readonly remedy: string;
}

const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;
const NO_ROUTE_CODES: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
  'EPERM',
  'EADDRNOTAVAIL',
]);
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ABORT_ERR',
  'TIMEOUT_ERR',
]);

/** Undefined where something answered. */
function explainConnection(error: unknown, { variable, origin }: Asked): Explained | undefined {
  if (isForbiddenPort(error)) {
    return {
      found: `${origin}: fetch asks no such port, nor does the gateway`,
      remedy: `Serve it at another port and name that one in ${variable}: those of other protocols, such as 25 or 6000, are blocked ("port blocking" in the Fetch standard).`,
    };
  }
  const code = codeIn(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      found: `${origin}: the name does not resolve (${code})`,
      remedy: `Check the host in ${variable}, and the DNS of this machine.`,
    };
  }
  if (code === 'ECONNREFUSED') {
    return {
      found: `${origin}: nothing listens there (${code})`,
      remedy: `Check host and port in ${variable}; a firewall may refuse on its behalf.`,
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      found: `${origin}: the certificate is for another name`,
      remedy: `Check the host in ${variable}; it has to be a name of the certificate.`,
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      found: `${origin}: the certificate is not valid at this time (${code})`,
      remedy: 'Check the clock of this machine; if it is right, only the owner of the certificate can renew it.',
    };
  }
  if (code !== undefined && CERTIFICATE_CODES.test(code)) {
    return {
      found: `${origin}: the certificate is not trusted (${code})`,
      remedy: 'Where a proxy or an authority of your own signs, name its certificate in NODE_EXTRA_CA_CERTS.',
    };
  }
  if (code !== undefined && /^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(code)) {
    return {
      found: `${origin}: does not speak TLS as it should (${code})`,
      remedy: `Check whether ${variable} should begin with http:// or name another port.`,
    };
  }
  if (code !== undefined && NO_ROUTE_CODES.has(code)) {
    return {
      found: `${origin}: there is no way there (${code})`,
      remedy: 'Let this machine out to that host and port: routes, firewall, network policy.',
    };
  }
  if (code !== undefined && TIMEOUT_CODES.has(code)) {
    return {
      found: `${origin}: the connection does not stand in time`,
      remedy:
        'Let this machine out to that host and port (a firewall that drops looks like this), or raise CONNECT_TIMEOUT_MS.',
    };
  }
  if (code !== undefined && !(error instanceof UpstreamError && error.upstream.status !== null)) {
    return {
      found: `${origin}: the connection broke (${code})`,
      remedy: `Check what answers at ${variable}: something on the way may cut connections. Try again.`,
    };
  }
  return undefined;
}

/** What Node's fetch rejects with before it connects; it gives no code. */
function isForbiddenPort(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error && error.cause.message === 'bad port';
}

function explainAnswer(error: unknown, { variable, origin, remedies = {} }: Asked): Explained {
  if (!(error instanceof HookgraphError)) {
    return { found: 'the check itself failed', remedy: 'That is a fault of hookgraph: report it with this table.' };
  }
  const { code } = error;
  const status = error instanceof UpstreamError ? error.upstream.status : null;
  const found = `${status === null ? '' : `HTTP ${status}: `}${error.message} (${code})`;
  return { found, remedy: remedies[code] ?? remedyFor(error, { variable, origin, status }) };
}

function remedyFor(
  error: HookgraphError,
  { variable, origin, status }: Asked & { readonly status: number | null },
): string {
  switch (error.code) {
    case 'RATE_LIMITED': {
      const seconds = error instanceof UpstreamError ? error.upstream.retryAfter : null;
      const wait = seconds === null ? 'Wait a minute' : `Wait ${seconds} seconds`;
      return `${wait} and check again; if it stays so, look for who else uses these credentials.`;
    }
    case 'UPSTREAM_TIMEOUT':
      return `${origin} takes connections and does not answer: try again, or raise UPSTREAM_TIMEOUT_MS.`;
    case 'UPSTREAM_UNAVAILABLE':
      return status === null || status < 400
        ? 'Something on the way cuts connections: try again, then look at proxies and firewalls.'
        : 'The trouble is on their side: try again later. The gateway starts and serves the rest meanwhile.';
    case 'UPSTREAM_INVALID_RESPONSE':
      return `Something else seems to answer at ${variable} (a proxy, a sign-in page): check the address.`;
    default:
      if (status === 404 || status === 410) return `The API is not at that address: check ${variable}.`;
      return `Check ${variable}; what the provider says above is all that is known.`;
  }
}

/** The code of the first error in the chain of causes that Node, its TLS or undici gave one. */
function codeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const own = !(error instanceof HookgraphError) && 'code' in error ? error.code : undefined;
  if (typeof own === 'string') return own;
  // Several addresses of a host were tried; they mostly fail alike.
  return codeIn(error instanceof AggregateError ? error.errors[0] : error.cause);
}
