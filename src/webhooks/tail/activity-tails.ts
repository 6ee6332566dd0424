import { HookgraphError, LimitExceededError } from '../../domain/errors.ts';
import type { Relay } from '../../state/relay.ts';
import type { OperationScope } from '../operation-scope.ts';
import type { ProviderDirectory } from '../provider-directory.ts';
import { startTailFeed, type TailFeed } from './tail-feed.ts';
import { createTailPace } from './tail-pace.ts';
import type { LendPages, TailReader } from './tail-reader.ts';
import { lendCalls, sourceIdOf, type TailCallLimits, type TailSource } from './tail-source.ts';
import { createRelayedTurns, OWN_TURNS, type TailTurns } from './tail-turns.ts';

/** One who follows a log: its life, and what it may not show. */
export interface TailSession {
  /** Aborted when the client leaves, or the gateway ends its streams. */
  readonly signal: AbortSignal;
  /** Lets go of whatever the session holds. */
  end(): void;
}

/** A place among those who follow one log. */
export interface TailSeat {
  readonly feed: TailFeed;
  /** Whether the feed goes on with the reader that was brought; else one was there already. */
  readonly isFirst: boolean;
  leave(): void;
}

/**
 * The live tails of a gateway: one poller for each log, filter and credentials, as long as anybody follows. Where
 * instances share a relay it is one poller for all of them.
 */
export interface ActivityTails {
  readonly pollMs: number;
  /** How many pages one read takes at most. */
  readonly maxPages: number;
  /**
   * Begins a stream that ends when `departure` aborts, or with all others. `follower` is who follows, by name; null: nobody
   * was asked. Throws `LimitExceededError` where a caller has too many.
   */
  open(departure: AbortSignal, follower: string | null): TailSession;
  /** Lends upstream calls for reads that nobody shares, as parts of `operation` where they open its stream. */
  lend(
    source: TailSource,
    signal: AbortSignal,
    keepSecret: (text: string) => void,
    operation?: OperationScope,
  ): LendPages;
  /**
   * Joins the feed of a log; where there is none, `reader`, which is up to date, becomes it. Throws `LimitExceededError`
   * where the follower follows too many logs, and OVERLOADED where all do together.
   */
  join(source: TailSource, reader: TailReader, keepSecret: (text: string) => void, follower: string | null): TailSeat;
  /** How many logs are polled here, and for how many streams; what another instance polls does not count. */
  counts(): { readonly pollers: number; readonly streams: number };
  /** Ends every stream, so that each is completed properly; new ones end at once. */
  close(): void;
}

/** A read ends long before its deadline even where the upstream is slow. */
const MAX_PAGES = 25;
const MAX_POLLERS = 1_000;
/**
 * A stream is paid for once, and its log is asked for as long as it stands. So many logs cause as many calls as a caller may
 * pay for in a minute; more would be all that there are places for, with nothing left for the others.
 */
const MAX_LOGS_OF_ONE = 200;
/** A stream is some 65 kB, whoever asks upstream for it, and one that lags behind reads by itself. */
const MAX_STREAMS_OF_ONE = 1_000;

interface SharedFeed {
  readonly feed: TailFeed;
  readonly turns: TailTurns;
  readonly secrets: Set<string>;
  /** Who follows, by name, once for each stream. */
  readonly followers: (string | null)[];
}

/** Makes the tails of one gateway. */
export function createActivityTails(
  options: TailCallLimits & {
    readonly directory: ProviderDirectory;
    readonly pollMs: number;
    readonly maxPages: number;
    /** The relay between all instances that follow a log; null where it is followed here only. */
    readonly openRelay: (source: TailSource) => Relay | null;
  },
): ActivityTails {
  const { pollMs, maxPages, openRelay, ...calls } = options;
  const feeds = new Map<string, SharedFeed>();
  const streams = new Map<AbortController, string | null>();
  let isClosed = false;

  function share(id: string, source: TailSource, reader: TailReader): SharedFeed {
    if (feeds.size >= MAX_POLLERS) {
      const { provider } = source.key;
      throw new HookgraphError('OVERLOADED', 'Too many logs are followed at the moment; try again later.', {
        provider,
      });
    }
    const secrets = new Set<string>();
    const forget = () => {
      if (feeds.get(id) === shared) feeds.delete(id);
    };
    const relay = openRelay(source);
    const turns = relay ? createRelayedTurns({ relay, reader }) : OWN_TURNS;
    const feed = startTailFeed({
      reader,
      turns,
      pace: createTailPace({ pollMs }),
      lend: (signal) => lendCalls(source, { ...calls, signal, keepSecret: (text) => secrets.add(text) }),
      onEnd: forget,
    });
    const shared: SharedFeed = { feed, turns, secrets, followers: [] };
    feeds.set(id, shared);
    return shared;
  }

  /** Throws where a named caller has as many already. */
  function assertRoom(follower: string | null, max: number, what: string, own: () => number): void {
    if (follower === null || own() < max) return;
    throw new LimitExceededError(
      `One caller may follow ${max.toLocaleString('en')} ${what} at a time; leave one first.`,
    );
  }

  return {
    pollMs,
    maxPages: Math.min(maxPages, MAX_PAGES),
    open: (departure, follower) => {
      assertRoom(
        follower,
        MAX_STREAMS_OF_ONE,
        'streams',
        () => [...streams.values()].filter((name) => name === follower).length,
      );
      const controller = new AbortController();
      const leave = () => controller.abort(departure.reason);
      if (departure.aborted) leave();
      else if (isClosed) controller.abort();
      departure.addEventListener('abort', leave, { once: true });
      streams.set(controller, follower);
      return {
        signal: controller.signal,
        end: () => {
          departure.removeEventListener('abort', leave);
          streams.delete(controller);
          controller.abort();
        },
      };
    },
    lend: (source, signal, keepSecret, operation) => lendCalls(source, { ...calls, signal, keepSecret, operation }),
    join: (source, reader, keepSecret, follower) => {
      const id = sourceIdOf(source);
      const there = feeds.get(id);
      if (!there?.followers.includes(follower)) {
        assertRoom(
          follower,
          MAX_LOGS_OF_ONE,
          'logs',
          () => [...feeds.values()].filter(({ followers }) => followers.includes(follower)).length,
        );
      }
      const shared = there ?? share(id, source, reader);
      shared.followers.push(follower);
      return {
        feed: shared.feed,
        isFirst: there === undefined,
        leave: () => {
          for (const secret of shared.secrets) keepSecret(secret);
          shared.followers.splice(shared.followers.indexOf(follower), 1);
          if (shared.followers.length > 0) return;
          if (feeds.get(id) === shared) feeds.delete(id);
          shared.feed.stop();
        },
      };
    },
    counts: () => ({
      pollers: [...feeds.values()].filter(({ turns }) => turns.isReading()).length,
      streams: streams.size,
    }),
    close: () => {
      isClosed = true;
      for (const controller of streams.keys()) controller.abort();
    },
  };
}
