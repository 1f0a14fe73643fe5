// A message that has come for users who are away is shown by their devices: accepted as a push in the message's own
// transaction, for the devices of this server that those users are bound to.
import { easemobLimits, jpushLimits } from '../contract/limits.ts'
import { ownNotifier, type Remind } from '../contract/operations/notifications.ts'
import { type PushContents, platforms } from '../contract/operations/pushes.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import type { GroupRow } from '../store/groups.ts'
import { countUndelivered } from '../store/inbox.ts'
import type { MessageRow } from '../store/messages.ts'
import { findTemplate } from '../store/push-templates.ts'
import { listPushesAfter, type PushRow } from '../store/pushes.ts'
import {
  type AbsentDevice,
  hasBoundDevices,
  listDevicesOfAbsent,
  listDevicesOfAbsentMembers,
} from '../store/user-bindings.ts'
import { findUserByName } from '../store/users.ts'
import type { Call } from './call.ts'
import { acceptForDelivery, withdraw } from './delivery.ts'
import { oldestMessageId } from './message-pages.ts'
import { clip, fill, type Notable, readNotable, summaryOf, wordsFor } from './push-texts.ts'
import { wantsToHear } from './quiet-rules.ts'

const { badgedUsersMax, badgeMax } = easemobLimits
const { registrationIdsPerPushMax, timeToLiveSecondsMax } = jpushLimits

/** Whom a message has come for. */
export type Receivers =
  | { readonly uid: number; readonly username: string }
  | { readonly group: GroupRow; readonly except: number; readonly only: readonly string[] | undefined }

/** To be called once the message is in the queues of its receivers: they are counted. */
export async function pushToAbsent(
  call: Call,
  sql: Sql,
  message: MessageRow,
  receivers: Receivers,
): Promise<void> {
  if (!(await hasBoundDevices(sql, call.app.appId, ownNotifier))) return
  const notable = readNotable(message.payload)
  if (notable.type === 'cmd' || notable.isSilent) return
  const devices = await listAbsent(sql, message, receivers)
  const group = 'group' in receivers ? receivers.group : undefined
  const moment = { now: call.now, zoneMinutes: call.world.config.core.timeZoneMinutes }
  const wanted = devices.filter(
    device =>
      isChosen(device, notable) &&
      wantsToHear(listenerOf(device), notable, group && String(group.groupId), moment),
  )
  if (wanted.length === 0) return
  const about = { message, notable, group, ...(await shownOf(call, sql, message, notable)) }
  const uids = new Set(wanted.map(({ uid }) => uid))
  const badges = uids.size <= badgedUsersMax ? await countBadges(call, sql, uids) : new Map<number, number>()
  for (const [notification, same] of groupBy(wanted, device => notify(about, device, badges.get(device.uid))))
    await accept(call, sql, notification, same)
}

const pushesPerPage = 50

/**
 * For a message that is taken back: devices that have not shown it yet do not. Its pushes were accepted with it, one
 * after the other, so they end where the app's next push is another's.
 */
export async function withdrawPushesOf(call: Call, sql: Sql, msgId: number): Promise<void> {
  for (let after = msgId; ; ) {
    const pushes = await listPushesAfter(sql, call.app.appId, after, pushesPerPage)
    for (const push of pushes) {
      if (!isAbout(push, msgId)) return
      await withdraw(call, sql, push.msgId)
      after = push.msgId
    }
    if (pushes.length < pushesPerPage) return
  }
}

function isAbout({ content }: PushRow, msgId: number): boolean {
  const [text] = Object.values((JSON.parse(content) as PushContents).notification)
  const shown = JSON.parse(text ?? 'null') as { extras?: { m?: unknown } } | null
  return shown?.extras?.m === String(msgId)
}

async function listAbsent(sql: Sql, message: MessageRow, receivers: Receivers): Promise<AbsentDevice[]> {
  if ('uid' in receivers) {
    const isToOneself = receivers.username === message.sender
    return isToOneself ? [] : listDevicesOfAbsent(sql, receivers.uid, `u:${message.sender}`)
  }
  const { group, except, only } = receivers
  const devices = await listDevicesOfAbsentMembers(sql, group.groupId, `g:${group.groupId}`, except)
  const chosen = only && new Set(only.map(lowerAscii))
  return chosen ? devices.filter(({ username }) => chosen.has(username)) : devices
}

/** The sender may say which devices are meant. */
function isChosen({ deviceName }: AbsentDevice, { filter }: Notable): boolean {
  const { accepted, ignored } = filter
  const isAccepted = accepted.devices.length === 0 || accepted.devices.includes(deviceName)
  const isHeardHere = accepted.notifiers.length === 0 || accepted.notifiers.includes(ownNotifier)
  const isIgnored = ignored.devices.includes(deviceName) || ignored.notifiers.includes(ownNotifier)
  return isAccepted && isHeardHere && !isIgnored
}

function listenerOf(device: AbsentDevice) {
  return {
    username: device.username,
    settings: JSON.parse(device.pushSettings),
    everything: {
      remind: (device.remind ?? 'DEFAULT') as Remind,
      quietInterval: device.quietInterval ?? '',
      quietUntil: device.quietUntil ?? 0,
    },
    conversation: {
      remind: (device.ownRemind ?? 'DEFAULT') as Remind,
      quietInterval: device.ownQuietInterval ?? '',
      quietUntil: device.ownQuietUntil ?? 0,
    },
  }
}

interface Shown {
  /** What the sender calls itself. */
  readonly sender: string
  readonly titlePattern: string | undefined
  readonly contentPattern: string | undefined
}

interface About extends Shown {
  readonly message: MessageRow
  readonly notable: Notable
  readonly group: GroupRow | undefined
}

async function shownOf(call: Call, sql: Sql, message: MessageRow, { template }: Notable): Promise<Shown> {
  const { appId } = call.app
  const user = await findUserByName(sql, appId, message.sender)
  const found = template && (await findTemplate(sql, appId, template.name))
  return {
    sender: user?.nickname ?? message.sender,
    titlePattern: found?.title,
    contentPattern: found?.content,
  }
}

async function countBadges(call: Call, sql: Sql, uids: Iterable<number>): Promise<Map<number, number>> {
  const from = oldestMessageId(call.world)
  const badges = new Map<number, number>()
  for (const uid of uids)
    badges.set(uid, Math.min(badgeMax, await countUndelivered(sql, uid, from, badgeMax)))
  return badges
}

/** @returns the notification as JSON, an object for each platform: devices of which it is the same share a push */
function notify(about: About, device: AbsentDevice, badge: number | undefined): string {
  const { message, notable, group, sender } = about
  const words = wordsFor(device.language)
  const msg = summaryOf(notable, words)
  const isDetailed = JSON.parse(device.pushSettings).notification_display_style === 1
  const { titleArgs = [], contentArgs = [] } = notable.template ?? {}
  const byTemplate = (pattern: string | undefined, args: readonly string[]) =>
    pattern === undefined ? undefined : fill(pattern, args, { sender, msg: isDetailed ? msg : words.news })
  const title = clip(notable.title ?? byTemplate(about.titlePattern, titleArgs) ?? group?.name ?? sender)
  const summary = group ? `${sender}: ${msg}` : msg
  const content = notable.content ?? byTemplate(about.contentPattern, contentArgs)
  const alert = clip(content ?? (isDetailed ? summary : words.news))
  const extras = {
    f: message.sender,
    // Where there are too many receivers for a badge each, they are not named either, and share a push.
    ...(badge !== undefined && { t: device.username }),
    ...(group && { g: String(group.groupId) }),
    m: String(message.msgId),
    ...(notable.custom !== undefined && { e: notable.custom }),
  }
  const shown = { title, alert, extras: badge === undefined ? extras : { ...extras, badge } }
  const ios = {
    alert: { title, body: alert },
    sound: 'default',
    ...(badge !== undefined && { badge }),
    extras,
  }
  return JSON.stringify({ shown, ios })
}

/** Devices by what they are to show, in parts that one push may have. */
function* groupBy(
  devices: readonly AbsentDevice[],
  notificationOf: (device: AbsentDevice) => string,
): Iterable<[notification: string, devices: readonly AbsentDevice[]]> {
  const groups = new Map<string, AbsentDevice[]>()
  for (const device of devices) {
    const notification = notificationOf(device)
    const group = groups.get(notification)
    if (group) group.push(device)
    else groups.set(notification, [device])
  }
  for (const [notification, group] of groups)
    for (let at = 0; at < group.length; at += registrationIdsPerPushMax)
      yield [notification, group.slice(at, at + registrationIdsPerPushMax)]
}

async function accept(
  call: Call,
  sql: Sql,
  notification: string,
  devices: readonly AbsentDevice[],
): Promise<void> {
  const { shown, ios } = JSON.parse(notification)
  const texts = platforms.map(name => [name, JSON.stringify(name === 'ios' ? ios : shown)] as const)
  const contents: PushContents = { notification: Object.fromEntries(texts), kept: '{}' }
  const lifetimeMs = Math.min(call.world.config.core.messageRetentionMs, timeToLiveSecondsMax * 1_000)
  const push = {
    msgId: call.world.ids.next(),
    platforms,
    audience: { registrationId: devices.map(({ registrationId }) => registrationId) },
    contents,
    expiresAt: call.now + lifetimeMs,
  }
  const deviceIds = devices.map(({ deviceId }) => deviceId)
  await acceptForDelivery(call, sql, push, { kind: 'devices', deviceIds })
}
