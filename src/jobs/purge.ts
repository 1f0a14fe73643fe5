// Removes what has had its time: remembered results of keyed requests, pushes with their receipts, rows of queues, mutes that are over.
import type { World } from '../core/world.ts'
import { messageIdAt } from '../lib/message-id.ts'
import { purgeGroupPushes } from '../store/app-groups.ts'
import { purgeRoles } from '../store/group-roles.ts'
import { deleteExpiredImages } from '../store/images.ts'
import { purgeSubscriptions } from '../store/presence.ts'
import { purgeIdempotency, purgePushes, purgeTargetsOfNextDevice } from '../store/purge.ts'
import { deleteExpiredPushFiles } from '../store/push-files.ts'
import { purgeUsage } from '../store/usage.ts'
import { purgeMutes } from '../store/user-mutes.ts'
import type { Job } from './runner.ts'

const rowsPerSlice = 200
/** The month that began longer ago than this ended before what can be asked about. */
const usageKeptMs = 100 * 86_400_000
const everyMs = 3_600_000

export class Purge implements Job {
  readonly name = 'purge'
  readonly everyMs = everyMs
  /** Where the walk over the devices with queues has come to. */
  #device = 0

  async run(world: Pick<World, 'db' | 'clock' | 'config'>): Promise<boolean> {
    const now = world.clock.now()
    const below = messageIdAt(now - world.config.core.delivery.pushRetentionMs)
    return world.db.write(async sql => {
      const hasMoreResults = await purgeIdempotency(sql, now, rowsPerSlice)
      const hasMoreMutes = await purgeMutes(sql, now, rowsPerSlice)
      const hasMoreSubscriptions = await purgeSubscriptions(sql, now, rowsPerSlice)
      const hasMoreRoles = await purgeRoles(sql, now, rowsPerSlice)
      const hasMoreFiles = (await deleteExpiredPushFiles(sql, now, rowsPerSlice)) >= rowsPerSlice
      const hasMoreImages = (await deleteExpiredImages(sql, now, rowsPerSlice)) >= rowsPerSlice
      const hasMoreGroupPushes = (await purgeGroupPushes(sql, below, rowsPerSlice)) === rowsPerSlice
      const hasMoreUsage = (await purgeUsage(sql, now - usageKeptMs, rowsPerSlice)) === rowsPerSlice
      const hasMorePushes = await purgePushes(sql, below, rowsPerSlice)
      let device: number | undefined = this.#device
      for (let count = 0; count < rowsPerSlice && device !== undefined; count++)
        device = await purgeTargetsOfNextDevice(sql, device, below)
      this.#device = device ?? 0
      return (
        hasMoreResults ||
        hasMoreMutes ||
        hasMoreRoles ||
        hasMoreSubscriptions ||
        hasMorePushes ||
        hasMoreFiles ||
        hasMoreImages ||
        hasMoreGroupPushes ||
        hasMoreUsage ||
        device !== undefined
      )
    })
  }
}
