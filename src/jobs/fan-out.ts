// Writes a push to many chosen devices into their queues, page by page. How far it has come is kept with each page, so
// a crash in between repeats nothing and leaves nobody out. Pushes take turns; one with a speed of its own waits in between.
import type { Platform } from '../contract/operations/pushes.ts'
import { resolveAudience } from '../core/audience.ts'
import { addTargets } from '../core/delivery.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { deleteFanOut, type FanOutRow, moveFanOut, nextFanOut } from '../store/fan-outs.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import type { Job } from './runner.ts'

/** How long a push with a speed of its own waits for the next devices. */
const paceMs = 1_000

export const fanOut: Job = {
  name: 'fan_out',
  everyMs: paceMs,
  async run(world) {
    if (!(await world.db.read(sql => nextFanOut(sql, world.clock.now())))) return false
    const { msgId, devices } = await world.db.write(sql => fanOutPage(world, sql))
    if (devices.length > 0) world.wake({ kind: 'push', msgId, devices })
    return true
  },
}

interface Page {
  readonly msgId: number
  /** To be woken. */
  readonly devices: readonly number[]
}

async function fanOutPage(world: World, sql: Sql): Promise<Page> {
  const now = world.clock.now()
  const next = await nextFanOut(sql, now)
  if (!next) return { msgId: 0, devices: [] }
  const { msgId } = next
  const push = await findPush(sql, msgId)
  if (!push || !isGoingOn(world, push, now)) {
    await deleteFanOut(sql, msgId)
    return { msgId, devices: [] }
  }
  const { found, next: after } = await pageOf(world, sql, push, next.position)
  const through = dueThrough(next, push, now)
  const due = found.filter(({ position }) => position <= through)
  if (due.length < found.length || (after !== undefined && after > through))
    await moveFanOut(sql, msgId, Math.max(next.position, through), now + paceMs)
  else if (after === undefined) await deleteFanOut(sql, msgId)
  else await moveFanOut(sql, msgId, after, now)
  const devices = await addTargets(
    world,
    sql,
    push,
    due.map(({ deviceId }) => deviceId),
  )
  return { msgId, devices }
}

/** Nobody is to get it any more once it is withdrawn or its time is over. */
function isGoingOn(world: World, { appId, state, createdAt, expiresAt }: PushRow, now: number): boolean {
  const isOver = expiresAt > createdAt && expiresAt <= now
  return state === 'live' && !isOver && world.apps.findById(appId) !== undefined
}

/** The last position whose turn has come. */
function dueThrough({ pace }: FanOutRow, { createdAt }: PushRow, now: number): number {
  if (!pace || now >= pace.endsAt) return Number.POSITIVE_INFINITY
  const share = Math.max(0, now - createdAt) / (pace.endsAt - createdAt)
  return pace.first - 1 + Math.floor((pace.last - pace.first + 1) * share)
}

function pageOf(world: World, sql: Sql, { appId, platforms, audience }: PushRow, after: number) {
  const wanted = JSON.parse(audience)
  const meant = {
    appId,
    platforms: platforms.split(',') as Platform[],
    audience: wanted === 'all' ? {} : wanted,
    now: world.clock.now(),
  }
  return resolveAudience(sql, meant, after, world.config.core.delivery.fanOutSlice)
}
