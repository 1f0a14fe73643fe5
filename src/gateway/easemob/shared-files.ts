// Files that are shared in a group or chat room (easemob.md §2.10.4): for the app, and for users who are in it.
import type { FailuresOf } from '../../contract/failures.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { SharedFile } from '../../contract/operations/files.ts'
import { downloadFailures, serveFile } from './download.ts'
import { dataEnvelope } from './envelope.ts'
import { groupOf } from './group-calls.ts'
import { type GroupDialect, groupDialect, roomDialect } from './group-shapes.ts'
import { readPage } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { receiveUpload, uploadFailures } from './upload.ts'
import { anyToken } from './user-need.ts'

export const sharedFileRoutes: readonly EasemobRoute[] = [...routesOf(groupDialect), ...routesOf(roomDialect)]

const paging = {
  from: 1,
  sizeDefault: easemobLimits.sharedFilesPageDefault,
  sizeMax: easemobLimits.sharedFilesPageMax,
  unpaged: easemobLimits.sharedFilesPageMax,
} as const

function routesOf(dialect: GroupDialect): EasemobRoute[] {
  const { family, noun } = dialect
  const list = `${dialect.path}/:group/share_files`
  const one = `${list}/:file`
  const raises = ['group_unknown', 'file_forbidden'] as const satisfies readonly FailuresOf<'easemob'>[]
  return [
    {
      method: 'GET',
      path: list,
      summary: `A page of the files shared in a ${noun}, newest first: ?pagenum, ?pagesize`,
      family,
      need: anyToken,
      raises,
      handle: call => listFiles(call, dialect),
    },
    {
      method: 'POST',
      path: list,
      summary: `Share a file of up to 10 MB in a ${noun}: the part \`file\` of the form`,
      family,
      need: anyToken,
      body: 'form_data',
      raises: [...raises, ...uploadFailures, 'group_files_too_many'],
      handle: call => shareFile(call, dialect),
    },
    {
      method: 'GET',
      path: one,
      summary: `Download a file shared in a ${noun}, or a range of it`,
      family,
      need: anyToken,
      produces: 'application/octet-stream',
      raises: [...raises, ...downloadFailures],
      handle: async call => {
        const { file } = await call.run('group_file.get', refOf(call, dialect))
        return serveFile(call, file, { asThumbnail: false })
      },
    },
    {
      method: 'DELETE',
      path: one,
      summary: `Delete a file shared in a ${noun}: a user only its own, the owner every one`,
      family,
      need: anyToken,
      raises: [...raises, 'file_unknown'],
      handle: async call => {
        const ref = refOf(call, dialect)
        await call.run('group_file.delete', ref)
        return dataEnvelope(call, { data: { ...named(call, dialect), file_id: ref.fileId, result: true } })
      },
    },
  ]
}

function refOf(call: EasemobCall, { kind }: GroupDialect) {
  return { kind, group: groupOf(call), fileId: call.params.file! }
}

async function listFiles(call: EasemobCall, { kind }: GroupDialect): Promise<object> {
  const page = readPage(call, paging)
  const { files } = await call.run('group_file.list', { kind, group: groupOf(call), ...page })
  return dataEnvelope(call, { params: true, data: files.map(toEntry), count: files.length })
}

async function shareFile(call: EasemobCall, dialect: GroupDialect): Promise<object> {
  const ref = { kind: dialect.kind, group: groupOf(call) }
  const file = await receiveUpload(call, async upload => {
    const { file: shared } = await call.run('group_file.add', { ...ref, ...upload.file })
    return { fileId: shared.fileId, result: shared }
  })
  const { exchange } = call
  const data = {
    file_url: `${exchange.origin}${exchange.target.path}/${file.fileId}`,
    ...named(call, dialect),
    file_name: file.name,
    created: file.createdAt,
    file_id: file.fileId,
    file_size: file.bytes,
  }
  return dataEnvelope(call, { data })
}

/** Groups and rooms call their id differently. */
function named(call: EasemobCall, { kind }: GroupDialect): object {
  return kind === 'group' ? { group_id: groupOf(call) } : { id: groupOf(call) }
}

function toEntry({ fileId, name, owner, bytes, createdAt }: SharedFile): object {
  return { file_id: fileId, file_name: name, file_owner: owner, file_size: bytes, created: createdAt }
}
