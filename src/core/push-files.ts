// Files of aliases or registration ids: kept until their time is over, and looked up anew by each push to them.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { PushFile, PushFileOperations } from '../contract/operations/push-files.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  expirePushFile,
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
    const { appId, app_key } = call.app
    if ((await listPushFiles(sql, appId, call.now, pushFilesMax)).length >= pushFilesMax)
      throw new Refusal('push_files_full', { limit: String(pushFilesMax) })
    const fileId = `${app_key}-${randomUUID()}`
    await insertPushFile(sql, {
      fileId,
      appId,
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
    const rows = await listPushFiles(sql, call.app.appId, call.now, pushFilesMax)
    return { files: rows.filter(({ state }) => state === 'ready').map(show) }
  }),

  'push_file.get': reads(async (call, { fileId }, sql) => show(await getFile(call, sql, fileId, 'ready'))),

  'push_file.delete': writes(async (call, { fileId }, sql) => {
    const row = await findPushFile(sql, fileId)
    if (row?.appId === call.app.appId) await expirePushFile(sql, fileId)
    call.afterCommit(() => call.world.nudge('purge'))
    return {}
  }),
}

/** @throws Refusal `push_file_unknown` */
export async function getFile(
  call: Call,
  sql: Sql,
  fileId: string,
  state: PushFileRow['state'],
): Promise<PushFileRow> {
  const row = await findPushFile(sql, fileId)
  if (row?.appId !== call.app.appId || row.state !== state || row.expiresAt <= call.now)
    throw new Refusal('push_file_unknown')
  return row
}

function show({ fileId, kind, name, createdAt, hasTtl, expiresAt }: PushFileRow): PushFile {
  return { fileId, kind, name, createdAt, ...(hasTtl === 1 && { expiresAt }) }
}
