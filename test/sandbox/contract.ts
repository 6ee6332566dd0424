import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Node = Readonly<Record<string, unknown>>;

/** What an OpenAPI file says; just enough of JSON Schema for the two files that we have. */
export interface Contract {
  /** Why an answer is not as documented; empty where it is. */
  violations(answer: {
    method: string;
    path: string;
    status: number;
    contentType: string | null;
    body: unknown;
  }): string[];
  /** The value of a named example. */
  example(name: string): unknown;
  exampleNames(suffix: string): readonly string[];
}

export function loadContract(provider: 'personio' | 'trulayer'): Contract {
  const file = new URL(`../../schema/upstream/${provider}.openapi.yaml`, import.meta.url);
  let parsed: Node | undefined;
  // Only where it is needed: most test files need one of the two.
  const root = (): Node => {
    parsed ??= asNode(parse(readFileSync(file, 'utf8')));
    return parsed;
  };
  const examples = (): Node => asNode(asNode(root().components).examples);

  const resolve = (node: Node): Node => {
    if (typeof node.$ref !== 'string') return node;
    const target = node.$ref
      .slice(2)
      .split('/')
      .reduce((at, key) => asNode(at[key]), root());
    return resolve(target);
  };

  function violations({ method, path, status, contentType, body }: Parameters<Contract['violations']>[0]): string[] {
    const { pathname } = new URL(path, 'http://upstream');
    const template = Object.keys(asNode(root().paths)).find((candidate) =>
      new RegExp(`^${candidate.replace('{id}', '[^/]+')}$`).test(pathname),
    );
    if (template === undefined) return [`${pathname} is not documented`];
    const operation = asNode(asNode(asNode(root().paths)[template])[method.toLowerCase()]);
    const responses = asNode(operation.responses);
    const key = [String(status), `${Math.floor(status / 100)}XX`].find(
      (candidate) => responses[candidate] !== undefined,
    );
    if (key === undefined) return [`${method} ${template}: status ${status} is not documented`];
    const { content } = resolve(asNode(responses[key]));
    if (content === undefined) return body === undefined ? [] : ['a body where none is documented'];
    const media = asNode(content)[contentType ?? ''];
    if (media === undefined) return [`content type ${contentType} is not documented`];
    return check(asNode(asNode(media).schema), body, '$');
  }

  function check(unresolved: Node, value: unknown, at: string): string[] {
    const schema = resolve(unresolved);
    const found: string[] = [];
    if (schema.type !== undefined && ![schema.type].flat().includes(typeOf(value, schema.type))) {
      return [`${at}: ${typeOf(value, schema.type)} instead of ${JSON.stringify(schema.type)}`];
    }
    if (Array.isArray(schema.enum) && !schema.enum.includes(value)) found.push(`${at}: ${value} is not in the enum`);
    if (schema.const !== undefined && schema.const !== value) found.push(`${at}: not ${schema.const}`);
    if (typeof value === 'string' && !hasFormat(value, schema.format)) found.push(`${at}: not a ${schema.format}`);
    for (const part of asNodes(schema.allOf)) found.push(...check(part, value, at));
    const alternatives = asNodes(schema.anyOf);
    if (alternatives.length > 0 && alternatives.every((part) => check(part, value, at).length > 0)) {
      found.push(`${at}: no alternative fits`);
    }
    if (Array.isArray(value)) {
      const items = asNode(schema.items ?? {});
      found.push(...value.flatMap((item, index) => check(items, item, `${at}[${index}]`)));
    } else if (typeof value === 'object' && value !== null) {
      const object = asNode(value);
      const properties = asNode(schema.properties ?? {});
      for (const name of asList(schema.required))
        if (object[name] === undefined) found.push(`${at}.${name} is missing`);
      for (const [name, member] of Object.entries(object)) {
        const rule = properties[name] ?? schema.additionalProperties;
        if (typeof rule === 'object') found.push(...check(asNode(rule), member, `${at}.${name}`));
      }
    }
    return found;
  }

  return {
    violations,
    example: (name) => asNode(examples()[name]).value,
    exampleNames: (suffix) => Object.keys(examples()).filter((name) => name.endsWith(suffix)),
  };
}

function typeOf(value: unknown, wanted: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value) && [wanted].flat().includes('integer')) return 'integer';
  return typeof value;
}

function hasFormat(value: string, format: unknown): boolean {
  if (format === 'date-time') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
  if (format === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
  if (format === 'uri') return URL.canParse(value);
  return true;
}

function asNode(value: unknown): Node {
  if (!isNode(value)) throw new Error(`no object: ${value}`);
  return value;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const asNodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.map(asNode) : []);
const asList = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
