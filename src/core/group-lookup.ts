// Finding what a group operation names, and group rows as the doors see them.
import type { Group, GroupRef, GroupSettings } from '../contract/operations/groups.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Sql } from '../store/db.ts'
import { findGroup, type GroupRow, type OwnedGroupRow } from '../store/groups.ts'
import { findUserByName, type UserRow } from '../store/users.ts'
import type { Call } from './call.ts'

type SettingColumns = Pick<GroupRow, keyof GroupSettings>

/** A group id as the store has it; undefined for a text that can be none. */
export function toGroupId(text: string): number | undefined {
  if (!/^[1-9]\d{1,17}$/.test(text)) return undefined
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : undefined
}

/** @throws Refusal `group_unknown` */
export async function getGroup(call: Call, sql: Sql, { kind, group }: GroupRef): Promise<GroupRow> {
  const groupId = toGroupId(group)
  const found = groupId && (await findGroup(sql, call.app.appId, kind, groupId))
  if (!found) throw new Refusal('group_unknown', { group })
  return found
}

/**
 * The users of these names, each once. They are looked up where membership is written, not in the cache of names:
 * whoever is deleted in the same commit must not be found.
 * @throws Refusal `member_unknown` naming the first who does not exist
 */
export async function getUsers(call: Call, sql: Sql, usernames: readonly string[]): Promise<UserRow[]> {
  const users = new Map<number, UserRow>()
  for (const username of usernames) {
    const user = await findUserByName(sql, call.app.appId, username)
    if (!user) throw new Refusal('member_unknown', { username })
    users.set(user.uid, user)
  }
  return [...users.values()]
}

export function toGroup(row: OwnedGroupRow): Group {
  return {
    ...toSettings(row),
    groupId: String(row.groupId),
    owner: row.owner,
    scale: row.scale,
    isDisabled: row.isDisabled === 1,
    isMuted: row.isMuted === 1,
    memberCount: row.memberCount,
    createdAt: row.createdAt,
    modifiedAt: row.modifiedAt,
  }
}

export function toSettings(row: SettingColumns): GroupSettings {
  return {
    name: row.name,
    description: row.description,
    isPublic: row.isPublic === 1,
    maxUsers: row.maxUsers,
    membersOnly: row.membersOnly === 1,
    allowInvites: row.allowInvites === 1,
    inviteNeedConfirm: row.inviteNeedConfirm === 1,
    custom: row.custom,
    avatar: row.avatar ?? '',
  }
}

export function toColumns(settings: GroupSettings): SettingColumns {
  return {
    name: settings.name,
    description: settings.description,
    isPublic: Number(settings.isPublic),
    maxUsers: settings.maxUsers,
    membersOnly: Number(settings.membersOnly),
    allowInvites: Number(settings.allowInvites),
    inviteNeedConfirm: Number(settings.inviteNeedConfirm),
    custom: settings.custom,
    avatar: settings.avatar === '' ? null : settings.avatar,
  }
}
