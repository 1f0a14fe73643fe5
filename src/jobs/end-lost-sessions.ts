// Ends, in the books, the sessions of devices and users that no gateway has confirmed to this core: they went down with
// the process that held them. The core is given time first to hear of those that live.
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { endSession, listSessions } from '../store/devices.ts'
import { endUserSession, listUserSessions } from '../store/user-devices.ts'
import type { Job } from './runner.ts'

const sessionsPerSlice = 500

type Surroundings = Pick<World, 'db' | 'clock' | 'config' | 'online' | 'onlineUsers'>

/** Ends what is lost of a page of sessions. @returns the ids of the devices on the page */
type EndPage = (world: Surroundings, sql: Sql, after: number) => Promise<number[]>

export class EndLostSessions implements Job {
  readonly name = 'end_lost_sessions'
  readonly everyMs = 5_000
  /** Where the walk has come to. It is done once for each start of a core. */
  readonly #walks: EndPage[] = [endLostOfDevices, endLostOfUsers]
  #after = 0

  async run(world: Surroundings): Promise<boolean> {
    const { db, clock, config, online } = world
    const [endPage] = this.#walks
    if (!endPage || clock.now() < online.startedAtMs + config.core.delivery.confirmMs) return false
    const page = await db.write(sql => endPage(world, sql, this.#after))
    this.#after = page.at(-1) ?? 0
    if (page.length === sessionsPerSlice) return true
    this.#walks.shift()
    this.#after = 0
    return this.#walks.length > 0
  }
}

async function endLostOfDevices({ online }: Surroundings, sql: Sql, after: number): Promise<number[]> {
  const page = await listSessions(sql, after, sessionsPerSlice)
  const { startedAtMs: at, startedAt: offlineFrom } = online
  for (const { deviceId, session } of page)
    if (!online.has(deviceId)) await endSession(sql, { deviceId, session, at, offlineFrom, settled: 0 })
  return page.map(({ deviceId }) => deviceId)
}

async function endLostOfUsers(
  { online, onlineUsers }: Surroundings,
  sql: Sql,
  after: number,
): Promise<number[]> {
  const page = await listUserSessions(sql, after, sessionsPerSlice)
  for (const { uid, deviceId, session } of page)
    if (!onlineUsers.hasSession(uid, deviceId))
      await endUserSession(sql, deviceId, session, online.startedAtMs)
  return page.map(({ deviceId }) => deviceId)
}
