// What became of pushes: counts of what arrived, and the state for single devices.
import type { DeliveryStatus, Platform, PushContents, PushOperations } from '../contract/operations/pushes.ts'
import type { Sql } from '../store/db.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import type { Call } from './call.ts'
import { countsOf, deliveryStatusOf } from './delivery.ts'
import { findOwnDevice, needVip } from './device-attributes.ts'
import { type Handlers, reads } from './handler.ts'

export const reportHandlers: Handlers<Extract<keyof PushOperations, 'push.received' | 'push.delivery'>> = {
  'push.received': reads(async (call, { msgIds }, sql) => {
    const pushes: PushRow[] = []
    for (const msgId of msgIds) {
      const push = await findOwnPush(call, sql, msgId)
      if (push) pushes.push(push)
    }
    const counts = await countsOf(
      sql,
      pushes.map(({ msgId }) => msgId),
    )
    return {
      pushes: pushes.map(push => ({
        msgId: String(push.msgId),
        platforms: push.platforms.split(',') as Platform[],
        hasMessage: (JSON.parse(push.content) as PushContents).message !== undefined,
        counts: counts.get(push.msgId) ?? {},
      })),
    }
  }),

  'push.delivery': reads(async (call, { msgId, registrationIds }, sql) => {
    needVip(call)
    const own = new Map<string, number>()
    for (const registrationId of registrationIds) {
      const device = await findOwnDevice(call, sql, registrationId)
      if (device) own.set(registrationId, device.deviceId)
    }
    const push = await findOwnPush(call, sql, msgId)
    const known = push && (await deliveryStatusOf(sql, push, [...own.values()]))
    const statuses = registrationIds.map((registrationId): [string, DeliveryStatus] => {
      const deviceId = own.get(registrationId)
      return [registrationId, deviceId === undefined ? 2 : (known?.get(deviceId) ?? 3)]
    })
    return { statuses: Object.fromEntries(statuses) }
  }),
}

/** @param msgId any text; what is no id names no push */
export async function findOwnPush(call: Call, sql: Sql, msgId: string): Promise<PushRow | undefined> {
  const number = /^\d{1,16}$/.test(msgId) ? Number(msgId) : Number.NaN
  const push = Number.isSafeInteger(number) ? await findPush(sql, number) : undefined
  return push?.appId === call.app.appId ? push : undefined
}
