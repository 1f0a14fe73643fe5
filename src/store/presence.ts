// What users have published of themselves, and who has subscribed to whom until when.
import type { Sql } from './db.ts'

/** @returns '' when the user has said nothing */
export async function findPresenceText(sql: Sql, uid: number): Promise<string> {
  const row = await sql.one<{ ext: string }>('SELECT ext FROM presences WHERE uid = $1', uid)
  return row?.ext ?? ''
}

export function listPresenceStates(
  sql: Sql,
  uid: number,
): Promise<{ readonly resource: string; readonly status: number }[]> {
  return sql.all('SELECT resource, status FROM presence_states WHERE uid = $1', uid)
}

export async function putPresence(
  sql: Sql,
  uid: number,
  { resource, status, ext }: { readonly resource: string; readonly status: number; readonly ext: string },
): Promise<void> {
  await sql.run(
    'INSERT INTO presences (uid, ext) VALUES ($1, $2) ON CONFLICT (uid) DO UPDATE SET ext = excluded.ext',
    uid,
    ext,
  )
  await sql.run(
    `INSERT INTO presence_states (uid, resource, status) VALUES ($1, $2, $3)
     ON CONFLICT (uid, resource) DO UPDATE SET status = excluded.status`,
    uid,
    resource,
    status,
  )
  // Of devices that are known no longer nothing is shown.
  await sql.run(
    `DELETE FROM presence_states WHERE uid = $1 AND resource NOT IN
       (SELECT resource FROM user_devices WHERE uid = $1)`,
    uid,
  )
}

export async function putSubscription(
  sql: Sql,
  uid: number,
  targetUid: number,
  expiresAt: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO presence_subscriptions (uid, target_uid, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (uid, target_uid) DO UPDATE SET expires_at = excluded.expires_at`,
    uid,
    targetUid,
    expiresAt,
  )
}

export async function deleteSubscription(sql: Sql, uid: number, targetUid: number): Promise<void> {
  await sql.run('DELETE FROM presence_subscriptions WHERE uid = $1 AND target_uid = $2', uid, targetUid)
}

/** @returns epoch ms; 0 = there is no subscription, or not any more */
export async function findSubscriptionEnd(
  sql: Sql,
  uid: number,
  targetUid: number,
  now: number,
): Promise<number> {
  const row = await sql.one<{ expiresAt: number }>(
    `SELECT expires_at AS "expiresAt" FROM presence_subscriptions
     WHERE uid = $1 AND target_uid = $2 AND expires_at > $3`,
    uid,
    targetUid,
    now,
  )
  return row?.expiresAt ?? 0
}

export async function countSubscriptions(sql: Sql, uid: number, now: number): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT COUNT(*) AS count FROM presence_subscriptions WHERE uid = $1 AND expires_at > $2',
    uid,
    now,
  )
  return row!.count
}

export function listSubscriptions(
  sql: Sql,
  uid: number,
  now: number,
  offset: number,
  limit: number,
): Promise<{ readonly username: string; readonly expiresAt: number }[]> {
  return sql.all(
    `SELECT u.username, s.expires_at AS "expiresAt"
     FROM presence_subscriptions s JOIN users u ON u.uid = s.target_uid
     WHERE s.uid = $1 AND s.expires_at > $2 ORDER BY s.expires_at, s.target_uid LIMIT $3 OFFSET $4`,
    uid,
    now,
    limit,
    offset,
  )
}

/** Those who are online. */
export function listOnlineSubscribers(
  sql: Sql,
  targetUid: number,
  now: number,
): Promise<{ readonly uid: number; readonly expiresAt: number }[]> {
  return sql.all(
    `SELECT s.uid, s.expires_at AS "expiresAt" FROM presence_subscriptions s
     WHERE s.target_uid = $1 AND s.expires_at > $2
       AND EXISTS (SELECT 1 FROM user_devices d WHERE d.uid = s.uid AND d.session IS NOT NULL)`,
    targetUid,
    now,
  )
}

/** Leaves a user `most` subscribers: those whose subscriptions end first go. */
export async function cutSubscribers(sql: Sql, targetUid: number, most: number): Promise<void> {
  await sql.run(
    `DELETE FROM presence_subscriptions WHERE target_uid = $1 AND uid IN
       (SELECT uid FROM presence_subscriptions WHERE target_uid = $1
        ORDER BY expires_at DESC, uid DESC LIMIT $2 OFFSET $3)`,
    targetUid,
    most,
    most,
  )
}

/** What a user has said and what it has subscribed to, and who has subscribed to it: both are bounded. */
export async function forgetPresence(sql: Sql, uid: number): Promise<number> {
  let count = await sql.run('DELETE FROM presences WHERE uid = $1', uid)
  count += await sql.run('DELETE FROM presence_states WHERE uid = $1', uid)
  count += await sql.run('DELETE FROM presence_subscriptions WHERE uid = $1', uid)
  return count + (await sql.run('DELETE FROM presence_subscriptions WHERE target_uid = $1', uid))
}

/** Subscriptions that have ended. */
export async function purgeSubscriptions(sql: Sql, now: number, limit: number): Promise<boolean> {
  const removed = await sql.run(
    `DELETE FROM presence_subscriptions WHERE (uid, target_uid) IN
       (SELECT uid, target_uid FROM presence_subscriptions WHERE expires_at <= $1
        ORDER BY expires_at LIMIT $2)`,
    now,
    limit,
  )
  return removed === limit
}
