// Images for pushes, each with a media_id that a push names instead of an address: jpush.md §3.1.8. For VIP apps.
import type { CallOptions } from '../caller.ts'
import type { JpushClient } from './client.ts'

/** 1: a big picture, 2: a large icon, 3: a small icon. */
export type ImageType = 1 | 2 | 3

/** Addresses by channel: `http` or `https`, or names of the app's own files where the channel takes such. */
export interface ImageUrls {
  /** For the channels that have none of their own. */
  readonly image_url?: string
  readonly jiguang_image_url?: string
  readonly xiaomi_image_url?: string
  readonly oppo_image_url?: string
  readonly huawei_image_url?: string
  readonly honor_image_url?: string
  readonly fcm_image_url?: string
  readonly hmos_image_url?: string
}

/** Kept 30 days. Of the addresses those that were set, for each channel by its name. */
export interface PushImage extends Omit<ImageUrls, 'image_url'> {
  readonly media_id: string
}

/** Pictures as the vendors take them for their channels: JPEG or PNG, up to 2 MB. */
export interface ImageFiles {
  readonly oppo?: Blob
  readonly xiaomi?: Blob
}

/** An image by addresses. */
export interface AddImage extends CallOptions {
  readonly type: ImageType
  /** At least one. */
  readonly urls: ImageUrls
}

/** Other addresses for an image. */
export interface ChangeImage extends CallOptions {
  readonly mediaId: string
  /** Those that are not named stay. */
  readonly urls: ImageUrls
}

/** An image by files. */
export interface AddImageFiles extends CallOptions {
  readonly type: ImageType
  /** At least one. */
  readonly files: ImageFiles
}

/** Other files for an image. */
export interface ChangeImageFiles extends CallOptions {
  readonly mediaId: string
  /** Those that are not named stay. */
  readonly files: ImageFiles
}

const expects = ['media_id']

/** Adds an image by addresses. A repeat would be a second one: where no answer came, it is not made. */
export function addImage(client: JpushClient, { type, urls, ...options }: AddImage): Promise<PushImage> {
  const body = { image_type: type, ...urls }
  return client.request(
    { method: 'POST', template: '/v3/images/byurls', body, repeat: 'unsafe', expects },
    options,
  )
}

/** Gives an image other addresses. @returns all that it has now */
export function changeImage(
  client: JpushClient,
  { mediaId, urls, ...options }: ChangeImage,
): Promise<PushImage> {
  const params = { media_id: mediaId }
  return client.request(
    { method: 'PUT', template: '/v3/images/byurls/:media_id', params, body: urls, expects },
    options,
  )
}

/** As `addImage`, by files, which the server keeps and names. */
export function addImageFiles(
  client: JpushClient,
  { type, files, ...options }: AddImageFiles,
): Promise<PushImage> {
  const body = formOf(files, type)
  return client.request(
    { method: 'POST', template: '/v3/images/byfiles', body, repeat: 'unsafe', expects },
    options,
  )
}

/** Gives an image other files. @returns all that it has now */
export function changeImageFiles(
  client: JpushClient,
  { mediaId, files, ...options }: ChangeImageFiles,
): Promise<PushImage> {
  const params = { media_id: mediaId }
  return client.request(
    { method: 'PUT', template: '/v3/images/byfiles/:media_id', params, body: formOf(files), expects },
    options,
  )
}

function formOf({ oppo, xiaomi }: ImageFiles, type?: ImageType): FormData {
  const form = new FormData()
  if (type !== undefined) form.append('image_type', String(type))
  if (oppo) form.append('oppo_file', oppo, 'oppo')
  if (xiaomi) form.append('xiaomi_file', xiaomi, 'xiaomi')
  return form
}
