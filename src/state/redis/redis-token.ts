import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeal, hashedName } from '../sealed.ts';
import type { SealedEntry } from '../shared-state.ts';
import type { SharedToken, TokenOnLoan } from '../shared-token.ts';
import { dropEndlessLease, RENEW_LEASE } from './lease.ts';
import type { RedisLink } from './redis-link.ts';

/** Whoever fetches renews its claim meanwhile; when it dies the next one may claim after this. */
const CLAIM_MS = 3_000;
const ASK_AGAIN_MS = 50;
/** Whoever has waited so long for another fetches for itself. */
const MAX_WAIT_MS = 5_000;
/** How many tokens that are not fit are taken away; where another still comes, something else writes them. */
const MAX_UNFIT = 3;

/**
 * KEYS the token, the claim; ARGV who asks, how long a claim lasts (ms), the token that is not fit, if any. The token goes
 * only if it is still that one.
 */
const CLAIM = `
local sealed = redis.pcall('GET', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if type(sealed) == 'string' and sealed ~= ARGV[3] and left > 0 then return {'found', sealed, left} end
redis.call('DEL', KEYS[1])
${dropEndlessLease('KEYS[2]', 'ARGV[2]')}
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'claimed'} end
return {'taken'}`;

/** KEYS the token, the claim; ARGV who has claimed, the token or nothing, how long it is fresh (ms). */
const HAND_IN = `
if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`;

type Claim =
  | { readonly type: 'found'; readonly sealed: string; readonly freshMs: number }
  | { readonly type: 'claimed' | 'taken' | 'away' };

/** The entry of a token in Redis, where it lies sealed until it should be renewed. */
export function createRedisToken(link: RedisLink, { name, secret }: SealedEntry): SharedToken {
  const key = `hookgraph:token:{${hashedName(name)}}`;
  const claimKey = `${key}:claim`;
  const seal = createSeal({ secret, purpose: 'token' });

  async function claim(claimant: string, unfit: string): Promise<Claim> {
    const answer = await link.run('token', CLAIM, [key, claimKey], [claimant, CLAIM_MS, unfit]);
    const [type, sealed, freshMs] = Array.isArray(answer) ? answer : [];
    if (type === 'claimed' || type === 'taken') return { type };
    if (type !== 'found' || typeof sealed !== 'string' || typeof freshMs !== 'number') return { type: 'away' };
    return { type, sealed, freshMs };
  }

  async function fetchForAll(
    claimant: string,
    { fetch, signal }: { readonly fetch: () => Promise<TokenOnLoan>; readonly signal: AbortSignal },
  ): Promise<TokenOnLoan> {
    const renewing = setInterval(
      () => void link.run('token', RENEW_LEASE, [claimKey], [claimant, CLAIM_MS]),
      CLAIM_MS / 3,
    );
    let token: TokenOnLoan | undefined;
    try {
      // Whoever has left meanwhile hands its claim in all the same: others wait for that.
      signal.throwIfAborted();
      token = await fetch();
      return token;
    } finally {
      clearInterval(renewing);
      const sealed = token ? seal.close(JSON.stringify([token.headerValue, token.graceMs]), key) : '';
      // Nobody here waits for that: whoever asked has its token, or its error.
      void link.run(
        'token',
        HAND_IN,
        [key, claimKey],
        [claimant, sealed, Math.max(1, Math.floor(token?.freshMs ?? 1))],
      );
    }
  }

  return {
    async obtain({ isFit, fetch, signal }) {
      const claimant = randomUUID();
      const giveUpAt = performance.now() + MAX_WAIT_MS;
      let unfit = '';
      for (let found = 0; found <= MAX_UNFIT && performance.now() < giveUpAt; ) {
        signal.throwIfAborted();
        const answer = await claim(claimant, unfit);
        if (answer.type === 'claimed') return fetchForAll(claimant, { fetch, signal });
        signal.throwIfAborted();
        if (answer.type === 'away') break;
        if (answer.type === 'found') {
          const token = opened(seal.open(answer.sealed, key), answer.freshMs);
          if (token && isFit(token.headerValue)) return token;
          unfit = answer.sealed;
          found += 1;
          continue;
        }
        await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
      return fetch();
    },
  };
}

function opened(text: string | null, freshMs: number): TokenOnLoan | null {
  if (text === null) return null;
  const [headerValue, graceMs]: unknown[] = JSON.parse(text);
  if (typeof headerValue !== 'string' || typeof graceMs !== 'number') return null;
  return { headerValue, freshMs, graceMs };
}
