// Images for pushes, and the files that are theirs. A content whose row goes is noted in `removed_contents` by the same
// transaction, and taken off the disk after it (files.ts).
import type { ImageFile } from '../contract/operations/images.ts'
import type { Sql } from './db.ts'
import { noteRemovedContent } from './files.ts'

export interface ImageRow {
  readonly mediaId: string
  readonly appId: number
  /** JSON: ImageUrls. */
  readonly urls: string
  readonly expiresAt: number
}

export interface ImageFileRow extends ImageFile {
  readonly appId: number
  /** Of its image. */
  readonly expiresAt: number
}

export async function insertImage(sql: Sql, { mediaId, appId, urls, expiresAt }: ImageRow): Promise<void> {
  await sql.run(
    'INSERT INTO images (media_id, app_id, urls, expires_at) VALUES ($1, $2, $3, $4)',
    mediaId,
    appId,
    urls,
    expiresAt,
  )
}

export function findImage(sql: Sql, mediaId: string): Promise<ImageRow | undefined> {
  return sql.one<ImageRow>(
    `SELECT media_id AS "mediaId", app_id AS "appId", urls, expires_at AS "expiresAt"
     FROM images WHERE media_id = $1`,
    mediaId,
  )
}

export async function setImageUrls(sql: Sql, mediaId: string, urls: string): Promise<void> {
  await sql.run('UPDATE images SET urls = $1 WHERE media_id = $2', urls, mediaId)
}

/** Has the app so many images at least that are not over? */
export async function hasImages(sql: Sql, appId: number, now: number, count: number): Promise<boolean> {
  const row = await sql.one(
    'SELECT media_id FROM images WHERE app_id = $1 AND expires_at > $2 LIMIT 1 OFFSET $3',
    appId,
    now,
    count - 1,
  )
  return row !== undefined
}

export async function insertImageFile(
  sql: Sql,
  mediaId: string,
  { fileId, type, bytes }: ImageFile,
  createdAt: number,
): Promise<void> {
  await sql.run(
    'INSERT INTO image_files (file_id, media_id, type, bytes, created_at) VALUES ($1, $2, $3, $4, $5)',
    fileId,
    mediaId,
    type,
    bytes,
    createdAt,
  )
}

export function findImageFile(sql: Sql, fileId: string): Promise<ImageFileRow | undefined> {
  return sql.one<ImageFileRow>(
    `SELECT f.file_id AS "fileId", f.type, f.bytes, i.app_id AS "appId", i.expires_at AS "expiresAt"
     FROM image_files f JOIN images i ON i.media_id = f.media_id WHERE f.file_id = $1`,
    fileId,
  )
}

/** Up to `limit` files of an image beside its newest, of which `kept` stay. @returns how many */
export async function removeOlderFiles(
  sql: Sql,
  mediaId: string,
  kept: number,
  limit: number,
): Promise<number> {
  const rows = await sql.all<{ fileId: string }>(
    `SELECT file_id AS "fileId" FROM image_files WHERE media_id = $1
     ORDER BY created_at DESC, file_id LIMIT $2 OFFSET $3`,
    mediaId,
    limit,
    kept,
  )
  for (const { fileId } of rows) {
    await noteRemovedContent(sql, fileId)
    await sql.run('DELETE FROM image_files WHERE file_id = $1', fileId)
  }
  return rows.length
}

/** Images whose time is over. @returns how many rows */
export async function deleteExpiredImages(sql: Sql, now: number, limit: number): Promise<number> {
  const rows = await sql.all<{ mediaId: string }>(
    'SELECT media_id AS "mediaId" FROM images WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2',
    now,
    limit,
  )
  return deleteListed(sql, rows, limit)
}

/** @returns how many rows */
export async function deleteImagesOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  const rows = await sql.all<{ mediaId: string }>(
    'SELECT media_id AS "mediaId" FROM images WHERE app_id = $1 LIMIT $2',
    appId,
    limit,
  )
  return deleteListed(sql, rows, limit)
}

async function deleteListed(
  sql: Sql,
  images: readonly { readonly mediaId: string }[],
  limit: number,
): Promise<number> {
  let deleted = 0
  for (const { mediaId } of images) {
    deleted += await removeOlderFiles(sql, mediaId, 0, limit - deleted)
    if (deleted >= limit) break
    deleted += await sql.run('DELETE FROM images WHERE media_id = $1', mediaId)
    if (deleted >= limit) break
  }
  return deleted
}
