import { expect, onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { type Contract, loadContract } from './contract.ts';

export const personioContract = loadContract('personio');
export const trulayerContract = loadContract('trulayer');

/** A parsed JSON body, whose shape each test states by what it expects of it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads bodies by literal paths and compares the values
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ApiClient {
  /** Fails the test where the answer is not as the OpenAPI file has it. `undefined` body: none is sent. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** A sandbox of the test's own, with a clock that the test can move. */
export async function openSandbox(options: SandboxOptions = {}) {
  const clock = { nowMs: Date.UTC(2026, 10, 21, 12) };
  const sandbox = await startSandbox({ now: () => clock.nowMs, deliveryTimeoutMs: 2000, slowAnswerMs: 20, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, clock };
}

/** A client of the Personio simulator that has got its token. */
export async function connectPersonio(sandbox: Sandbox, clientId = 'papi-sandbox', scope?: string): Promise<ApiClient> {
  const token = await askForToken(sandbox, { client_id: clientId, ...(scope === undefined ? {} : { scope }) });
  expect(token.status).toBe(200);
  return createClient(sandbox.personio.baseUrl, `Bearer ${token.body.access_token}`, personioContract);
}

export function connectTruLayer(sandbox: Sandbox, apiKey = 'tl_sandbox_owner'): ApiClient {
  return createClient(sandbox.trulayer.baseUrl, `Bearer ${apiKey}`, trulayerContract);
}

export function askForToken({ personio }: Sandbox, parameters: Record<string, string>): Promise<Answer> {
  const form = { grant_type: 'client_credentials', client_id: 'papi-sandbox', client_secret: 'sandbox-secret' };
  const body = new URLSearchParams({ ...form, ...parameters });
  return send(personioContract, personio.baseUrl, 'POST', '/v2/auth/token', { body });
}

export function createClient(baseUrl: string, authorization: string | undefined, contract: Contract): ApiClient {
  const call: ApiClient['call'] = (method, path, body) =>
    send(contract, baseUrl, method, path, {
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { call, get: (path) => call('GET', path) };
}

export async function send(
  contract: Contract,
  baseUrl: string,
  method: string,
  path: string,
  init: RequestInit,
): Promise<Answer> {
  const response = await fetch(baseUrl + path, { ...init, method });
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const { status, headers } = response;
  const contentType = headers.get('content-type');
  expect(contract.violations({ method, path, status, contentType, body })).toEqual([]);
  return { status, headers, body };
}

/** All pages of a list, one after the other. */
export async function readAll({ get }: ApiClient, path: string, limit = 200): Promise<Body[]> {
  const items: Body[] = [];
  let cursor: string | null = null;
  do {
    const { body }: Answer = await get(
      withQuery(path, { limit: String(limit), ...(cursor === null ? {} : { cursor }) }),
    );
    items.push(...body._data);
    cursor = cursorOf(body);
  } while (cursor !== null);
  return items;
}

export function cursorOf(page: Body): string | null {
  const href: string | undefined = page._meta.links.next?.href;
  return href === undefined ? null : new URL(href).searchParams.get('cursor');
}

function withQuery(path: string, parameters: Record<string, string>): string {
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
}
