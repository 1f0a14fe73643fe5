// Files of aliases or registration ids: kept until their time is over, and looked up anew by each push to them.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { PushFile, PushFileOperations } from '../contract/operations/push-files.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findDeveloperById } from '../store/developers.ts'
import {
  expirePushFile,
  type FileOwner,
  findPushFile,
  insertChunk,
  insertPushFile,
  listPushFiles,
  makeReady,
  type PushFileRow,
} from '../store/push-files.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'

const { pushFilesMax, pushFileHoursMax } = jpushLimits
const hourMs = 3_600_000
const uploadMsMax = hourMs

export const pushFileHandlers: Handlers<keyof PushFileOperations> = {
  'push_file.begin': writes(async (call, { kind }, sql) => {
    const { key, ...owner } = uploaderOf(call)
    if ((await listPushFiles(sql, owner, call.now, pushFilesMax)).length >= pushFilesMax)
      throw new Refusal('push_files_full', { limit: String(pushFilesMax) })
    const fileId = `${key}-${randomUUID()}`
    await insertPushFile(sql, {
      fileId,
      ...owner,
      kind,
      name: '',
      state: 'coming',
      hasTtl: 0,
      createdAt: call.now,
      // Of an upload that is broken off nothing stays.
      expiresAt: call.now + uploadMsMax,
    })
    return { fileId }
  }),

  'push_file.append': writes(async (call, { fileId, chunk, entries }, sql) => {
    await getFile(call, sql, fileId, 'coming')
    await insertChunk(sql, fileId, chunk, JSON.stringify(entries))
    return {}
  }),

  'push_file.finish': writes(async (call, { fileId, name, ttlHours }, sql) => {
    await getFile(call, sql, fileId, 'coming')
    const expiresAt = call.now + (ttlHours ?? pushFileHoursMax) * hourMs
    await makeReady(sql, fileId, { name, expiresAt, hasTtl: ttlHours === undefined ? 0 : 1 })
    return {}
  }),

  'push_file.list': reads(async (call, _args, sql) => {
    const rows = await listPushFiles(sql, fileOwnerOf(call), call.now, pushFilesMax)
    return { files: rows.filter(({ state }) => state === 'ready').map(show) }
  }),

  'push_file.get': reads(async (call, { fileId }, sql) => show(await getFile(call, sql, fileId, 'ready'))),

  'push_file.delete': writes(async (call, { fileId }, sql) => {
    const row = await findPushFile(sql, fileId)
    if (row && isOwn(row, fileOwnerOf(call))) await expirePushFile(sql, fileId)
    call.afterCommit(() => call.world.nudge('purge'))
    return {}
  }),
}

/** @throws Refusal `push_file_unknown` */
async function getFile(
  call: Call,
  sql: Sql,
  fileId: string,
  state: PushFileRow['state'],
  owner = fileOwnerOf(call),
): Promise<PushFileRow> {
  const row = await findPushFile(sql, fileId)
  if (!row || !isOwn(row, owner) || row.state !== state || row.expiresAt <= call.now)
    throw new Refusal('push_file_unknown')
  return row
}

/** May a push name this file as its audience? @throws Refusal `push_file_unknown` */
export async function checkFile(call: Call, sql: Sql, fileId: string, owner: FileOwner): Promise<void> {
  await getFile(call, sql, fileId, 'ready', owner)
}

/**
 * Of a file that a group of apps is pushed to with: a developer account of the group's organisation (jpush.md §3.1.5).
 * @throws Refusal `push_file_unknown`, `not_entitled`
 */
export async function ownerForGroup(call: Call, sql: Sql, org: string, fileId: string): Promise<FileOwner> {
  const row = await findPushFile(sql, fileId)
  const developer = row && row.developerId !== 0 && (await findDeveloperById(sql, row.developerId))
  if (!developer || developer.org !== org) throw new Refusal('push_file_unknown')
  const owner = { appId: 0, developerId: developer.developerId }
  await checkFile(call, sql, fileId, owner)
  if (developer.mayUseFiles === 0) throw new Refusal('not_entitled')
  return owner
}

/** Whose files the caller has. */
export function fileOwnerOf(call: Call): FileOwner {
  const { appId, developerId } = uploaderOf(call)
  return { appId, developerId }
}

function uploaderOf(call: Call): FileOwner & { readonly key: string } {
  const { principal } = call
  if (principal.is === 'developer')
    return { appId: 0, developerId: principal.developerId, key: principal.key }
  return { appId: call.app.appId, developerId: 0, key: call.app.app_key }
}

function isOwn(row: FileOwner, { appId, developerId }: FileOwner): boolean {
  return row.appId === appId && row.developerId === developerId
}

function show({ fileId, kind, name, createdAt, hasTtl, expiresAt }: PushFileRow): PushFile {
  return { fileId, kind, name, createdAt, ...(hasTtl === 1 && { expiresAt }) }
}
