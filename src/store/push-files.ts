// Files of device names: uploaded once, pushed to as an audience. Their entries are kept in chunks, so that nobody has
// to hold a whole file.
import type { PushFileKind } from '../contract/operations/push-files.ts'
import type { PositionRange } from './audiences.ts'
import type { Sql } from './db.ts'

/** An app or a developer account; 0 = the other one. */
export interface FileOwner {
  readonly appId: number
  readonly developerId: number
}

export interface PushFileRow extends FileOwner {
  readonly fileId: string
  readonly kind: PushFileKind
  readonly name: string
  /** `coming`: not all chunks are there; nobody can name it yet. */
  readonly state: 'coming' | 'ready'
  /** 1 = its uploader has said how long it is to be kept. */
  readonly hasTtl: number
  readonly createdAt: number
  readonly expiresAt: number
}

const columns = `file_id AS "fileId", app_id AS "appId", developer_id AS "developerId", kind, name, state, has_ttl AS "hasTtl",
  created_at AS "createdAt", expires_at AS "expiresAt"`

export async function insertPushFile(sql: Sql, row: PushFileRow): Promise<void> {
  await sql.run(
    `INSERT INTO push_files (file_id, app_id, developer_id, kind, name, state, has_ttl, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    row.fileId,
    row.appId,
    row.developerId,
    row.kind,
    row.name,
    row.state,
    row.hasTtl,
    row.createdAt,
    row.expiresAt,
  )
}

export async function makeReady(
  sql: Sql,
  fileId: string,
  { name, expiresAt, hasTtl }: Pick<PushFileRow, 'name' | 'expiresAt' | 'hasTtl'>,
): Promise<void> {
  await sql.run(
    "UPDATE push_files SET state = 'ready', name = $1, expires_at = $2, has_ttl = $3 WHERE file_id = $4",
    name,
    expiresAt,
    hasTtl,
    fileId,
  )
}

export function findPushFile(sql: Sql, fileId: string): Promise<PushFileRow | undefined> {
  return sql.one<PushFileRow>(`SELECT ${columns} FROM push_files WHERE file_id = $1`, fileId)
}

/** Those that are not over, the oldest first; those still coming among them. */
export function listPushFiles(
  sql: Sql,
  { appId, developerId }: FileOwner,
  now: number,
  limit: number,
): Promise<PushFileRow[]> {
  return sql.all<PushFileRow>(
    `SELECT ${columns} FROM push_files WHERE app_id = $1 AND developer_id = $2 AND expires_at > $3
     ORDER BY created_at LIMIT $4`,
    appId,
    developerId,
    now,
    limit,
  )
}

/** @param entries JSON: a list of texts */
export async function insertChunk(sql: Sql, fileId: string, chunk: number, entries: string): Promise<void> {
  await sql.run(
    `INSERT INTO push_file_chunks (file_id, chunk, entries) VALUES ($1, $2, $3)
     ON CONFLICT (file_id, chunk) DO UPDATE SET entries = excluded.entries`,
    fileId,
    chunk,
    entries,
  )
}

/** The first chunk after this one; they count from 1. */
export function nextChunk(
  sql: Sql,
  fileId: string,
  after: number,
): Promise<{ readonly chunk: number; readonly entries: string } | undefined> {
  return sql.one(
    'SELECT chunk, entries FROM push_file_chunks WHERE file_id = $1 AND chunk > $2 ORDER BY chunk LIMIT 1',
    fileId,
    after,
  )
}

/** Its chunks count from 1. */
export async function rangeOfChunks(sql: Sql, fileId: string): Promise<PositionRange> {
  const row = await sql.one<{ last: number }>(
    'SELECT COALESCE(MAX(chunk), 1) AS last FROM push_file_chunks WHERE file_id = $1',
    fileId,
  )
  return { first: 1, last: row!.last }
}

/** Up to `limit` of its rows, the file's own last. @returns how many; fewer = it is gone */
async function deletePushFile(sql: Sql, fileId: string, limit: number): Promise<number> {
  const chunks = await sql.run(
    `DELETE FROM push_file_chunks WHERE file_id = $1 AND chunk IN
       (SELECT chunk FROM push_file_chunks WHERE file_id = $1 ORDER BY chunk LIMIT $2)`,
    fileId,
    limit,
  )
  if (chunks >= limit) return chunks
  return chunks + (await sql.run('DELETE FROM push_files WHERE file_id = $1', fileId))
}

/** Nobody can name it any more; its rows go with the others that are over. */
export async function expirePushFile(sql: Sql, fileId: string): Promise<void> {
  await sql.run('UPDATE push_files SET expires_at = 0 WHERE file_id = $1', fileId)
}

export async function expirePushFilesOfDeveloper(sql: Sql, developerId: number): Promise<void> {
  await sql.run('UPDATE push_files SET expires_at = 0 WHERE app_id = 0 AND developer_id = $1', developerId)
}

/** Rows of files that are over. @returns how many */
export async function deleteExpiredPushFiles(sql: Sql, now: number, limit: number): Promise<number> {
  return deleteListed(
    sql,
    await sql.all<{ fileId: string }>(
      'SELECT file_id AS "fileId" FROM push_files WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2',
      now,
      limit,
    ),
    limit,
  )
}

/** @returns how many rows */
export async function deletePushFilesOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  return deleteListed(
    sql,
    await sql.all<{ fileId: string }>(
      'SELECT file_id AS "fileId" FROM push_files WHERE app_id = $1 LIMIT $2',
      appId,
      limit,
    ),
    limit,
  )
}

async function deleteListed(
  sql: Sql,
  files: readonly { readonly fileId: string }[],
  limit: number,
): Promise<number> {
  let deleted = 0
  for (const { fileId } of files) {
    if (deleted >= limit) break
    deleted += await deletePushFile(sql, fileId, limit - deleted)
  }
  return deleted
}
