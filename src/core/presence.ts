// Presence (easemob.md §2.12): what users publish of themselves, and who is told when that, or whether they are online,
// changes. It is told to those who are online at that moment: who comes later asks.
import { easemobLimits } from '../contract/limits.ts'
import { bytesOf } from '../contract/names.ts'
import type { ServerNotice } from '../contract/operations/notices.ts'
import type { Presence, PresenceOperations } from '../contract/operations/presence.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import { toPresenceJson } from '../contract/presence-json.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { addToInbox, insertNotice } from '../store/inbox.ts'
import {
  countSubscriptions,
  cutSubscribers,
  deleteSubscription,
  findPresenceText,
  findSubscriptionEnd,
  listOnlineSubscribers,
  listPresenceStates,
  listSubscriptions,
  putPresence,
  putSubscription,
} from '../store/presence.ts'
import { listUserDevices } from '../store/user-devices.ts'
import { findUserById } from '../store/users.ts'
import type { Call } from './call.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { serverQueue } from './tell.ts'
import { getUser } from './user-record.ts'
import type { World } from './world.ts'

const { presenceExtBytesMax, presenceExtBytesMaxLive, presenceSubscriptionsMax, presenceExpirySecondsMax } =
  easemobLimits

export const presenceHandlers: Handlers<keyof PresenceOperations> = {
  'presence.publish': writes(async (call, { user, ...said }, sql) => {
    checkIsOn(call)
    const isLive = call.app.settings.edition === 'live'
    if (bytesOf(said.ext) > (isLive ? presenceExtBytesMaxLive : presenceExtBytesMax))
      throw new Refusal('presence_ext_too_big')
    const { uid } = await getUser(call, sql, user)
    const devices = await listUserDevices(sql, uid)
    if (!devices.some(({ resource }) => resource === said.resource))
      throw new Refusal('presence_resource_unknown')
    await putPresence(sql, uid, said)
    await tellSubscribers(call, sql, uid)
    return {}
  }),

  'presence.subscribe': writes(async (call, { user, users, seconds }, sql) => {
    checkIsOn(call)
    const { uid, username } = await getUser(call, sql, user)
    const names = users.map(lowerAscii)
    if (names.includes(username)) throw new Refusal('presence_of_oneself')
    const expiresAt = call.now + Math.min(seconds, presenceExpirySecondsMax) * 1_000
    const targets = await find(call, sql, names)
    await checkLimit(call, sql, uid, targets)
    for (const target of targets) {
      await putSubscription(sql, uid, target.uid, expiresAt)
      await cutSubscribers(sql, target.uid, presenceSubscriptionsMax)
    }
    const presences: Presence[] = []
    for (const target of targets) presences.push(await read(sql, target, expiresAt))
    return { presences }
  }),

  'presence.unsubscribe': writes(async (call, { user, users }, sql) => {
    checkIsOn(call)
    const { uid } = await getUser(call, sql, user)
    for (const target of await find(call, sql, users.map(lowerAscii)))
      await deleteSubscription(sql, uid, target.uid)
    return {}
  }),

  'presence.get': reads(async (call, { user, users }, sql) => {
    checkIsOn(call)
    const { uid } = await getUser(call, sql, user)
    const presences: Presence[] = []
    for (const target of await find(call, sql, users.map(lowerAscii))) {
      const expiresAt = await findSubscriptionEnd(sql, uid, target.uid, call.now)
      presences.push(await read(sql, target, expiresAt))
    }
    return { presences }
  }),

  'presence.list': reads(async (call, { user, offset, limit }, sql) => {
    checkIsOn(call)
    const { uid } = await getUser(call, sql, user)
    const subscriptions = await listSubscriptions(sql, uid, call.now, offset, limit)
    return { total: await countSubscriptions(sql, uid, call.now), subscriptions }
  }),
}

function checkIsOn({ app }: Call): void {
  if (!app.settings.presence) throw new Refusal('presence_off')
}

interface Target {
  readonly uid: number
  readonly username: string
}

async function find(call: Call, sql: Sql, names: readonly string[]): Promise<Target[]> {
  const targets: Target[] = []
  for (const username of new Set(names)) {
    const uid = await call.world.userIds.find(call, sql, username)
    if (uid !== undefined) targets.push({ uid, username })
  }
  return targets
}

/** @throws Refusal `presence_subscriptions_too_many` */
async function checkLimit(call: Call, sql: Sql, uid: number, targets: readonly Target[]): Promise<void> {
  let count = await countSubscriptions(sql, uid, call.now)
  for (const target of targets) if ((await findSubscriptionEnd(sql, uid, target.uid, call.now)) === 0) count++
  if (count > presenceSubscriptionsMax) throw new Refusal('presence_subscriptions_too_many')
}

/** What was published holds while the device is online. */
async function read(sql: Sql, { uid, username }: Target, expiresAt: number): Promise<Presence> {
  const devices = await listUserDevices(sql, uid)
  const published = new Map(
    (await listPresenceStates(sql, uid)).map(({ resource, status }) => [resource, status]),
  )
  const statuses = devices.map(({ resource, session }) => {
    const status = session === null ? 0 : (published.get(resource) ?? 1)
    return [resource, status] as const
  })
  return {
    username,
    lastSeenAt: devices[0]?.seenAt ?? 0,
    expiresAt,
    ext: await findPresenceText(sql, uid),
    statuses: Object.fromEntries(statuses),
  }
}

/** What telling needs: a Call, or a job's own. */
export interface Teller {
  readonly now: number
  readonly world: Pick<World, 'ids' | 'onlineUsers'>
  wake(wake: Wake): void
}

/** Tells what is to be seen of a user now. To be called when that has changed. */
export async function tellSubscribers(teller: Teller, sql: Sql, uid: number): Promise<void> {
  const subscribers = await listOnlineSubscribers(sql, uid, teller.now)
  if (subscribers.length === 0) return
  const user = await findUserById(sql, uid)
  if (!user) return
  const presence = await read(sql, user, 0)
  // Subscriptions made with one call end together, and are told of with one notice.
  const groups = Map.groupBy(subscribers, ({ expiresAt }) => expiresAt)
  for (const [expiresAt, group] of groups) {
    const values = [toPresenceJson({ ...presence, expiresAt })]
    const payload = JSON.stringify({ type: 'presence', data: { values } })
    const notice: ServerNotice = { is: 'server_notice', payload }
    const entryId = teller.world.ids.next()
    await insertNotice(sql, entryId, user.appId, JSON.stringify(notice))
    for (const subscriber of group)
      await addToInbox(sql, subscriber.uid, serverQueue, { entryId, origin: 0, isTransient: true })
  }
  const users = subscribers.map(subscriber => subscriber.uid).filter(id => teller.world.onlineUsers.has(id))
  if (users.length > 0) teller.wake({ kind: 'inbox', queue: serverQueue, users, origin: 0 })
}
