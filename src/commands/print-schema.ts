import { gatewayVariables } from '../config/gateway-variables.ts';
import { type Environment, readVariables } from '../config/variable.ts';
import { printForClients, printSubgraph } from '../graphql/federation.ts';
import { publicSchema } from '../graphql/schema.ts';

/**
 * `hookgraph schema`: the schema in plain SDL, which every tool reads. With `--subgraph` it is what `_service { sdl }` of
 * a gateway in the same environment answers.
 */
export function schemaText(options: { readonly isSubgraph: boolean; readonly environment: Environment }): string {
  if (!options.isSubgraph) return `${printForClients(publicSchema)}\n`;
  const { subgraphNode } = readVariables(options.environment, { subgraphNode: gatewayVariables.subgraphNode });
  return `${printSubgraph(publicSchema, { hasNode: subgraphNode })}\n`;
}
