import type { Redis, RedisOptions } from 'ioredis';
import type { RedisFailures, RedisUse } from '../shared-state.ts';
import { createAvailability, type StateLogger } from './availability.ts';
import { causeOf } from './cause-of.ts';
import { inTime } from './in-time.ts';
import { isRefusedDatabase } from './refused-database.ts';

/** The way to one Redis. Nothing here rejects: whoever gets no answer goes on without one. */
export interface RedisLink {
  /** Runs a Lua script; null where Redis is away, refuses, or does not answer within a moment. */
  run(use: RedisUse, script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>;
  /** Calls `ring` for each message on a channel, and whenever one may have been missed; answers how to stop that. */
  listen(channel: string, ring: () => void): () => void;
  /** Whether Redis answers, and has refused nothing for a minute. */
  isOfUse(): boolean;
  /** Resolves when it is known whether Redis answers, after a second at the latest. */
  readonly opened: Promise<void>;
  /** Waits for what is under way, then ends the connections. */
  close(): Promise<void>;
}

/** How long a command may take. */
const COMMAND_MS = 250;
/** How often Redis is asked whether it answers again. */
const PROBE_MS = 500;
const OPENING_MS = 1_000;
const MAX_RECONNECT_MS = 2_000;
/** A connection on which nothing comes for so long, although something is due, is given up. */
const SILENCE_MS = 5_000;

const CONNECTION: RedisOptions = {
  connectionName: 'hookgraph',
  family: 0,
  connectTimeout: 2_000,
  disconnectTimeout: 500,
  socketTimeout: SILENCE_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // A command whose answer was lost may have been carried out.
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  // With jitter: instances that lost it together should not come back together.
  retryStrategy: (times) => Math.min(50 * 2 ** times, MAX_RECONNECT_MS) * (0.5 + Math.random() / 2),
  // After a failover the old master is a replica.
  reconnectOnError: ({ message }) => message.includes('READONLY'),
};

/** Opens the way to the Redis at `url`; the library is loaded only now. */
export function openRedisLink(options: {
  /** redis:// or rediss://, with its credentials. */
  readonly url: string;
  readonly failures: RedisFailures | undefined;
  readonly logger: StateLogger;
}): RedisLink {
  const { url, failures, logger } = options;
  const availability = createAvailability({ logger });
  const underWay = new Set<Promise<unknown>>();
  const rings = new Map<string, Set<() => void>>();
  let commands: Redis | undefined;
  let messages: Redis | undefined;
  let connect: (() => Redis) | undefined;
  let isClosing = false;
  /** Of the present connection: what follows the first one says that the connection has ended. */
  let firstCause: string | undefined;

  const opened = open();
  const probes = setInterval(() => void probe(), PROBE_MS).unref();

  async function open(): Promise<void> {
    const { Redis } = await import('ioredis');
    if (isClosing) return;
    connect = () => {
      const redis = new Redis(url, CONNECTION);
      // An error that nobody listens to would end the process. That Redis is away is told by the connection for commands.
      redis.on('error', () => {});
      return redis;
    };
    const redis = connect();
    commands = redis;
    redis.on('connecting', () => {
      firstCause = undefined;
    });
    redis.on('error', (error) => {
      firstCause ??= causeOf(error, url);
      // The library would go on in database 0, which is another deployment's.
      if (isRefusedDatabase(error)) redis.disconnect(true);
    });
    redis.on('ready', availability.cameUp);
    redis.on('close', () => {
      if (!isClosing) goAway(causeNow());
    });
    if (rings.size > 0) messages = openMessages(connect);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, OPENING_MS).unref();
      redis.once('ready', () => resolve());
      redis.once('close', () => resolve());
    });
    if (!availability.isUp()) availability.wentAway(causeNow());
  }

  function causeNow(): string {
    return firstCause ?? 'the connection has ended';
  }

  function goAway(cause: string): void {
    if (availability.isUp()) failures?.add({ use: 'connection' });
    availability.wentAway(cause);
  }

  /** A connection that stands says nothing of whether anybody answers on it. */
  async function probe(): Promise<void> {
    availability.remind();
    if (availability.isUp() || commands?.status !== 'ready') return;
    // Without an answer it is asked again by the next probe.
    await inTime(commands.ping(), COMMAND_MS).then(availability.cameUp, () => {});
  }

  async function evaluate(
    use: RedisUse,
    script: string,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    await opened;
    if (!commands || !availability.isUp()) {
      failures?.add({ use });
      return null;
    }
    try {
      return await inTime(commands.eval(script, keys.length, ...keys, ...values), COMMAND_MS);
    } catch (error) {
      failures?.add({ use });
      const cause = causeOf(error, url);
      if (error instanceof Error && error.name === 'ReplyError') availability.refused(cause);
      else if (!isClosing) goAway(cause);
      return null;
    }
  }

  /** Messages come on a connection of their own: one that listens takes no other commands. */
  function openMessages(connectOnce: () => Redis): Redis {
    const redis = connectOnce();
    redis.on('message', (channel: string) => ring(channel));
    redis.on('ready', () => subscribe([...rings.keys()]));
    return redis;
  }

  function ring(channel: string): void {
    for (const each of rings.get(channel) ?? []) each();
  }

  function subscribe(channels: readonly string[]): void {
    if (messages?.status !== 'ready' || channels.length === 0) return;
    messages.subscribe(...channels).then(
      () => channels.forEach(ring),
      (error: unknown) => {
        // Where the connection has broken, the next one subscribes to all of them.
        if (error instanceof Error && error.name === 'ReplyError') availability.refused(causeOf(error, url));
      },
    );
  }

  function unsubscribe(channel: string): void {
    if (messages?.status !== 'ready') return;
    // A connection that has broken listens to nothing any more.
    messages.unsubscribe(channel).catch(() => {});
  }

  return {
    run: (use, script, keys, values) => {
      const running = evaluate(use, script, keys, values);
      underWay.add(running);
      return running.finally(() => underWay.delete(running));
    },
    listen: (channel, onMessage) => {
      const there = rings.get(channel);
      if (there) there.add(onMessage);
      else {
        rings.set(channel, new Set([onMessage]));
        if (connect && !messages) messages = openMessages(connect);
        else subscribe([channel]);
      }
      return () => {
        const others = rings.get(channel);
        if (!others?.delete(onMessage) || others.size > 0) return;
        rings.delete(channel);
        unsubscribe(channel);
      };
    },
    isOfUse: availability.isOfUse,
    opened,
    close: async () => {
      await Promise.all(underWay);
      isClosing = true;
      clearInterval(probes);
      commands?.disconnect();
      messages?.disconnect();
    },
  };
}
