// Ends, in the books, the sessions of devices and users that no gateway has confirmed to this core: they went down with
// the process that held them. The core is given time first to hear of those that live.
import type { Wake } from '../contract/operations/wakes.ts'
import { callBackOfDevice } from '../core/callback-events.ts'
import { dispatchUnreceived } from '../core/dispatches.ts'
import { tellSubscribers } from '../core/presence.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { endSession, listSessions } from '../store/devices.ts'
import { endUserSession, listUserSessions } from '../store/user-devices.ts'
import type { Job } from './runner.ts'

const sessionsPerSlice = 500

type Surroundings = Pick<
  World,
  'db' | 'clock' | 'config' | 'ids' | 'online' | 'onlineUsers' | 'apps' | 'channels' | 'nudge' | 'wake'
>

type AfterCommit = (effect: () => void) => void

/** A session in the books. */
interface Booked {
  readonly deviceId: number
  /** Ends it, unless it is known to live, or another has begun meanwhile. */
  end(world: Surroundings, sql: Sql, afterCommit: AfterCommit): Promise<void>
}

/** Those of the devices after this one, in the order of their ids. */
type ListPage = (sql: Sql, after: number) => Promise<Booked[]>

export class EndLostSessions implements Job {
  readonly name = 'end_lost_sessions'
  readonly everyMs = 5_000
  /** Where the walk has come to. It is done once for each start of a core. */
  readonly #walks: ListPage[] = [listOfDevices, listOfUsers]
  #after = 0

  async run(world: Surroundings): Promise<boolean> {
    const { db, clock, config, online } = world
    const [listPage] = this.#walks
    if (!listPage || clock.now() < online.startedAtMs + config.core.delivery.confirmMs) return false
    const page = await db.read(sql => listPage(sql, this.#after))
    // In a commit of its own: a session that began in one with the reading is known to live by then, and not before.
    await this.#end(world, page)
    this.#after = page.at(-1)?.deviceId ?? 0
    if (page.length === sessionsPerSlice) return true
    this.#walks.shift()
    this.#after = 0
    return this.#walks.length > 0
  }

  async #end(world: Surroundings, page: readonly Booked[]): Promise<void> {
    if (page.length === 0) return
    let effects: (() => void)[] = []
    await world.db.write(async sql => {
      effects = []
      for (const booked of page) await booked.end(world, sql, effect => effects.push(effect))
    })
    for (const effect of effects) effect()
  }
}

async function listOfDevices(reading: Sql, after: number): Promise<Booked[]> {
  const page = await listSessions(reading, after, sessionsPerSlice)
  return page.map(({ deviceId, session }) => ({
    deviceId,
    async end(world, sql, afterCommit) {
      const { startedAtMs: at, startedAt: offlineFrom } = world.online
      if (world.online.has(deviceId)) return
      const hasEnded = await endSession(sql, { deviceId, session, at, offlineFrom, settled: 0 })
      if (hasEnded && (await dispatchUnreceived(world, sql, deviceId)))
        afterCommit(() => world.nudge('dispatch'))
    },
  }))
}

async function listOfUsers(reading: Sql, after: number): Promise<Booked[]> {
  const page = await listUserSessions(reading, after, sessionsPerSlice)
  return page.map(({ uid, deviceId, session }) => ({
    deviceId,
    async end(world, sql, afterCommit) {
      const { clock, online, onlineUsers } = world
      if (onlineUsers.hasSession(uid, deviceId)) return
      if (!(await endUserSession(sql, deviceId, session, online.startedAtMs))) return
      const wake = (wanted: Wake) => afterCommit(() => world.wake(wanted))
      const teller = { now: clock.now(), world, wake, afterCommit }
      await tellSubscribers(teller, sql, uid)
      await callBackOfDevice(teller, sql, deviceId, 'logout')
    },
  }))
}
