// Counts the devices whose sessions last from one hour into the next: nothing else would say that they are online.
import { countOnline } from '../core/usage.ts'
import type { World } from '../core/world.ts'
import { startOfPeriod } from '../lib/periods.ts'
import { findDeviceById, listSessions } from '../store/devices.ts'
import type { Job } from './runner.ts'

const sessionsPerSlice = 500

export class CountOnline implements Job {
  readonly name = 'count_online'
  readonly everyMs = 300_000
  #after = 0

  async run(world: World): Promise<boolean> {
    const page = await world.db.read(sql => listSessions(sql, this.#after, sessionsPerSlice))
    const now = world.clock.now()
    const hour = startOfPeriod('HOUR', now, world.config.core.timeZoneMinutes)
    await world.db.write(async sql => {
      for (const { deviceId } of page) {
        if (!world.online.has(deviceId)) continue
        const device = await findDeviceById(sql, deviceId)
        if (device && device.onlineNotedAt < hour) await countOnline(world, sql, device, now)
      }
    })
    this.#after = page.length === sessionsPerSlice ? page.at(-1)!.deviceId : 0
    return this.#after > 0
  }
}
