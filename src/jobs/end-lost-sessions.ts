// Ends, in the books, the sessions of devices that no gateway has confirmed to this core: they went down with the
// process that held them. The core is given time first to hear of those that live.
import type { World } from '../core/world.ts'
import { endSession, listSessions } from '../store/devices.ts'
import type { Job } from './runner.ts'

const sessionsPerSlice = 500

export class EndLostSessions implements Job {
  readonly name = 'end_lost_sessions'
  readonly everyMs = 5_000
  /** Where the walk has come to. It is done once for each start of a core. */
  #after = 0
  #isDone = false

  async run({
    db,
    clock,
    config,
    online,
  }: Pick<World, 'db' | 'clock' | 'config' | 'online'>): Promise<boolean> {
    if (this.#isDone || clock.now() < online.startedAtMs + config.core.delivery.confirmMs) return false
    const sessions = await db.write(async sql => {
      const page = await listSessions(sql, this.#after, sessionsPerSlice)
      for (const { deviceId, session } of page)
        if (!online.has(deviceId))
          await endSession(sql, {
            deviceId,
            session,
            at: online.startedAtMs,
            offlineFrom: online.startedAt,
            settled: 0,
          })
      return page
    })
    this.#after = sessions.at(-1)?.deviceId ?? 0
    this.#isDone = sessions.length < sessionsPerSlice
    return !this.#isDone
  }
}
