// Threads of groups. A thread is a row of `groups` as well, of the kind 'thread', with rows in `group_members`; here is
// what it hangs on. It is there as long as its group is.
import type { Sql } from './db.ts'
import { dissolveGroup, type GroupRow, insertGroup } from './groups.ts'

export interface ThreadRow {
  readonly threadId: number
  readonly appId: number
  readonly parentId: number
  readonly msgId: number
  readonly createdAt: number
  readonly messageCount: number
  readonly name: string
  readonly memberCount: number
  /** Whoever has made it, deleted or not. */
  readonly ownerUid: number
  /** The group's owner, once that user is deleted. */
  readonly owner: string
  /** When the user of `listJoinedThreads` has come; otherwise as `createdAt`. */
  readonly at: number
}

/** Where a page goes on: after the thread of this moment and id. */
export interface ThreadPlace {
  readonly at: number
  readonly threadId: number
}

export interface ThreadPage {
  readonly order: 'oldest_first' | 'newest_first'
  readonly after: ThreadPlace
  readonly limit: number
}

const columnsAt = (at: string) =>
  `t.thread_id AS "threadId", g.app_id AS "appId", t.parent_id AS "parentId", t.msg_id AS "msgId",
  t.created_at AS "createdAt", t.message_count AS "messageCount", g.name, g.member_count AS "memberCount",
  g.owner_uid AS "ownerUid", COALESCE(u.username, o.username) AS owner, ${at} AS at`

const columns = columnsAt('t.created_at')

/** With its group, and the owners of both. */
const whole = `JOIN groups g ON g.group_id = t.thread_id AND g.kind = 'thread'
  JOIN groups p ON p.group_id = t.parent_id
  JOIN users o ON o.uid = p.owner_uid
  LEFT JOIN users u ON u.uid = g.owner_uid`

export function findThread(sql: Sql, appId: number, threadId: number): Promise<ThreadRow | undefined> {
  return sql.one<ThreadRow>(
    `SELECT ${columns} FROM threads t ${whole} WHERE t.thread_id = $1 AND g.app_id = $2`,
    threadId,
    appId,
  )
}

export function findThreadOfMessage(sql: Sql, appId: number, msgId: number): Promise<ThreadRow | undefined> {
  return sql.one<ThreadRow>(
    `SELECT ${columns} FROM threads t ${whole} WHERE t.msg_id = $1 AND g.app_id = $2`,
    msgId,
    appId,
  )
}

/** Has the message a thread, whatever has become of it? */
export async function isThreaded(sql: Sql, msgId: number): Promise<boolean> {
  return (await sql.one('SELECT thread_id FROM threads WHERE msg_id = $1', msgId)) !== undefined
}

/** The group of a thread; undefined when either is no more. */
export async function findParentId(sql: Sql, threadId: number): Promise<number | undefined> {
  const row = await sql.one<{ parentId: number }>(
    `SELECT t.parent_id AS "parentId" FROM threads t JOIN groups p ON p.group_id = t.parent_id
     WHERE t.thread_id = $1`,
    threadId,
  )
  return row?.parentId
}

function orderOf({ order, after, limit }: ThreadPage) {
  const isOldestFirst = order === 'oldest_first'
  const direction = isOldestFirst ? '' : ' DESC'
  return { sign: isOldestFirst ? '>' : '<', direction, place: [after.at, after.threadId, limit] as const }
}

export function listThreads(sql: Sql, appId: number, page: ThreadPage): Promise<ThreadRow[]> {
  const { sign, direction, place } = orderOf(page)
  return sql.all<ThreadRow>(
    `SELECT ${columns} FROM groups g JOIN threads t ON t.thread_id = g.group_id
       JOIN groups p ON p.group_id = t.parent_id JOIN users o ON o.uid = p.owner_uid
       LEFT JOIN users u ON u.uid = g.owner_uid
     WHERE g.app_id = $1 AND g.kind = 'thread' AND (g.created_at, g.group_id) ${sign} ($2, $3)
     ORDER BY g.created_at${direction}, g.group_id${direction} LIMIT $4`,
    appId,
    ...place,
  )
}

export function listThreadsOfGroup(sql: Sql, groupId: number, page: ThreadPage): Promise<ThreadRow[]> {
  const { sign, direction, place } = orderOf(page)
  return sql.all<ThreadRow>(
    `SELECT ${columns} FROM threads t ${whole}
     WHERE t.parent_id = $1 AND (t.created_at, t.thread_id) ${sign} ($2, $3)
     ORDER BY t.created_at${direction}, t.thread_id${direction} LIMIT $4`,
    groupId,
    ...place,
  )
}

/** @param groupId 0 = of all groups */
export function listJoinedThreads(
  sql: Sql,
  uid: number,
  groupId: number,
  page: ThreadPage,
): Promise<ThreadRow[]> {
  const { sign, direction, place } = orderOf(page)
  return sql.all<ThreadRow>(
    `SELECT ${columnsAt('m.joined_at')} FROM group_members m JOIN threads t ON t.thread_id = m.group_id ${whole}
     WHERE m.uid = $1 AND m.kind = 'thread' AND (m.joined_at, m.group_id) ${sign} ($2, $3)
       AND (CAST($5 AS BIGINT) = 0 OR t.parent_id = $5)
     ORDER BY m.joined_at${direction}, m.group_id${direction} LIMIT $4`,
    uid,
    ...place,
    groupId,
  )
}

export async function insertThread(
  sql: Sql,
  group: GroupRow,
  parentId: number,
  msgId: number,
): Promise<void> {
  await insertGroup(sql, group)
  await sql.run(
    'INSERT INTO threads (thread_id, parent_id, msg_id, created_at, message_count) VALUES ($1, $2, $3, $4, 0)',
    group.groupId,
    parentId,
    msgId,
    group.createdAt,
  )
}

export async function renameThread(sql: Sql, threadId: number, name: string, at: number): Promise<void> {
  await sql.run('UPDATE groups SET name = $1, modified_at = $2 WHERE group_id = $3', name, at, threadId)
}

/** @param by 1 = a message more, -1 = one less */
export async function countThreadMessage(sql: Sql, threadId: number, by: 1 | -1): Promise<void> {
  await sql.run(
    `UPDATE threads SET message_count = message_count + $1 WHERE thread_id = $2 AND message_count + $1 >= 0`,
    by,
    threadId,
  )
}

/** Takes the thread away at once; its members are left to the way of dissolved groups. */
export async function deleteThread(sql: Sql, { threadId, appId }: ThreadRow): Promise<void> {
  await sql.run('DELETE FROM threads WHERE thread_id = $1', threadId)
  await dissolveGroup(sql, { groupId: threadId, appId, kind: 'thread' })
}

/** Takes a user, who is in a group no more, out of its threads. */
export async function leaveThreads(sql: Sql, groupId: number, uid: number): Promise<void> {
  const joined = await sql.all<{ threadId: number }>(
    `SELECT t.thread_id AS "threadId" FROM group_members m JOIN threads t ON t.thread_id = m.group_id
     WHERE m.uid = $1 AND m.kind = 'thread' AND t.parent_id = $2`,
    uid,
    groupId,
  )
  for (const { threadId } of joined) {
    await sql.run('DELETE FROM group_members WHERE group_id = $1 AND uid = $2', threadId, uid)
    await sql.run('UPDATE groups SET member_count = member_count - 1 WHERE group_id = $1', threadId)
  }
}

/** What a dissolved group, or a dissolved thread, leaves here: up to `limit` threads are dissolved. @returns how many */
export async function removeThreadsOfGroup(sql: Sql, groupId: number, limit: number): Promise<number> {
  await sql.run('DELETE FROM threads WHERE thread_id = $1', groupId)
  const threads = await sql.all<{ threadId: number; appId: number | null }>(
    `SELECT t.thread_id AS "threadId", g.app_id AS "appId"
     FROM threads t LEFT JOIN groups g ON g.group_id = t.thread_id AND g.kind = 'thread'
     WHERE t.parent_id = $1 LIMIT $2`,
    groupId,
    limit,
  )
  for (const { threadId, appId } of threads) {
    await sql.run('DELETE FROM threads WHERE thread_id = $1', threadId)
    // Those of a deleted app may be dissolved already.
    if (appId !== null) await dissolveGroup(sql, { groupId: threadId, appId, kind: 'thread' })
  }
  return threads.length
}
