// Who may not speak in groups and chat rooms (easemob.md §2.10.4): members for a time, or all but a few.
import { easemobLimits } from '../../contract/limits.ts'
import { Refusal } from '../../contract/refusal.ts'
import { dataEnvelope } from './envelope.ts'
import { anyObject, groupOf, splitNames } from './group-calls.ts'
import { readMember, readUsernames } from './group-fields.ts'
import { type GroupDialect, groupDialect, roomDialect } from './group-shapes.ts'
import type { EasemobCall, EasemobRoute, Members } from './route.ts'
import { anyToken, userOf } from './user-need.ts'

const { memberBatchMax } = easemobLimits

export const groupMuteRoutes: readonly EasemobRoute[] = [groupDialect, roomDialect].flatMap(dialect => [
  ...muteRoutesOf(dialect),
  ...banRoutesOf(dialect),
])

function muteRoutesOf({ kind, path, family, noun }: GroupDialect): EasemobRoute[] {
  const mutes = { path: `${path}/:group/mute`, family, need: anyToken } as const
  return [
    {
      ...mutes,
      method: 'GET',
      summary: `Who is muted in a ${noun}, and until when`,
      raises: ['group_unknown', 'group_right_missing'],
      handle: async call => {
        const { mutes: listed } = await call.run('group_mute.list', { kind, group: groupOf(call) })
        const data = listed.map(({ username, until }) => ({ expire: until, user: username }))
        return dataEnvelope(call, { data })
      },
    },
    {
      ...mutes,
      method: 'POST',
      summary: `Mute up to 60 members of a ${noun}: {"usernames", "mute_duration"} in ms; -1 = for ever, 0 = no more`,
      body: 'json',
      schema: anyObject,
      raises: [
        'field_missing',
        'field_invalid',
        'members_too_many_to_mute',
        'group_unknown',
        'group_right_missing',
        'owner_protected',
        'member_absent',
      ],
      handle: async call => {
        const args = { users: readMuted(call.members), ms: readDuration(call.members) }
        const { mutes: set } = await call.run('group_mute.set', { kind, group: groupOf(call), ...args })
        const data = set.map(({ username, until }) => ({ result: true, expire: until, user: username }))
        return dataEnvelope(call, { data })
      },
    },
    {
      ...mutes,
      method: 'DELETE',
      path: `${path}/:group/mute/:user`,
      summary: `Let a muted member of a ${noun}, or up to 60 parted by commas, speak again`,
      raises: ['members_too_many_to_unmute', 'group_unknown', 'group_right_missing', 'member_absent'],
      handle: async call => {
        const users = splitNames(userOf(call))
        if (users.length > memberBatchMax)
          throw new Refusal('members_too_many_to_unmute', { limit: String(memberBatchMax) })
        const { usernames } = await call.run('group_mute.remove', { kind, group: groupOf(call), users })
        return dataEnvelope(call, { data: usernames.map(user => ({ result: true, user })) })
      },
    },
    {
      method: 'GET',
      path: `/sdk${path}/:group/mute/:user`,
      summary: `Is a user muted in a ${noun}`,
      family,
      need: anyToken,
      raises: ['group_unknown', 'group_right_missing'],
      handle: async call => {
        const args = { kind, group: groupOf(call), user: userOf(call) }
        const { isMuted } = await call.run('group_mute.has', args)
        return dataEnvelope(call, { data: isMuted })
      },
    },
  ]
}

function banRoutesOf({ kind, path, family, noun }: GroupDialect): EasemobRoute[] {
  const ban = {
    path: `${path}/:group/ban`,
    family,
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
  } as const
  const banning = {
    ...ban,
    summary: `Silence all in a ${noun} but the owner, the admins and those who are allowed to speak`,
    handle: async (call: EasemobCall) => {
      await call.run('group_mute.set_all', { kind, group: groupOf(call), isMuted: true })
      // As the vendor answers to either verb (easemob.md §6.24).
      return dataEnvelope(call, { action: 'put', data: { mute: true } })
    },
  }
  return [
    { ...banning, method: 'POST' },
    { ...banning, method: 'PUT' },
    {
      ...ban,
      method: 'DELETE',
      summary: `Let all in a ${noun} speak again`,
      handle: async call => {
        await call.run('group_mute.set_all', { kind, group: groupOf(call), isMuted: false })
        return dataEnvelope(call, { data: { mute: false } })
      },
    },
  ]
}

/** `username` may name one alone. */
function readMuted(members: Members): string[] {
  if (members.usernames === undefined && members.username !== undefined)
    return [readMember(members, 'username')]
  return readUsernames(members, 'members_too_many_to_mute')
}

/** @throws Refusal `field_missing`, `field_invalid` */
function readDuration({ mute_duration: value }: Members): number {
  const field = 'mute_duration'
  if (value === undefined || value === null) throw new Refusal('field_missing', { field })
  const ms = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof ms !== 'number' || !Number.isSafeInteger(ms) || ms < -1)
    throw new Refusal('field_invalid', { field })
  return ms
}
