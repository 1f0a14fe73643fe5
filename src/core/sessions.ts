// Sessions of devices: they begin with the device's credentials, end when the gateway says so or the next one begins,
// and are confirmed when the core has been away.
import { jpushLimits } from '../contract/limits.ts'
import type { DeviceOperations } from '../contract/operations/devices.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { type DeviceRow, endSession, findDeviceById, startSession } from '../store/devices.ts'
import { isSameSecret } from './apps.ts'
import { settleBacklog } from './backlog.ts'
import type { Call } from './call.ts'
import { dispatchUnreceived } from './dispatches.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { countActivity } from './usage.ts'

export const sessionHandlers: Handlers<Extract<keyof DeviceOperations, `session.${string}`>> = {
  'session.open': writes(async (call, { session, appKey }, sql) => {
    const device = await getCaller(call, sql)
    if (!isSameSecret(appKey, call.app.app_key)) throw new Refusal('device_credentials_wrong')
    if (call.app.settings.blacklisted) throw new Refusal('app_blacklisted')
    const { deviceId, appId, platform } = device
    const openedAt = call.world.ids.last
    const kept = await settleBacklog(sql, device, {
      now: call.now,
      through: openedAt,
      offlineFrom: offlineFromOf(call, device),
      offlineMax: jpushLimits.offlinePerDeviceMax,
      ...call.world.config.core.delivery,
    })
    const cursor = { broadcastCursor: openedAt, keptBroadcasts: JSON.stringify(kept) }
    await startSession(sql, deviceId, { session, at: call.now, ...cursor })
    await countActivity(call.world, sql, device, call.now)
    if (device.session !== null)
      call.wake({ kind: 'end_session', deviceId, session: device.session, because: 'takenOver' })
    call.afterCommit(() => call.world.online.begin(deviceId, session))
    return { deviceId, appId, platform, openedAt }
  }),

  'session.confirm': reads(async (call, { sessions }, sql) => {
    const lost: number[] = []
    for (const { deviceId, session } of sessions) {
      const device = await findDeviceById(sql, deviceId)
      const isLive = device?.session === session && call.world.apps.findById(device.appId)
      if (isLive) call.afterCommit(() => call.world.online.begin(deviceId, session))
      else lost.push(deviceId)
    }
    return { lost }
  }),

  'session.close': writes(async (call, { sessions }, sql) => {
    for (const { deviceId, session, settled } of sessions) {
      const end = { deviceId, session, at: call.now, offlineFrom: call.world.ids.last, settled }
      const hasEnded = await endSession(sql, end)
      call.afterCommit(() => call.world.online.end(deviceId, session))
      if (hasEnded && (await dispatchUnreceived(call.world, sql, deviceId)))
        call.afterCommit(() => call.world.nudge('dispatch'))
    }
    return {}
  }),
}

async function getCaller(call: Call, sql: Sql): Promise<DeviceRow> {
  const { principal } = call
  const device = principal.is === 'device' ? await findDeviceById(sql, principal.deviceId) : undefined
  if (!device) throw new Refusal('device_credentials_wrong')
  return device
}

/**
 * The message id after which pushes found the device offline. A session that this core has seen lasts until now; one
 * it has not seen ended, at the latest, when this core began.
 */
function offlineFromOf(call: Call, { deviceId, session, offlineFrom }: DeviceRow): number {
  if (session === null) return offlineFrom
  return call.world.online.has(deviceId) ? call.world.ids.last : call.world.online.startedAt
}
