// What users are in a group or room beside members: admins, allowed to speak while all others are silent, muted for a
// time, barred from it. Admins and the allowed are members; a mute outlasts membership, or leaving would lift it.
import type { Sql } from './db.ts'

export type GroupRole = 'admin' | 'allowed' | 'muted' | 'blocked'

export interface RoleRow {
  readonly uid: number
  readonly username: string
  /** Epoch ms. */
  readonly since: number
  /** Epoch ms; `roleForever` = without end. */
  readonly endsAt: number
}

/** Where a page goes on: after the one who has the role since this moment under this uid. */
export interface RolePlace {
  readonly since: number
  readonly uid: number
}

const roleForever = Number.MAX_SAFE_INTEGER

/** What one user is there, by role: until when. */
export async function findRoles(
  sql: Sql,
  groupId: number,
  uid: number,
  now: number,
): Promise<ReadonlyMap<GroupRole, number>> {
  const rows = await sql.all<{ role: GroupRole; endsAt: number }>(
    'SELECT role, ends_at AS "endsAt" FROM group_roles WHERE group_id = $1 AND uid = $2 AND ends_at > $3',
    groupId,
    uid,
    now,
  )
  return new Map(rows.map(({ role, endsAt }) => [role, endsAt]))
}

export async function hasRole(
  sql: Sql,
  groupId: number,
  uid: number,
  role: GroupRole,
  now: number,
): Promise<boolean> {
  const row = await sql.one(
    'SELECT uid FROM group_roles WHERE group_id = $1 AND uid = $2 AND role = $3 AND ends_at > $4',
    groupId,
    uid,
    role,
    now,
  )
  return row !== undefined
}

/** Newest first. */
export function listRole(
  sql: Sql,
  groupId: number,
  role: GroupRole,
  now: number,
  after: RolePlace,
  limit: number,
): Promise<RoleRow[]> {
  return sql.all<RoleRow>(
    `SELECT r.uid, u.username, r.since, r.ends_at AS "endsAt" FROM group_roles r JOIN users u ON u.uid = r.uid
     WHERE r.group_id = $1 AND r.role = $2 AND r.ends_at > $3 AND (r.since, r.uid) < ($4, $5)
     ORDER BY r.since DESC, r.uid DESC LIMIT $6`,
    groupId,
    role,
    now,
    after.since,
    after.uid,
    limit,
  )
}

/** The uids of all admins. */
export async function listAdminIds(sql: Sql, groupId: number): Promise<number[]> {
  const rows = await sql.all<{ uid: number }>(
    "SELECT uid FROM group_roles WHERE group_id = $1 AND role = 'admin'",
    groupId,
  )
  return rows.map(({ uid }) => uid)
}

/** Whoever has the role already keeps its place in the list, and gets the new end. */
export async function putRole(
  sql: Sql,
  groupId: number,
  uid: number,
  role: GroupRole,
  since: number,
  endsAt = roleForever,
): Promise<void> {
  await sql.run(
    `INSERT INTO group_roles (group_id, uid, role, since, ends_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (group_id, uid, role) DO UPDATE SET ends_at = excluded.ends_at`,
    groupId,
    uid,
    role,
    since,
    endsAt,
  )
}

/** @returns whether the user had it */
export async function deleteRole(sql: Sql, groupId: number, uid: number, role: GroupRole): Promise<boolean> {
  const removed = await sql.run(
    'DELETE FROM group_roles WHERE group_id = $1 AND uid = $2 AND role = $3',
    groupId,
    uid,
    role,
  )
  return removed > 0
}

/** For one who is no member any more. */
export async function dropMemberRoles(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run(
    "DELETE FROM group_roles WHERE group_id = $1 AND uid = $2 AND role IN ('admin', 'allowed')",
    groupId,
    uid,
  )
}

/** For one who becomes the owner: it is above all of them. */
export async function dropAllRoles(sql: Sql, groupId: number, uid: number): Promise<void> {
  await sql.run('DELETE FROM group_roles WHERE group_id = $1 AND uid = $2', groupId, uid)
}

/** For a user who is deleted. */
export async function forgetRoles(sql: Sql, uid: number): Promise<void> {
  await sql.run('DELETE FROM group_roles WHERE uid = $1', uid)
}

/** Of a dissolved group. @returns how many went, `limit` at most */
export function removeRolesOfGroup(sql: Sql, groupId: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM group_roles WHERE group_id = $1 AND (uid, role) IN
       (SELECT uid, role FROM group_roles WHERE group_id = $1 ORDER BY uid, role LIMIT $2)`,
    groupId,
    limit,
  )
}

/** Mutes that have ended. @returns whether there may be more */
export async function purgeRoles(sql: Sql, now: number, limit: number): Promise<boolean> {
  const removed = await sql.run(
    `DELETE FROM group_roles WHERE (group_id, uid, role) IN
       (SELECT group_id, uid, role FROM group_roles WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)`,
    now,
    limit,
  )
  return removed === limit
}
