// Writes a push to many chosen devices into their queues, page by page. How far it has come is kept with each page, so
// a crash in between repeats nothing and leaves nobody out.
import type { Audience, Platform } from '../contract/operations/pushes.ts'
import { resolveAudience } from '../core/audience.ts'
import { addTargets } from '../core/delivery.ts'
import type { World } from '../core/world.ts'
import type { Sql } from '../store/db.ts'
import { moveFanOut, nextFanOut } from '../store/fan-outs.ts'
import type { PushRow } from '../store/pushes.ts'
import type { Job } from './runner.ts'

export const fanOut: Job = {
  name: 'fan_out',
  everyMs: 1_000,
  async run(world) {
    if (!(await world.db.read(nextFanOut))) return false
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
  const push = await nextFanOut(sql)
  if (!push) return { msgId: 0, devices: [] }
  const { msgId } = push
  if (push.state !== 'live' || !world.apps.findById(push.appId)) {
    await moveFanOut(sql, msgId, null)
    return { msgId, devices: [] }
  }
  const { deviceIds, next } = await pageOf(world, sql, push)
  const devices = await addTargets(world, sql, push, deviceIds)
  await moveFanOut(sql, msgId, next ?? null)
  return { msgId, devices }
}

function pageOf(world: World, sql: Sql, { appId, platforms, audience, fanOutAfter }: PushRow) {
  const meant = {
    appId,
    platforms: platforms.split(',') as Platform[],
    audience: JSON.parse(audience) as Audience,
    now: world.clock.now(),
  }
  return resolveAudience(sql, meant, fanOutAfter ?? 0, world.config.core.delivery.fanOutSlice)
}
