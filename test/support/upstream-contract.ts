import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type JsonObject = Readonly<Record<string, unknown>>;

/** A request as one of the upstreams got it. */
export interface SentRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A documented answer: its status, and the value of one of its examples. */
export interface DocumentedAnswer {
  readonly operationId: string;
  readonly status: number;
  readonly example: string;
  readonly body: unknown;
}

/** An upstream's OpenAPI file, as far as tests ask it. */
export interface UpstreamContract {
  /** What is wrong with a request; empty where it strictly fits the contract. */
  violations(request: SentRequest): readonly string[];
  /** Every example of every documented answer of an operation; `5XX` stands for the status that the example is about. */
  answersOf(operationId: string): readonly DocumentedAnswer[];
  /** The value of a named example. */
  example(name: string): unknown;
}

const STATUS_OF_5XX_EXAMPLE: Readonly<Record<string, number>> = {
  InternalServerError: 500,
  InternalError: 500,
  BadGateway: 502,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
};

/** Loads schema/upstream/<provider>.openapi.yaml. */
export function loadUpstreamContract(provider: 'personio' | 'trulayer'): UpstreamContract {
  const file = new URL(`../../schema/upstream/${provider}.openapi.yaml`, import.meta.url);
  const root = toObject(parse(readFileSync(file, 'utf8')));

  function resolved(value: unknown): JsonObject {
    const object = toObject(value);
    if (typeof object.$ref !== 'string') return object;
    const keys = object.$ref.slice('#/'.length).split('/');
    return resolved(keys.reduce<unknown>((at, key) => toObject(at)[key.replaceAll('~1', '/')], root));
  }

  const operations = Object.entries(toObject(root.paths)).flatMap(([template, item]) => {
    const { parameters: shared = [], ...methods } = toObject(item);
    return Object.entries(methods).map(([method, operation]) => {
      const { parameters = [], ...rest } = toObject(operation);
      const all = [...toArray(shared), ...toArray(parameters)].map(resolved);
      return { template, method: method.toUpperCase(), parameters: all, ...rest } as const satisfies JsonObject;
    });
  });

  function schemaViolations(schemaNode: unknown, value: unknown, at: string): readonly string[] {
    const schema = resolved(schemaNode);
    const found: string[] = [];
    const types = [schema.type].flat().filter((type) => type !== undefined);
    if (types.length > 0 && !types.some((type) => hasType(value, type))) return [`${at} is no ${types.join(' or ')}`];
    if (Array.isArray(schema.enum) && !schema.enum.includes(value)) found.push(`${at} is not in the enum`);
    if (typeof schema.minimum === 'number' && Number(value) < schema.minimum) found.push(`${at} is too small`);
    if (typeof schema.maximum === 'number' && Number(value) > schema.maximum) found.push(`${at} is too large`);
    if (typeof schema.minLength === 'number' && String(value).length < schema.minLength)
      found.push(`${at} is too short`);
    if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test(String(value))) {
      found.push(`${at} does not match ${schema.pattern}`);
    }
    if (typeof value === 'string' && !hasFormat(value, schema.format)) found.push(`${at} is no ${schema.format}`);
    for (const part of toArray(schema.allOf)) found.push(...schemaViolations(part, value, at));
    const alternatives = toArray(schema.anyOf).map((part) => schemaViolations(part, value, at));
    if (alternatives.length > 0 && alternatives.every((list) => list.length > 0)) found.push(...alternatives.flat());
    if (Array.isArray(value)) {
      found.push(...value.flatMap((item, index) => schemaViolations(schema.items ?? {}, item, `${at}[${index}]`)));
    } else if (isObject(value) && alternatives.length === 0) {
      const properties = toObject(schema.properties ?? {});
      for (const name of toArray(schema.required)) if (!(String(name) in value)) found.push(`${at}.${name} is missing`);
      for (const [name, member] of Object.entries(value)) {
        // Reading tolerates what is not documented; sending it is a mistake.
        const rule = properties[name] ?? schema.additionalProperties;
        if (rule === undefined) found.push(`${at}.${name} is not documented`);
        else found.push(...schemaViolations(rule, member, `${at}.${name}`));
      }
    }
    return found;
  }

  function parameterViolations(parameter: JsonObject, text: string): readonly string[] {
    const { type } = resolved(parameter.schema);
    const value = type === 'integer' ? asNumber(text) : type === 'boolean' ? asBoolean(text) : text;
    return schemaViolations(parameter.schema, value, `${parameter.in} ${parameter.name}`);
  }

  function bodyViolations(requestBody: unknown, { headers, body }: SentRequest): readonly string[] {
    const contentType = String(headers['content-type'] ?? '');
    if (requestBody === undefined) {
      return [...(body === '' ? [] : ['a body']), ...(contentType === '' ? [] : ['a content type'])];
    }
    const [mediaType = '', media] = Object.entries(toObject(resolved(requestBody).content))[0] ?? [];
    if (contentType !== mediaType) return [`content type ${contentType} instead of ${mediaType}`];
    const isForm = mediaType === 'application/x-www-form-urlencoded';
    const value = isForm ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body);
    return schemaViolations(toObject(media).schema, value, 'body');
  }

  return {
    violations: (request) => {
      const [path = '', query = ''] = request.url.split('?');
      const operation = operations.find(
        ({ method, template }) => method === request.method && isPathOf(template, path),
      );
      if (!operation) return [`${request.method} ${path} is no operation`];
      const { template, parameters, requestBody, security = root.security } = toObject(operation);
      const found: string[] = [];
      const declared = toArray(parameters).map(toObject);

      const pairs = [...new URLSearchParams(query)];
      for (const [name, text] of pairs) {
        const parameter = declared.find((candidate) => candidate.in === 'query' && candidate.name === name);
        found.push(...(parameter ? parameterViolations(parameter, text) : [`query ${name} is not documented`]));
      }
      if (new Set(pairs.map(([name]) => name)).size !== pairs.length) found.push('a query name twice');
      if (request.url.includes('?') && query === '') found.push('an empty query');

      const id = declared.find((candidate) => candidate.in === 'path');
      const position = String(template).split('/').indexOf('{id}');
      if (id && request.method === 'DELETE') found.push(...parameterViolations(id, path.split('/')[position] ?? ''));

      for (const parameter of declared.filter((candidate) => candidate.in === 'header')) {
        const value = request.headers[String(parameter.name).toLowerCase()];
        if (value !== undefined) found.push(...parameterViolations(parameter, String(value)));
      }
      const authorization = request.headers.authorization;
      const isOpen = toArray(security).length === 0;
      if (isOpen && authorization !== undefined) found.push('an Authorization header');
      if (!isOpen && !/^Bearer \S+$/.test(String(authorization ?? ''))) found.push('no bearer token');
      found.push(...bodyViolations(requestBody, request));
      return found.map((text) => `${request.method} ${request.url}: ${text}`);
    },
    answersOf: (operationId) => {
      const operation = operations.find((candidate) => toObject(candidate).operationId === operationId);
      if (!operation) throw new Error(`no operation ${operationId}`);
      return Object.entries(toObject(toObject(operation).responses)).flatMap(([status, response]) => {
        const media = Object.values(toObject(resolved(response).content ?? {}));
        return media.flatMap((content) =>
          Object.entries(toObject(toObject(content).examples ?? {})).map(([example, node]) => ({
            operationId,
            status: /^\d+$/.test(status) ? Number(status) : (STATUS_OF_5XX_EXAMPLE[example] ?? 500),
            example,
            body: resolved(node).value,
          })),
        );
      });
    },
    example: (name) => toObject(toObject(toObject(root.components).examples)[name]).value,
  };
}

function isPathOf(template: string, path: string): boolean {
  const segments = path.split('/');
  const wanted = template.split('/');
  return (
    segments.length === wanted.length &&
    wanted.every((segment, index) => {
      const given = segments[index] ?? '';
      // Only what encodeURIComponent leaves alone, and no dot segment.
      return segment === '{id}'
        ? /^([\w.!~*'()-]|%[\dA-F]{2})+$/.test(given) && !/^\.{1,2}$/.test(given)
        : segment === given;
    })
  );
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function hasFormat(value: string, format: unknown): boolean {
  if (format === 'date-time') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (format === 'uuid') return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
  if (format === 'uri') return URL.canParse(value);
  return true;
}

function asNumber(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function asBoolean(text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toObject(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error(`not an object: ${String(value)}`);
  return value;
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
