// A push as a vendor's channel sees it.
import type { ChannelName, Members, VendorPush } from '../channels/channel.ts'
import { asMembers } from '../channels/shown-notification.ts'
import type { ImageChannel } from '../contract/operations/images.ts'
import type { Platform, PushContents } from '../contract/operations/pushes.ts'
import type { PushRow } from '../store/pushes.ts'
import { imageChannelOf, type PushImages, withImages } from './push-images.ts'

/** What every platform's share of a push has in common: taken apart once. */
export class PushParts {
  readonly #push: PushRow
  readonly #contents: PushContents
  readonly #kept: { readonly options?: Members; readonly notification_3rd?: Members }
  readonly #images: PushImages | undefined
  readonly #shares = new Map<string, VendorPush>()
  /** With the images of each channel in its own share. */
  readonly options: Members

  constructor(push: PushRow) {
    this.#push = push
    this.#contents = JSON.parse(push.content) as PushContents
    this.#kept = JSON.parse(this.#contents.kept)
    this.#images = this.#contents.images
    this.options = this.#optionsWithImages(this.#kept.options ?? {})
  }

  for(platform: Platform, channel: ChannelName): VendorPush {
    const imageChannel = imageChannelOf(channel)
    const key = this.#images ? `${platform} ${imageChannel}` : platform
    const known = this.#shares.get(key)
    if (known) return known
    const { msgId, chainRoot, withdraws, createdAt, expiresAt } = this.#push
    const { notification, message, liveActivity } = this.#contents
    const notification3rd = this.#notification3rd(platform, imageChannel)
    const shown = notification[platform]
    const share: VendorPush = {
      msgId: String(msgId),
      platform,
      ...(shown !== undefined && { notification: this.#withImages(JSON.parse(shown), imageChannel) }),
      ...(message !== undefined && { message: JSON.parse(message) }),
      ...(platform === 'ios' && liveActivity !== undefined && { liveActivity: JSON.parse(liveActivity) }),
      ...(notification3rd && { notification3rd }),
      options: this.options,
      ...(withdraws !== null && { withdraws: String(withdraws) }),
      chainRoot: chainRoot === null ? '' : String(chainRoot),
      sentAt: createdAt,
      expiresAt,
    }
    this.#shares.set(key, share)
    return share
  }

  #withImages(members: Members, channel: ImageChannel): Members {
    return this.#images ? withImages(members, this.#images, channel) : members
  }

  #optionsWithImages(options: Members): Members {
    const vendors = asMembers(options.third_party_channel)
    if (!this.#images || !vendors) return options
    const named = Object.entries(vendors).map(([name, own]) => {
      const members = asMembers(own)
      return [name, members ? this.#withImages(members, imageChannelOf(name)) : own]
    })
    return { ...options, third_party_channel: Object.fromEntries(named) }
  }

  /** One flat object, or one a platform (jpush.md §3.1.1.1). */
  #notification3rd(platform: Platform, channel: ImageChannel): Members | undefined {
    const { notification_3rd: whole } = this.#kept
    if (!whole || !this.#images) return whole
    const own = asMembers(whole[platform])
    return this.#withImages({ ...whole, ...(own && { [platform]: this.#withImages(own, channel) }) }, channel)
  }
}
