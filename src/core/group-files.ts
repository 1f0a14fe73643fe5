// Files that members share in a group or room: kept as long as the group is, open to its members and to the app.
import type { FileOperations, SharedFile } from '../contract/operations/files.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  type FileRow,
  findFile,
  hasGroupFiles,
  insertFile,
  listGroupFiles,
  removeFile,
} from '../store/files.ts'
import { isMember } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import { nextInSequence } from '../store/sequences.ts'
import { findUserById } from '../store/users.ts'
import type { Call } from './call.ts'
import { toStoredFile, uploaderOf } from './files.ts'
import { tellMembers } from './group-events.ts'
import { getGroup } from './group-lookup.ts'
import { hasRight } from './group-rights.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const groupFileHandlers: Handlers<Extract<keyof FileOperations, `group_file.${string}`>> = {
  'group_file.add': writes(async (call, { kind, group: text, ...file }, sql) => {
    const group = await getGroup(call, sql, { kind, group: text })
    await checkMember(call, sql, group)
    const limit = call.world.config.core.groupFilesMax
    if (await hasGroupFiles(sql, group.groupId, limit))
      throw new Refusal('group_files_too_many', { limit: String(limit) })
    const row: FileRow = {
      ...file,
      ...uploaderOf(call),
      fileNo: await nextInSequence(sql, 'files'),
      appId: call.app.appId,
      groupId: group.groupId,
      secretDigest: null,
      thumbnailWidth: 0,
      thumbnailHeight: 0,
      hasContent: 1,
      createdAt: call.now,
    }
    await insertFile(sql, row)
    await tellOf(call, sql, group, 'file_uploaded', JSON.stringify(describe(row)))
    return { file: toSharedFile(row) }
  }),

  'group_file.list': reads(async (call, { offset, limit, ...ref }, sql) => {
    const group = await getGroup(call, sql, ref)
    await checkMember(call, sql, group)
    const rows = await listGroupFiles(sql, group.groupId, offset, limit)
    return { files: rows.map(toSharedFile) }
  }),

  'group_file.get': reads(async (call, { fileId, ...ref }, sql) => {
    const group = await getGroup(call, sql, ref)
    await checkMember(call, sql, group)
    return { file: toStoredFile(await getFile(call, sql, group, fileId)) }
  }),

  'group_file.delete': writes(async (call, { fileId, ...ref }, sql) => {
    const group = await getGroup(call, sql, ref)
    await checkMember(call, sql, group)
    const row = await getFile(call, sql, group, fileId)
    const { principal } = call
    const isOwn = principal.is === 'user' && principal.uid === row.ownerUid
    if (!isOwn && !(await hasRight(call, sql, 'run', group))) throw new Refusal('file_forbidden')
    await removeFile(sql, row)
    await tellOf(call, sql, group, 'file_deleted', fileId)
    call.afterCommit(() => call.world.nudge('remove_contents'))
    return {}
  }),
}

/** The app may do everything, a user has to be in the group. @throws Refusal `file_forbidden` */
async function checkMember({ principal }: Call, sql: Sql, { groupId }: GroupRow): Promise<void> {
  if (principal.is !== 'user') return
  if (!(await isMember(sql, groupId, principal.uid))) throw new Refusal('file_forbidden')
}

/** @throws Refusal `file_unknown` */
async function getFile(call: Call, sql: Sql, { groupId }: GroupRow, fileId: string): Promise<FileRow> {
  const row = await findFile(sql, call.app.appId, groupId, fileId)
  if (!row) throw new Refusal('file_unknown')
  return row
}

async function tellOf(
  call: Call,
  sql: Sql,
  group: GroupRow,
  event: 'file_uploaded' | 'file_deleted',
  text: string,
): Promise<void> {
  const concerned = uploaderOf(call).owner || (await findUserById(sql, group.ownerUid))?.username
  await tellMembers(call, sql, group, event, [concerned ?? ''], { text })
}

function toSharedFile({ fileId, name, type, bytes, owner, createdAt }: FileRow): SharedFile {
  return { fileId, name, type, bytes, owner, createdAt }
}

/** As clients list it. */
function describe({ fileId, name, owner, bytes, createdAt }: FileRow): object {
  return { file_id: fileId, file_name: name, file_owner: owner, file_size: bytes, created: createdAt }
}
