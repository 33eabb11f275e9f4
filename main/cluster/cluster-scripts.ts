import { PREFIX } from './cluster-keys.ts';

/**
 * What has to happen in Redis in one piece. Redis runs a script alone; each checks what it rests on.
 */

/**
 * Renews a node's lease and answers who else is there. A node whose clock is wrong has none.
 *
 * KEYS nodes, own lease, own inbox; ARGV node id, what it says of itself, lease and inbox in ms, its
 * clock, and how far that may be from Redis' own, both in ms.
 * Answers whether the lease was still there, Redis' time in s and µs, and for each node its id,
 * what it says of itself or '' once its lease has run out, and how many rooms are its own.
 */
export const BEAT = `
local there = redis.call('EXISTS', KEYS[2])
local time = redis.call('TIME')
local off = math.abs(time[1] * 1000 + time[2] / 1000 - tonumber(ARGV[5]))
if off <= tonumber(ARGV[6]) then
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
  redis.call('SADD', KEYS[1], ARGV[1])
else
  redis.call('DEL', KEYS[2])
end
redis.call('PEXPIRE', KEYS[3], ARGV[4])
local nodes = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local about = redis.call('GET', '${PREFIX}node:' .. id)
  table.insert(nodes, {id, about or '', redis.call('SCARD', '${PREFIX}rooms:' .. id)})
end
return {there, time[1], time[2], nodes}`;

/**
 * Takes a room whose owner is gone, and answers what is kept of it.
 *
 * KEYS owners, room, own rooms, own lease; ARGV room id, node id, '1' where rooms of projects may be
 * taken. Answers {'lapsed'}, {'owned', by whom}, {'none'} where no such room is kept, {'not-for-us'},
 * or {'claimed', rows}.
 */
export const CLAIM = `
if redis.call('EXISTS', KEYS[4]) == 0 then return {'lapsed'} end
local owner = redis.call('HGET', KEYS[1], ARGV[1])
if owner and owner ~= ARGV[2] and redis.call('EXISTS', '${PREFIX}node:' .. owner) == 1 then
  return {'owned', owner}
end
local rows = redis.call('HGETALL', KEYS[2])
if #rows == 0 then return {'none'} end
if ARGV[3] ~= '1' and redis.call('HEXISTS', KEYS[2], 'project/' .. ARGV[1]) == 1 then
  return {'not-for-us'}
end
if owner and owner ~= ARGV[2] then redis.call('SREM', '${PREFIX}rooms:' .. owner, ARGV[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
return {'claimed', rows}`;

/**
 * Keeps a room as its owner has it. A node that another one took it from writes nothing.
 *
 * KEYS owners, room, own rooms, own lease; ARGV room id, node id, how many rows are gone, their
 * names, then names and rows. Answers 'kept', 'lapsed', or 'lost' for somebody else's room.
 */
export const SAVE = `
if redis.call('EXISTS', KEYS[4]) == 0 then return 'lapsed' end
local owner = redis.call('HGET', KEYS[1], ARGV[1])
if owner and owner ~= ARGV[2] then return 'lost' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
local gone = tonumber(ARGV[3])
for at = 4, 3 + gone do redis.call('HDEL', KEYS[2], ARGV[at]) end
for at = 4 + gone, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
return 'kept'`;

/** Forgets a room. KEYS and ARGV as for a save, without rows. */
export const FORGET = `
local owner = redis.call('HGET', KEYS[1], ARGV[1])
if owner and owner ~= ARGV[2] then return 'lost' end
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
return 'kept'`;

/** Strikes out a node that is gone, once its rooms are others'. KEYS nodes, lease, rooms, inbox; ARGV id. */
export const STRIKE_OUT = `
if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('SCARD', KEYS[3]) > 0 then return 0 end
redis.call('DEL', KEYS[4])
return redis.call('SREM', KEYS[1], ARGV[1])`;
