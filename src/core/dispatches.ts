// Which devices get a push through a vendor: those that hold no session and have said how else they can be reached, and
// those for which the push, or the app, wants it in any case. What a device has received by itself meanwhile is not sent,
// unless only the vendor can do what the push asks. Where the push wants the vendor before the session, or instead of it,
// the device's own queue holds it back.
import type { Channel, Members } from '../channels/channel.ts'
import { jpushLimits } from '../contract/limits.ts'
import type { Platform } from '../contract/operations/pushes.ts'
import { chunkOf } from '../lib/bitmap.ts'
import type { Sql } from '../store/db.ts'
import { findDeviceById, type ReachableDevice } from '../store/devices.ts'
import { addToChannelCounts, insertDispatch } from '../store/dispatches.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import { holdTarget, listBroadcasts, listPending } from '../store/queues.ts'
import { isDeliverable, isOutstanding } from './deliverable.ts'
import { routeOf } from './distribution.ts'
import { PushParts } from './vendor-push.ts'
import type { World } from './world.ts'

const { offlinePerDeviceMax } = jpushLimits

type Surroundings = Pick<World, 'apps' | 'channels' | 'online' | 'clock' | 'nudge'>

export interface Added {
  readonly isAny: boolean
  /** Devices whose own sessions are not to have it, or not yet. */
  readonly held: ReadonlySet<number>
}

/** Puts the push on its way to those of the devices that a vendor is to reach. */
export async function addDispatches(
  world: Surroundings,
  sql: Sql,
  push: PushRow,
  devices: readonly ReachableDevice[],
  isOnline = (deviceId: number) => world.online.has(deviceId),
): Promise<Added> {
  const { appId, msgId, createdAt, expiresAt } = push
  const channels = world.channels.of(appId)
  const held = new Set<number>()
  // For online devices only: no vendor knows who that is.
  if (channels.length === 0 || devices.length === 0 || expiresAt <= createdAt) return { isAny: false, held }
  const parts = new PushParts(push)
  const isForAll = world.apps.findById(appId)?.settings.channels.rule === 'vendor_always'
  let isAny = false
  for (const { deviceId, platform, channels: said } of devices) {
    const addresses: Readonly<Record<string, Members>> = JSON.parse(said)
    const route = routeOf(parts, platform, fittingOf(channels, parts, platform, addresses))
    if (!route || route.way === 'session') continue
    const { channel, way } = route
    const isResting = isAtRest(world, appId, channel, addresses[channel.name]!)
    // A vendor that cannot take it is known before it is asked.
    const isVendors = way === 'vendor' || (way === 'vendor_first' && !isResting)
    const isOnlyWay = channel.isOnlyWay?.(parts.for(platform, channel.name)) === true
    const isForBoth = isOnlyWay || (way === undefined && isForAll)
    if (!isVendors && !isForBoth && isOnline(deviceId)) continue
    const row = { msgId, deviceId, appId, channel: channel.name, attempts: 0, expiresAt }
    if (!(await insertDispatch(sql, row, world.clock.now()))) continue
    await addToChannelCounts(sql, msgId, { channel: channel.name, platform, target: 1, sent: 0 })
    isAny = true
    if (!isVendors) continue
    if (await holdTarget(sql, deviceId, msgId, way === 'vendor' ? 'vendor' : 'vendor_first'))
      held.add(deviceId)
  }
  return { isAny, held }
}

/** In the order in which they are asked. */
function fittingOf(
  channels: readonly Channel[],
  parts: PushParts,
  platform: Platform,
  addresses: Readonly<Record<string, unknown>>,
): Channel[] {
  return channels.filter(
    channel =>
      Object.hasOwn(addresses, channel.name) &&
      channel.platforms.includes(platform) &&
      channel.carries(parts.for(platform, channel.name)),
  )
}

function isAtRest({ channels }: Surroundings, appId: number, channel: Channel, address: Members): boolean {
  const keys = [channels.providerOf(appId, channel, address), channels.accountOf(appId, channel)]
  return keys.some(key => channels.gate.restOf(key) > 0)
}

/** A session has ended: the newest of what the device has not acknowledged goes through vendors from here. */
export async function dispatchUnreceived(
  world: Surroundings & Pick<World, 'ids' | 'config'>,
  sql: Sql,
  deviceId: number,
): Promise<boolean> {
  const device = await findDeviceById(sql, deviceId)
  if (!device || device.channels === '{}' || world.channels.of(device.appId).length === 0) return false
  const moment = { now: world.clock.now(), onlineOnlyMs: world.config.core.delivery.onlineOnlyMs }
  const found: number[] = []
  for (const push of await listPending(sql, deviceId, 0, 'DESC', offlinePerDeviceMax))
    if (await isDeliverable(sql, device, push, moment)) found.push(push.msgId)
  const range = {
    appId: device.appId,
    chunk: chunkOf(deviceId),
    after: device.broadcastCursor,
    through: world.ids.last,
  }
  for (const broadcast of await listBroadcasts(sql, range, 'DESC', offlinePerDeviceMax))
    if (await isOutstanding(sql, device, broadcast, moment)) found.push(broadcast.msgId)
  let isAny = false
  for (const msgId of found.sort((a, b) => b - a).slice(0, offlinePerDeviceMax)) {
    const push = await findPush(sql, msgId)
    if (push && (await addDispatches(world, sql, push, [device], () => false)).isAny) isAny = true
  }
  return isAny
}
