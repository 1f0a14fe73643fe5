// What was held back for a vendor that rests: a device with a session gets it there, rather than when the vendor is back.
import type { Released } from '../core/dispatch-attempts.ts'
import type { World } from '../core/world.ts'
import { type HeldTarget, listHeld, releaseTarget } from '../store/queues.ts'

const targetsPerSlice = 200
const start = { deviceId: 0, msgId: 0 }

export class HeldBack {
  /** By channel and app: until when it rests (epoch ms), as of the last walk over what is held back. */
  #walked = new Map<string, number>()
  /** Where the walk has come to; absent = it is over. */
  #after: Pick<HeldTarget, 'deviceId' | 'msgId'> | undefined

  /** One slice. @param rests as `#walked`, now: each rest is worth one walk */
  async release(
    world: World,
    rests: ReadonlyMap<string, number>,
  ): Promise<{ readonly targets: readonly Released[]; readonly isMore: boolean }> {
    if ([...rests].some(([key, until]) => this.#walked.get(key) !== until)) this.#after = start
    this.#walked = new Map(rests)
    const after = this.#after
    if (!after || rests.size === 0) return { targets: [], isMore: false }
    const page = await world.db.read(sql => listHeld(sql, after, targetsPerSlice))
    const { online } = world
    const wanted = page.filter(
      ({ deviceId, channel, appId, state }) =>
        state === 'due' && rests.has(`${channel} ${appId}`) && online.has(deviceId),
    )
    const targets: Released[] = []
    if (wanted.length > 0)
      await world.db.write(async sql => {
        targets.length = 0
        for (const target of wanted)
          if (await releaseTarget(sql, target.deviceId, target.msgId)) targets.push(target)
      })
    this.#after = page.length < targetsPerSlice ? undefined : page.at(-1)
    return { targets, isMore: this.#after !== undefined }
  }
}
