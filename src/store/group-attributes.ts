// Attributes of members of groups, and of rooms.
import type { Sql } from './db.ts'

export interface MemberAttributeRow {
  readonly name: string
  readonly value: string
}

export function listMemberAttributes(sql: Sql, groupId: number, uid: number): Promise<MemberAttributeRow[]> {
  return sql.all<MemberAttributeRow>(
    'SELECT name, value FROM group_member_attributes WHERE group_id = $1 AND uid = $2 ORDER BY name',
    groupId,
    uid,
  )
}

/** @param value '' = it is there no more */
export async function putMemberAttribute(
  sql: Sql,
  groupId: number,
  uid: number,
  name: string,
  value: string,
): Promise<void> {
  if (value === '')
    await sql.run(
      'DELETE FROM group_member_attributes WHERE group_id = $1 AND uid = $2 AND name = $3',
      groupId,
      uid,
      name,
    )
  else
    await sql.run(
      `INSERT INTO group_member_attributes (group_id, uid, name, value) VALUES ($1, $2, $3, $4)
       ON CONFLICT (group_id, uid, name) DO UPDATE SET value = excluded.value`,
      groupId,
      uid,
      name,
      value,
    )
}

/** For one who is no member any more. */
export async function dropMemberAttributes(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run('DELETE FROM group_member_attributes WHERE group_id = $1 AND uid = $2', groupId, uid)
}

/** For a user who is deleted: what it has of its own, group by group. */
export async function forgetMemberAttributes(sql: Sql, uid: number): Promise<void> {
  await sql.run('DELETE FROM group_member_attributes WHERE uid = $1', uid)
}

export interface RoomAttributeRow {
  readonly name: string
  readonly value: string
  /** Who has set it; 0 = somebody who is no more. */
  readonly uid: number
  /** It goes when that user leaves the room. */
  readonly goesWithUser: number
}

export function listRoomAttributes(sql: Sql, groupId: number): Promise<RoomAttributeRow[]> {
  return sql.all<RoomAttributeRow>(
    `SELECT name, value, uid, goes_with_user AS "goesWithUser" FROM room_attributes
     WHERE group_id = $1 ORDER BY name`,
    groupId,
  )
}

export async function putRoomAttribute(sql: Sql, groupId: number, row: RoomAttributeRow): Promise<void> {
  await sql.run(
    `INSERT INTO room_attributes (group_id, name, value, uid, goes_with_user) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (group_id, name) DO UPDATE
       SET value = excluded.value, uid = excluded.uid, goes_with_user = excluded.goes_with_user`,
    groupId,
    row.name,
    row.value,
    row.uid,
    row.goesWithUser,
  )
}

export async function deleteRoomAttribute(sql: Sql, groupId: number, name: string): Promise<void> {
  await sql.run('DELETE FROM room_attributes WHERE group_id = $1 AND name = $2', groupId, name)
}

/** For one who leaves a room. @returns the names of the attributes that have gone with it */
export async function dropRoomAttributes(sql: Sql, groupId: number, uid: number): Promise<string[]> {
  const rows = await sql.all<{ name: string }>(
    `SELECT name FROM room_attributes
     WHERE uid = $1 AND group_id = $2 AND goes_with_user = 1 ORDER BY name`,
    uid,
    groupId,
  )
  for (const { name } of rows) await deleteRoomAttribute(sql, groupId, name)
  return rows.map(({ name }) => name)
}

/** For a user who is deleted: what goes with it goes, the rest belongs to nobody. @returns how many, `limit` at most */
export async function releaseRoomAttributes(sql: Sql, uid: number, limit: number): Promise<number> {
  const rows = await sql.all<{ groupId: number; name: string; goesWithUser: number }>(
    `SELECT group_id AS "groupId", name, goes_with_user AS "goesWithUser" FROM room_attributes
     WHERE uid = $1 LIMIT $2`,
    uid,
    limit,
  )
  for (const { groupId, name, goesWithUser } of rows) {
    if (goesWithUser) await deleteRoomAttribute(sql, groupId, name)
    else await sql.run('UPDATE room_attributes SET uid = 0 WHERE group_id = $1 AND name = $2', groupId, name)
  }
  return rows.length
}

/** Of a dissolved group or room. @returns how many went, `limit` at most */
export async function removeAttributesOfGroup(sql: Sql, groupId: number, limit: number): Promise<number> {
  const members = await sql.run(
    `DELETE FROM group_member_attributes WHERE group_id = $1 AND (uid, name) IN
       (SELECT uid, name FROM group_member_attributes WHERE group_id = $1 ORDER BY uid, name LIMIT $2)`,
    groupId,
    limit,
  )
  const room = await sql.run(
    `DELETE FROM room_attributes WHERE group_id = $1 AND name IN
       (SELECT name FROM room_attributes WHERE group_id = $1 ORDER BY name LIMIT $2)`,
    groupId,
    limit - members,
  )
  return members + room
}
