// Writes a push to many chosen devices into their queues, page by page. How far it has come is kept with each page, so
// a crash in between repeats nothing and leaves nobody out. Pushes take turns; one with a speed of its own waits in between.
import type { Platform } from '../contract/operations/pushes.ts'
import { resolveAudience } from '../core/audience.ts'
import { addTargets } from '../core/delivery.ts'
import { addDispatches } from '../core/dispatches.ts'
import { tellOfWithdrawal } from '../core/withdrawals.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { listReachable } from '../store/devices.ts'
import { deleteFanOut, type FanOutRow, moveFanOut, nextFanOut } from '../store/fan-outs.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import { findPushHead } from '../store/receipts.ts'
import type { Job } from './runner.ts'

/** So many commands beside one page: others are at work, and have four fifths of the time. */
const commandsBeside = 3
const restShare = 4
/** How long a push with a speed of its own waits for the next devices. */
const paceMs = 1_000

export const fanOut: Job = {
  name: 'fan_out',
  everyMs: paceMs,
  async run(world) {
    const { activity } = world
    const startedAt = performance.now()
    const commandsBefore = activity.commands
    if (!(await world.db.read(sql => nextFanOut(sql, world.clock.now())))) return false
    const { msgId, devices, isDispatched } = await world.db.write(sql => fanOutPage(world, sql))
    if (devices.length > 0) world.wake({ kind: 'push', msgId, devices })
    if (isDispatched) world.nudge('dispatch')
    const isBusy = activity.commands - commandsBefore > commandsBeside
    return isBusy ? (performance.now() - startedAt) * restShare : true
  },
}

interface Page {
  readonly msgId: number
  /** To be woken. */
  readonly devices: readonly number[]
  /** Vendors have something to do. */
  readonly isDispatched: boolean
}

const nothing = { devices: [], isDispatched: false }

async function fanOutPage(world: World, sql: Sql): Promise<Page> {
  const now = world.clock.now()
  const next = await nextFanOut(sql, now)
  if (!next) return { msgId: 0, ...nothing }
  const { msgId } = next
  const push = await findPush(sql, msgId)
  if (!push || !isGoingOn(world, push, now)) {
    await deleteFanOut(sql, msgId)
    return { msgId, ...nothing }
  }
  if (push.withdraws !== null) return withdrawalPage(world, sql, push, next.position)
  if (push.isBroadcast === 1) return dispatchPage(world, sql, push, next.position)
  const { found, next: after } = await pageOf(world, sql, push, next.position)
  const through = dueThrough(next, push, now)
  const due = found.filter(({ position }) => position <= through)
  if (due.length < found.length || (after !== undefined && after > through))
    await moveFanOut(sql, msgId, Math.max(next.position, through), now + paceMs)
  else if (after === undefined) await deleteFanOut(sql, msgId)
  else await moveFanOut(sql, msgId, after, now)
  const { online, isDispatched } = await addTargets(
    world,
    sql,
    push,
    due.map(({ deviceId }) => deviceId),
  )
  return { msgId, devices: online, isDispatched }
}

/** Of a broadcast nothing is written down for those who come for it; only what goes through vendors is. */
async function dispatchPage(world: World, sql: Sql, push: PushRow, after: number): Promise<Page> {
  const { msgId, appId } = push
  const { fanOutSlice } = world.config.core.delivery
  const page = await listReachable(sql, appId, after, fanOutSlice)
  const { isAny: isDispatched } = await addDispatches(
    world,
    sql,
    push,
    page.filter(({ platform }) => push.platforms.split(',').includes(platform)),
  )
  if (page.length < fanOutSlice) await deleteFanOut(sql, msgId)
  else await moveFanOut(sql, msgId, page.at(-1)!.deviceId, world.clock.now())
  return { msgId, devices: [], isDispatched }
}

/** Of a push to everybody sessions are told at once, and who connects asks: what is left are vendors. */
async function withdrawalPage(world: World, sql: Sql, notice: PushRow, after: number): Promise<Page> {
  const { msgId, appId, platforms } = notice
  const withdrawn = await findPushHead(sql, notice.withdraws!)
  const { fanOutSlice } = world.config.core.delivery
  let deviceIds: number[]
  let next: number | undefined
  if (withdrawn?.isBroadcast === 1) {
    const page = await listReachable(sql, appId, after, fanOutSlice)
    deviceIds = page
      .filter(({ platform }) => platforms.split(',').includes(platform))
      .map(({ deviceId }) => deviceId)
    next = page.length < fanOutSlice ? undefined : page.at(-1)!.deviceId
  } else {
    const page = await pageOf(world, sql, notice, after)
    deviceIds = page.found.map(({ deviceId }) => deviceId)
    next = page.next
  }
  if (next === undefined) await deleteFanOut(sql, msgId)
  else await moveFanOut(sql, msgId, next, world.clock.now())
  const { online, isDispatched } = await tellOfWithdrawal(world, sql, notice, deviceIds)
  return { msgId, devices: withdrawn?.isBroadcast === 1 ? [] : online, isDispatched }
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
