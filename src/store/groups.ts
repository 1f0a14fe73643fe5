// Groups and chat rooms. `group_counts` says how many of each an app has, so that nobody has to count them.
import type { GroupKind } from '../contract/operations/groups.ts'
import type { Sql } from './db.ts'

/** A thread is a group too, which the operations of groups do not know (threads.ts). */
export type StoredKind = GroupKind | 'thread'

export interface GroupRow {
  readonly groupId: number
  readonly appId: number
  readonly kind: StoredKind
  readonly name: string
  readonly description: string
  readonly isPublic: number
  readonly maxUsers: number
  readonly membersOnly: number
  readonly allowInvites: number
  readonly inviteNeedConfirm: number
  readonly custom: string
  readonly avatar: string | null
  readonly scale: string
  readonly isDisabled: number
  readonly isMuted: number
  /** A member as well: `group_members` holds the owner. */
  readonly ownerUid: number
  /** The owner included. */
  readonly memberCount: number
  readonly createdAt: number
  readonly modifiedAt: number
}

type GroupKey = Pick<GroupRow, 'groupId' | 'appId' | 'kind'>

export interface OwnedGroupRow extends GroupRow {
  /** The owner's username. */
  readonly owner: string
}

/** Where a page of groups goes on: after the group made at this moment under this id. */
export interface GroupPlace {
  readonly createdAt: number
  readonly groupId: number
  /** How many to leave out from there. */
  readonly offset: number
}

const columns = `g.group_id AS "groupId", g.app_id AS "appId", g.kind, g.name, g.description,
  g.is_public AS "isPublic", g.max_users AS "maxUsers", g.members_only AS "membersOnly",
  g.allow_invites AS "allowInvites", g.invite_need_confirm AS "inviteNeedConfirm", g.custom, g.avatar, g.scale,
  g.is_disabled AS "isDisabled", g.is_muted AS "isMuted", g.owner_uid AS "ownerUid",
  g.member_count AS "memberCount", g.created_at AS "createdAt", g.modified_at AS "modifiedAt"`

export function findGroup(
  sql: Sql,
  appId: number,
  kind: StoredKind,
  groupId: number,
): Promise<GroupRow | undefined> {
  return sql.one<GroupRow>(
    `SELECT ${columns} FROM groups g WHERE g.group_id = $1 AND g.app_id = $2 AND g.kind = $3`,
    groupId,
    appId,
    kind,
  )
}

export function findOwnedGroup(
  sql: Sql,
  appId: number,
  kind: GroupKind,
  groupId: number,
): Promise<OwnedGroupRow | undefined> {
  return sql.one<OwnedGroupRow>(
    `SELECT ${columns}, u.username AS owner FROM groups g JOIN users u ON u.uid = g.owner_uid
     WHERE g.group_id = $1 AND g.app_id = $2 AND g.kind = $3`,
    groupId,
    appId,
    kind,
  )
}

/** Is the id taken, by a group or room of any app that there is? */
export async function isGroupIdTaken(sql: Sql, groupId: number): Promise<boolean> {
  const row = await sql.one(
    `SELECT group_id FROM groups
     WHERE group_id = $1 AND app_id NOT IN (SELECT app_id FROM deleted_apps)`,
    groupId,
  )
  return row !== undefined
}

/** Newest first. @param onlyPublic those that everybody may find */
export function listGroups(
  sql: Sql,
  appId: number,
  kind: GroupKind,
  after: GroupPlace,
  limit: number,
  onlyPublic: boolean,
): Promise<OwnedGroupRow[]> {
  // What is left out is left out by the index alone: it may be as many as the app has.
  return sql.all<OwnedGroupRow>(
    `SELECT ${columns}, u.username AS owner FROM (
       SELECT group_id FROM groups
       WHERE ${onlyPublic ? 'is_public = 1 AND' : ''} app_id = $1 AND kind = $2
         AND (created_at, group_id) < ($3, $4)
       ORDER BY created_at DESC, group_id DESC LIMIT $5 OFFSET $6
     ) AS page JOIN groups g ON g.group_id = page.group_id JOIN users u ON u.uid = g.owner_uid
     ORDER BY g.created_at DESC, g.group_id DESC`,
    appId,
    kind,
    after.createdAt,
    after.groupId,
    limit,
    after.offset,
  )
}

/** The groups or rooms a user is in, the one joined last first. */
export function listJoinedGroups(
  sql: Sql,
  uid: number,
  kind: GroupKind,
  offset: number,
  limit: number,
): Promise<OwnedGroupRow[]> {
  return sql.all<OwnedGroupRow>(
    `SELECT ${columns}, u.username AS owner
     FROM group_members m JOIN groups g ON g.group_id = m.group_id JOIN users u ON u.uid = g.owner_uid
     WHERE m.uid = $1 AND m.kind = $2
     ORDER BY m.joined_at DESC, m.group_id DESC LIMIT $3 OFFSET $4`,
    uid,
    kind,
    limit,
    offset,
  )
}

export async function countGroups(sql: Sql, appId: number, kind: StoredKind): Promise<number> {
  const row = await sql.one<{ count: number }>(
    'SELECT count FROM group_counts WHERE app_id = $1 AND kind = $2',
    appId,
    kind,
  )
  return row?.count ?? 0
}

export async function insertGroup(sql: Sql, row: GroupRow): Promise<void> {
  await sql.run(
    `INSERT INTO groups (group_id, app_id, kind, name, description, is_public, max_users, members_only,
       allow_invites, invite_need_confirm, custom, avatar, scale, is_disabled, is_muted, owner_uid, member_count,
       created_at, modified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    row.groupId,
    row.appId,
    row.kind,
    row.name,
    row.description,
    row.isPublic,
    row.maxUsers,
    row.membersOnly,
    row.allowInvites,
    row.inviteNeedConfirm,
    row.custom,
    row.avatar,
    row.scale,
    row.isDisabled,
    row.isMuted,
    row.ownerUid,
    row.memberCount,
    row.createdAt,
    row.modifiedAt,
  )
  await addToCount(sql, row.appId, row.kind, 1)
}

/** Writes everything about a group that an update can change. */
export async function updateGroup(sql: Sql, row: GroupRow): Promise<void> {
  await sql.run(
    `UPDATE groups SET name = $1, description = $2, is_public = $3, max_users = $4, members_only = $5,
       allow_invites = $6, invite_need_confirm = $7, custom = $8, avatar = $9, is_disabled = $10, owner_uid = $11,
       modified_at = $12
     WHERE group_id = $13`,
    row.name,
    row.description,
    row.isPublic,
    row.maxUsers,
    row.membersOnly,
    row.allowInvites,
    row.inviteNeedConfirm,
    row.custom,
    row.avatar,
    row.isDisabled,
    row.ownerUid,
    row.modifiedAt,
    row.groupId,
  )
}

/** Are all silent but those who are allowed to speak? */
export async function setAllMuted(sql: Sql, groupId: number, isMuted: boolean): Promise<void> {
  await sql.run('UPDATE groups SET is_muted = $1 WHERE group_id = $2', Number(isMuted), groupId)
}

/** '' = none. */
export async function readAnnouncement(sql: Sql, groupId: number): Promise<string> {
  const row = await sql.one<{ announcement: string }>(
    'SELECT announcement FROM groups WHERE group_id = $1',
    groupId,
  )
  return row?.announcement ?? ''
}

export async function writeAnnouncement(sql: Sql, groupId: number, announcement: string): Promise<void> {
  await sql.run('UPDATE groups SET announcement = $1 WHERE group_id = $2', announcement, groupId)
}

/** Takes the group away at once. Its members are left to `deleteDissolvedMembers`: there may be many. */
export async function dissolveGroup(sql: Sql, { groupId, appId, kind }: GroupKey): Promise<void> {
  await sql.run('INSERT INTO dissolved_groups (group_id) VALUES ($1)', groupId)
  await sql.run('DELETE FROM groups WHERE group_id = $1', groupId)
  await addToCount(sql, appId, kind, -1)
}

/** What a user owns of one kind: as many as it may be in at most. */
export function listOwnedGroups(sql: Sql, ownerUid: number, kind: GroupKind): Promise<GroupRow[]> {
  return sql.all<GroupRow>(
    `SELECT ${columns} FROM groups g WHERE g.owner_uid = $1 AND g.kind = $2`,
    ownerUid,
    kind,
  )
}

/** As `dissolveGroup`, for all that a user owns of one kind. */
export async function dissolveGroupsOf(
  sql: Sql,
  appId: number,
  kind: GroupKind,
  ownerUid: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO dissolved_groups (group_id)
     SELECT group_id FROM groups WHERE owner_uid = $1 AND kind = $2`,
    ownerUid,
    kind,
  )
  const count = await sql.run('DELETE FROM groups WHERE owner_uid = $1 AND kind = $2', ownerUid, kind)
  if (count > 0) await addToCount(sql, appId, kind, -count)
}

/** Frees the id of a group whose app is deleted; does nothing for any other id. */
export async function dissolveAbandoned(sql: Sql, groupId: number): Promise<void> {
  const group = await sql.one<GroupKey>(
    `SELECT group_id AS "groupId", app_id AS "appId", kind FROM groups
     WHERE group_id = $1 AND app_id IN (SELECT app_id FROM deleted_apps)`,
    groupId,
  )
  if (group) await dissolveGroup(sql, group)
}

/** For an app that is deleted. @returns how many groups and rooms are gone, `limit` at most */
export async function dissolveGroupsOfApp(sql: Sql, appId: number, limit: number): Promise<number> {
  const groups = await sql.all<GroupKey>(
    'SELECT group_id AS "groupId", app_id AS "appId", kind FROM groups WHERE app_id = $1 LIMIT $2',
    appId,
    limit,
  )
  for (const group of groups) await dissolveGroup(sql, group)
  return groups.length
}

async function addToCount(sql: Sql, appId: number, kind: StoredKind, count: number): Promise<void> {
  await sql.run(
    `INSERT INTO group_counts (app_id, kind, count) VALUES ($1, $2, $3)
     ON CONFLICT (app_id, kind) DO UPDATE SET count = group_counts.count + excluded.count`,
    appId,
    kind,
    count,
  )
}
