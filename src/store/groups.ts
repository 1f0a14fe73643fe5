import type { Sql } from './db.ts'

/** Chat rooms are groups that keep nothing for those who are away. */
export type GroupKind = 'group' | 'room'

export interface GroupRow {
  readonly groupId: number
  readonly appId: number
  readonly kind: GroupKind
  readonly name: string
  readonly description: string
  readonly isPublic: number
  readonly maxUsers: number
  readonly membersOnly: number
  readonly allowInvites: number
  readonly inviteNeedConfirm: number
  readonly custom: string
  readonly avatar: string | null
  readonly isDisabled: number
  readonly isMuted: number
  /** A member as well: `group_members` holds the owner. */
  readonly ownerUid: number
  /** The owner included. */
  readonly memberCount: number
  readonly createdAt: number
  readonly modifiedAt: number
}

const columns = `group_id AS "groupId", app_id AS "appId", kind, name, description, is_public AS "isPublic",
  max_users AS "maxUsers", members_only AS "membersOnly", allow_invites AS "allowInvites",
  invite_need_confirm AS "inviteNeedConfirm", custom, avatar, is_disabled AS "isDisabled", is_muted AS "isMuted",
  owner_uid AS "ownerUid", member_count AS "memberCount", created_at AS "createdAt", modified_at AS "modifiedAt"`

export function findGroup(
  sql: Sql,
  appId: number,
  kind: GroupKind,
  groupId: number,
): Promise<GroupRow | undefined> {
  return sql.one<GroupRow>(
    `SELECT ${columns} FROM groups WHERE group_id = $1 AND app_id = $2 AND kind = $3`,
    groupId,
    appId,
    kind,
  )
}
