// How many pushes one device is sent in a day, where the app has such a limit (jpush.md §4, code 2005).
import { Refusal } from '../contract/refusal.ts'
import { messageIdAt } from '../lib/message-id.ts'
import { startOfDay } from '../lib/zone-time.ts'
import type { Sql } from '../store/db.ts'
import { countBroadcasts } from '../store/pushes.ts'
import { countTargets } from '../store/queues.ts'
import type { Call } from './call.ts'
import type { Targets } from './delivery.ts'

/**
 * A push to everybody counts for each device; so do notifications of messages. Of an audience too large to be written
 * down before the answer only the former are known.
 * @throws Refusal `volume_unreasonable` when one of the devices has had as many as it may
 */
export async function checkVolume(call: Call, sql: Sql, targets: Targets): Promise<void> {
  const most = call.app.settings.limits.pushes_per_device_per_day
  if (most === null) return
  const today = firstIdOfDay(call)
  const toAll = await countBroadcasts(sql, call.app.appId, today, most)
  if (toAll >= most) throw new Refusal('volume_unreasonable')
  if (targets.kind !== 'devices') return
  const rest = most - toAll
  for (const deviceId of targets.deviceIds)
    if ((await countTargets(sql, deviceId, today, rest)) >= rest) throw new Refusal('volume_unreasonable')
}

/** The smallest message id that this day, in the server's zone, can have. */
export function firstIdOfDay({ now, world }: Call): number {
  return messageIdAt(startOfDay(now, world.config.core.timeZoneMinutes))
}
