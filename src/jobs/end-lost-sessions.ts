// Ends, in the books, the sessions of devices and users that no gateway has confirmed to this core: they went down with
// the process that held them. The core is given time first to hear of those that live.
import type { Wake } from '../contract/operations/wakes.ts'
import { callBackOfDevice } from '../core/callback-events.ts'
import { tellSubscribers } from '../core/presence.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { endSession, listSessions } from '../store/devices.ts'
import { endUserSession, listUserSessions } from '../store/user-devices.ts'
import type { Job } from './runner.ts'

const sessionsPerSlice = 500

type Surroundings = Pick<
  World,
  'db' | 'clock' | 'config' | 'ids' | 'online' | 'onlineUsers' | 'apps' | 'nudge' | 'wake'
>

/** Ends what is lost of a page of sessions. @returns the ids of the devices on the page */
type EndPage = (
  world: Surroundings,
  sql: Sql,
  after: number,
  afterCommit: (effect: () => void) => void,
) => Promise<number[]>

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
    let effects: (() => void)[] = []
    const page = await db.write(sql => {
      effects = []
      return endPage(world, sql, this.#after, effect => effects.push(effect))
    })
    for (const effect of effects) effect()
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
  world: Surroundings,
  sql: Sql,
  after: number,
  afterCommit: (effect: () => void) => void,
): Promise<number[]> {
  const { clock, online, onlineUsers } = world
  const page = await listUserSessions(sql, after, sessionsPerSlice)
  const wake = (wanted: Wake) => afterCommit(() => world.wake(wanted))
  const teller = { now: clock.now(), world, wake, afterCommit }
  for (const { uid, deviceId, session } of page) {
    if (onlineUsers.hasSession(uid, deviceId)) continue
    if (!(await endUserSession(sql, deviceId, session, online.startedAtMs))) continue
    await tellSubscribers(teller, sql, uid)
    await callBackOfDevice(teller, sql, deviceId, 'logout')
  }
  return page.map(({ deviceId }) => deviceId)
}
