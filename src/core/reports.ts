// What became of pushes: counts of what arrived, and the state for single devices.
import type {
  DeliveryStatus,
  Platform,
  PushContents,
  PushOperations,
  PushReport,
} from '../contract/operations/pushes.ts'
import type { Sql } from '../store/db.ts'
import { listChannelCounts } from '../store/dispatches.ts'
import { findPush, type PushRow } from '../store/pushes.ts'
import type { Call } from './call.ts'
import { countsOf, deliveryStatusOf } from './delivery.ts'
import { findOwnDevice, needVip } from './device-attributes.ts'
import { type Handlers, reads } from './handler.ts'

type ReportOperation = 'push.received' | 'push.report' | 'push.delivery'

export const reportHandlers: Handlers<Extract<keyof PushOperations, ReportOperation>> = {
  'push.received': reads(async (call, { msgIds }, sql) => ({ pushes: await reportOn(call, sql, msgIds) })),

  'push.report': reads(async (call, { msgIds }, sql) => {
    needVip(call)
    return { pushes: await reportOn(call, sql, msgIds) }
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

async function reportOn(call: Call, sql: Sql, msgIds: readonly string[]): Promise<PushReport[]> {
  const reports: PushReport[] = []
  for (const msgId of msgIds) {
    const push = await findOwnPush(call, sql, msgId)
    if (push) reports.push(await describe(sql, push))
  }
  return reports
}

export async function describe(sql: Sql, push: PushRow): Promise<PushReport> {
  return {
    msgId: String(push.msgId),
    platforms: push.platforms.split(',') as Platform[],
    ...partsOf(push),
    counts: await countsOf(sql, push.msgId),
    channels: await listChannelCounts(sql, push.msgId),
  }
}

function partsOf({ content }: PushRow) {
  const { notification, message, liveActivity } = JSON.parse(content) as PushContents
  return {
    hasNotification: Object.keys(notification).length > 0,
    hasMessage: message !== undefined,
    hasLiveActivity: liveActivity !== undefined,
  }
}

/** @param msgId any text; what is no id names no push */
export async function findOwnPush(call: Call, sql: Sql, msgId: string): Promise<PushRow | undefined> {
  const number = /^\d{1,16}$/.test(msgId) ? Number(msgId) : Number.NaN
  const push = Number.isSafeInteger(number) ? await findPush(sql, number) : undefined
  return push?.appId === call.app.appId && push.withdraws === null ? push : undefined
}
