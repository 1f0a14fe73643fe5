// Groups of apps that are pushed to together, and which pushes a push to a group became.
import type { Sql } from './db.ts'

export interface AppGroupRow {
  readonly groupId: number
  readonly org: string
  readonly name: string
  readonly groupKey: string
  readonly masterSecret: string
}

const columns = `group_id AS "groupId", org, name, group_key AS "groupKey", master_secret AS "masterSecret"`

/** @returns false when the name is taken */
export async function insertAppGroup(sql: Sql, row: AppGroupRow): Promise<boolean> {
  const inserted = await sql.run(
    `INSERT INTO app_groups (group_id, org, name, group_key, master_secret) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    row.groupId,
    row.org,
    row.name,
    row.groupKey,
    row.masterSecret,
  )
  return inserted > 0
}

export function listAppGroups(sql: Sql): Promise<AppGroupRow[]> {
  return sql.all<AppGroupRow>(`SELECT ${columns} FROM app_groups ORDER BY group_id`)
}

export function findAppGroup(sql: Sql, org: string, name: string): Promise<AppGroupRow | undefined> {
  return sql.one<AppGroupRow>(`SELECT ${columns} FROM app_groups WHERE org = $1 AND name = $2`, org, name)
}

export function findAppGroupByKey(sql: Sql, groupKey: string): Promise<AppGroupRow | undefined> {
  return sql.one<AppGroupRow>(`SELECT ${columns} FROM app_groups WHERE group_key = $1`, groupKey)
}

/** Ascending. */
export async function listMembers(sql: Sql, groupId: number): Promise<number[]> {
  const rows = await sql.all<{ appId: number }>(
    'SELECT app_id AS "appId" FROM app_group_members WHERE group_id = $1 ORDER BY app_id',
    groupId,
  )
  return rows.map(({ appId }) => appId)
}

export async function setMembers(sql: Sql, groupId: number, appIds: readonly number[]): Promise<void> {
  await sql.run('DELETE FROM app_group_members WHERE group_id = $1', groupId)
  for (const appId of appIds)
    await sql.run('INSERT INTO app_group_members (group_id, app_id) VALUES ($1, $2)', groupId, appId)
}

/** Once, however often it is asked. */
export async function addMember(sql: Sql, groupId: number, appId: number): Promise<void> {
  await sql.run(
    'INSERT INTO app_group_members (group_id, app_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    groupId,
    appId,
  )
}

export async function deleteAppGroup(sql: Sql, groupId: number): Promise<void> {
  await setMembers(sql, groupId, [])
  await sql.run('DELETE FROM app_groups WHERE group_id = $1', groupId)
}

/** @returns how many groups it was in */
export function leaveAppGroups(sql: Sql, appId: number): Promise<number> {
  return sql.run('DELETE FROM app_group_members WHERE app_id = $1', appId)
}

export interface GroupPush {
  readonly groupMsgId: number
  readonly appId: number
  readonly groupId: number
  readonly msgId: number
}

export async function insertGroupPush(sql: Sql, push: GroupPush): Promise<void> {
  await sql.run(
    'INSERT INTO group_pushes (group_msg_id, app_id, group_id, msg_id) VALUES ($1, $2, $3, $4)',
    push.groupMsgId,
    push.appId,
    push.groupId,
    push.msgId,
  )
}

/** Which pushes a push to the group became, by app. */
export async function listGroupPushes(sql: Sql, groupId: number, groupMsgId: number): Promise<number[]> {
  const rows = await sql.all<{ msgId: number }>(
    `SELECT msg_id AS "msgId" FROM group_pushes WHERE group_msg_id = $1 AND group_id = $2 ORDER BY app_id`,
    groupMsgId,
    groupId,
  )
  return rows.map(({ msgId }) => msgId)
}

/** Those below the id. @returns how many */
export function purgeGroupPushes(sql: Sql, below: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM group_pushes WHERE (group_msg_id, app_id) IN
       (SELECT group_msg_id, app_id FROM group_pushes WHERE group_msg_id < $1 ORDER BY group_msg_id LIMIT $2)`,
    below,
    limit,
  )
}
