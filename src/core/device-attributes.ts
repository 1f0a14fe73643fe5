// What a device is addressed by beside its registration id: tags, alias, mobile number. App servers and devices change
// them alike.
import { jpushLimits } from '../contract/limits.ts'
import type { DeviceChanges, DeviceSeen, PushOperations } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  addTag,
  listDevicesOfAlias,
  listTagsOf,
  removeTag,
  setAlias,
  setMobile,
} from '../store/device-attributes.ts'
import { type DeviceRow, findDevice } from '../store/devices.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import type { World } from './world.ts'

const { tagsPerDeviceMax, devicesPerAliasMax, onlineWithinMs } = jpushLimits

type AttributeOperation = 'device.attributes' | 'device.change' | 'device.seen'

export const attributeHandlers: Handlers<Extract<keyof PushOperations, AttributeOperation>> = {
  'device.attributes': reads(async (call, { registrationId }, sql) => {
    const { deviceId, alias, mobile } = await getDevice(call, sql, registrationId)
    return { tags: await listTagsOf(sql, deviceId), alias, mobile }
  }),

  'device.change': writes(async (call, { registrationId, changes }, sql) => {
    await changeDevice(call.world, sql, await getDevice(call, sql, registrationId), changes)
    return {}
  }),

  'device.seen': reads(async (call, { registrationIds }, sql) => {
    needVip(call)
    const devices: [string, DeviceSeen | null][] = []
    for (const registrationId of new Set(registrationIds)) {
      const device = await findOwnDevice(call, sql, registrationId)
      devices.push([registrationId, device ? seenOf(device, call.now) : null])
    }
    return { devices: Object.fromEntries(devices) }
  }),
}

/**
 * Changes what `changes` names; all of it or nothing.
 * @param changes well-formed: the doors check characters and lengths
 * @throws Refusal `device_parameter_invalid` for too many tags, `alias_full`
 */
export async function changeDevice(
  { tagBitmaps }: World,
  sql: Sql,
  device: DeviceRow,
  changes: DeviceChanges,
): Promise<void> {
  const { appId, deviceId } = device
  const { alias, mobile } = changes
  const hasTagChanges = changes.clearTags || changes.tagsAdd || changes.tagsRemove
  const before = new Set(hasTagChanges ? await listTagsOf(sql, deviceId) : [])
  const after = tagsAfter(before, changes)
  if (alias !== undefined && alias !== device.alias) {
    await checkAlias(sql, appId, alias)
    await setAlias(sql, deviceId, alias)
  }
  for (const tag of before.difference(after)) await removeTag(sql, appId, tag, deviceId)
  for (const tag of after.difference(before)) await addTag(sql, tagBitmaps, appId, tag, deviceId)
  if (mobile !== undefined && mobile !== device.mobile) await setMobile(sql, deviceId, mobile)
}

/** @throws Refusal `device_parameter_invalid` for too many */
export function tagsAfter(
  before: ReadonlySet<string>,
  { clearTags, tagsAdd, tagsRemove }: DeviceChanges,
): Set<string> {
  const removed = new Set(clearTags ? before : tagsRemove)
  const after = before.difference(removed).union(new Set(tagsAdd))
  if (after.size > tagsPerDeviceMax)
    throw new Refusal('device_parameter_invalid', {
      reason: `a device carries at most ${tagsPerDeviceMax} tags`,
    })
  return after
}

/** @throws Refusal `alias_full` */
export async function checkAlias(sql: Sql, appId: number, alias: string): Promise<void> {
  if (alias === '') return
  const bound = await listDevicesOfAlias(sql, appId, alias)
  if (bound.length >= devicesPerAliasMax) throw new Refusal('alias_full')
}

export async function findOwnDevice(
  call: Call,
  sql: Sql,
  registrationId: string,
): Promise<DeviceRow | undefined> {
  const device = await findDevice(sql, registrationId)
  return device?.appId === call.app.appId ? device : undefined
}

/** @throws Refusal `device_parameter_invalid` */
export async function getDevice(call: Call, sql: Sql, registrationId: string): Promise<DeviceRow> {
  const device = await findOwnDevice(call, sql, registrationId)
  if (device) return device
  throw new Refusal('device_parameter_invalid', { reason: `no such registration_id: ${registrationId}` })
}

/** @throws Refusal `device_parameters_invalid` naming every id that is no device of the app */
export async function getDevices(
  call: Call,
  sql: Sql,
  registrationIds: Iterable<string>,
): Promise<DeviceRow[]> {
  const devices: DeviceRow[] = []
  const illegalRids: string[] = []
  for (const registrationId of registrationIds) {
    const device = await findOwnDevice(call, sql, registrationId)
    if (device) devices.push(device)
    else illegalRids.push(registrationId)
  }
  if (illegalRids.length > 0) throw new Refusal('device_parameters_invalid', {}, { illegalRids })
  return devices
}

/** @throws Refusal `not_vip` */
export function needVip(call: Call): void {
  if (!call.app.settings.vip) throw new Refusal('not_vip')
}

function seenOf({ session, lastOnlineAt }: DeviceRow, now: number): DeviceSeen {
  return { isOnline: session !== null || now - lastOnlineAt <= onlineWithinMs, lastOnlineAt }
}
