// Puts what users are to get into their queues, in the transaction at hand, and wakes the gateways after the commit.
import type { Notice } from '../contract/operations/notices.ts'
import type { Sql } from '../store/db.ts'
import { isHearing } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import {
  addToInbox,
  addToInboxesOfGroup,
  findCursor,
  insertNotice,
  listEntries,
  moveCursor,
  type Parcel,
} from '../store/inbox.ts'
import { countUserDevices, findUserDevice, isUserOnline } from '../store/user-devices.ts'
import type { Call } from './call.ts'
import { oldestMessageId } from './message-pages.ts'

/** Names of queues, as in contract/operations/inbox.ts. */
export const serverQueue = ''
export const userQueue = (peer: string) => `u:${peer}`
export const groupQueue = (groupId: number) => `g:${groupId}`

/** One entry into one user's queue. */
export async function deliver(
  call: Call,
  sql: Sql,
  uid: number,
  queue: string,
  parcel: Parcel,
): Promise<void> {
  if (parcel.isTransient && !(await isUserOnline(sql, uid))) return
  await addToInbox(sql, uid, queue, parcel)
  wakeUsers(call, queue, [uid], parcel.origin)
}

/** A copy for the sender's other devices, if it has any; the one it comes from stands behind it. */
export async function deliverCopy(
  call: Call,
  sql: Sql,
  uid: number,
  queue: string,
  parcel: Parcel,
): Promise<void> {
  if ((await countUserDevices(sql, uid)) < 2) return
  await deliver(call, sql, uid, queue, parcel)
  const { origin, entryId } = parcel
  const device = origin > 0 ? await findUserDevice(sql, origin) : undefined
  if (!device) return
  const from = oldestMessageId(call.world) - 1
  const cursor = await findCursor(sql, uid, queue, origin)
  const waiting = await listEntries(sql, device, queue, Math.max(cursor, from), 1)
  // Otherwise its own messages would stay until it acknowledges one of somebody else.
  if (waiting.length === 0) await moveCursor(sql, uid, queue, origin, entryId)
}

/** One entry into the queues of all members but one (a uid; 0 = of all). */
export async function deliverToMembers(
  call: Call,
  sql: Sql,
  group: Pick<GroupRow, 'groupId'>,
  parcel: Parcel,
  except: number,
): Promise<void> {
  const queue = groupQueue(group.groupId)
  const hearing = await addToInboxesOfGroup(sql, group.groupId, queue, parcel, except)
  wakeUsers(call, queue, hearing, parcel.origin)
}

/** One entry into the queues of those of these users (usernames) who are members and hear the group, but one. */
export async function deliverToSome(
  call: Call,
  sql: Sql,
  { groupId }: Pick<GroupRow, 'groupId'>,
  parcel: Parcel,
  usernames: readonly string[],
  except: number,
): Promise<void> {
  for (const name of new Set(usernames)) {
    const uid = await call.world.userIds.find(call, sql, name)
    if (uid !== undefined && uid !== except && (await isHearing(sql, groupId, uid)))
      await deliver(call, sql, uid, groupQueue(groupId), parcel)
  }
}

/** A notice of the server to these users. A signal about a message takes the way of messages instead. */
export async function tell(
  call: Call,
  sql: Sql,
  uids: Iterable<number>,
  notice: Exclude<Notice, { is: 'signal' }>,
): Promise<void> {
  const users = [...new Set(uids)]
  if (users.length === 0) return
  const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient: false }
  for (const uid of users) await addToInbox(sql, uid, serverQueue, parcel)
  wakeUsers(call, serverQueue, users, 0)
}

/** As `tell`, to all members of a group who hear what is said in it. */
export async function tellGroup(
  call: Call,
  sql: Sql,
  { groupId }: Pick<GroupRow, 'groupId'>,
  notice: Exclude<Notice, { is: 'signal' }>,
  isTransient = false,
): Promise<void> {
  const parcel = { entryId: await keepNotice(call, sql, notice), origin: 0, isTransient }
  const hearing = await addToInboxesOfGroup(sql, groupId, serverQueue, parcel, 0)
  wakeUsers(call, serverQueue, hearing, 0)
}

/** @returns its id, for the queues it is to go into */
export async function keepNotice(call: Call, sql: Sql, notice: Notice): Promise<number> {
  const noticeId = call.world.ids.next()
  await insertNotice(sql, noticeId, call.app.appId, JSON.stringify(notice))
  return noticeId
}

function wakeUsers(call: Call, queue: string, uids: readonly number[], origin: number): void {
  const users = uids.filter(uid => call.world.onlineUsers.has(uid))
  if (users.length > 0) call.wake({ kind: 'inbox', queue, users, origin })
}
