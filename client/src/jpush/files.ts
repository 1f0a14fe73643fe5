// Files of aliases or registration_ids to push to: jpush.md §3.1.6.
import type { CallOptions } from '../caller.ts'
import type { JpushClient, JpushDeveloperClient } from './client.ts'

/** An app's own files are for its pushes, those of a developer account for `sendGroupFilePush`. */
export type FileOwner = JpushClient | JpushDeveloperClient

/** A file of the devices to push to. */
export interface UploadRequest extends CallOptions {
  readonly of: 'alias' | 'registration_id'
  /** One id a line, UTF-8, at most 10 MB. */
  readonly content: string | Blob
  /** Ends with `.txt`. */
  readonly name: string
  /** Hours, 1–720; default 720. */
  readonly ttl?: number
}

/** @returns its file_id. A repeat would be a second file: where no answer came, it is not made */
export async function uploadFile(
  client: FileOwner,
  { of, content, name, ttl, ...options }: UploadRequest,
): Promise<string> {
  const body = new FormData()
  body.append('filename', new Blob([content], { type: 'text/plain' }), name)
  if (ttl !== undefined) body.append('ttl', String(ttl))
  const { file_id } = await client.request<{ readonly file_id: string }>(
    {
      method: 'POST',
      template: `/v3/files/${of}`,
      body,
      repeat: 'unsafe',
      quota: 'file',
      expects: ['file_id'],
    },
    options,
  )
  return file_id
}

/** A file that was uploaded. */
export interface PushFile {
  readonly file_id: string
  readonly type: 'alias' | 'registration_id'
  readonly file_name?: string
  /** `YYYY-MM-DD HH:MM:SS`, UTC+08:00 at JPush. */
  readonly create_time: string
  readonly expire_time?: string
}

/** Which file. */
export interface FileRequest extends CallOptions {
  readonly fileId: string
}

/** Those that have not expired, 20 at most. */
export async function listFiles(client: FileOwner, options?: CallOptions): Promise<readonly PushFile[]> {
  const { files } = await client.request<{ readonly files: readonly PushFile[] }>(
    { method: 'GET', template: '/v3/files', quota: 'file', expects: ['files'] },
    options,
  )
  return files
}

/** @throws PosthouseError `push_file_unknown` */
export function getFile(client: FileOwner, { fileId, ...options }: FileRequest): Promise<PushFile> {
  const params = { file_id: fileId }
  return client.request({ method: 'GET', template: '/v3/files/:file_id', params, quota: 'file' }, options)
}

/** One that is not there counts as deleted. */
export async function deleteFile(client: FileOwner, { fileId, ...options }: FileRequest): Promise<void> {
  const params = { file_id: fileId }
  await client.request({ method: 'DELETE', template: '/v3/files/:file_id', params, quota: 'file' }, options)
}
