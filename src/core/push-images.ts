// The images that a push names by their media_id, on their way out: each channel gets the address that is set for it.
import type { Members } from '../channels/channel.ts'
import { type ImageChannel, type ImageUrls, imageChannels } from '../contract/operations/images.ts'
import { imageMembers, type Platform } from '../contract/operations/pushes.ts'
import { parseExactly } from '../lib/exact-json.ts'

/** By media_id. */
export type PushImages = Readonly<Record<string, ImageUrls>>

/** The names that vendors' channels have in an image. Others are given what sessions of this server's are. */
export function imageChannelOf(name: string): ImageChannel {
  return imageChannels.find(channel => channel === name) ?? 'jiguang'
}

/** Of what devices get through their own sessions. */
export function imageChannelOfSessions(platform: Platform): ImageChannel {
  return platform === 'hmos' ? 'hmos' : 'jiguang'
}

/** A notification in JSON, every digit of its numbers as it was. */
export function withImagesInText(text: string, images: PushImages, channel: ImageChannel): string {
  const members = parseExactly(text) as Members
  const named = withImages(members, images, channel)
  return named === members ? text : JSON.stringify(named)
}

/** The same object where it names no image. */
export function withImages(members: Members, images: PushImages, channel: ImageChannel): Members {
  const found: Record<string, string> = {}
  for (const name of imageMembers) {
    const value = members[name]
    const urls = typeof value === 'string' && Object.hasOwn(images, value) ? images[value] : undefined
    const url = urls && urlFor(urls, channel)
    if (url !== undefined) found[name] = url
  }
  return Object.keys(found).length === 0 ? members : { ...members, ...found }
}

/** Its own, the one for all, the one for sessions; failing these any there is: a picture is better than none. */
function urlFor(urls: ImageUrls, channel: ImageChannel): string | undefined {
  return urls[channel] ?? urls.all ?? urls.jiguang ?? Object.values(urls)[0]
}
