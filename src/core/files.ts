// Files of messages: who may have them, and for how long. What is shared in a group or room is group-files.ts.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FileOperations, StoredFile } from '../contract/operations/files.ts'
import { Refusal } from '../contract/refusal.ts'
import { type FileRow, findFile, insertFile } from '../store/files.ts'
import { nextInSequence } from '../store/sequences.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'

/** 48 characters on the wire (easemob.md §2.8). */
const secretBytes = 36

export const fileHandlers: Handlers<Extract<keyof FileOperations, `file.${string}`>> = {
  'file.add': writes(async (call, { thumbnail, isRestricted, ...file }, sql) => {
    const secret = isRestricted ? randomBytes(secretBytes).toString('base64url') : undefined
    await insertFile(sql, {
      ...file,
      ...uploaderOf(call),
      fileNo: await nextInSequence(sql, 'files'),
      appId: call.app.appId,
      groupId: null,
      secretDigest: secret === undefined ? null : digestOf(secret),
      thumbnailWidth: thumbnail.width,
      thumbnailHeight: thumbnail.height,
      hasContent: 1,
      createdAt: call.now,
    })
    return { fileId: file.fileId, ...(secret !== undefined && { secret }) }
  }),

  'file.get': reads(async (call, { fileId, secret }, sql) => {
    const row = await findFile(sql, call.app.appId, null, fileId)
    checkKey(call, row, fileId, secret)
    if (!row) throw new Refusal('file_unknown')
    if (hasExpired(call, row)) throw new Refusal('file_expired', { file: fileId })
    if (!opens(row, secret)) throw new Refusal('file_secret_wrong')
    return { file: toStoredFile(row) }
  }),
}

/** The columns of a file that say who uploaded it. */
export function uploaderOf({ principal }: Call): Pick<FileRow, 'ownerUid' | 'owner'> {
  return principal.is === 'user'
    ? { ownerUid: principal.uid, owner: principal.username }
    : { ownerUid: 0, owner: '' }
}

export function toStoredFile(row: FileRow): StoredFile {
  const { fileId, name, type, bytes, thumbnailWidth, thumbnailHeight } = row
  return { fileId, name, type, bytes, thumbnail: { width: thumbnailWidth, height: thumbnailHeight } }
}

/** Whoever comes with neither token nor secret learns of no file but of one that is open to all. */
function checkKey(call: Call, row: FileRow | undefined, fileId: string, secret: string | undefined): void {
  if (call.principal.is !== 'nobody' || secret !== undefined) return
  if (row?.secretDigest === null) return
  const path = `/chatfiles/${fileId}`
  throw new Refusal('token_missing', { verb: 'get', application: call.app.uuid, path })
}

function hasExpired(call: Call, { hasContent, createdAt }: FileRow): boolean {
  return hasContent === 0 || createdAt <= call.now - call.world.config.core.fileRetentionMs
}

function opens({ secretDigest }: FileRow, secret: string | undefined): boolean {
  if (secretDigest === null) return true
  if (secret === undefined) return false
  return timingSafeEqual(Buffer.from(secretDigest, 'hex'), Buffer.from(digestOf(secret), 'hex'))
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
