/** Holds on to a lease: KEYS the lease; ARGV the holder, how long (ms). */
export const RENEW_LEASE = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

/** Lets go of a lease, if it is still one's own, and says so: KEYS the lease, the channel; ARGV the holder. */
export const RELEASE_LEASE = `
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[2], '')
return 1`;

/**
 * Lua that removes the lease at `key` where it has no end, or ends later than in `ms`: somebody else wrote that one. Both
 * arguments are Lua expressions.
 */
export const dropEndlessLease = (key: string, ms: string): string => `
do
  local left = redis.call('PTTL', ${key})
  if left == -1 or left > tonumber(${ms}) then redis.call('DEL', ${key}) end
end`;
