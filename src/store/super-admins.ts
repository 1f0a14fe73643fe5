// Users who may manage every chat room of their app.
import type { Sql } from './db.ts'

export async function isSuperAdmin(sql: Sql, uid: number): Promise<boolean> {
  return (await sql.one('SELECT uid FROM super_admins WHERE uid = $1', uid)) !== undefined
}

export async function putSuperAdmin(sql: Sql, appId: number, uid: number, addedAt: number): Promise<void> {
  await sql.run(
    `INSERT INTO super_admins (app_id, uid, added_at) VALUES ($1, $2, $3) ON CONFLICT (uid) DO NOTHING`,
    appId,
    uid,
    addedAt,
  )
}

/** The one added last first. */
export async function listSuperAdmins(
  sql: Sql,
  appId: number,
  offset: number,
  limit: number,
): Promise<string[]> {
  const rows = await sql.all<{ username: string }>(
    `SELECT u.username FROM super_admins s JOIN users u ON u.uid = s.uid
     WHERE s.app_id = $1 ORDER BY s.added_at DESC, s.uid DESC LIMIT $2 OFFSET $3`,
    appId,
    limit,
    offset,
  )
  return rows.map(({ username }) => username)
}

/** @returns how many rows went */
export function removeSuperAdmin(sql: Sql, uid: number): Promise<number> {
  return sql.run('DELETE FROM super_admins WHERE uid = $1', uid)
}
