// What became of pushes, in full (jpush.md §3.2.4, §3.2.5, §3.2.7). A counter that nothing can feed is null. This
// server's own connection is what the vendor calls its own channel (jpush, msg); of the others it is known what they have
// taken, not what they have shown.
import type { Count, Platform, PushReport } from '../../contract/operations/pushes.ts'
import { readMsgIds } from './reports.ts'
import type { JpushRoute } from './route.ts'

export const messageReportRoutes: readonly JpushRoute[] = [
  {
    method: 'GET',
    path: '/v3/messages',
    summary: 'Targets, receipts and clicks of each push: msg_ids, at most 100',
    family: 'report',
    quota: 'report',
    raises: ['msg_ids_missing', 'report_parameter_invalid', 'not_vip'],
    handle: async call => {
      const { pushes } = await call.run('push.report', { msgIds: readMsgIds(call, 'msg_ids') })
      return pushes.map(toMessage)
    },
  },
  {
    method: 'GET',
    path: '/v3/messages/detail',
    summary: 'Targets, receipts, displays and clicks of each push, channel by channel: msg_ids, at most 100',
    family: 'report',
    quota: 'report',
    raises: ['msg_ids_missing', 'report_parameter_invalid', 'not_vip'],
    handle: async call => {
      const { pushes } = await call.run('push.report', { msgIds: readMsgIds(call, 'msg_ids') })
      return pushes.map(push => ({ msg_id: push.msgId, ...toDetail([push]) }))
    },
  },
  {
    method: 'GET',
    path: '/v3/group/messages/detail',
    summary: 'The same of each push to a group, over all of its apps: group_msgids, at most 10',
    family: 'report',
    quota: 'report',
    secretOf: 'app_group',
    raises: ['msg_ids_missing', 'report_parameter_invalid'],
    handle: async call => {
      const groupMsgIds = readMsgIds(call, 'group_msgids')
      const { groups } = await call.run('group_push.report', { groupMsgIds })
      return groups.map(({ groupMsgId, pushes }) => ({
        group_msgid: groupMsgId,
        ...toGroupDetail(pushes),
      }))
    },
  },
]

function toMessage(push: PushReport): object {
  const { android, ios, winphone } = push.counts
  return {
    msg_id: push.msgId,
    android: {
      received: orNull(android?.received),
      target: orNull(android?.target),
      online_push: null,
      click: clicks(push, android),
      msg_click: messageClicks(push, android),
    },
    ios: {
      apns_sent: orNull(throughVendors([push], ['apns']).sent),
      apns_target: orNull(throughVendors([push], ['apns']).target),
      apns_received: null,
      click: clicks(push, ios),
      target: orNull(ios?.target),
      received: orNull(ios?.received),
    },
    winphone: { mpns_target: null, mpns_sent: null, click: clicks(push, winphone) },
  }
}

/** Reached by this server's own connection, and counted as `jpush`; quickapp has a place of its own. */
const ownChannel: readonly Platform[] = ['android', 'ios', 'winphone', 'web', 'hmos']

function toDetail(pushes: readonly PushReport[]): object {
  return {
    jpush: toJpush(pushes, ownChannel),
    android_pns: androidPns(pushes),
    ios: toIos(pushes),
    winphone: null,
    quickapp_jpush: toQuickapp(pushes),
    quickapp_pns: null,
    details: {
      notification: partOf(pushes.filter(({ hasNotification }) => hasNotification)),
      message: partOf(pushes.filter(({ hasMessage }) => hasMessage)),
      inapp: partOf([]),
      live_activity: partOf(pushes.filter(({ hasLiveActivity }) => hasLiveActivity)),
    },
  }
}

function toGroupDetail(pushes: readonly PushReport[]): object {
  const hmos = sum(pushes, ['hmos'])
  const hmpns = throughVendors(pushes, ['hmos'])
  return {
    // Here hmos has a place of its own, too.
    jpush: toJpush(
      pushes,
      ownChannel.filter(platform => platform !== 'hmos'),
    ),
    android_pns: androidPns(pushes),
    ios: toIos(pushes),
    hmos: {
      hmpns_target: orNull(hmpns.target),
      hmpns_sent: orNull(hmpns.sent),
      hmpns_received: null,
      hmpns_click: null,
      msg_target: orNull(hmos.target),
      msg_received: orNull(hmos.received),
      msg_click: orNull(hmos.opened),
    },
  }
}

function toJpush(pushes: readonly PushReport[], platforms: readonly Platform[]): object {
  const { target, received, displayed } = sum(pushes, platforms)
  return {
    target: orNull(target),
    online_push: null,
    sent: orNull(target),
    received: orNull(received),
    display: orNull(displayed),
    ...clicksOf(pushes, platforms),
  }
}

function toIos(pushes: readonly PushReport[]): object {
  const { target, received, displayed, opened } = sum(pushes, ['ios'])
  return {
    apns_target: orNull(throughVendors(pushes, ['apns']).target),
    apns_sent: orNull(throughVendors(pushes, ['apns']).sent),
    apns_received: null,
    apns_click: null,
    apns_display: null,
    msg_target: orNull(target),
    msg_received: orNull(received),
    msg_click: orNull(opened),
    msg_display: orNull(displayed),
  }
}

function toQuickapp(pushes: readonly PushReport[]): object | null {
  const { target, received } = sum(pushes, ['quickapp'])
  if (target === 0) return null
  return { target, online_push: null, received: orNull(received), ...clicksOf(pushes, ['quickapp']) }
}

/** The vendor's short names, and the channel here that is one of them; '' = there is none. */
const vendors = {
  xm: '',
  hw: 'huawei',
  honor: '',
  mz: '',
  oppo: '',
  vivo: '',
  asus: '',
  fcm: 'fcm',
  nio: '',
} as const

function androidPns(pushes: readonly PushReport[]): object {
  const all = throughVendors(pushes, Object.values(vendors))
  return {
    pns_target: orNull(all.target),
    pns_sent: orNull(all.sent),
    pns_received: null,
    pns_display: null,
    ...Object.fromEntries(
      Object.entries(vendors).map(([vendor, channel]) => {
        const { target, sent } = throughVendors(pushes, [channel])
        return [
          `${vendor}_detail`,
          { target: orNull(target), sent: orNull(sent), received: null, display: null },
        ]
      }),
    ),
  }
}

/** Devices given to these channels, and taken by them. */
function throughVendors(pushes: readonly PushReport[], names: readonly string[]) {
  const counts = pushes.flatMap(({ channels }) => channels).filter(({ channel }) => names.includes(channel))
  return {
    target: counts.reduce((sum, count) => sum + count.target, 0),
    sent: counts.reduce((sum, count) => sum + count.sent, 0),
  }
}

const leaves = {
  sub_android: [
    'jg_android',
    'xiaomi',
    'huawei',
    'honor',
    'meizu',
    'oppo',
    'vivo',
    'asus',
    'fcm',
    'tuibida',
    'nio',
  ],
  sub_ios: ['jg_ios', 'voip', 'apns'],
  sub_quickapp: ['quick_jg', 'quick_xiaomi', 'quick_huawei', 'quick_oppo'],
  sub_hmos: ['hmpns', 'jg_hmos'],
} as const

/** The leaf of this server's own connection on each platform. */
const ownLeaves: Readonly<Record<string, Platform>> = {
  jg_android: 'android',
  jg_ios: 'ios',
  quick_jg: 'quickapp',
  jg_hmos: 'hmos',
}

/** The leaf of each vendor's channel here. */
const vendorLeaves: Readonly<Record<string, string>> = {
  huawei: 'huawei',
  fcm: 'fcm',
  apns: 'apns',
  hmpns: 'hmos',
}

/** What one kind of content was sent, received and clicked as, channel by channel. */
function partOf(pushes: readonly PushReport[]): object {
  const groups = Object.entries(leaves).map(([group, names]) => [
    group,
    Object.fromEntries(names.map(name => [name, leafOf(pushes, name)])),
  ])
  return { ...toLeaf(sum(pushes, [...ownChannel, 'quickapp'])), ...Object.fromEntries(groups) }
}

function leafOf(pushes: readonly PushReport[], name: string): object {
  const [platform, channel] = [ownLeaves[name], vendorLeaves[name]]
  if (platform) return toLeaf(sum(pushes, [platform]))
  const { target, sent } = throughVendors(pushes, channel ? [channel] : [])
  return { ...toLeaf(nothing), target: orNull(target), sent: orNull(sent) }
}

function toLeaf({ target, received, displayed, opened }: Count): object {
  return {
    target: orNull(target),
    sent: orNull(target),
    received: orNull(received),
    display: orNull(displayed),
    click: orNull(opened),
  }
}

const nothing: Count = { target: 0, received: 0, displayed: 0, opened: 0 }

function sum(pushes: readonly PushReport[], platforms: readonly Platform[]): Count {
  const counts = pushes.flatMap(push => platforms.map(platform => push.counts[platform] ?? nothing))
  return counts.reduce(
    (total, count) => ({
      target: total.target + count.target,
      received: total.received + count.received,
      displayed: total.displayed + count.displayed,
      opened: total.opened + count.opened,
    }),
    nothing,
  )
}

function clicksOf(pushes: readonly PushReport[], platforms: readonly Platform[]): object {
  const shown = pushes.filter(({ hasNotification }) => hasNotification)
  const others = pushes.filter(({ hasNotification }) => !hasNotification)
  return {
    click: orNull(sum(shown, platforms).opened),
    msg_click: orNull(sum(others, platforms).opened),
  }
}

/** A device opens a push, not a part of it: where there is a notification, that is what was clicked. */
function clicks({ hasNotification }: PushReport, count: Count | undefined): number | null {
  return hasNotification ? orNull(count?.opened) : null
}

function messageClicks({ hasNotification }: PushReport, count: Count | undefined): number | null {
  return hasNotification ? null : orNull(count?.opened)
}

/** The vendor writes null where there is no data, not 0. */
function orNull(count: number | undefined): number | null {
  return count || null
}
