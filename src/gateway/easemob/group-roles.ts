// Admins of groups and chat rooms, who is what there, and the announcement (easemob.md §2.10.4): the same calls under two
// paths, for the app and for the owner, admins and members with their own tokens.
import { easemobLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject, groupOf } from './group-calls.ts'
import { readMember } from './group-fields.ts'
import { type GroupDialect, groupDialect, roomDialect } from './group-shapes.ts'
import { readPage } from './paging.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { anyToken, userOf } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, roomUsersMax, groupAnnouncementCharsMax } = easemobLimits
/** Who asks for no page gets everybody. */
const paging = {
  from: 1,
  sizeDefault: groupsPageDefault,
  sizeMax: groupsPageMax,
  unpaged: roomUsersMax,
} as const

export const groupRoleRoutes: readonly EasemobRoute[] = [groupDialect, roomDialect].flatMap(dialect => [
  ...adminRoutesOf(dialect),
  ...announcementRoutesOf(dialect),
])

function adminRoutesOf({ kind, path, family, noun }: GroupDialect): EasemobRoute[] {
  const admins = { path: `${path}/:group/admin`, family, need: anyToken } as const
  return [
    {
      ...admins,
      method: 'GET',
      summary: `Admins of a ${noun}`,
      raises: ['group_unknown', 'group_right_missing'],
      handle: async call => {
        const { usernames } = await call.run('group_admin.list', { kind, group: groupOf(call) })
        return dataEnvelope(call, { data: usernames, count: usernames.length })
      },
    },
    {
      ...admins,
      method: 'POST',
      summary: `Make a member of a ${noun} an admin, 99 in all: {"newadmin"}`,
      body: 'json',
      schema: anyObject,
      raises: [
        'field_missing',
        'field_invalid',
        'group_unknown',
        'group_right_missing',
        'role_member_absent',
        'owner_protected',
        'admins_too_many',
      ],
      handle: async call => {
        const user = readMember(call.members, 'newadmin')
        const { username } = await call.run('group_admin.add', { kind, group: groupOf(call), user })
        return dataEnvelope(call, { data: { result: 'success', newadmin: username } })
      },
    },
    {
      ...admins,
      method: 'DELETE',
      path: `${path}/:group/admin/:user`,
      summary: `Make an admin of a ${noun} a plain member`,
      raises: ['group_unknown', 'group_right_missing', 'admin_absent'],
      handle: async call => {
        const args = { kind, group: groupOf(call), user: userOf(call) }
        const { username } = await call.run('group_admin.remove', args)
        return dataEnvelope(call, { data: { result: 'success', oldadmin: username } })
      },
    },
    {
      method: 'GET',
      path: `${path}/:group/roles`,
      summary: `Who is what in a ${noun}, and online: ?pagenum, ?pagesize`,
      family,
      need: anyToken,
      raises: ['group_unknown', 'group_right_missing'],
      handle: async call => {
        const args = { kind, group: groupOf(call), ...readPage(call, paging) }
        const { holders } = await call.run('group_role.list', args)
        const data = holders.map(({ username, role, isOnline }) => ({ username, role, online: isOnline }))
        return dataEnvelope(call, { params: true, data, count: data.length })
      },
    },
  ]
}

function announcementRoutesOf({ kind, path, family, noun }: GroupDialect): EasemobRoute[] {
  const announcement = { path: `${path}/:group/announcement`, family, need: anyToken } as const
  return [
    {
      ...announcement,
      method: 'GET',
      summary: `The announcement of a ${noun}`,
      raises: ['group_unknown', 'group_right_missing'],
      handle: async call => {
        const { text } = await call.run('group_announcement.get', { kind, group: groupOf(call) })
        return dataEnvelope(call, { data: { announcement: text } })
      },
    },
    {
      ...announcement,
      method: 'POST',
      summary: `Announce something in a ${noun}: {"announcement"} of up to 512 characters, "" for nothing`,
      body: 'json',
      schema: anyObject,
      raises: [
        'field_missing',
        'field_invalid',
        'announcement_too_long',
        'announcement_blocked',
        'group_unknown',
        'group_right_missing',
      ],
      handle: async call => {
        const group = groupOf(call)
        await call.run('group_announcement.set', { kind, group, text: readAnnouncement(call) })
        return dataEnvelope(call, { data: { id: group, result: true } })
      },
    },
  ]
}

function readAnnouncement(call: EasemobCall): string {
  const text = readMember(call.members, 'announcement', { mayBeEmpty: true })
  if (text.length > groupAnnouncementCharsMax)
    throw new Refusal('announcement_too_long', { limit: String(groupAnnouncementCharsMax) })
  return text
}
