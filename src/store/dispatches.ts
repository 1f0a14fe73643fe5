// Pushes on their way to vendors: one row a push and device, and one for each attempt.
import type { ChannelCount } from '../contract/operations/pushes.ts'
import type { Sql } from './db.ts'

/**
 * `under_way`: the vendor may be getting it at this moment. Where it ends: `accepted` by the vendor, `refused`,
 * `dead_token`, `expired`, `withdrawn`, `received` over a connection of its own meanwhile, or `unknown`.
 */
export type DispatchState =
  | 'due'
  | 'under_way'
  | 'accepted'
  | 'refused'
  | 'dead_token'
  | 'expired'
  | 'withdrawn'
  | 'received'
  | 'unknown'

export interface DispatchKey {
  readonly msgId: number
  /** Below 0: not a device, but a user's binding, by its number with a minus. */
  readonly deviceId: number
}

export interface DispatchRow extends DispatchKey {
  readonly appId: number
  readonly channel: string
  readonly attempts: number
  readonly expiresAt: number
}

/** @returns false when there is one already */
export async function insertDispatch(sql: Sql, row: DispatchRow, dueAt: number): Promise<boolean> {
  const inserted = await sql.run(
    `INSERT INTO dispatches (msg_id, device_id, app_id, channel, state, attempts, due_at, expires_at)
     VALUES ($1, $2, $3, $4, 'due', $5, $6, $7) ON CONFLICT DO NOTHING`,
    row.msgId,
    row.deviceId,
    row.appId,
    row.channel,
    row.attempts,
    dueAt,
    row.expiresAt,
  )
  return inserted > 0
}

/** The first app after this one that has something for the channel, and when the first of it is due (epoch ms). */
export function nextWaitingApp(
  sql: Sql,
  channel: string,
  after: number,
): Promise<{ readonly appId: number; readonly dueAt: number } | undefined> {
  return sql.one(
    `SELECT app_id AS "appId", due_at AS "dueAt" FROM dispatches
     WHERE state = 'due' AND channel = $1 AND app_id > $2 ORDER BY app_id, due_at LIMIT 1`,
    channel,
    after,
  )
}

/** What is due of an app, the longest first. */
export function listDue(
  sql: Sql,
  channel: string,
  appId: number,
  now: number,
  limit: number,
): Promise<DispatchRow[]> {
  return sql.all<DispatchRow>(
    `SELECT msg_id AS "msgId", device_id AS "deviceId", app_id AS "appId", channel, attempts,
       expires_at AS "expiresAt"
     FROM dispatches WHERE state = 'due' AND channel = $1 AND app_id = $2 AND due_at <= $3
     ORDER BY due_at, msg_id, device_id LIMIT $4`,
    channel,
    appId,
    now,
    limit,
  )
}

export async function findDispatchState(
  sql: Sql,
  { msgId, deviceId }: DispatchKey,
): Promise<DispatchState | undefined> {
  const row = await sql.one<{ state: DispatchState }>(
    'SELECT state FROM dispatches WHERE msg_id = $1 AND device_id = $2',
    msgId,
    deviceId,
  )
  return row?.state
}

/** @returns false when it is due no longer */
export async function beginAttempt(sql: Sql, { msgId, deviceId }: DispatchKey): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE dispatches SET state = 'under_way', attempts = attempts + 1
     WHERE msg_id = $1 AND device_id = $2 AND state = 'due'`,
    msgId,
    deviceId,
  )
  return changed > 0
}

/** @param dueAt for a state that goes on; the others keep theirs */
export async function setState(
  sql: Sql,
  { msgId, deviceId }: DispatchKey,
  state: DispatchState,
  dueAt?: number,
): Promise<void> {
  await sql.run(
    `UPDATE dispatches SET state = $1, due_at = COALESCE($2, due_at) WHERE msg_id = $3 AND device_id = $4`,
    state,
    dueAt ?? null,
    msgId,
    deviceId,
  )
}

/** What was under way when a core went down, in the order of its keys. */
export function listUnderWay(sql: Sql, limit: number): Promise<DispatchRow[]> {
  return sql.all<DispatchRow>(
    `SELECT msg_id AS "msgId", device_id AS "deviceId", app_id AS "appId", channel, attempts,
       expires_at AS "expiresAt"
     FROM dispatches WHERE state = 'under_way' ORDER BY msg_id, device_id LIMIT $1`,
    limit,
  )
}

export interface AttemptRow extends DispatchKey {
  /** From 1. */
  readonly attempt: number
  readonly channel: string
  /** Epoch ms: when it began. */
  readonly at: number
  readonly tookMs: number
  readonly outcome: string
  readonly status: number | null
  readonly reason: string
  readonly retryAfterMs: number | null
  /** Whose binding it went to, and the app's name of the device, as they were then; null = it went to a device. */
  readonly username: string | null
  readonly deviceName: string | null
}

export async function insertAttempt(sql: Sql, row: AttemptRow): Promise<void> {
  await sql.run(
    `INSERT INTO dispatch_attempts (msg_id, device_id, attempt, channel, at, took_ms, outcome, status, reason,
       retry_after_ms, username, device_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT DO NOTHING`,
    row.msgId,
    row.deviceId,
    row.attempt,
    row.channel,
    row.at,
    row.tookMs,
    row.outcome,
    row.status,
    row.reason,
    row.retryAfterMs,
    row.username,
    row.deviceName,
  )
}

/** Where a page of attempts goes on. */
export interface AttemptPlace {
  readonly deviceId: number
  readonly attempt: number
}

/** Before all of them, those of bindings included. */
export const firstAttempt: AttemptPlace = { deviceId: Number.MIN_SAFE_INTEGER, attempt: 0 }

export type ShownAttempt = AttemptRow & { readonly registrationId: string | null }

/** In the order of device and attempt, after that place. */
export function listAttempts(
  sql: Sql,
  msgId: number,
  after: AttemptPlace,
  limit: number,
): Promise<ShownAttempt[]> {
  return sql.all<ShownAttempt>(
    `SELECT a.msg_id AS "msgId", a.device_id AS "deviceId", a.attempt, a.channel, a.at, a.took_ms AS "tookMs",
       a.outcome, a.status, a.reason, a.retry_after_ms AS "retryAfterMs", a.username,
       a.device_name AS "deviceName", d.registration_id AS "registrationId"
     FROM dispatch_attempts a LEFT JOIN devices d ON d.device_id = a.device_id
     WHERE a.msg_id = $1 AND (a.device_id, a.attempt) > ($2, $3) ORDER BY a.device_id, a.attempt LIMIT $4`,
    msgId,
    after.deviceId,
    after.attempt,
    limit,
  )
}

export function countStates(
  sql: Sql,
  msgId: number,
): Promise<{ readonly channel: string; readonly state: DispatchState; readonly count: number }[]> {
  return sql.all(
    `SELECT channel, state, COUNT(*) AS count FROM dispatches WHERE msg_id = $1
     GROUP BY channel, state ORDER BY channel, state`,
    msgId,
  )
}

export async function addToChannelCounts(
  sql: Sql,
  msgId: number,
  { channel, platform, target, sent }: ChannelCount,
): Promise<void> {
  await sql.run(
    `INSERT INTO channel_counts (msg_id, channel, platform, target, sent) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (msg_id, channel, platform) DO UPDATE SET
       target = channel_counts.target + excluded.target, sent = channel_counts.sent + excluded.sent`,
    msgId,
    channel,
    platform,
    target,
    sent,
  )
}

export function listChannelCounts(sql: Sql, msgId: number): Promise<ChannelCount[]> {
  return sql.all<ChannelCount>(
    'SELECT channel, platform, target, sent FROM channel_counts WHERE msg_id = $1',
    msgId,
  )
}

/** Up to `limit` rows of what is known of a push's ways to vendors. @returns how many; fewer = nothing is left */
export async function deleteDispatches(sql: Sql, msgId: number, limit: number): Promise<number> {
  let deleted = await sql.run(
    `DELETE FROM dispatch_attempts WHERE msg_id = $1 AND (device_id, attempt) IN
       (SELECT device_id, attempt FROM dispatch_attempts WHERE msg_id = $1 LIMIT $2)`,
    msgId,
    limit,
  )
  if (deleted >= limit) return deleted
  deleted += await sql.run(
    `DELETE FROM dispatches WHERE msg_id = $1 AND device_id IN
       (SELECT device_id FROM dispatches WHERE msg_id = $1 LIMIT $2)`,
    msgId,
    limit - deleted,
  )
  if (deleted >= limit) return deleted
  return deleted + (await sql.run('DELETE FROM channel_counts WHERE msg_id = $1', msgId))
}
