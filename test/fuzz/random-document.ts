import {
  GraphQLEnumType,
  type GraphQLField,
  GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLUnionType,
  getNamedType,
  isCompositeType,
} from 'graphql';
import type { Random } from './random.ts';

/** A valid operation, what it was made of, and variables that fit. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
}

/** What is selected of a type: response names with their fields; more of them for each type that it may turn out to be. */
export interface Selection {
  readonly type: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType;
  readonly fields: ReadonlyMap<string, SelectedField>;
  readonly byType: ReadonlyMap<string, Selection>;
}

export interface SelectedField {
  readonly type: GraphQLOutputType;
  readonly selection: Selection | undefined;
}

const MAX_DEPTH = 7;

/**
 * Makes a valid operation of a schema; `ids` are global ids that exist, and are used most of the time. `onlyQueries` also
 * leaves out what is only there for federation gateways, and directives without a value, which those judge themselves.
 */
export function randomOperation(
  schema: GraphQLSchema,
  random: Random,
  ids: readonly string[],
  { onlyQueries = false }: { readonly onlyQueries?: boolean } = {},
): RandomOperation {
  const variables: { readonly name: string; readonly type: GraphQLInputType | string; readonly value: unknown }[] = [];
  const fragments: string[] = [];
  let names = 0;

  function input(type: GraphQLInputType, name: string): unknown {
    if (type instanceof GraphQLNonNull) return input(type.ofType, name);
    if (type instanceof GraphQLList)
      return Array.from({ length: random.whole(4) }, () => input(type.ofType, name) ?? 'x');
    if (type instanceof GraphQLEnumType) return random.pick(type.getValues()).name;
    if (type instanceof GraphQLInputObjectType) {
      const all = Object.values(type.getFields());
      const members = type.isOneOf
        ? [random.pick(all)]
        : all.filter((member) => member.type instanceof GraphQLNonNull || random.chance(0.4));
      return Object.fromEntries(members.map((member) => [member.name, required(member.type, member.name)]));
    }
    return leaf(type.name, name);
  }

  function required(type: GraphQLInputType, name: string): unknown {
    return input(type, name);
  }

  function leaf(typeName: string, name: string): unknown {
    if (typeName === 'ID')
      return random.chance(0.85) ? random.pick(ids) : random.pick(['', 'x', 'V2ViaG9vazpYOjE', '../..', '💥']);
    if (typeName === 'Int') return random.pick([1, 2, 5, 20, 200, 0, -1, 201, 2_147_483_647]);
    if (typeName === 'Float') return random.number() * 100;
    if (typeName === 'Boolean') return name === 'none' ? true : random.chance(0.5);
    if (typeName === 'DateTime')
      return random.pick([
        '2026-11-20T00:00:00Z',
        '2026-11-01T12:00:00.5+01:00',
        '2020-01-01T00:00:00Z',
        '2030-01-01T00:00:00Z',
      ]);
    if (typeName === 'URL')
      return random.pick([
        'https://ok.receiver.example/x',
        'http://fail.receiver.example/',
        'https://user:pass@example.com/?k=v',
        'https://127.0.0.1/',
      ]);
    if (typeName === 'JSONObject') return random.pick([{}, { person: { id: '1' } }, { a: [1, null, 'x'] }]);
    if (typeName === '_Any')
      return random.pick<unknown>([
        { __typename: 'Webhook', id: random.pick(ids) },
        { __typename: 'Webhook', providerKey: 'personio:1' },
        { __typename: 'Nothing' },
        {},
        'x',
        7,
        [null],
      ]);
    return random.pick([
      '',
      'person.updated',
      'employment.created',
      'failure.detected',
      'x'.repeat(300),
      '💥\u0000',
      'ok',
    ]);
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter(({ type }) => type instanceof GraphQLNonNull || random.chance(0.5));
    const texts = given.map((argument) => {
      const name = `v${variables.length}`;
      const isNull =
        !(argument.type instanceof GraphQLNonNull) && argument.defaultValue === undefined && random.chance(0.1);
      variables.push({ name, type: argument.type, value: isNull ? null : input(argument.type, argument.name) });
      return `${argument.name}: $${name}`;
    });
    return texts.length === 0 ? '' : `(${texts.join(', ')})`;
  }

  /** A null that a default lets through makes the object null, with an error. At the root that would be all of the answer. */
  function including(isRoot: boolean): string {
    if (isRoot || onlyQueries || random.chance(0.5)) return ' @include(if: true)';
    const name = `v${variables.length}`;
    variables.push({ name, type: 'Boolean = true', value: random.chance(0.5) ? null : true });
    return ` @include(if: $${name})`;
  }

  function fieldsOf(type: Selection['type']): readonly GraphQLField<unknown, unknown>[] {
    return type instanceof GraphQLUnionType ? [] : Object.values(type.getFields());
  }

  function select(
    type: Selection['type'],
    depth: number,
    isRoot = false,
  ): { readonly text: string; readonly selection: Selection } {
    const fields = new Map<string, SelectedField>();
    const texts: string[] = [];
    const isAbstract = !(type instanceof GraphQLObjectType);
    if (isAbstract || random.chance(0.2)) {
      texts.push('__typename');
      fields.set('__typename', { type: new GraphQLNonNull(getString(schema)), selection: undefined });
    }
    const usable = fieldsOf(type)
      .filter((field) => depth < MAX_DEPTH || !isCompositeType(getNamedType(field.type)))
      .filter(({ name }) => !onlyQueries || !name.startsWith('_'));
    const count = 1 + random.whole(isRoot ? 2 : 4);
    for (let left = usable.length === 0 ? 0 : count; left > 0; left--) {
      const field = random.pick(usable);
      const named = getNamedType(field.type);
      const below = isCompositeType(named) ? select(named, depth + 1) : undefined;
      const name = `f${names++}`;
      fields.set(name, { type: field.type, selection: below?.selection });
      const directive = random.chance(0.05) ? including(isRoot) : '';
      texts.push(`${name}: ${field.name}${argumentsOf(field)}${directive}${below ? ` ${below.text}` : ''}`);
    }
    const byType = new Map<string, Selection>();
    if (isAbstract && depth < MAX_DEPTH) {
      for (const possible of schema.getPossibleTypes(type)) {
        const { text, selection } = select(possible, depth + 1);
        byType.set(possible.name, selection);
        if (random.chance(0.5)) {
          const name = `F${names++}`;
          fragments.push(`fragment ${name} on ${possible.name} ${text}`);
          texts.push(`...${name}`);
        } else texts.push(`... on ${possible.name} ${text}`);
      }
    }
    if (texts.length === 0) {
      texts.push('__typename');
      fields.set('__typename', { type: new GraphQLNonNull(getString(schema)), selection: undefined });
    }
    return { text: `{ ${texts.join(' ')} }`, selection: { type, fields, byType } };
  }

  const isMutation = !onlyQueries && random.chance(0.25);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('no root type');
  const { text, selection } = select(root, 0, true);
  const declared = variables.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return {
    query: `${isMutation ? 'mutation' : 'query'} Random${declared === '' ? '' : `(${declared})`} ${text} ${fragments.join(' ')}`,
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    selection,
  };
}

function getString(schema: GraphQLSchema): GraphQLOutputType {
  const type = schema.getType('String');
  if (!type || isCompositeType(type) || type instanceof GraphQLInputObjectType) throw new Error('no String');
  return type;
}

type Path = readonly (string | number)[];

/** Everything about an answer that the specification, or the schema, does not allow; empty: it is as it must be. */
export function faultsOf(answer: unknown, { selection }: RandomOperation): readonly string[] {
  if (!isObject(answer)) return ['the answer is no object'];
  const faults: string[] = [];
  const { data, errors, extensions: _, ...others } = answer;
  if (Object.keys(others).length > 0) faults.push(`unknown members: ${Object.keys(others)}`);
  if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0)) faults.push('errors is no list, or empty');
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [];
  for (const error of list) {
    if (!isObject(error) || typeof error.message !== 'string' || error.message === '')
      faults.push('an error without a message');
    else if (!isObject(error.extensions) || typeof error.extensions.code !== 'string')
      faults.push('an error without a code');
    else if (error.extensions.code === 'INTERNAL_SERVER_ERROR')
      faults.push(`a fault of ours at ${JSON.stringify(error.path)}`);
  }
  const paths = list.flatMap((error) =>
    isObject(error) && Array.isArray(error.path) ? [JSON.stringify(error.path)] : [],
  );
  if (data === undefined) return list.length === 0 ? [...faults, 'neither data nor errors'] : faults;
  if (data === null) return list.length === 0 ? [...faults, 'data is null without an error'] : faults;

  const visitObject = (value: unknown, expected: Selection, path: Path): void => {
    if (!isObject(value)) return void faults.push(`${path}: no object`);
    const type = expected.type instanceof GraphQLObjectType ? expected.type.name : value.__typename;
    const also = typeof type === 'string' ? expected.byType.get(type) : undefined;
    const fields = new Map([...expected.fields, ...(also?.fields ?? [])]);
    for (const name of Object.keys(value)) if (!fields.has(name)) faults.push(`${[...path, name]}: was not asked for`);
    for (const [name, field] of fields) {
      if (!Object.hasOwn(value, name)) faults.push(`${[...path, name]}: is missing`);
      else visit(value[name], field.type, field.selection, [...path, name]);
    }
  };
  const visit = (value: unknown, type: GraphQLOutputType, below: Selection | undefined, path: Path): void => {
    if (type instanceof GraphQLNonNull) {
      if (value === null) faults.push(`${path}: null, where the schema promises a value`);
      else visit(value, type.ofType, below, path);
      return;
    }
    if (value === null) return;
    if (type instanceof GraphQLList) {
      if (!Array.isArray(value)) return void faults.push(`${path}: no list`);
      for (const [index, item] of value.entries()) visit(item, type.ofType, below, [...path, index]);
      return;
    }
    if (below) visitObject(value, below, path);
    else if (!fitsLeaf(value, type)) faults.push(`${path}: ${JSON.stringify(value)} is no ${type}`);
  };
  visitObject(data, selection, []);
  // An error has to stand where the data stops: at its path, or above it where null went up.
  for (const path of paths) {
    const steps: Path = JSON.parse(path);
    let at: unknown = data;
    for (const step of steps) at = isObject(at) || Array.isArray(at) ? Reflect.get(at, step) : at;
    if (at !== null) faults.push(`an error at ${path}, where there is a value`);
  }
  return faults;
}

function fitsLeaf(value: unknown, type: GraphQLOutputType): boolean {
  if (type instanceof GraphQLEnumType) return type.getValues().some(({ name }) => name === value);
  const name = getNamedType(type).name;
  if (name === 'Int') return Number.isInteger(value);
  if (name === 'Float') return typeof value === 'number';
  if (name === 'Boolean') return typeof value === 'boolean';
  if (name === 'JSONObject') return isObject(value);
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
