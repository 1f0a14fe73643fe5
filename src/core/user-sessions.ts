// Sessions of users: they begin with the user's credentials on a device that the resource names, end when the gateway
// says so, the next one of the same device begins or the user may no longer, and are confirmed when the core has been
// away. And the rooms a session is in.
import type { NewUserSession, UserSessionName } from '../contract/operations/inbox.ts'
import type { Wake } from '../contract/operations/wakes.ts'
import { Refusal } from '../contract/refusal.ts'
import { lowerAscii } from '../lib/ascii.ts'
import type { Sql } from '../store/db.ts'
import { isMember } from '../store/group-members.ts'
import { findRoles } from '../store/group-roles.ts'
import { findGroup, type GroupRow, listJoinedGroups } from '../store/groups.ts'
import { listEntries, removeAllPassed, startCursors } from '../store/inbox.ts'
import { listConversation } from '../store/messages.ts'
import { nextInSequence } from '../store/sequences.ts'
import {
  deleteUserDevice,
  endUserSession,
  findUserDevice,
  listUserDevices,
  putUserDevice,
  type UserDeviceRow,
} from '../store/user-devices.ts'
import { findUserById, findUserByName, type UserRow } from '../store/users.ts'
import type { App } from './apps.ts'
import type { Call } from './call.ts'
import { callBackOfDevice, callBackOfSession } from './callback-events.ts'
import { messageEntry, toEntry } from './entries.ts'
import { readPage } from './entry-pages.ts'
import { toGroupId } from './group-lookup.ts'
import { checkTakes, joinRoom, leave } from './group-membership.ts'
import { type Handlers, reads, writes, writesAfter } from './handler.ts'
import { oldestMessageId } from './message-pages.ts'
import { tellSubscribers } from './presence.ts'
import { groupQueue } from './tell.ts'

type SessionOperation =
  | 'inbox.open'
  | 'inbox.confirm'
  | 'inbox.close'
  | 'inbox.enter_room'
  | 'inbox.leave_room'
  | 'inbox.read_room'

interface Verified {
  readonly app: App
  readonly user: UserRow
  readonly expiresAt: number | undefined
}

export const userSessionHandlers: Handlers<SessionOperation> = {
  'inbox.open': writesAfter(
    (call, request) => verify(call, request),
    async (call, request, sql, { app, user: verified, expiresAt }) => {
      const user = await findUserById(sql, verified.uid)
      // Changed or gone while the credentials were being checked.
      const isSame = user?.password === verified.password && user.tokensFrom === verified.tokensFrom
      if (!user || !isSame) throw new Refusal('token_unknown')
      if (!user.activated) throw new Refusal('user_not_activated')
      const device = await openDevice(call, sql, app, user, request)
      const rooms = await listJoinedGroups(sql, user.uid, 'room', 0, call.world.config.im.roomsPerSessionMax)
      return {
        uid: user.uid,
        appId: app.appId,
        deviceId: device.deviceId,
        username: user.username,
        rooms: rooms.map(({ groupId }) => String(groupId)),
        roomsFrom: call.world.ids.last,
        ...(expiresAt !== undefined && { tokenExpiresAt: expiresAt }),
      }
    },
  ),

  'inbox.confirm': reads(async (call, { sessions }, sql) => {
    const lost: number[] = []
    for (const { uid, deviceId, session } of sessions) {
      const device = await findUserDevice(sql, deviceId)
      if (device?.session === session)
        call.afterCommit(() => call.world.onlineUsers.begin(uid, deviceId, session))
      else lost.push(deviceId)
    }
    return { lost }
  }),

  'inbox.close': writes(async (call, { sessions }, sql) => {
    const users = new Set<number>()
    for (const { uid, deviceId, session } of sessions) {
      if (await endUserSession(sql, deviceId, session, call.now)) {
        users.add(uid)
        await callBackOfDevice(call, sql, deviceId, 'logout')
      }
      call.afterCommit(() => call.world.onlineUsers.end(uid, deviceId, session))
    }
    for (const uid of users) await tellSubscribers(call, sql, uid)
    return {}
  }),

  'inbox.enter_room': writes(async (call, { room: text, leavesOthers, ...session }, sql) => {
    const { uid } = await getDevice(sql, session)
    const room = await getRoom(call, sql, text)
    const user = (await findUserById(sql, uid))!
    if (leavesOthers) {
      await checkTakes(call, sql, room, user)
      await leaveOtherRooms(call, sql, user, room.groupId)
    }
    await joinRoom(call, sql, room, user)
    const joined = await getRoom(call, sql, text)
    const roles = await findRoles(sql, room.groupId, uid, call.now)
    return {
      from: call.world.ids.last,
      memberCount: joined.memberCount,
      createdAt: joined.createdAt,
      isAllMuted: joined.isMuted === 1,
      isAllowed: roles.has('allowed'),
      mutedUntil: roles.get('muted') ?? 0,
    }
  }),

  'inbox.leave_room': writes(async (call, { room: text, ...session }, sql) => {
    const { uid } = await getDevice(sql, session)
    const room = await getRoom(call, sql, text)
    // The owner owns it from outside as well: to leave only ends what the session hears. So it does for one who is not
    // in the room, or has left it already.
    const isLeaver = room.ownerUid !== uid && (await isMember(sql, room.groupId, uid))
    if (isLeaver) await leave(call, sql, room, [(await findUserById(sql, uid))!], true)
    else call.wake({ kind: 'room_members', room: String(room.groupId), users: [uid], areIn: false })
    return {}
  }),

  'inbox.read_room': reads(async (call, { room: text, after, limit, ...session }, sql) => {
    const device = await getDevice(sql, session)
    const { groupId } = await getRoom(call, sql, text)
    if (!(await isMember(sql, groupId, device.uid))) throw new Refusal('sender_no_member')
    const oldest = oldestMessageId(call.world)
    const limits = { limit, bytesMax: call.world.config.im.bufferBytesMax }
    return readPage(limits, Math.max(after, oldest - 1), async (from, count) => {
      const messages = await listConversation(sql, call.app.appId, `r:${groupId}`, from, count)
      const signals = await listEntries(sql, device, groupQueue(groupId), from, count)
      // Both in one order, and from one moment: read at two, one of them could hide what is older than the other's last.
      const entries = [...messages.map(row => messageEntry(row)), ...signals.map(row => toEntry(row))]
      return entries.toSorted((a, b) => a.id - b.id).slice(0, count)
    })
  }),
}

/** The device whose session this is. @throws Refusal `user_session_gone` */
export async function getDevice(
  sql: Sql,
  { uid, deviceId, session }: UserSessionName,
): Promise<UserDeviceRow> {
  const device = await findUserDevice(sql, deviceId)
  if (device?.session !== session || device.uid !== uid) throw new Refusal('user_session_gone')
  return device
}

async function verify(call: Call, request: NewUserSession): Promise<Verified> {
  const { apps, db, passwords, tokens } = call.world
  const { org, app: name, username, credentials } = request
  const app = apps.find(org, name)
  if (!app) throw new Refusal('app_unknown', { org, app: name, uri: '' })
  if (app.settings.blacklisted) throw new Refusal('app_blacklisted')
  const user = await db.read(sql => findUserByName(sql, app.appId, lowerAscii(username)))
  if ('password' in credentials) {
    const fits = await passwords.verify(credentials.password, user?.password)
    if (!user) throw new Refusal('grant_user_unknown')
    if (!fits) throw new Refusal('grant_password_wrong')
    return { app, user, expiresAt: undefined }
  }
  const token = tokens.read(credentials.token)
  if (token === 'corrupt') throw new Refusal('token_corrupt')
  if (token === 'unknown') throw new Refusal('token_unknown')
  if (token === 'expired') throw new Refusal('token_expired')
  if (!user) throw new Refusal('grant_user_unknown')
  const isOwn =
    token.owner.kind === 'user' && token.owner.id === user.uid && token.issuedAt >= user.tokensFrom
  if (!isOwn) throw new Refusal('token_unknown')
  return { app, user, expiresAt: Number.isFinite(token.expiresAt) ? token.expiresAt : undefined }
}

async function openDevice(
  call: Call,
  sql: Sql,
  { appId }: App,
  { uid }: UserRow,
  { resource, deviceUuid, deviceName, os, ip, session }: NewUserSession,
): Promise<UserDeviceRow> {
  const { world } = call
  const devices = await listUserDevices(sql, uid)
  const known = devices.find(device => device.resource === resource)
  const others = devices.filter(device => device !== known)
  if (others.filter(device => device.session !== null).length >= world.config.im.sessionsPerUserMax)
    throw new Refusal('user_devices_too_many')
  // Asked for again, because its reply was lost, the session is not one that displaces itself.
  if (known && known.session !== session) endSession(call, uid, known, 'takenOver')
  if (known?.session && known.session !== session) await callBackOfSession(call, sql, known, 'replaced')
  const device: UserDeviceRow = {
    deviceId: known?.deviceId ?? (await nextInSequence(sql, 'user_devices')),
    uid,
    appId,
    resource,
    deviceUuid,
    deviceName,
    os,
    session,
    sessionFrom: world.ids.last,
    since: known?.since ?? world.ids.last,
    seenAt: call.now,
  }
  await putUserDevice(sql, device)
  if (!known?.session) await tellSubscribers(call, sql, uid)
  if (known?.session !== session) await callBackOfSession(call, sql, device, 'login', ip)
  if (!known) await startCursors(sql, uid, device.deviceId)
  // The devices that nobody has used for longest make room.
  const idle = others.filter(other => other.session === null)
  const surplus = others.length + 1 - world.config.im.devicesPerUserMax
  const forgotten = surplus > 0 ? idle.slice(-surplus) : []
  for (const { deviceId } of forgotten) await deleteUserDevice(sql, uid, deviceId)
  if (forgotten.length > 0) await removeAllPassed(sql, uid)
  call.afterCommit(() => world.onlineUsers.begin(uid, device.deviceId, session))
  return device
}

type Because = Extract<Wake, { kind: 'end_user_sessions' }>['because']

function endSession(call: Call, uid: number, { deviceId, session }: UserDeviceRow, because: Because): void {
  if (session === null) return
  call.wake({ kind: 'end_user_sessions', uid, deviceId, session, because })
  call.afterCommit(() => call.world.onlineUsers.end(uid, deviceId, session))
}

/** Ends the user's live sessions, in the books at once. @param resource absent = all of them */
export async function endUserSessions(
  call: Call,
  sql: Sql,
  uid: number,
  because: Because,
  resource?: string,
): Promise<void> {
  let hasEnded = false
  for (const device of await listUserDevices(sql, uid)) {
    if (device.session === null || (resource !== undefined && device.resource !== resource)) continue
    await endUserSession(sql, device.deviceId, device.session, call.now)
    endSession(call, uid, device, because)
    await callBackOfSession(call, sql, device, 'replaced')
    hasEnded = true
  }
  if (hasEnded) await tellSubscribers(call, sql, uid)
}

/** @throws Refusal `target_room_unknown` */
async function getRoom(call: Call, sql: Sql, text: string): Promise<GroupRow> {
  const groupId = toGroupId(text)
  const room = groupId && (await findGroup(sql, call.app.appId, 'room', groupId))
  if (!room) throw new Refusal('target_room_unknown', { room: text })
  return room
}

async function leaveOtherRooms(call: Call, sql: Sql, user: UserRow, stays: number): Promise<void> {
  const rooms = await listJoinedGroups(sql, user.uid, 'room', 0, call.world.config.im.roomsPerSessionMax)
  for (const room of rooms)
    if (room.groupId !== stays && room.ownerUid !== user.uid) await leave(call, sql, room, [user], true)
}
