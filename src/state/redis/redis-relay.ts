import { randomUUID } from 'node:crypto';
import type { Relay, Turn } from '../relay.ts';
import { createSeal, hashedName } from '../sealed.ts';
import type { SealedEntry } from '../shared-state.ts';
import { dropEndlessLease, RELEASE_LEASE, RENEW_LEASE } from './lease.ts';
import type { RedisLink } from './redis-link.ts';
import { createReminder } from './reminder.ts';

/** A leader that dies is missed after this; it renews its lease three times meanwhile. */
const LEASE_MS = 3_000;
/** How often who follows asks without being told to: messages are lost with their connection. */
const ASK_AGAIN_MS = 1_000;
/** How long a finding is kept. */
const KEEP_MS = 60_000;
const HOUR_US = 3_600_000_000;

/**
 * KEYS the lease, what was found; ARGV who asks, how long a lease lasts, how long findings are kept (ms), the number of the
 * finding that is known. Turns are numbered by the clock of Redis, and always upwards: that survives the loss of the key.
 */
const TURN = `
${dropEndlessLease('KEYS[1]', 'ARGV[2]')}
local kind = redis.call('TYPE', KEYS[2]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[2]) end
local holder = redis.pcall('GET', KEYS[1])
if type(holder) == 'table' then redis.call('DEL', KEYS[1]) end
if type(holder) == 'string' and holder ~= ARGV[1] then
  local found = redis.call('HMGET', KEYS[2], 'begun', 'number')
  local finding = found[2] and found[2] ~= ARGV[4] and redis.call('HGET', KEYS[2], 'finding')
  return {'follow', found[1] or '0', found[2] or '0', finding or ''}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local number = time[1] * 1000000 + time[2]
local begun = tonumber(redis.call('HGET', KEYS[2], 'begun') or 0) or 0
if begun >= number and begun < number + ${HOUR_US} then number = begun + 1 end
local text = string.format('%.0f', number)
redis.call('HSET', KEYS[2], 'begun', text)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {'lead', text}`;

/** KEYS the lease, what was found, the channel; ARGV who leads, the number of its turn, the finding, how long to keep it. */
const TELL = `
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'number', ARGV[2], 'finding', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('PUBLISH', KEYS[3], ARGV[2])
return 1`;

/** The relays of one instance. */
export interface RedisRelays {
  open(entry: SealedEntry): Relay;
  /** Leaves all of them. */
  close(): void;
}

/** Makes the relays of one instance, and renews the leases of those that it leads. */
export function createRedisRelays(link: RedisLink): RedisRelays {
  const opened = new Set<Relay>();
  const leases = new Map<string, string>();
  let renewing: NodeJS.Timeout | undefined;

  function renew(): void {
    for (const [leaseKey, holder] of leases) void link.run('tail', RENEW_LEASE, [leaseKey], [holder, LEASE_MS]);
    if (leases.size > 0) return;
    clearInterval(renewing);
    renewing = undefined;
  }

  function hold(leaseKey: string, holder: string): void {
    leases.set(leaseKey, holder);
    renewing ??= setInterval(renew, LEASE_MS / 3).unref();
  }

  function open({ name, secret }: SealedEntry): Relay {
    const key = `hookgraph:tail:{${hashedName(name)}}`;
    const [leaseKey, foundKey] = [`${key}:lead`, `${key}:found`];
    const seal = createSeal({ secret, purpose: 'tail' });
    const holder = randomUUID();
    const reminder = createReminder(ASK_AGAIN_MS);
    const stopListening = link.listen(key, reminder.ring);
    let known = 0;
    let hasLeft = false;

    function findingOf(number: number, sealed: unknown) {
      if (!Number.isSafeInteger(number) || typeof sealed !== 'string' || sealed === '') return null;
      known = number;
      return { number, finding: seal.open(sealed, aboutOf(foundKey, number)) };
    }

    async function turn(): Promise<Turn | null> {
      const answer = await link.run('tail', TURN, [leaseKey, foundKey], [holder, LEASE_MS, KEEP_MS, known]);
      const [type, begun, number, sealed]: unknown[] = Array.isArray(answer) ? answer : [];
      if (type === 'follow') {
        leases.delete(leaseKey);
        return { type, begun: Number(begun), found: findingOf(Number(number), sealed) };
      }
      if (type !== 'lead') {
        // A full Redis would still renew it, and keep the others waiting for what this instance cannot tell them.
        leases.delete(leaseKey);
        return null;
      }
      if (hasLeft) release();
      else hold(leaseKey, holder);
      return { type, number: Number(begun) };
    }

    function release(): void {
      leases.delete(leaseKey);
      void link.run('tail', RELEASE_LEASE, [leaseKey, key], [holder]);
    }

    const relay: Relay = {
      turn,
      tell: async (number, finding) => {
        const sealed = seal.close(finding, aboutOf(foundKey, number));
        await link.run('tail', TELL, [leaseKey, foundKey, key], [holder, number, sealed, KEEP_MS]);
      },
      changed: (signal) => reminder.wait(signal),
      nudge: reminder.ring,
      handOver: release,
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        opened.delete(relay);
        stopListening();
        release();
      },
    };
    opened.add(relay);
    return relay;
  }

  return {
    open,
    close: () => {
      for (const relay of [...opened]) relay.leave();
      clearInterval(renewing);
    },
  };
}

/** A finding that was moved, or told under another number, opens nothing. */
function aboutOf(key: string, number: number): string {
  return `${key} ${number}`;
}
