// What became of pushes (jpush.md §3.2.1–3). A counter that nothing can feed, or that nothing has fed yet, is null.
import { Type } from 'typebox'
import { jpushLimits } from '../../contract/limits.ts'
import type { Counts, Platform } from '../../contract/operations/pushes.ts'
import type { Result } from '../../contract/operations.ts'
import { Refusal } from '../../contract/refusal.ts'
import { isDate } from '../../lib/zone-time.ts'
import { toIdText } from '../http/json.ts'
import { splitList } from './device-values.ts'
import type { JpushCall, JpushRoute } from './route.ts'

type Report = Result<'push.received'>['pushes'][number]

const { msgIdsPerCallMax, groupMsgIdsPerCallMax, registrationIdsPerCallMax } = jpushLimits

export const reportRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: '/v3/received',
    summary: 'How many devices received each push: msg_ids, at most 100',
    family: 'report',
    quota: 'report',
    raises: ['msg_ids_missing', 'report_parameter_invalid'],
    handle: async call => {
      const { pushes } = await call.run('push.received', { msgIds: readMsgIds(call, 'msg_ids') })
      return pushes.map(toReceived)
    },
  },
  {
    method: 'GET',
    path: '/v3/received/detail',
    summary: 'How many devices received each push, channel by channel: msg_ids, at most 100',
    family: 'report',
    quota: 'report',
    raises: ['msg_ids_missing', 'report_parameter_invalid'],
    handle: async call => {
      const { pushes } = await call.run('push.received', { msgIds: readMsgIds(call, 'msg_ids') })
      return pushes.map(toDetail)
    },
  },
  {
    method: 'POST',
    path: '/v3/status/message',
    summary: 'What became of a push on single devices, at most 1000',
    family: 'report',
    quota: 'report',
    body: 'json',
    schema: Type.Object({
      msg_id: Type.Union([Type.Integer(), Type.String()]),
      registration_ids: Type.Array(Type.String()),
      date: Type.Optional(Type.String()),
    }),
    raises: ['report_parameter_invalid', 'not_vip'],
    handle: async call => {
      const { statuses } = await call.run('push.delivery', readStatusRequest(call))
      return Object.fromEntries(Object.entries(statuses).map(([rid, status]) => [rid, { status }]))
    },
  },
]

/** How many ids a call may name, in the parameter of that name. */
const idsMax = { msg_ids: msgIdsPerCallMax, group_msgids: groupMsgIdsPerCallMax }

/** @throws Refusal `msg_ids_missing`, `report_parameter_invalid` */
export function readMsgIds(call: JpushCall, name: keyof typeof idsMax): string[] {
  const msgIds = splitList(call.query(name) ?? '')
  if (msgIds.length === 0) throw new Refusal('msg_ids_missing')
  if (msgIds.length > idsMax[name]) refuse(`${name} has more than ${idsMax[name]} entries`)
  if (!msgIds.every(isMsgId)) refuse(`${name} must be numbers separated by commas`)
  return [...new Set(msgIds)]
}

function readStatusRequest({ body }: JpushCall): { msgId: string; registrationIds: string[] } {
  const { msg_id, registration_ids, date } = body
  if (msg_id === undefined || msg_id === null) refuse('msg_id is missing')
  const msgId = toIdText(msg_id)
  if (msgId === undefined || !isMsgId(msgId)) return refuse('msg_id must be a number')
  if (registration_ids === undefined || registration_ids === null) refuse('registration_ids is missing')
  if (!Array.isArray(registration_ids) || !registration_ids.every(rid => typeof rid === 'string'))
    return refuse('registration_ids must be a list of registration_ids')
  if (registration_ids.length === 0 || registration_ids.length > registrationIdsPerCallMax)
    refuse(`registration_ids must have 1 to ${registrationIdsPerCallMax} entries`)
  const isDated = date !== undefined && date !== null
  if (isDated && !(typeof date === 'string' && isDate(date))) refuse('date must be a day such as 2026-01-05')
  return { msgId, registrationIds: [...new Set(registration_ids)] }
}

function isMsgId(text: string): boolean {
  return /^\d{1,20}$/.test(text)
}

function refuse(reason: string): never {
  throw new Refusal('report_parameter_invalid', { reason })
}

function toReceived({ msgId, counts, channels }: Report): object {
  return {
    msg_id: msgId,
    android_received: received(counts, 'android'),
    ios_apns_sent: sent(channels, 'apns'),
    ios_apns_received: null,
    // Whatever an iOS device got over this server's own connection, which is no APNs.
    ios_msg_received: received(counts, 'ios'),
    wp_mpns_sent: null,
  }
}

function toDetail({ msgId, counts, channels }: Report): object {
  return {
    msg_id: msgId,
    jpush_received: received(counts, 'android', 'ios', 'winphone', 'web'),
    android_pns_sent: sent(channels, 'fcm', 'huawei'),
    android_pns_received: null,
    ios_apns_sent: sent(channels, 'apns'),
    ios_apns_received: null,
    ios_msg_received: received(counts, 'ios'),
    live_acivity_sent: null,
    live_acivity_received: null,
    wp_mpns_sent: null,
    quickapp_jpush_received: received(counts, 'quickapp'),
    quickapp_pns_sent: null,
    hmos_hmpns_sent: sent(channels, 'hmos'),
    hmos_hmpns_received: null,
    hmos_msg_sent: null,
    hmos_msg_received: received(counts, 'hmos'),
  }
}

/** What vendors have taken; whether it was shown they do not say. */
function sent(channels: Report['channels'], ...names: readonly string[]): number | null {
  const counts = channels.filter(({ channel }) => names.includes(channel))
  return counts.reduce((sum, count) => sum + count.sent, 0) || null
}

function received(counts: Counts, ...platforms: readonly Platform[]): number | null {
  return platforms.reduce((sum, platform) => sum + (counts[platform]?.received ?? 0), 0) || null
}
