// Files of messages and files shared in groups and rooms. A row is what makes content a file; content whose row goes is
// noted in `removed_contents` by the same transaction, and taken off the disk after it.
import type { Sql } from './db.ts'

export interface FileRow {
  /** In the order of creation. */
  readonly fileNo: number
  readonly fileId: string
  readonly appId: number
  /** Null = a file of messages. */
  readonly groupId: number | null
  /** Who uploaded it; 0 and '' = the app itself. The name stays when the user is deleted. */
  readonly ownerUid: number
  readonly owner: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  /** Null = not restricted. */
  readonly secretDigest: string | null
  readonly thumbnailWidth: number
  readonly thumbnailHeight: number
  /** 0 = it has expired and its content is gone. */
  readonly hasContent: number
  readonly createdAt: number
}

type FileKey = Pick<FileRow, 'fileNo' | 'fileId'>

const columns = `file_no AS "fileNo", file_id AS "fileId", app_id AS "appId", group_id AS "groupId",
  owner_uid AS "ownerUid", owner, name, type, bytes, secret_digest AS "secretDigest",
  thumbnail_width AS "thumbnailWidth", thumbnail_height AS "thumbnailHeight", has_content AS "hasContent",
  created_at AS "createdAt"`

export async function insertFile(sql: Sql, row: FileRow): Promise<void> {
  await sql.run(
    `INSERT INTO files (file_no, file_id, app_id, group_id, owner_uid, owner, name, type, bytes, secret_digest,
       thumbnail_width, thumbnail_height, has_content, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    row.fileNo,
    row.fileId,
    row.appId,
    row.groupId,
    row.ownerUid,
    row.owner,
    row.name,
    row.type,
    row.bytes,
    row.secretDigest,
    row.thumbnailWidth,
    row.thumbnailHeight,
    row.hasContent,
    row.createdAt,
  )
}

/** @param groupId null = a file of messages */
export async function findFile(
  sql: Sql,
  appId: number,
  groupId: number | null,
  fileId: string,
): Promise<FileRow | undefined> {
  const row = await sql.one<FileRow>(
    `SELECT ${columns} FROM files WHERE file_id = $1 AND app_id = $2`,
    fileId,
    appId,
  )
  return row?.groupId === groupId ? row : undefined
}

/** Newest first. */
export function listGroupFiles(sql: Sql, groupId: number, offset: number, limit: number): Promise<FileRow[]> {
  return sql.all<FileRow>(
    `SELECT ${columns} FROM files WHERE group_id = $1 ORDER BY file_no DESC LIMIT $2 OFFSET $3`,
    groupId,
    limit,
    offset,
  )
}

/** Does a group or room share so many files at least? */
export async function hasGroupFiles(sql: Sql, groupId: number, count: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT file_no FROM files WHERE group_id = $1 LIMIT 1 OFFSET $2',
    groupId,
    count - 1,
  )
  return row !== undefined
}

export async function removeFile(sql: Sql, { fileNo, fileId }: FileKey): Promise<void> {
  await noteRemovedContent(sql, fileId)
  await sql.run('DELETE FROM files WHERE file_no = $1', fileNo)
}

/** A content that no row names any more; it is taken off the disk later. */
export async function noteRemovedContent(sql: Sql, fileId: string): Promise<void> {
  await sql.run('INSERT INTO removed_contents (file_id) VALUES ($1)', fileId)
}

/** Up to `limit` files that a group or room shares. @returns how many */
export function removeFilesOfGroup(sql: Sql, groupId: number, limit: number): Promise<number> {
  return removeAll(sql, 'group_id = $1', groupId, limit)
}

/** Up to `limit` files of an app, of whatever kind. @returns how many */
export function removeFilesOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  return removeAll(sql, 'app_id = $1', appId, limit)
}

async function removeAll(sql: Sql, where: string, value: number, limit: number): Promise<number> {
  const rows = await sql.all<FileKey>(
    `SELECT file_no AS "fileNo", file_id AS "fileId" FROM files WHERE ${where} ORDER BY file_no LIMIT $2`,
    value,
    limit,
  )
  for (const row of rows) await removeFile(sql, row)
  return rows.length
}

/** Contents whose files are gone. */
export async function listRemovedContents(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.all<{ fileId: string }>(
    'SELECT file_id AS "fileId" FROM removed_contents ORDER BY file_id LIMIT $1',
    limit,
  )
  return rows.map(({ fileId }) => fileId)
}

/** They are off the disk. */
export async function forgetRemovedContents(sql: Sql, fileIds: readonly string[]): Promise<void> {
  for (const fileId of fileIds) await sql.run('DELETE FROM removed_contents WHERE file_id = $1', fileId)
}

/** Files of messages from this moment or before that still have their content. */
export async function listExpiredFiles(sql: Sql, until: number, limit: number): Promise<string[]> {
  const rows = await sql.all<{ fileId: string }>(
    `SELECT file_id AS "fileId" FROM files
     WHERE group_id IS NULL AND has_content = 1 AND created_at <= $1 ORDER BY created_at, file_no LIMIT $2`,
    until,
    limit,
  )
  return rows.map(({ fileId }) => fileId)
}

/** Their content is off the disk; that they have been there is still known. */
export async function markExpired(sql: Sql, fileIds: readonly string[]): Promise<void> {
  for (const fileId of fileIds) await sql.run('UPDATE files SET has_content = 0 WHERE file_id = $1', fileId)
}

/** Forgets expired files from this moment or before. @returns how many */
export function forgetExpiredFiles(sql: Sql, until: number, limit: number): Promise<number> {
  return sql.run(
    `DELETE FROM files WHERE file_no IN
       (SELECT file_no FROM files WHERE has_content = 0 AND created_at <= $1 ORDER BY created_at, file_no LIMIT $2)`,
    until,
    limit,
  )
}

/** Those of the ids that are files with content, images for pushes among them. */
export async function selectLiveContents(sql: Sql, fileIds: readonly string[]): Promise<Set<string>> {
  const live = new Set<string>()
  for (const fileId of fileIds) {
    const row =
      (await sql.one('SELECT file_no FROM files WHERE file_id = $1 AND has_content = 1', fileId)) ??
      (await sql.one('SELECT file_id FROM image_files WHERE file_id = $1', fileId))
    if (row) live.add(fileId)
  }
  return live
}
