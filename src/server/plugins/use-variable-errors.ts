import {
  coerceInputValue,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInputType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { InputPath } from '../../domain/errors.ts';
import { argumentPathsOf } from '../../graphql/argument-paths.ts';
import { enumSuggestionIn } from '../enum-suggestion.ts';

/**
 * Refuses variables that do not fit their types with BAD_USER_INPUT and HTTP 400, naming the place. The executor would
 * give no code, and would quote the value, which may be a secret.
 */
export function useVariableErrors(options: {
  /** Whether a wrong name or enum value is answered with the right ones: not where the schema is told to nobody. */
  readonly hasSuggestions: boolean;
}): Plugin {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const errors = errorsIn(args, options);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const errors = errorsIn(args, options);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

const MAX_ERRORS = 20;

function errorsIn(
  { schema, document, operationName, variableValues }: ExecutionArgs,
  { hasSuggestions }: { readonly hasSuggestions: boolean },
): readonly GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  const suggest: Suggest = hasSuggestions ? (type, given) => suggestionFor(schema, type, given) : () => '';
  const mistakes: Mistake[] = [];
  for (const definition of operation?.variableDefinitions ?? []) {
    const max = MAX_ERRORS - mistakes.length;
    mistakes.push(...mistakesIn({ schema, definition, values: variableValues ?? {}, max, suggest }));
    if (mistakes.length === MAX_ERRORS) break;
  }
  if (!operation || mistakes.length === 0) return [];
  const argumentPaths = argumentPathsOf(document, operation);
  return mistakes.map((mistake) => {
    const name = nameOf(mistake.definition);
    return refusal(mistake, [...(argumentPaths.get(name) ?? [name]), ...mistake.path]);
  });
}

/** What is wrong with a variable's value, and where in it. */
interface Mistake {
  readonly definition: VariableDefinitionNode;
  readonly path: InputPath;
  readonly message: string;
}

/** The first `max` of them. */
function mistakesIn(options: {
  readonly schema: GraphQLSchema;
  readonly definition: VariableDefinitionNode;
  readonly values: Readonly<Record<string, unknown>>;
  readonly max: number;
  readonly suggest: Suggest;
}): readonly Mistake[] {
  const { schema, definition, values, max, suggest } = options;
  const name = nameOf(definition);
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return [];
  const isGiven = Object.hasOwn(values, name) && values[name] !== undefined;
  if (!isGiven) {
    if (definition.defaultValue || definition.type.kind !== 'NonNullType') return [];
    return [{ definition, path: [], message: `Variable "$${name}" of type ${type} must be given.` }];
  }
  const mistakes: Mistake[] = [];
  const note = (above: InputPath, value: unknown, error: GraphQLError) => {
    const { member, reason } = explain({ type, value, error, suggest });
    const path = member === undefined ? above : [...above, member];
    mistakes.push({ definition, path, message: `Variable "$${[name, ...path].join('.')}": ${reason}` });
    if (mistakes.length === max) throw ENOUGH;
  };
  try {
    coerceInputValue(values[name], type, note, WITHOUT_SUGGESTIONS);
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  return mistakes;
}

/** Thrown to end a coercion: of a list with a hundred thousand wrong entries it would make as many errors, which takes seconds. */
const ENOUGH = new Error('enough mistakes');

/** graphql-js compares a wrong name or value with all that could have been meant, which takes long where it is a megabyte. */
const WITHOUT_SUGGESTIONS = true;

/** What was expected, in words that do not quote what was given; and of which member, where the error stands above it. */
function explain(options: {
  readonly type: GraphQLInputType;
  readonly value: unknown;
  readonly error: GraphQLError;
  readonly suggest: Suggest;
}): { readonly reason: string; readonly member?: string } {
  const { type, value, error, suggest } = options;
  const { message } = error;
  // Before all others: the name is the client's, and may look like anything.
  const [, unknown, parent = ''] = UNKNOWN_MEMBER.exec(message) ?? [];
  if (unknown !== undefined) {
    const suggestion = suggest(parent, unknown);
    return FIELD_NAME.test(unknown)
      ? { member: unknown, reason: `${parent} has no such field.${suggestion}` }
      : { reason: `${parent} has no field of this name.${suggestion}` };
  }
  const missing = /^Field "(\w+)" of required type/.exec(message)?.[1];
  if (missing !== undefined) return { member: missing, reason: message };
  if (/^(Expected non-nullable type|Exactly one key|Field "\w+" must be non-null)/.test(message))
    return { reason: message };
  if (/^\w+ expects /.test(message)) return { reason: message };
  const enumName = UNKNOWN_VALUE.exec(message)?.[1];
  if (enumName !== undefined) return { reason: `it does not fit ${enumName}.${suggest(enumName, value)}` };
  const wanted = /^(?:Enum ")?(\w+)"? cannot represent/.exec(message)?.[1] ?? getNamedType(type).name;
  return { reason: `it does not fit ${wanted}.` };
}

const UNKNOWN_MEMBER = /^Field "([\s\S]*)" is not defined by type "(\w+)"\.( Did you mean (?:"\w+"|, | |or )+\?)?$/;
const UNKNOWN_VALUE = /does not exist in "(\w+)" enum/;
/** No field or enum value has a name that is nearly as long as this. */
const MAX_SUGGESTED_LENGTH = 100;

/** Which fields or values of a type may have been meant, in the words of graphql-js, with a space in front; nothing where none is like it. */
type Suggest = (type: string, given: unknown) => string;

function suggestionFor(schema: GraphQLSchema, name: string, given: unknown): string {
  const type = schema.getType(name);
  if (typeof given !== 'string' || given.length > MAX_SUGGESTED_LENGTH) return '';
  if (!isInputObjectType(type) && !isEnumType(type)) return '';
  let suggestion = '';
  coerceInputValue(isEnumType(type) ? given : { [given]: null }, type, (_path, _value, { message }) => {
    suggestion ||= UNKNOWN_MEMBER.exec(message)?.[3] ?? enumSuggestionIn(message);
  });
  return suggestion;
}

/** The names that are said. A secret may stand in the place of a name by mistake, but hardly one that is this short and has no digit. */
const FIELD_NAME = /^[A-Za-z_]{1,32}$/;

function refusal({ definition, message }: Mistake, path: InputPath): GraphQLError {
  return new GraphQLError(message, {
    nodes: definition,
    extensions: { code: 'BAD_USER_INPUT', violations: [{ path, message }], http: { status: 400 } },
  });
}

function nameOf({ variable }: VariableDefinitionNode): string {
  return variable.name.value;
}
