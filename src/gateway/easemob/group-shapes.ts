// Groups and rooms on the wire (easemob.md §2.10, §2.11): the same things under other names.
import type { Group, GroupKind, Member, MemberRole, Removal } from '../../contract/operations/groups.ts'
import type { EasemobFamily } from '../../contract/wire.ts'
import type { EasemobPlace } from './route.ts'

export interface GroupDialect {
  readonly kind: GroupKind
  readonly path: string
  readonly family: EasemobFamily
  /** In summaries. */
  readonly noun: string
  readonly added: (id: string, user: string) => object
  readonly addedMany: (id: string, newmembers: readonly string[]) => object
  readonly removed: (id: string, removal: Removal) => object
}

export const groupDialect: GroupDialect = {
  kind: 'group',
  path: '/chatgroups',
  family: 'groups',
  noun: 'group',
  added: (groupid, user) => ({ result: true, groupid, action: 'add_member', user }),
  addedMany: (groupid, newmembers) => ({ newmembers, groupid, action: 'add_member' }),
  removed: (groupid, { user, isRemoved }) => ({
    result: isRemoved,
    action: 'remove_member',
    ...(!isRemoved && { reason: `user ${user} doesn't exist.` }),
    user,
    groupid,
  }),
}

export const roomDialect: GroupDialect = {
  kind: 'room',
  path: '/chatrooms',
  family: 'rooms',
  noun: 'chat room',
  added: (id, user) => ({ result: true, action: 'add_member', id, user }),
  addedMany: (id, newmembers) => ({ newmembers, action: 'add_member', id }),
  removed: (id, { user, isRemoved }) => ({
    result: isRemoved,
    action: 'remove_member',
    ...(!isRemoved && { reason: `user: ${user} doesn't exist in group: ${id}` }),
    user,
    id,
  }),
}

/** In a list the owner is named in full, the moment of the last change under its old and its new name (§6.32). */
export function toGroupEntry(group: Group, { org, app }: EasemobPlace): object {
  const modified = String(group.modifiedAt)
  return {
    owner: `${org}#${app}_${group.owner}`,
    groupid: group.groupId,
    affiliations: group.memberCount,
    type: 'group',
    last_modified: modified,
    lastModified: modified,
    groupname: group.name,
  }
}

export function toRoomEntry(room: Group): object {
  return { id: room.groupId, name: room.name, owner: room.owner, affiliations_count: room.memberCount }
}

type Detailed = Group & { readonly members?: readonly Member[]; readonly isShielded?: boolean }

export function toGroupDetails(group: Detailed, hasTime = false): object {
  return {
    id: group.groupId,
    name: group.name,
    description: group.description,
    membersonly: group.membersOnly,
    allowinvites: group.allowInvites,
    invite_need_confirm: group.inviteNeedConfirm,
    maxusers: group.maxUsers,
    owner: group.owner,
    created: group.createdAt,
    custom: group.custom,
    mute: group.isMuted,
    scale: group.scale,
    affiliations_count: group.memberCount,
    disabled: group.isDisabled,
    affiliations: group.members?.map(member => toAffiliation(member, hasTime)),
    public: group.isPublic,
    shieldgroup: group.isShielded,
    avatar: group.avatar || undefined,
  }
}

export function toRoomDetails(room: Detailed): object {
  return {
    id: room.groupId,
    name: room.name,
    description: room.description,
    membersonly: room.membersOnly,
    allowinvites: room.allowInvites,
    maxusers: room.maxUsers,
    owner: room.owner,
    created: room.createdAt,
    custom: room.custom,
    mute: room.isMuted,
    affiliations_count: room.memberCount,
    affiliations: room.members?.map(member => toAffiliation(member)),
    public: room.isPublic,
  }
}

/** A group among those of one user, in the call that pages from 0. */
export function toJoinedDetails(group: Group & { readonly role?: MemberRole }): object {
  return {
    name: group.name,
    avatar: group.avatar || undefined,
    owner: group.owner,
    id: group.groupId,
    groupId: group.groupId,
    description: group.description,
    disabled: group.isDisabled,
    public: group.isPublic,
    allowinvites: group.allowInvites,
    membersonly: group.membersOnly,
    maxusers: group.maxUsers,
    created: group.createdAt,
    affiliations_count: group.memberCount,
    permission: group.role,
  }
}

/** Admins have a name of their own only in the newer form, which also says when one has joined. */
export function toAffiliation({ username, role, joinedAt }: Member, hasTime = false): object {
  const shown = role === 'admin' && !hasTime ? 'member' : role
  return {
    [shown]: username,
    ...(hasTime && { joined_time: joinedAt }),
  }
}
