// What the vendor's SDK does for its user about groups: it finds public ones, asks to join, invites, answers, leaves.
import { Type } from 'typebox'
import type { FailuresOf } from '../../contract/failures.ts'
import { easemobLimits } from '../../contract/limits.ts'
import type { Group } from '../../contract/operations/groups.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject, groupOf } from './group-calls.ts'
import { readMember, readUsernames } from './group-fields.ts'
import { readCount } from './paging.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { anyToken } from './user-need.ts'

const { groupsPageDefault, groupsPageMax, requestTextCharsMax } = easemobLimits
const family = 'groups'

/** What can stand between a user and a group. */
const joiningFailures = [
  'group_unknown',
  'group_right_missing',
  'member_already',
  'member_blocked',
  'user_groups_too_many',
  'group_full',
] as const satisfies readonly FailuresOf<'easemob'>[]

const answer = { family, need: anyToken, body: 'json' } as const
const answerFields = { verifyResult: Type.Boolean(), reason: Type.Optional(Type.String()) } as const

export const groupRequestRoutes: readonly EasemobRoute[] = [
  {
    method: 'GET',
    path: '/publicchatgroups',
    summary: 'A page of the public groups, newest first: ?limit, ?cursor',
    family,
    need: anyToken,
    raises: [],
    handle: async call => {
      const cursor = call.query('cursor')
      const limit = Math.min(readCount(call, 'limit', 1) ?? groupsPageDefault, groupsPageMax)
      const wanted = { kind: 'group', isPublic: true, limit, ...(cursor && { cursor }) } as const
      const { groups, next } = await call.run('group.list', wanted)
      const data = groups.map(toFound)
      return dataEnvelope(call, { params: true, data, cursor: next, count: data.length })
    },
  },
  {
    method: 'POST',
    path: '/chatgroups/:group/apply',
    summary: 'Join a public group, or ask to: {"message"?}',
    family,
    need: anyToken,
    body: 'optional',
    schema: Type.Object({ message: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
    raises: ['field_invalid', ...joiningFailures],
    handle: async call => {
      const message = readWords(call.members, 'message')
      const { username } = await call.run('group_request.ask', { group: groupOf(call), message })
      return dataEnvelope(call, { data: done(call, 'apply', username) })
    },
  },
  {
    ...answer,
    method: 'POST',
    path: '/chatgroups/:group/apply_verify',
    summary: 'Accept or decline who has asked to join: {"applicant", "verifyResult", "reason"?}',
    schema: Type.Object(answerFields),
    raises: ['field_missing', 'field_invalid', 'group_request_absent', ...joiningFailures],
    handle: async call => {
      const { username } = await call.run('group_request.answer', {
        group: groupOf(call),
        user: readMember(call.members, 'applicant'),
        accepts: call.members.verifyResult === true,
        reason: readWords(call.members, 'reason'),
      })
      return dataEnvelope(call, { data: done(call, 'apply_verify', username) })
    },
  },
  {
    method: 'POST',
    path: '/chatgroups/:group/invite',
    summary: 'Invite up to 60 users: {"usernames"}',
    family,
    need: anyToken,
    body: 'json',
    schema: anyObject,
    raises: [
      'field_missing',
      'field_invalid',
      'members_too_many_to_add',
      'member_unknown',
      ...joiningFailures,
    ],
    handle: async call => {
      const usernames = readUsernames(call.members)
      const { invitees } = await call.run('group_invitation.send', { group: groupOf(call), usernames })
      const data = invitees.map(({ username, isInvited }) => ({
        ...done(call, 'invite', username),
        ...(!isInvited && {
          result: false,
          reason: `user: ${username} already in group: ${groupOf(call)}`,
        }),
      }))
      return dataEnvelope(call, { data })
    },
  },
  {
    ...answer,
    method: 'POST',
    path: '/chatgroups/:group/invite_verify',
    summary: 'Accept or decline an invitation: {"invitee", "verifyResult"}',
    schema: Type.Object(answerFields),
    raises: ['field_missing', 'field_invalid', 'group_request_absent', ...joiningFailures],
    handle: async call => {
      const { username } = await call.run('group_invitation.answer', {
        group: groupOf(call),
        user: readMember(call.members, 'invitee'),
        accepts: call.members.verifyResult === true,
      })
      return dataEnvelope(call, { data: done(call, 'invite_verify', username) })
    },
  },
  {
    method: 'DELETE',
    path: '/chatgroups/:group/quit',
    summary: 'Leave a group',
    family,
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing', 'owner_protected', 'member_absent'],
    handle: async call => {
      await call.run('group.quit', { group: groupOf(call) })
      return dataEnvelope(call, { data: { result: true } })
    },
  },
]

/** Under the names of both forms of the call. */
function toFound({ groupId, name }: Group): object {
  return { groupid: groupId, groupname: name, id: groupId, name }
}

function done(call: EasemobCall, action: string, user: string): object {
  return { result: true, action, id: groupOf(call), user }
}

/** @throws Refusal `field_invalid` */
function readWords(members: Members, field: string): string {
  const { [field]: words } = members
  const text = typeof words === 'string' ? words : ''
  if ([...text].length > requestTextCharsMax) throw new Refusal('field_invalid', { field })
  return text
}
