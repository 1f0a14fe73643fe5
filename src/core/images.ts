// Images for pushes: what a media_id stands for on each channel, until its time is over.
import { randomUUID } from 'node:crypto'
import { jpushLimits } from '../contract/limits.ts'
import type { Image, ImageChange, ImageOperations, ImageUrls } from '../contract/operations/images.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  findImage,
  findImageFile,
  hasImages,
  type ImageRow,
  insertImage,
  insertImageFile,
  removeOlderFiles,
  setImageUrls,
} from '../store/images.ts'
import type { Call } from './call.ts'
import { needVip } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'

const { imageMs, filesPerImageMax } = jpushLimits

export const imageHandlers: Handlers<keyof ImageOperations> = {
  'image.admit': reads(async (call, { mediaId }, sql) => {
    needVip(call)
    if (mediaId === undefined) await checkRoom(call, sql)
    else await getImage(call, sql, mediaId)
    return {}
  }),

  'image.add': writes(async (call, { kind, ...change }, sql) => {
    needVip(call)
    await checkRoom(call, sql)
    const mediaId = `jgmedia-${kind}-${randomUUID()}`
    const urls = JSON.stringify(change.urls)
    await insertImage(sql, { mediaId, appId: call.app.appId, urls, expiresAt: call.now + imageMs })
    await keepFiles(call, sql, mediaId, change)
    return { mediaId, urls: change.urls }
  }),

  'image.change': writes(async (call, { mediaId, ...change }, sql) => {
    needVip(call)
    const before = await getImage(call, sql, mediaId)
    const after: Image = { mediaId, urls: { ...urlsOf(before), ...change.urls } }
    await setImageUrls(sql, mediaId, JSON.stringify(after.urls))
    await keepFiles(call, sql, mediaId, change)
    return after
  }),

  'image.file': reads(async (call, { fileId }, sql) => {
    const row = await findImageFile(sql, fileId)
    if (!row || row.expiresAt <= call.now || !call.world.apps.findById(row.appId))
      throw new Refusal('image_unknown')
    const { type, bytes } = row
    return { fileId, type, bytes }
  }),
}

/**
 * What the images of a push stand for at this moment: it goes on standing for that, whatever becomes of them.
 * @throws Refusal `image_unknown`
 */
export async function resolveImages(
  call: Call,
  sql: Sql,
  mediaIds: readonly string[],
): Promise<Record<string, ImageUrls>> {
  const images: Record<string, ImageUrls> = {}
  for (const mediaId of mediaIds) images[mediaId] = urlsOf(await getImage(call, sql, mediaId))
  return images
}

async function getImage(call: Call, sql: Sql, mediaId: string): Promise<ImageRow> {
  const row = await findImage(sql, mediaId)
  if (row?.appId !== call.app.appId || row.expiresAt <= call.now) throw new Refusal('image_unknown')
  return row
}

function urlsOf({ urls }: ImageRow): ImageUrls {
  return JSON.parse(urls)
}

/** @throws Refusal `images_full` */
async function checkRoom(call: Call, sql: Sql): Promise<void> {
  const { imagesPerAppMax } = call.world.config.core
  if (await hasImages(sql, call.app.appId, call.now, imagesPerAppMax))
    throw new Refusal('images_full', { limit: String(imagesPerAppMax) })
}

/** A file that another has replaced stays with its image: pushes on their way lead to it. */
async function keepFiles(call: Call, sql: Sql, mediaId: string, { files }: ImageChange): Promise<void> {
  for (const file of files) await insertImageFile(sql, mediaId, file, call.now)
  if (files.length === 0) return
  if ((await removeOlderFiles(sql, mediaId, filesPerImageMax, filesPerImageMax)) > 0)
    call.afterCommit(() => call.world.nudge('remove_contents'))
}
