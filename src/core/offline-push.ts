// A message that has come for users who are away is shown by their devices: accepted as a push in the message's own
// transaction, for what those users are bound to: devices of this server, and such as only a vendor reaches.
import type { Channel } from '../channels/channel.ts'
import { easemobLimits, jpushLimits } from '../contract/limits.ts'
import type { Remind } from '../contract/operations/notifications.ts'
import { type PushContents, platforms } from '../contract/operations/pushes.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import type { ReachableDevice } from '../store/devices.ts'
import type { GroupRow } from '../store/groups.ts'
import { countUndelivered } from '../store/inbox.ts'
import type { MessageRow } from '../store/messages.ts'
import { findTemplate } from '../store/push-templates.ts'
import {
  type AbsentDevice,
  listDevicesOfAbsent,
  listDevicesOfAbsentMembers,
  type Reach,
} from '../store/user-bindings.ts'
import { findUserByName } from '../store/users.ts'
import { type AnnouncedIn, listPushesAbout } from './announced.ts'
import type { Call } from './call.ts'
import { acceptForDelivery } from './delivery.ts'
import { oldestMessageId } from './message-pages.ts'
import { findNotifier, platformOf, reachOf } from './notifiers.ts'
import { clip, fill, type Notable, readNotable, summaryOf, wordsFor } from './push-texts.ts'
import { wantsToHear } from './quiet-rules.ts'
import { withdraw } from './withdrawals.ts'
import type { World } from './world.ts'

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
  const { appId } = call.app
  const reach = reachOf(call.world, appId)
  if (!(await call.world.boundApps.has(call, sql, reach))) return
  const notable = readNotable(message.payload)
  if (notable.type === 'cmd' || notable.isSilent) return
  const vendors = new Vendors(call.world, appId)
  const devices = await listAbsent(sql, message, receivers, reach)
  const group = 'group' in receivers ? receivers.group : undefined
  const moment = { now: call.now, zoneMinutes: call.world.config.core.timeZoneMinutes }
  const wanted = devices.filter(
    device =>
      (device.deviceId !== null || vendors.find(device)) &&
      isChosen(device, notable) &&
      wantsToHear(listenerOf(device), notable, group && String(group.groupId), moment),
  )
  if (wanted.length === 0) return
  const about = { message, notable, group, vendors, ...(await shownOf(call, sql, message, notable)) }
  const uids = new Set(wanted.map(({ uid }) => uid))
  const badges = uids.size <= badgedUsersMax ? await countBadges(call, sql, uids) : new Map<number, number>()
  for (const [notification, same] of groupBy(wanted, device => notify(about, device, badges.get(device.uid))))
    await accept(call, sql, notification, about, same)
}

/** The channels that devices of an app are reached by, each name looked up once. */
class Vendors {
  readonly #world: World
  readonly #appId: number
  readonly #channels = new Map<string, Channel | undefined>()

  constructor(world: World, appId: number) {
    this.#world = world
    this.#appId = appId
  }

  /** Undefined = the device is one of this server's, or there is no way to it. */
  find({ deviceId, notifier }: AbsentDevice): Channel | undefined {
    if (deviceId !== null) return undefined
    if (!this.#channels.has(notifier))
      this.#channels.set(notifier, findNotifier(this.#world, this.#appId, notifier)?.channel)
    return this.#channels.get(notifier)
  }
}

/** For a message that is taken back: devices that have not shown it yet do not. */
export async function withdrawPushesOf(call: Call, sql: Sql, msgId: number): Promise<void> {
  for (const push of await listPushesAbout(sql, call.app.appId, msgId)) await withdraw(call, sql, push)
}

async function listAbsent(
  sql: Sql,
  message: MessageRow,
  receivers: Receivers,
  reach: Reach,
): Promise<AbsentDevice[]> {
  if ('uid' in receivers) {
    const isToOneself = receivers.username === message.sender
    return isToOneself ? [] : listDevicesOfAbsent(sql, receivers.uid, `u:${message.sender}`, reach)
  }
  const { group, except, only } = receivers
  const devices = await listDevicesOfAbsentMembers(sql, group.groupId, `g:${group.groupId}`, except, reach)
  const chosen = only && new Set(only.map(lowerAscii))
  return chosen ? devices.filter(({ username }) => chosen.has(username)) : devices
}

/** The sender may say which devices are meant. */
function isChosen({ deviceName, notifier }: AbsentDevice, { filter }: Notable): boolean {
  const { accepted, ignored } = filter
  const isAccepted = accepted.devices.length === 0 || accepted.devices.includes(deviceName)
  const isHeardHere = accepted.notifiers.length === 0 || accepted.notifiers.includes(notifier)
  const isIgnored = ignored.devices.includes(deviceName) || ignored.notifiers.includes(notifier)
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
  readonly vendors: Vendors
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
  const extras: AnnouncedIn = {
    f: message.sender,
    // Where there are too many receivers for a badge each, they are not named either, and share a push.
    ...(badge !== undefined && { t: device.username }),
    ...(group && { g: String(group.groupId) }),
    m: String(message.msgId),
    ...(notable.custom !== undefined && { e: notable.custom }),
  }
  const shown = {
    title,
    alert,
    extras: badge === undefined ? extras : { ...extras, badge },
    ...(badge !== undefined && about.vendors.find(device) && { badge_set_num: badge }),
  }
  const ios = {
    alert: { title, body: alert },
    sound: 'default',
    ...(badge !== undefined && { badge }),
    ...notable.ios,
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
  { notable, vendors }: About,
  devices: readonly AbsentDevice[],
): Promise<void> {
  const { shown, ios } = JSON.parse(notification)
  const texts = platforms.map(name => [name, JSON.stringify(name === 'ios' ? ios : shown)] as const)
  const kept = JSON.stringify({ options: { third_party_channel: notable.vendors } })
  const contents: PushContents = { notification: Object.fromEntries(texts), kept }
  const lifetimeMs = Math.min(call.world.config.core.messageRetentionMs, timeToLiveSecondsMax * 1_000)
  const own = devices.filter(({ deviceId }) => deviceId !== null)
  const push = {
    msgId: call.world.ids.next(),
    platforms,
    audience: { registrationId: own.map(({ registrationId }) => registrationId!) },
    contents,
    expiresAt: call.now + lifetimeMs,
  }
  const deviceIds = own.map(({ deviceId }) => deviceId!)
  const bound = devices.flatMap(device => toReachable(device, vendors.find(device)) ?? [])
  await acceptForDelivery(call, sql, push, { kind: 'devices', deviceIds, bound })
}

/** Its address is made when it is tried: the token may be another by then. */
function toReachable({ bindingId }: AbsentDevice, channel: Channel | undefined): ReachableDevice | undefined {
  if (!channel) return undefined
  const channels = JSON.stringify({ [channel.name]: {} })
  return { deviceId: -bindingId, platform: platformOf(channel), channels }
}
