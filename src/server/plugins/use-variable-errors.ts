import {
  coerceInputValue,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInputType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Refuses variables that do not fit their types with BAD_USER_INPUT and HTTP 400, naming the place. The executor would
 * give no code, and would quote the value, which may be a secret.
 */
export function useVariableErrors(): Plugin {
  const errorsIn = ({ schema, document, operationName, variableValues }: ExecutionArgs): readonly GraphQLError[] =>
    (getOperationAST(document, operationName)?.variableDefinitions ?? [])
      .flatMap((definition) => variableErrors(schema, definition, variableValues ?? {}))
      .slice(0, MAX_ERRORS);
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const errors = errorsIn(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const errors = errorsIn(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

const MAX_ERRORS = 20;

function variableErrors(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return [];
  const isGiven = Object.hasOwn(values, name) && values[name] !== undefined;
  if (!isGiven) {
    if (definition.defaultValue || definition.type.kind !== 'NonNullType') return [];
    return [refusal(definition, `Variable "$${name}" of type ${type} must be given.`, [])];
  }
  const errors: GraphQLError[] = [];
  coerceInputValue(values[name], type, (path, _value, error) => {
    errors.push(refusal(definition, `Variable "$${[name, ...path].join('.')}": ${reason(type, error)}`, path));
  });
  return errors;
}

/** What was expected, in words that do not quote what was given. */
function reason(type: GraphQLInputType, { message }: GraphQLError): string {
  const isAboutShape = /^(Field "\w+" of required type|Expected non-nullable type|Exactly one key)/.test(message);
  if (isAboutShape) return message;
  const unknownField = /^Field "(\w+)" is not defined by type "(\w+)"/.exec(message);
  if (unknownField) return `${unknownField[2]} has no field of this name.`;
  const scalar = /^(\w+) expects /.exec(message);
  return scalar ? message : `it does not fit ${namedIn(message) ?? getNamedType(type).name}.`;
}

/** The type that graphql-js names in front of its complaint, e.g. «Int cannot represent …». */
function namedIn(message: string): string | undefined {
  return /^(\w+) cannot represent/.exec(message)?.[1] ?? /does not exist in "(\w+)" enum/.exec(message)?.[1];
}

function refusal(node: VariableDefinitionNode, message: string, path: readonly (string | number)[]): GraphQLError {
  const name = node.variable.name.value;
  return new GraphQLError(message, {
    nodes: node,
    extensions: {
      code: 'BAD_USER_INPUT',
      violations: [{ path: [name, ...path], message }],
      http: { status: 400 },
    },
  });
}
