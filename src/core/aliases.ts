import type { PushOperations } from '../contract/operations/pushes.ts'
import { listDevicesOfAlias, setAlias } from '../store/device-attributes.ts'
import { getDevices } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'

export const aliasHandlers: Handlers<Extract<keyof PushOperations, `alias.${string}`>> = {
  'alias.devices': reads(async (call, { alias, platforms }, sql) => {
    const bound = await listDevicesOfAlias(sql, call.app.appId, alias)
    const devices = bound
      .filter(({ platform }) => platforms.includes(platform))
      .map(({ registrationId, platform, lastOnlineAt, createdAt, isOnline }) => {
        const seenAt = isOnline ? call.now : Math.max(lastOnlineAt, createdAt)
        return { registrationId, platform, lastOnlineAt: seenAt }
      })
    return { devices }
  }),

  'alias.unbind': writes(async (call, { alias, registrationIds }, sql) => {
    // One bound to another alias is left alone (jpush.md §3.3.5).
    for (const device of await getDevices(call, sql, new Set(registrationIds)))
      if (device.alias === alias) await setAlias(sql, device.deviceId, '')
    return {}
  }),

  'alias.delete': writes(async (call, { alias, platforms }, sql) => {
    for (const { deviceId, platform } of await listDevicesOfAlias(sql, call.app.appId, alias))
      if (platforms.includes(platform)) await setAlias(sql, deviceId, '')
    return {}
  }),
}
