import { createHash } from 'node:crypto'
import type { DeviceOperations } from '../contract/operations/devices.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findDevice } from '../store/devices.ts'
import { type App, isSameSecret } from './apps.ts'
import type { Handlers } from './handler.ts'
import type { World } from './world.ts'

/** A device password is 24 random bytes, so a plain digest is enough to keep it. */
export function digestPassword(password: string): string {
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

export const deviceHandlers: Handlers<keyof DeviceOperations> = {}
