// A push as a vendor's channel sees it.
import type { Members, VendorPush } from '../channels/channel.ts'
import type { Platform, PushContents } from '../contract/operations/pushes.ts'
import type { PushRow } from '../store/pushes.ts'

/** What every platform's share of a push has in common: taken apart once. */
export class PushParts {
  readonly #push: PushRow
  readonly #contents: PushContents
  readonly #kept: { readonly options?: Members; readonly notification_3rd?: Members }
  readonly #shares = new Map<Platform, VendorPush>()

  constructor(push: PushRow) {
    this.#push = push
    this.#contents = JSON.parse(push.content) as PushContents
    this.#kept = JSON.parse(this.#contents.kept)
  }

  get options(): Members {
    return this.#kept.options ?? {}
  }

  for(platform: Platform): VendorPush {
    const known = this.#shares.get(platform)
    if (known) return known
    const { msgId, overrideOf, createdAt, expiresAt } = this.#push
    const { notification, message, liveActivity } = this.#contents
    const { notification_3rd: notification3rd } = this.#kept
    const shown = notification[platform]
    const share: VendorPush = {
      msgId: String(msgId),
      platform,
      ...(shown !== undefined && { notification: JSON.parse(shown) }),
      ...(message !== undefined && { message: JSON.parse(message) }),
      ...(platform === 'ios' && liveActivity !== undefined && { liveActivity: JSON.parse(liveActivity) }),
      ...(notification3rd && { notification3rd }),
      options: this.options,
      overrideOf: overrideOf === null ? '' : String(overrideOf),
      sentAt: createdAt,
      expiresAt,
    }
    this.#shares.set(platform, share)
    return share
  }
}
