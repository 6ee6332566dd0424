import { IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { ExecutionResult } from 'graphql';
import type { GatewaySettings } from '../../config/load-config.ts';
import type { CallScope } from '../../domain/call-scope.ts';
import { ANYONE, type Caller } from '../../domain/caller.ts';
import type { CompiledResult } from '../../graphql/execution/compile-operation.ts';
import { writeJson } from '../../graphql/execution/written-json.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type EndingScope, type OperationScope, openEndingScope } from '../../webhooks/operation-scope.ts';
import { type AnswerType, answerType } from '../answer-type.ts';
import { callerByKey } from '../caller/caller-by-key.ts';
import type { ClientAddresses } from '../client-address.ts';
import { finished, requestFault, toldErrors } from '../client-errors.ts';
import { COST_HEADER, excess } from '../cost-limit.ts';
import { forwardedAuthorization } from '../forwarded-authorization.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import type { CreateOperationContext } from '../operation-context.ts';
import type { Observation, OperationWatch } from '../operation-watch.ts';
import type { RateLimit } from '../rate-limit.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../request-id.ts';
import { documentOf } from '../requested-document.ts';
import { securityHeaders } from '../security-headers.ts';
import { endOfTurn } from './end-of-turn.ts';
import { isJsonPost, operationIn, readBody } from './json-request.ts';
import type { KnownOperation, KnownOperations } from './known-operations.ts';
import { letNextBegin, turnToBegin } from './turn-to-begin.ts';

/**
 * Answers the ordinary request past the server's HTTP layer: a known operation, posted as JSON by a caller with a key
 * where keys are required, within all limits. It only ever answers such a one, by the same functions that the plugins are
 * made of; whatever is unusual goes the ordinary way, body and all, and is refused or answered there. docs/performance.md
 * tells what that saves.
 */
export function directWay(options: {
  readonly endpoint: string;
  readonly known: KnownOperations;
  readonly createContext: CreateOperationContext;
  readonly watch: OperationWatch | null;
  readonly rateLimit: RateLimit | null;
  readonly addresses: ClientAddresses;
  readonly maxCost: number;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
  readonly ordinaryWay: RequestListener;
}): RequestListener {
  const { endpoint, known, createContext, watch, rateLimit, addresses, maxCost, settings, logger, ordinaryWay } =
    options;
  const { auth, persistedDocuments, limitBodyBytes, limitDepth: maxDepth } = settings;
  const isCorsOn = settings.corsOrigins.length > 0;
  const fixedHeaders = securityHeaders({ isCorsOn }).flat();

  /** Who asks, and which form the answer has; null where the ordinary way is to look. */
  function admit(request: IncomingMessage): Admitted | null {
    const { url, headers } = request;
    if (url !== endpoint || !isJsonPost(request, limitBodyBytes)) return null;
    if (headers[COST_HEADER] !== undefined || (isCorsOn && headers.origin !== undefined)) return null;
    if (auth.mode === 'loopback' && !isLoopbackHost(headers.host ?? '')) return null;
    const caller = auth.mode === 'required' ? callerByKey(auth.apiKeys, headers.authorization) : ANYONE;
    const type = answerType(headers.accept);
    return caller && type ? { caller, type } : null;
  }

  /** What is to be executed; null where it is not known, does not fit or is too much. */
  function prepare(request: IncomingMessage, body: Buffer): Prepared | null {
    const asked = operationIn(body, { hasDocuments: persistedDocuments !== null });
    if (!asked) return null;
    try {
      const text = documentOf(asked, persistedDocuments);
      const operation = text ? known.find(text, asked.operationName) : undefined;
      const given = asked.variables ?? {};
      const variables = operation?.coerce(given);
      if (!operation || !variables) return null;
      const { cost, depth } = operation.costOf(given);
      if (excess({ cost, depth, maxCost, maxDepth })) return null;
      return { operation, variables, cost, brought: broughtBy(request) };
    } catch {
      // The ordinary way meets the same error, and tells it.
      return null;
    }
  }

  function broughtBy({ headers }: IncomingMessage): CallScope['forwardedAuthorization'] {
    if (!settings.forwardCredentials) return {};
    return forwardedAuthorization({ get: (name) => headers[name]?.toString() ?? null });
  }

  /** The result as its client gets it. */
  function told({ data, errors }: CompiledResult, scope: OperationScope, requestId: string): ExecutionResult {
    if (!errors) return { data };
    const shown = toldErrors(errors, { scope, requestId, logger });
    return { errors: shown.map((error) => finished(error, { requestId, isRefusal: false })), data };
  }

  function failed(error: unknown, requestId: string): ExecutionResult {
    logger.error({ err: error, requestId }, 'a request failed');
    return { errors: [finished(requestFault(), { requestId, isRefusal: false })] };
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { caller, type }: Admitted,
    body: Buffer,
  ): Promise<void> {
    const arrivedAt = watch ? performance.now() : 0;
    const turn = turnOf(response, body);
    if (turn) {
      watch?.waits();
      await turn;
      watch?.waited(response.destroyed);
      // The client has left meanwhile: nobody would read the answer, and its account is not to pay for one.
      if (response.destroyed) return;
    }
    const prepared = prepare(request, body);
    const waitMs = prepared && rateLimit ? await take(rateLimit, request, caller, prepared.cost) : undefined;
    // The client has left while its account was asked.
    if (response.destroyed) return;
    if (!prepared || waitMs !== undefined) return ordinaryWay(replayed(request, body), response);
    const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]?.toString());
    const observation = watch?.arrived({
      method: 'POST',
      traceparent: request.headers.traceparent?.toString() ?? null,
      requestId,
      arrivedAt,
    });
    const scope = openScope(prepared, observation);
    response.on('close', () => {
      if (!response.writableEnded) scope.leave();
    });
    let result: ExecutionResult;
    let status = 200;
    try {
      const { operation, variables: variableValues } = prepared;
      const contextValue = createContext({ caller, scope });
      result = told(await operation.compiled.execute({ contextValue, variableValues }), scope, requestId);
    } catch (error) {
      result = failed(error, requestId);
      status = 500;
    }
    scope.end();
    const content = contentOf(writeJson(result));
    if (observation) {
      watch?.executed(observation, result);
      watch?.answered(observation, status);
    }
    await endOfTurn();
    response.writeHead(status, [...fixedHeaders, ...headersOf(content, type, requestId)]);
    response.end(content, 'latin1');
  }

  function openScope({ operation, brought }: Prepared, observation: Observation | undefined): EndingScope {
    const scope = openEndingScope({
      timeoutMs: settings.operationTimeoutMs,
      maxUpstreamCalls: settings.upstreamMaxCalls,
      forwardedAuthorization: brought,
      span: observation?.span,
    });
    if (observation) watch?.recognized(observation, operation.definition, scope);
    return scope;
  }

  /** Nothing is taken from the account of whom the ordinary way then refuses. */
  function take(
    limit: RateLimit,
    request: IncomingMessage,
    caller: Caller,
    cost: number,
  ): ReturnType<RateLimit['take']> {
    if (caller.name === null) {
      const forwardedFor = request.headers['x-forwarded-for']?.toString() ?? null;
      addresses.note(request, { forwardedFor, remoteAddress: request.socket.remoteAddress });
    }
    return limit.take(caller, request, cost);
  }

  return (request, response) => {
    const admitted = admit(request);
    if (!admitted) {
      letNextBegin();
      return ordinaryWay(request, response);
    }
    readBody(request, (body) => {
      answer(request, response, admitted, body).catch((error: unknown) => {
        logger.error({ err: error }, 'a request failed');
        response.destroy();
      });
    });
  };
}

interface Admitted {
  readonly caller: Caller;
  readonly type: AnswerType;
}

interface Prepared {
  readonly operation: KnownOperation;
  readonly variables: Record<string, unknown>;
  readonly cost: number;
  readonly brought: CallScope['forwardedAuthorization'];
}

/** When its operation may begin; at once where nothing is returned. */
function turnOf(response: ServerResponse, body: Buffer): Promise<void> | undefined {
  if (response.socket !== null) return turnToBegin(body);
  // It stands behind another request of its connection: if such ones waited, a single client could make them pile up.
  letNextBegin();
  return undefined;
}

function headersOf(content: string | Buffer, type: AnswerType, requestId: string): string[] {
  const contentType = `${type}; charset=utf-8`;
  return ['content-type', contentType, REQUEST_ID_HEADER, requestId, 'content-length', String(content.length)];
}

const MAX_SHORT_LENGTH = 4_096;

/**
 * A text as it is sent; its length is that in bytes. Node sends a short one in one piece with the headers, and copies it as
 * it is where it has no character beyond ASCII.
 */
function contentOf(text: string): string | Buffer {
  const isPlain = text.length <= MAX_SHORT_LENGTH && Buffer.byteLength(text) === text.length;
  return isPlain ? text : Buffer.from(text);
}

/** The same request for another reader, from the start. */
function replayed(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { method, url, headers, socket } = request;
  const again = Object.assign(new IncomingMessage(socket), { method, url, headers, complete: true });
  again.push(body);
  again.push(null);
  return again;
}
