// The members of a body that makes or changes a group or room, under every name that clients send them by. A null is
// as good as absent: the Java SDK sends one for whatever it was not given.
import type { FailuresOf } from '../../contract/failures.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { GroupKind, GroupSettings, NewGroup } from '../../contract/operations/groups.ts'
import { Refusal } from '../../contract/refusal.ts'
import { toIdText } from '../http/json.ts'
import type { Members } from './route.ts'
import { toText } from './user-entity.ts'

type ReadField = (value: unknown, field: string) => Partial<GroupSettings>

const { groupNameCharsMax, groupDescriptionCharsMax, groupCustomCharsMax, groupAvatarCharsMax } =
  easemobLimits

const readName: ReadField = (value, field) => {
  const name = readText(value, field)
  if (name === '') throw new Refusal('field_invalid', { field })
  if (name.length > groupNameCharsMax)
    throw new Refusal('name_too_long', { limit: String(groupNameCharsMax) })
  return { name }
}

const readDescription: ReadField = (value, field) => {
  const description = readText(value, field)
  if (description.length > groupDescriptionCharsMax)
    throw new Refusal('description_too_long', { limit: String(groupDescriptionCharsMax) })
  return { description }
}

const readCustom: ReadField = (value, field) => {
  const custom = readText(value, field)
  if (custom.length > groupCustomCharsMax) throw new Refusal('field_invalid', { field })
  return { custom }
}

const readAvatar: ReadField = (value, field) => {
  const avatar = readText(value, field)
  if (avatar.length > groupAvatarCharsMax) throw new Refusal('avatar_too_long')
  return { avatar }
}

/** Asks for the words to be looked at before they are shown: the core does that, whoever asks. */
const readVerification: ReadField = (value, field) => {
  readFlag(value, field)
  return {}
}

const readApproval: ReadField = (value, field) => ({ membersOnly: readFlag(value, field) })

function readSize(limit: number): ReadField {
  return (value, field) => {
    const maxUsers = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
    if (typeof maxUsers !== 'number' || !Number.isInteger(maxUsers) || maxUsers < 1)
      throw new Refusal('field_invalid', { field })
    if (maxUsers > limit) throw new Refusal('maxusers_too_large', { limit: String(limit) })
    return { maxUsers }
  }
}

const groupFields: ReadonlyMap<string, ReadField> = new Map([
  ['groupname', readName],
  ['name', readName],
  ['description', readDescription],
  ['desc', readDescription],
  ['public', (value, field) => ({ isPublic: readFlag(value, field) })],
  ['maxusers', readSize(easemobLimits.groupUsersMax)],
  ['membersonly', readApproval],
  ['members_only', readApproval],
  ['approval', readApproval],
  ['allowinvites', (value, field) => ({ allowInvites: readFlag(value, field) })],
  ['invite_need_confirm', (value, field) => ({ inviteNeedConfirm: readFlag(value, field) })],
  ['custom', readCustom],
  ['avatar', readAvatar],
  ['need_verify', readVerification],
])

const roomFields: ReadonlyMap<string, ReadField> = new Map([
  ['name', readName],
  ['title', readName],
  ['groupname', readName],
  ['description', readDescription],
  ['desc', readDescription],
  ['maxusers', readSize(easemobLimits.roomUsersMax)],
  ['custom', readCustom],
  ['need_verify', readVerification],
])

const fieldsOf = { group: groupFields, room: roomFields } as const

/** What no edition lets an update name (easemob.md §6.15). */
const fixed: ReadonlySet<string> = new Set(['groupid', 'id', 'chatroom_id'])

const defaults = {
  description: '',
  membersOnly: false,
  allowInvites: false,
  inviteNeedConfirm: true,
  custom: '',
  avatar: '',
} as const

/** @throws Refusal `public_missing`, `field_missing`, and what is wrong with a member that is there */
export function readNewGroup(members: Members): NewGroup {
  if (isAbsent(members.public)) throw new Refusal('public_missing')
  const owner = readOwner(members)
  const { name, isPublic = false, ...settings } = readSettings(members, 'group')
  if (name === undefined) throw new Refusal('field_missing', { field: 'groupname' })
  const groupId = readNewId(members.groupid)
  return { ...defaults, ...settings, ...readFirst(members), kind: 'group', owner, name, isPublic, ...groupId }
}

/** @throws Refusal `room_name_missing`, `field_missing`, and what is wrong with a member that is there */
export function readNewRoom(members: Members): NewGroup {
  const { name, ...settings } = readSettings(members, 'room')
  if (name === undefined) throw new Refusal('room_name_missing')
  const owner = readOwner(members)
  return { ...defaults, ...settings, ...readFirst(members), kind: 'room', owner, name, isPublic: true }
}

export interface Update {
  readonly changes: Partial<GroupSettings>
  readonly newOwner?: string
  readonly unknownFields: readonly string[]
  readonly fixedFields: readonly string[]
  /** Those that are changed, as the body names them. */
  readonly fields: readonly string[]
}

export function readUpdate(members: Members, kind: GroupKind): Update {
  const sent = Object.keys(members).filter(field => !isAbsent(members[field]))
  const known = (field: string) => fieldsOf[kind].has(field) || field === 'newowner'
  const { newowner } = members
  return {
    changes: readSettings(members, kind),
    ...(!isAbsent(newowner) && { newOwner: readText(newowner, 'newowner') }),
    fields: sent.filter(known),
    fixedFields: sent.filter(field => fixed.has(field)),
    unknownFields: sent.filter(field => !known(field) && !fixed.has(field)),
  }
}

type TooMany = Extract<FailuresOf<'easemob'>, `members_too_many_to_${string}`>

/**
 * Usernames; a number stands for its digits.
 * @throws Refusal `field_missing` when there are none, `field_invalid`, `tooMany`
 */
export function readUsernames(members: Members, tooMany: TooMany = 'members_too_many_to_add'): string[] {
  const names = readNames(members.usernames, 'usernames', easemobLimits.memberBatchMax, tooMany)
  if (names.length === 0) throw new Refusal('field_missing', { field: 'usernames' })
  return names
}

/** One member of the body, a text. @throws Refusal `field_missing`, `field_invalid` */
export function readMember(members: Members, field: string, { mayBeEmpty = false } = {}): string {
  const value = members[field]
  const text = isAbsent(value) ? undefined : readText(value, field)
  if (text === undefined || (text === '' && !mayBeEmpty)) throw new Refusal('field_missing', { field })
  return text
}

function readSettings(members: Members, kind: GroupKind): Partial<GroupSettings> {
  let settings: Partial<GroupSettings> = {}
  for (const [field, value] of Object.entries(members)) {
    const read = isAbsent(value) ? undefined : fieldsOf[kind].get(field)
    if (read) settings = { ...settings, ...read(value, field) }
  }
  return settings
}

/** What only a new group or room has: its first members, whether they are asked, whether it is meant to be large. */
function readFirst(fields: Members): Pick<NewGroup, 'members' | 'scale' | 'asksMembers'> {
  const { members, scale, invite_need_confirm } = fields
  if (!isAbsent(scale) && scale !== 'normal' && scale !== 'large')
    throw new Refusal('field_invalid', { field: 'scale' })
  return {
    members: readNames(members, 'members', easemobLimits.firstMembersMax),
    scale: scale === 'large' ? 'large' : 'normal',
    // Who says nothing of it does not expect to wait for its members.
    ...(!isAbsent(invite_need_confirm) &&
      readFlag(invite_need_confirm, 'invite_need_confirm') && { asksMembers: true }),
  }
}

function readOwner({ owner }: Members): string {
  return readMember({ owner }, 'owner')
}

function readNewId(value: unknown): { groupId?: number } {
  if (isAbsent(value)) return {}
  const text = toIdText(value) ?? ''
  const groupId = Number(text)
  if (!/^[1-9]\d{1,17}$/.test(text) || !Number.isSafeInteger(groupId))
    throw new Refusal('field_invalid', { field: 'groupid' })
  return { groupId }
}

function readNames(
  value: unknown,
  field: string,
  limit: number,
  tooMany: TooMany = 'members_too_many_to_add',
): string[] {
  if (isAbsent(value)) return []
  if (!Array.isArray(value)) throw new Refusal('field_invalid', { field })
  if (value.length > limit) throw new Refusal(tooMany, { limit: String(limit) })
  return value.map(name => readText(name, field))
}

function readText(value: unknown, field: string): string {
  const text = toText(value)
  if (text === undefined) throw new Refusal('field_invalid', { field })
  if (text.includes('\0')) throw new Refusal('json_value_invalid')
  return text
}

/** Hand-written clients put booleans and numbers into quotes. */
function readFlag(value: unknown, field: string): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Refusal('field_invalid', { field })
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
