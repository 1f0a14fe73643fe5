import { jpushLimits } from '../contract/limits.ts'
import type { PushOperations } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { addTag, countTagsOf, deleteTag, hasTag, nextTag, removeTag } from '../store/device-attributes.ts'
import type { DeviceRow } from '../store/devices.ts'
import type { Call } from './call.ts'
import { getDevice, getDevices } from './device-attributes.ts'
import { type Handlers, reads, writes } from './handler.ts'

const { tagsListedMax, tagsPerDeviceMax } = jpushLimits

export const tagHandlers: Handlers<Extract<keyof PushOperations, `tag.${string}`>> = {
  'tag.list': reads(async (call, _args, sql) => {
    const tags: string[] = []
    let tag = await nextTag(sql, call.app.appId, '')
    while (tag !== undefined && tags.length < tagsListedMax) {
      tags.push(tag)
      tag = await nextTag(sql, call.app.appId, tag)
    }
    return { tags }
  }),

  'tag.has': reads(async (call, { tag, registrationId }, sql) => {
    const { appId, deviceId } = await getDevice(call, sql, registrationId)
    return { has: await hasTag(sql, appId, tag, deviceId) }
  }),

  'tag.change': writes(async (call, { tag, add, remove }, sql) => {
    const devices = await getDevices(call, sql, new Set([...add, ...remove]))
    const added = new Set(add)
    for (const { appId, deviceId, registrationId } of devices)
      if (!added.has(registrationId)) await removeTag(sql, appId, tag, deviceId)
    for (const device of devices) if (added.has(device.registrationId)) await give(call, sql, tag, device)
    return {}
  }),

  'tag.delete': writes(async (call, { tag, platforms }, sql) => {
    await deleteTag(sql, call.app.appId, tag, platforms)
    // Only so that its memory is free: nothing would be wrong.
    call.world.tagBitmaps.drop(call.app.appId, tag)
    return {}
  }),
}

async function give(
  { world }: Call,
  sql: Sql,
  tag: string,
  { appId, deviceId, registrationId }: DeviceRow,
): Promise<void> {
  if (await hasTag(sql, appId, tag, deviceId)) return
  if ((await countTagsOf(sql, deviceId)) >= tagsPerDeviceMax)
    throw new Refusal('device_parameter_invalid', {
      reason: `the device ${registrationId} carries ${tagsPerDeviceMax} tags already`,
    })
  await addTag(sql, world.tagBitmaps, appId, tag, deviceId)
}
