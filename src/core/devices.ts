// Devices register themselves, change what they said, and go. Who they are is proved here.
import { createHash, randomBytes } from 'node:crypto'
import type { DeviceOperations, Registration, RegistrationChanges } from '../contract/operations/devices.ts'
import type { DeviceChanges } from '../contract/operations/pushes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { listTagsOf } from '../store/device-attributes.ts'
import {
  type DeviceRow,
  deleteDevice,
  findDevice,
  findDeviceById,
  insertDevice,
  setChannels,
  setPlatform,
} from '../store/devices.ts'
import { nextInSequence } from '../store/sequences.ts'
import { type App, isSameSecret } from './apps.ts'
import type { Call } from './call.ts'
import { readAddresses } from './channel-settings.ts'
import { changeDevice, checkAlias, tagsAfter } from './device-attributes.ts'
import { type Handlers, writes } from './handler.ts'
import { queueHandlers } from './queues.ts'
import { receiptHandlers } from './receipts.ts'
import { sessionHandlers } from './sessions.ts'
import { countRegistration } from './usage.ts'
import type { World } from './world.ts'

/** As the vendor's: 19 lower-case hex digits (jpush.md §1.10). */
const registrationIdChars = 19

/** A device password is 24 random bytes, so a plain digest is enough to keep it. */
function digestPassword(password: string): string {
  return createHash('sha256').update(password).digest('base64url')
}

/** @throws Refusal `device_credentials_wrong`, the same for an unknown device and a wrong password */
export async function admitDevice(
  world: World,
  sql: Sql,
  registrationId: string,
  password: string,
): Promise<{ app: App; deviceId: number }> {
  const device = await findDevice(sql, registrationId)
  const isRight = isSameSecret(digestPassword(password), device?.passwordDigest ?? '')
  const app = device && world.apps.findById(device.appId)
  if (!app || !isRight) throw new Refusal('device_credentials_wrong')
  return { app, deviceId: device.deviceId }
}

export const deviceHandlers: Handlers<keyof DeviceOperations> = {
  ...sessionHandlers,
  ...queueHandlers,
  ...receiptHandlers,

  'registration.create': writes(async (call, { platform, ...changes }, sql) => {
    const attributes = attributesOf(changes)
    const addresses = readAddresses(changes.channels ?? {})
    tagsAfter(new Set(), attributes)
    await checkAlias(sql, call.app.appId, attributes.alias ?? '')
    // Hex: a password that began with `-`, as base64url may, would be taken for an option by command line clients.
    const password = randomBytes(24).toString('hex')
    const device: DeviceRow = {
      deviceId: await nextInSequence(sql, 'devices'),
      appId: call.app.appId,
      registrationId: randomBytes(10).toString('hex').slice(0, registrationIdChars),
      passwordDigest: digestPassword(password),
      platform,
      alias: '',
      mobile: '',
      channels: JSON.stringify(addresses),
      session: null,
      lastOnlineAt: call.now,
      offlineFrom: 0,
      broadcastCursor: 0,
      keptBroadcasts: '[]',
      createdAt: call.now,
      onlineNotedAt: 0,
      activeNotedAt: 0,
    }
    await insertDevice(sql, device)
    await countRegistration(call.world, sql, device)
    await changeDevice(call.world, sql, device, attributes)
    return { registrationId: device.registrationId, password }
  }),

  'registration.change': writes(async (call, { registrationId, changes }, sql) => {
    const device = await getCaller(call, sql, registrationId)
    const { platform } = changes
    const channels = changes.channels && readAddresses(changes.channels)
    await changeDevice(call.world, sql, device, attributesOf(changes))
    if (channels) await setChannels(sql, device.deviceId, JSON.stringify(channels))
    if (platform && platform !== device.platform) {
      await setPlatform(sql, device, platform)
      // The session goes by the platform it began with; the next one begins with this.
      endSessionOf(call, device)
    }
    return describe(sql, device.deviceId)
  }),

  'registration.delete': writes(async (call, { registrationId }, sql) => {
    const device = await getCaller(call, sql, registrationId)
    await deleteDevice(sql, device.deviceId)
    call.afterCommit(() => call.world.online.end(device.deviceId))
    endSessionOf(call, device)
    return {}
  }),
}

/** @throws Refusal `registration_unknown` when the caller speaks of another device than itself */
async function getCaller(call: Call, sql: Sql, registrationId: string): Promise<DeviceRow> {
  const { principal } = call
  const device = principal.is === 'device' ? await findDeviceById(sql, principal.deviceId) : undefined
  if (device?.registrationId !== registrationId) throw new Refusal('registration_unknown')
  return device
}

function endSessionOf(call: Call, { deviceId, session }: DeviceRow): void {
  if (session !== null) call.wake({ kind: 'end_session', deviceId, session, because: 'removed' })
}

function attributesOf({ alias, tags, tagsAdd, tagsRemove }: RegistrationChanges): DeviceChanges {
  return {
    ...(alias !== undefined && { alias }),
    ...(tags ? { clearTags: true, tagsAdd: tags } : { ...(tagsAdd && { tagsAdd }) }),
    ...(tagsRemove && { tagsRemove }),
  }
}

async function describe(sql: Sql, deviceId: number): Promise<Registration> {
  const device = await findDeviceById(sql, deviceId)
  const { registrationId, platform, alias, channels } = device!
  return {
    registrationId,
    platform,
    alias,
    tags: await listTagsOf(sql, deviceId),
    channels: JSON.parse(channels) as Registration['channels'],
  }
}
