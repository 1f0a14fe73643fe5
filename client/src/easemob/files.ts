// Files of messages, and those shared in a group or room: easemob.md §2.8 and §2.10.4. A file has up to 10 MB; give large
// ones the time they take, with the client's `timeouts`.
import type { CallOptions, FileContent } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, askList, type NumberedPage, once } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { at, type GroupOrRoom } from './place.ts'

interface Content extends CallOptions {
  readonly content: Blob | Uint8Array<ArrayBuffer> | string
  readonly name: string
  /** Its media type; absent: what the Blob says. */
  readonly type?: string
}

function formOf({ content, name, type }: Content): FormData {
  const blob =
    content instanceof Blob && type === undefined ? content : new Blob([content], { type: type ?? '' })
  const form = new FormData()
  form.append('file', blob, name)
  return form
}

/** A file for a message. */
export interface Upload extends Content {
  /** Only who knows its secret gets it. Default true. */
  readonly isRestricted?: boolean
  /** The most that its thumbnail may have; default 170. */
  readonly thumbnail?: { readonly width: number; readonly height: number }
}

/** What a message names the file by. */
export interface UploadedFile {
  readonly fileId: string
  /** For the `url` of a message, and its `secret`. */
  readonly url: string
  readonly secret?: string
}

/** Uploads a file for a message. A repeat would be a second file. */
export async function uploadFile(client: EasemobClient, request: Upload): Promise<UploadedFile> {
  const { isRestricted = true, thumbnail } = request
  const headers = {
    'restrict-access': String(isRestricted),
    ...(thumbnail && {
      'thumbnail-width': String(thumbnail.width),
      'thumbnail-height': String(thumbnail.height),
    }),
  }
  const call = { method: 'POST', template: '/chatfiles', headers, body: formOf(request), ...once() }
  const { uri, entities } = await client.request<{
    readonly uri: string
    readonly entities: readonly { readonly uuid: string; readonly 'share-secret'?: string }[]
  }>({ ...call, expects: ['uri', 'entities.0.uuid'] }, request)
  const { uuid: fileId, 'share-secret': secret } = entities[0]!
  return { fileId, url: `${uri}/${fileId}`, ...(secret !== undefined && { secret }) }
}

/** Which file of a message, and what of it. */
export interface Download extends CallOptions {
  readonly fileId: string
  /** Of one that is restricted. */
  readonly secret?: string
  /** A small picture of an image instead; where there is none the file itself. */
  readonly asThumbnail?: boolean
}

/** @throws PosthouseError `file_secret_wrong`, of one that is restricted and not opened */
export function downloadFile(client: EasemobClient, request: Download): Promise<FileContent> {
  const { fileId, secret, asThumbnail } = request
  const headers = { ...(secret && { 'share-secret': secret }), ...(asThumbnail && { thumbnail: 'true' }) }
  const call = { method: 'GET', template: '/chatfiles/:file', params: { file: fileId }, headers } as const
  return client.request({ ...call, answers: 'file' }, request)
}

const shared = '/share_files'

/** A file of a group or room. */
export interface SharedFile {
  readonly file_id: string
  readonly file_name: string
  readonly file_owner: string
  /** Bytes. */
  readonly file_size: number
  /** Epoch ms. */
  readonly created: number
}

/** A file for the members of a group or room. */
export type ShareFile = GroupOrRoom & Content

/** Shares a file with the members. A repeat would be a second file. */
export function shareFile(
  client: EasemobClient,
  request: ShareFile,
): Promise<Omit<SharedFile, 'file_owner'> & { readonly file_url: string }> {
  const call = { method: 'POST', ...at(request, shared), body: formOf(request), expects: ['data.file_id'] }
  return ask(client, { ...call, ...once() }, request)
}

/** The newest first. `pageSize` up to 1 000; with neither page nor size the first 1 000. */
export function listSharedFiles(
  client: EasemobClient,
  request: GroupOrRoom & NumberedPage,
): Promise<readonly SharedFile[]> {
  const query = { pagenum: request.page, pagesize: request.pageSize }
  return askList(client, { method: 'GET', ...at(request, shared), query }, request)
}

/** Which file of a group or room. */
export type SharedFileRequest = GroupOrRoom & CallOptions & { readonly fileId: string }

/** A file of a group or room, whole. @throws PosthouseError `file_unknown` */
export function downloadSharedFile(client: EasemobClient, request: SharedFileRequest): Promise<FileContent> {
  const call = at(request, `${shared}/:file`, { file: request.fileId })
  return client.request({ method: 'GET', ...call, answers: 'file' }, request)
}

/** Takes a file away from the members. */
export async function deleteSharedFile(client: EasemobClient, request: SharedFileRequest): Promise<void> {
  const call = at(request, `${shared}/:file`, { file: request.fileId })
  await settle(client.request({ method: 'DELETE', ...call }, request), 'missing')
}
