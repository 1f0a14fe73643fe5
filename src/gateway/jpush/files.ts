// Files of aliases or registration ids to push to (jpush.md §3.1.6).
import { jpushLimits } from '../../contract/limits.ts'
import { isAlias, isRegistrationId } from '../../contract/names.ts'
import type { PushFile, PushFileKind } from '../../contract/operations/push-files.ts'
import { Refusal } from '../../contract/refusal.ts'
import { formatTime } from '../../lib/zone-time.ts'
import { isForm, receiveForm } from '../content/form.ts'
import { isCompressed } from '../http/media.ts'
import { EntryReader } from './entry-reader.ts'
import type { JpushCall, JpushRoute } from './route.ts'

const { pushFileBytesMax, pushFileHoursMax } = jpushLimits
const kinds: readonly PushFileKind[] = ['alias', 'registration_id']
const partName = 'filename'
const nameBytesMax = 255

export const fileRoutes: readonly JpushRoute[] = [
  ...kinds.map(
    (kind): JpushRoute => ({
      method: 'POST',
      path: `/v3/files/${kind}`,
      summary: `Upload a file of ${kind} values to push to, one a line: a form with filename, and ttl in hours`,
      family: 'push',
      quota: 'file',
      secretOf: 'app_or_developer',
      isUpload: true,
      raises: [
        'parameter_missing',
        'parameter_invalid',
        'push_files_full',
        'push_file_unknown',
        'developer_files_denied',
      ],
      handle: call => upload(call, kind),
    }),
  ),
  {
    method: 'GET',
    path: '/v3/files',
    summary: 'The files that can be pushed to',
    family: 'push',
    quota: 'file',
    secretOf: 'app_or_developer',
    raises: ['developer_files_denied'],
    handle: async call => {
      const { files } = await call.run('push_file.list', {})
      return { total_count: files.length, files: files.map(file => show(call, file)) }
    },
  },
  {
    method: 'GET',
    path: '/v3/files/:file_id',
    summary: 'A file that can be pushed to',
    family: 'push',
    quota: 'file',
    secretOf: 'app_or_developer',
    raises: ['push_file_unknown', 'developer_files_denied'],
    handle: async call => show(call, await call.run('push_file.get', { fileId: call.params.file_id! })),
  },
  {
    method: 'DELETE',
    path: '/v3/files/:file_id',
    summary: 'Delete a file',
    family: 'push',
    quota: 'file',
    secretOf: 'app_or_developer',
    raises: ['developer_files_denied'],
    handle: call => call.run('push_file.delete', { fileId: call.params.file_id! }),
  },
]

function show(
  { timeZoneMinutes }: JpushCall,
  { fileId, kind, name, createdAt, expiresAt }: PushFile,
): object {
  return {
    file_id: fileId,
    type: kind,
    file_name: name,
    create_time: formatTime(createdAt, timeZoneMinutes),
    ...(expiresAt !== undefined && { expire_time: formatTime(expiresAt, timeZoneMinutes) }),
  }
}

/** Nothing of it can be named before all of it is there and sound. */
async function upload(call: JpushCall, kind: PushFileKind): Promise<object> {
  const { contents, exchange } = call
  await call.admit()
  if (!isForm(exchange) || isCompressed(exchange)) invalid('The body must be multipart/form-data')
  const { files, fields } = await contents.upload(call.appKey, () => receive(call, kind))
  const file = files.get(partName)
  if (!file) throw new Refusal('parameter_missing', { name: partName })
  const { fileId } = file.saved
  try {
    const { name } = file
    if (!/\.txt$/i.test(name) || Buffer.byteLength(name) > nameBytesMax) invalid('The file must be a .txt')
    const ttlHours = readTtl(fields.get('ttl'))
    await call.run('push_file.finish', { fileId, name, ...(ttlHours && { ttlHours }) })
  } catch (error) {
    await drop(call, fileId)
    throw error
  }
  return { file_id: fileId }
}

async function receive(call: JpushCall, kind: PushFileKind) {
  const isEntry = kind === 'alias' ? isAlias : isRegistrationId
  try {
    return await receiveForm(call.exchange, {
      names: [partName],
      fileBytesMax: pushFileBytesMax,
      config: call.contents.config,
      save: chunks => save(call, kind, new EntryReader(isEntry), chunks),
      discard: ({ fileId }) => drop(call, fileId),
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.id === 'file_too_large') return invalid(`The file is larger than ${pushFileBytesMax} bytes`)
    if (error.id === 'invalid_request') return invalid('The form cannot be read')
    throw error
  }
}

async function save(
  call: JpushCall,
  kind: PushFileKind,
  reader: EntryReader,
  chunks: AsyncIterable<Buffer>,
): Promise<{ fileId: string }> {
  const { fileId } = await call.run('push_file.begin', { kind })
  try {
    let chunk = 0
    for await (const entries of reader.read(chunks))
      await call.run('push_file.append', { fileId, chunk: ++chunk, entries })
    if (chunk === 0) invalid('The file holds nothing')
    return { fileId }
  } catch (error) {
    await drop(call, fileId)
    throw error
  }
}

/** What cannot be deleted now goes with its time. */
async function drop(call: JpushCall, fileId: string): Promise<void> {
  await call.run('push_file.delete', { fileId }).catch(() => {})
}

function readTtl(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const hours = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0
  return hours >= 1 && hours <= pushFileHoursMax
    ? hours
    : invalid(`ttl must be hours, from 1 to ${pushFileHoursMax}`)
}

function invalid(reason: string): never {
  throw new Refusal('parameter_invalid', { reason })
}
