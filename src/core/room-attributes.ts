// Attributes of rooms: names and values that belong to the room, each to who has set it. Those in the room are told.
import { easemobLimits } from '../contract/limits.ts'
import type { Attributes, GroupAttributeOperations } from '../contract/operations/group-attributes.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import {
  deleteRoomAttribute,
  dropRoomAttributes,
  listRoomAttributes,
  putRoomAttribute,
} from '../store/group-attributes.ts'
import { isMember } from '../store/group-members.ts'
import type { GroupRow } from '../store/groups.ts'
import type { UserRow } from '../store/users.ts'
import type { Call } from './call.ts'
import { toAttributes } from './group-attributes.ts'
import { tellMembers } from './group-events.ts'
import { getGroup } from './group-lookup.ts'
import { type Handlers, reads, writes } from './handler.ts'
import { getUser } from './user-record.ts'

const { roomAttributesMax, roomAttributeNameCharsMax, roomAttributeValueCharsMax } = easemobLimits

type RoomAttributeOperation = Extract<keyof GroupAttributeOperations, `room_attributes.${string}`>

const legalName = /^[A-Za-z0-9_.-]+$/

export const roomAttributeHandlers: Handlers<RoomAttributeOperation> = {
  'room_attributes.set': writes(async (call, { attributes, goWithUser, isForced, ...named }, sql) => {
    const { room, user } = await getRoomAndUser(call, sql, named)
    const held = new Map((await listRoomAttributes(sql, room.groupId)).map(row => [row.name, row]))
    const failed = new Map<string, string>()
    const set = new Map<string, string>()
    for (const [name, value] of Object.entries(attributes)) {
      const before = held.get(name)
      const fault =
        faultOf(name, value) ??
        (isForced ? undefined : foreignFault(name, before?.uid, user)) ??
        (before || held.size < roomAttributesMax
          ? undefined
          : 'size of metadata for this single chatroom exceeds the user defined limit, ' +
            `${roomAttributesMax} keys`)
      if (fault !== undefined) {
        failed.set(name, fault)
        continue
      }
      const row = { name, value, uid: user.uid, goesWithUser: Number(goWithUser) }
      await putRoomAttribute(sql, room.groupId, row)
      held.set(name, row)
      set.set(name, value)
    }
    await tellOf(call, sql, room, user, 'attributes_set', Object.fromEntries(set))
    return { done: [...set.keys()], failed: Object.fromEntries(failed) }
  }),

  'room_attributes.remove': writes(async (call, { names, isForced, ...named }, sql) => {
    const { room, user } = await getRoomAndUser(call, sql, named)
    const held = new Map((await listRoomAttributes(sql, room.groupId)).map(row => [row.name, row]))
    const failed = new Map<string, string>()
    const done: string[] = []
    for (const name of new Set(names)) {
      const before = held.get(name)
      const fault = before
        ? isForced
          ? undefined
          : foreignFault(name, before.uid, user)
        : `metadata key: ${name} is not exist`
      if (fault !== undefined) {
        failed.set(name, fault)
        continue
      }
      await deleteRoomAttribute(sql, room.groupId, name)
      done.push(name)
    }
    await tellOf(call, sql, room, user, 'attributes_removed', done)
    return { done, failed: Object.fromEntries(failed) }
  }),

  'room_attributes.get': reads(async (call, { room: text, names }, sql) => {
    const { groupId } = await getGroup(call, sql, { kind: 'room', group: text })
    const rows = await listRoomAttributes(sql, groupId)
    const shown = names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name))
    return { attributes: toAttributes(shown) }
  }),
}

/** Users have left a room: what goes with them goes, and those who are still in it are told. */
export async function dropAttributesOf(
  call: Call,
  sql: Sql,
  room: GroupRow,
  users: readonly UserRow[],
): Promise<void> {
  for (const user of users)
    await tellOf(
      call,
      sql,
      room,
      user,
      'attributes_removed',
      await dropRoomAttributes(sql, room.groupId, user.uid),
    )
}

/** @throws Refusal `group_unknown`, `user_unknown`, `member_absent` */
async function getRoomAndUser(
  call: Call,
  sql: Sql,
  named: { readonly room: string; readonly user: string },
): Promise<{ room: GroupRow; user: UserRow }> {
  const room = await getGroup(call, sql, { kind: 'room', group: named.room })
  const user = await getUser(call, sql, named.user)
  if (!(await isMember(sql, room.groupId, user.uid)))
    throw new Refusal('member_absent', { username: user.username })
  return { room, user }
}

// The words of each fault hold what the vendor's Web SDK looks for to tell them apart.

function faultOf(name: string, value: string): string | undefined {
  if (name.length > roomAttributeNameCharsMax)
    return `metadata key is exceeding maximum limit : ${roomAttributeNameCharsMax}`
  if (!legalName.test(name)) return `metadata key: ${name} is not Legal`
  if (value.length > roomAttributeValueCharsMax)
    return `metadata value is exceeding maximum limit : ${roomAttributeValueCharsMax}`
  return undefined
}

/** What another has set is not for this user to change. @param uid who has set it; absent or 0 = nobody */
function foreignFault(name: string, uid: number | undefined, user: UserRow): string | undefined {
  return uid && uid !== user.uid ? `metadata key: ${name} is not part of you` : undefined
}

/** The one who does it knows. */
async function tellOf(
  call: Call,
  sql: Sql,
  room: GroupRow,
  user: UserRow,
  event: 'attributes_set' | 'attributes_removed',
  what: Attributes | readonly string[],
): Promise<void> {
  if (Object.keys(what).length === 0) return
  const details = { from: user.username, text: JSON.stringify(what) }
  await tellMembers(call, sql, room, event, [user.username], details, [user.uid])
}
