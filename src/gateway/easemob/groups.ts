// Groups (easemob.md §2.10.2).
import { dataEnvelope } from './envelope.ts'
import {
  anyObject,
  changingFailures,
  dissolve,
  groupOf,
  listPage,
  makingFailures,
  showDetails,
  update,
} from './group-calls.ts'
import { readNewGroup } from './group-fields.ts'
import { groupDialect, toGroupDetails, toGroupEntry } from './group-shapes.ts'
import type { EasemobCall, EasemobRoute } from './route.ts'
import { anyToken, appOnly } from './user-need.ts'

const family = 'groups'

export const groupRoutes: readonly EasemobRoute[] = [
  {
    method: 'POST',
    path: '/chatgroups',
    summary: 'Make a group: {"groupname", "public", "owner", "members"?, "maxusers"? …}',
    family,
    need: anyToken,
    body: 'json',
    schema: anyObject,
    raises: [...makingFailures, 'public_missing', 'avatar_too_long', 'group_id_exists'],
    handle: async call => {
      const { groupId } = await call.run('group.create', readNewGroup(call.members))
      return dataEnvelope(call, { data: { groupid: groupId } })
    },
  },
  {
    method: 'GET',
    path: '/chatgroups',
    summary: 'A page of groups, newest first: ?limit, ?cursor',
    family,
    need: appOnly,
    raises: [],
    handle: call => listPage(call, groupDialect, group => toGroupEntry(group, call.place)),
  },
  {
    method: 'GET',
    path: '/chatgroups/:group',
    summary: 'Details of up to 100 groups, ids parted by commas; the members of one that is asked for alone',
    family,
    need: anyToken,
    raises: ['field_invalid', 'group_details_unknown'],
    handle: call => showDetails(call, groupDialect, toGroupDetails),
  },
  {
    method: 'PUT',
    path: '/chatgroups/:group',
    summary: 'Change a group, or hand it to a member: {"newowner"}',
    family,
    need: anyToken,
    body: 'json',
    schema: anyObject,
    raises: [...changingFailures, 'avatar_too_long'],
    handle: call => update(call, groupDialect),
  },
  {
    method: 'DELETE',
    path: '/chatgroups/:group',
    summary: 'Dissolve a group',
    family,
    need: anyToken,
    raises: ['group_unknown', 'group_right_missing'],
    handle: async call => {
      await dissolve(call, groupDialect)
      const groupid = groupOf(call)
      // The SDK asks for the newer form, and looks for another name.
      const id = call.query('version') === 'v3' ? groupid : undefined
      return dataEnvelope(call, { data: { success: true, groupid, id } })
    },
  },
  {
    method: 'POST',
    path: '/chatgroups/:group/disable',
    summary: 'Mark a group as disabled',
    family,
    need: appOnly,
    raises: ['group_unknown'],
    handle: call => setDisabled(call, true),
  },
  {
    method: 'POST',
    path: '/chatgroups/:group/enable',
    summary: 'Undo disable',
    family,
    need: appOnly,
    raises: ['group_unknown'],
    handle: call => setDisabled(call, false),
  },
]

async function setDisabled(call: EasemobCall, isDisabled: boolean): Promise<object> {
  await call.run('group.set_disabled', { kind: 'group', group: groupOf(call), isDisabled })
  return dataEnvelope(call, { data: { disabled: isDisabled } })
}
