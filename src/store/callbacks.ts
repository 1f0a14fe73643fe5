// Callbacks after sending that an app's server has still to take: due ones, and those given up, kept to be sent again by
// hand.
import type { Sql } from './db.ts'

export interface CallbackRow {
  /** A message id: it holds the moment it was made. */
  readonly callbackId: number
  readonly appId: number
  /** The name of the app's rule. */
  readonly rule: string
  readonly event: string
  /** Of `chat_offline`: the user who was away; '' otherwise. */
  readonly receiver: string
  readonly msgId: number
  /** JSON: what the body says of the message. */
  readonly content: string
  /** Epoch ms. */
  readonly createdAt: number
  readonly attempts: number
  /** Epoch ms; null = given up. */
  readonly dueAt: number | null
}

const columns = `callback_id AS "callbackId", app_id AS "appId", rule, event, receiver, msg_id AS "msgId", content,
  created_at AS "createdAt", attempts, due_at AS "dueAt"`

export async function insertCallback(sql: Sql, row: CallbackRow): Promise<void> {
  await sql.run(
    `INSERT INTO callbacks (callback_id, app_id, rule, event, receiver, msg_id, content, created_at, attempts,
       due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    row.callbackId,
    row.appId,
    row.rule,
    row.event,
    row.receiver,
    row.msgId,
    row.content,
    row.createdAt,
    row.attempts,
    row.dueAt,
  )
}

/** Those of a rule that are due by now, the longest due first. */
export function listDueCallbacks(
  sql: Sql,
  appId: number,
  rule: string,
  now: number,
  limit: number,
): Promise<CallbackRow[]> {
  return sql.all<CallbackRow>(
    `SELECT ${columns} FROM callbacks WHERE app_id = $1 AND rule = $2 AND due_at <= $3
     ORDER BY due_at, callback_id LIMIT $4`,
    appId,
    rule,
    now,
    limit,
  )
}

export async function postponeCallback(
  sql: Sql,
  callbackId: number,
  attempts: number,
  dueAt: number | null,
): Promise<void> {
  await sql.run(
    'UPDATE callbacks SET attempts = $1, due_at = $2 WHERE callback_id = $3',
    attempts,
    dueAt,
    callbackId,
  )
}

export async function deleteCallback(sql: Sql, callbackId: number): Promise<void> {
  await sql.run('DELETE FROM callbacks WHERE callback_id = $1', callbackId)
}

/** Deletes up to `limit` with ids below `before`. @returns how many */
export function deleteOldCallbacks(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM callbacks WHERE callback_id IN
       (SELECT callback_id FROM callbacks WHERE callback_id < $1 ORDER BY callback_id LIMIT $2)`,
    before,
    limit,
  )
}

export function deleteCallbacksOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM callbacks WHERE callback_id IN
       (SELECT callback_id FROM callbacks WHERE app_id = $1 LIMIT $2)`,
    appId,
    limit,
  )
}

/**
 * Those that have failed at least once, by spans of ten minutes (epoch ms / 600,000) of when they were made. Found from
 * one span to the next, and `countMax` at most counted of each: what it takes has an end, however long an app's server
 * has been dead.
 */
export function countFailedCallbacks(
  sql: Sql,
  appId: number,
  countMax: number,
): Promise<{ readonly span: number; readonly size: number; readonly retries: number }[]> {
  const ofSpan = `SELECT c.attempts FROM callbacks c WHERE c.app_id = $1 AND c.attempts > 0
    AND c.created_at >= s.span * 600000 AND c.created_at < (s.span + 1) * 600000
    ORDER BY c.created_at LIMIT $2`
  return sql.all(
    `WITH RECURSIVE spans (span) AS (
       SELECT MIN(created_at) / 600000 FROM callbacks WHERE app_id = $1 AND attempts > 0
       UNION ALL
       SELECT (SELECT MIN(c.created_at) / 600000 FROM callbacks c
         WHERE c.app_id = $1 AND c.attempts > 0 AND c.created_at >= (s.span + 1) * 600000)
       FROM spans s WHERE s.span IS NOT NULL
     )
     SELECT s.span, (SELECT COUNT(*) FROM (${ofSpan}) AS counted) AS size,
       (SELECT MAX(attempts) FROM (${ofSpan}) AS tried) AS retries
     FROM spans s WHERE s.span IS NOT NULL ORDER BY s.span`,
    appId,
    countMax,
  )
}

/** Where a walk over an app's callbacks has come to. */
export interface CallbackPlace {
  /** Epoch ms. */
  readonly createdAt: number
  readonly callbackId: number
}

/**
 * Makes due what failed of a rule's, of those made after a place and before a moment (epoch ms), `limit` at most.
 * @returns their places
 */
export async function reviveCallbacks(
  sql: Sql,
  appId: number,
  rule: string,
  { after, until }: { readonly after: CallbackPlace; readonly until: number },
  dueAt: number,
  limit: number,
): Promise<CallbackPlace[]> {
  const places = await sql.all<CallbackPlace>(
    `SELECT created_at AS "createdAt", callback_id AS "callbackId" FROM callbacks
     WHERE app_id = $1 AND rule = $2 AND attempts > 0 AND (created_at, callback_id) > ($3, $4) AND created_at < $5
     ORDER BY created_at, callback_id LIMIT $6`,
    appId,
    rule,
    after.createdAt,
    after.callbackId,
    until,
    limit,
  )
  for (const { callbackId } of places)
    await sql.run('UPDATE callbacks SET due_at = $1 WHERE callback_id = $2', dueAt, callbackId)
  return places
}
